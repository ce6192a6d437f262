"""`@name` in the words of a wish: which characters it means, and what the model is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.characters import Character
from bot.domain.images import Stored
from bot.domain.invalid import Invalid
from bot.domain.names import NAME_MAX, NAME_MIN, fold, is_part

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts in which the next word, or a particle, follows without a blank (Korean: particles)."""

_NOTES = re.compile(r"(?:\n\nThe picture shows [^\n]+)?\n\n[^\n]+(?:\n[^\n]+)*\Z")
"""What `cast` puts behind the words: the sentence of `_shows`, and a line on each character."""

FIGURE = " is the figure of "
"""What the line on a character says behind its name."""

_BEFORE = frozenset("@<./+:&#=-")
"""What stands before the `@` of addresses and of Discord's own mentions."""


@dataclass(frozen=True, slots=True)
class Cast:
    """A wish with its characters: what the model is told, and whose pictures go with it.

    `words` are the person's own with names for mentions, and a line on each character behind
    them. `pictures` go behind those that were given.
    """

    words: str
    characters: tuple[Character, ...]
    pictures: tuple[Stored, ...]


def cast(
    words: str,
    known: Iterable[Character],
    *,
    given: int,
    places: int,
    unsaid: Iterable[str] = (),
) -> Cast:
    """Put the characters that the words mention into a wish.

    `known` are those that the person may use, the one to prefer first where two have a name.
    `given` are the pictures that go before theirs, `places` the model's limit for all. `unsaid`
    are names of known ones that belong to the wish without standing in its words.
    Doing it again to the words that come of it changes nothing.
    Raises Invalid (`too_many_characters`) when not each can have a picture.
    """
    by_name: dict[str, Character] = {}
    for character in known:
        by_name.setdefault(fold(character.name), character)
    text: list[str] = []
    found: dict[str, Character] = {}
    done = 0
    for start, end, name in _mentions(words, by_name.keys()):
        character = found.setdefault(name, by_name[name])
        text += [words[done:start], character.name]
        done = end
    text.append(words[done:])
    further = {name: by_name[name] for name in map(fold, unsaid) if name not in found}
    if further:
        text.append("\n\n" + _shows([character.name for character in further.values()]))
        found |= further
    characters = tuple(found.values())
    shares = share(places - given, [len(character.pictures) for character in characters])
    lines = ["".join(text)]
    pictures: list[Stored] = []
    for character, count in zip(characters, shares, strict=True):
        begin = given + len(pictures) + 1
        lines.append(_line(character, range(begin, begin + count)))
        pictures += character.pictures[:count]
    return Cast("\n\n".join([lines[0], "\n".join(lines[1:])]).strip(), characters, tuple(pictures))


def mentioned(words: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that the words mention, folded, in the order of the words."""
    folded = {fold(name) for name in names}
    return tuple(dict.fromkeys(name for _, _, name in _mentions(words, folded)))


def share(places: int, wanted: Sequence[int]) -> tuple[int, ...]:
    """How many pictures each character sends: one each, then one more each, in order.

    Raises Invalid (`too_many_characters`) when there is not a place for each.
    """
    if wanted and len(wanted) > places:
        raise Invalid("too_many_characters", limit=max(places, 0))
    shares = [0] * len(wanted)
    left = min(places, sum(wanted)) if wanted else 0
    while left > 0:
        for at, most in enumerate(wanted):
            if left and shares[at] < most:
                shares[at] += 1
                left -= 1
    return tuple(shares)


def parted(told: str) -> tuple[str, str]:
    """What `cast` made of a wish with characters: its words, and what it says on them behind."""
    notes = _NOTES.search(told)
    return (told[: notes.start()], notes[0].strip()) if notes else (told, "")


def _mentions(words: str, names: Iterable[str]) -> list[tuple[int, int, str]]:
    """Each mention's start, end and folded name."""
    known = frozenset(names)
    found: list[tuple[int, int, str]] = []
    at = words.find("@")
    while known and at >= 0:
        before = words[at - 1] if at else " "
        free = not is_part(before) and before not in _BEFORE
        if free or _UNSPACED.match(before):
            end = at + 1
            while end < len(words) and end - at <= 2 * NAME_MAX and is_part(words[end]):
                end += 1
            for stop in range(end, at + NAME_MIN, -1):
                name = fold(words[at + 1 : stop])
                if name in known and (stop == end or _may_end(words, stop)):
                    found.append((at, stop, name))
                    break
        at = words.find("@", at + 1)
    return found


def _may_end(words: str, stop: int) -> bool:
    """Whether a name may end here although what follows could be a part of one."""
    return words[stop] in "-_" or _UNSPACED.match(words[stop]) is not None


def _shows(names: Sequence[str]) -> str:
    """The sentence on those whom the words do not name."""
    return f"The picture shows {' and '.join(names)}."


def _line(character: Character, numbers: range) -> str:
    """«Ada is the figure of images 2 and 3: keep … Ada: a red scarf»."""
    images = " and ".join(map(str, numbers))
    images = f"image {images}" if len(numbers) == 1 else f"images {images}"
    said = f"{character.name}{FIGURE}{images}: keep face, hair and build the same."
    note = character.note.replace("@", "")  # or it would bring others in
    return f"{said} {character.name}: {note}" if note else said
