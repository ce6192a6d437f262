"""What the model is shown of a conversation: pictures and words from one branch alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.conversations import (
    ANSWER_TOKENS,
    CONTEXT_TOKENS,
    PICTURE_TOKENS,
    Line,
    Turn,
)
from bot.domain.images import BlobSource, Source, Stored, TurnSource
from bot.domain.invalid import Invalid
from bot.domain.jobs import Wish
from bot.domain.quotes import WORDS_TOKENS, picture_tokens
from bot.domain.routes import Profile

LINE_TOKENS = 8  # around each line: whose it is, where it ends
PICTURE_ONLY = "(a picture)"  # what an answer without words is said to be


@dataclass(frozen=True, slots=True)
class Room:
    """What a model takes at once: pictures by its profile, tokens for all of it together."""

    pictures: int
    context_tokens: int = CONTEXT_TOKENS
    picture_tokens: int = PICTURE_TOKENS
    answer_tokens: int = ANSWER_TOKENS

    def left(self, words: str, pictures: int) -> int:
        """The tokens left beside a request's words and pictures; below 0 when it is too much."""
        shown = pictures * self.picture_tokens
        return self.context_tokens - self.answer_tokens - shown - _tokens(words)


def room_of(profile: Profile, size: str | None = None) -> Room:
    """The room of a model that answers with a picture of that size."""
    answer = picture_tokens(profile, size) + WORDS_TOKENS
    return Room(profile.max_inputs, answer_tokens=answer)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the model is shown beside the request's words.

    `pictures` are asked for: `pictures[0]` is the one to work on. `first` is the branch's
    first picture, sent last; the request goes on without it when it cannot be had.
    """

    pictures: tuple[Source, ...]
    first: TurnSource | None
    history: tuple[Line, ...]


def rooted(wish: Wish) -> Wish:
    """A wish that names the picture it works on first among its pictures."""
    if wish.parent is None or as_before(wish):
        return wish
    newest = TurnSource(wish.parent)
    return replace(wish, sources=tuple(dict.fromkeys((newest, *wish.sources))))


def as_before(wish: Wish) -> bool:
    """Whether a wish of a branch is asked once more: then it has the very pictures of before."""
    kept = bool(wish.sources) and all(isinstance(source, BlobSource) for source in wish.sources)
    return wish.parent is not None and kept


def origins(wish: Wish, branch: Sequence[Turn]) -> list[Source]:
    """Where a wish's pictures were from, in the order in which a model was shown them.

    `branch` runs to the wish's parent, as for `shown_for`; its first picture was shown last.
    """
    if as_before(wish):
        return list(wish.sources)
    return [*dict.fromkeys(wish.sources), *(TurnSource(turn.id) for turn in branch[:1])]


def copies(pictures: Sequence[Stored], of: Sequence[Source]) -> tuple[BlobSource, ...]:
    """The pictures that a model was shown, to be shown again, each with where it was from."""
    pairs = zip(pictures, (*of, *(None,) * len(pictures)), strict=False)
    return tuple(
        BlobSource(picture, one.of if isinstance(one, BlobSource) else one)
        for picture, one in pairs
    )


def shown_for(wish: Wish, branch: Sequence[Turn], profile: Profile) -> Shown:
    """What a wish shows a model. `branch` runs to the wish's parent; raises as `compose` does."""
    room, words = room_of(profile, wish.size), wish.told or wish.words
    if as_before(wish):
        pictures = wish.sources
        return Shown(pictures, None, words_so_far(branch, words, len(pictures), room))
    shown = compose(branch, wish.sources, words, room)
    # What a region is told of is one picture; an earlier one beside it is mistaken for it.
    return shown if wish.region is None else replace(shown, first=None)


def compose(branch: Sequence[Turn], references: Sequence[Source], words: str, room: Room) -> Shown:
    """What a request shows the model; `words` are all that it is told.

    `branch` runs from the root to the turn that is continued, forgotten turns left out; it is
    empty for a new picture. By rank: the request's own words, the newest picture, the
    references in their order (one that is the newest picture counts once), the branch's first
    picture when there is room and it is another, the words so far. Older words are dropped
    first. The request itself is never cut, so only words beyond all measure pass the context.

    Raises Invalid (`too_many_pictures`) for more references than the model has places for.
    """
    newest = TurnSource(branch[-1].id) if branch else None
    wanted = (newest, *references) if newest else tuple(references)
    pictures = tuple(dict.fromkeys(wanted))
    if len(pictures) > room.pictures:
        raise Invalid("too_many_pictures", limit=room.pictures)
    first = TurnSource(branch[0].id) if branch else None
    count = len(pictures) + 1
    fits = count <= room.pictures and room.left(words, count) >= 0
    if first is None or first in pictures or not fits:
        first, count = None, len(pictures)
    return Shown(pictures, first, words_so_far(branch, words, count, room))


def words_so_far(branch: Sequence[Turn], words: str, pictures: int, room: Room) -> tuple[Line, ...]:
    """The words of a branch that fit beside a request, oldest first.

    Whole turns are kept, the newest first, up to the first that does not fit: there is never
    a gap. A token is counted for each byte of UTF-8. That is an upper bound for a tokenizer
    that falls back to bytes, as Gemini's does; English has about four bytes a token, so words
    go earlier than they would have to, but never too late.
    """
    left = room.left(words, pictures)
    kept: list[tuple[Line, Line]] = []
    for turn in reversed(branch):
        lines = (Line("user", turn.words), Line("assistant", turn.text or PICTURE_ONLY))
        left -= sum(_tokens(line.text) for line in lines)
        if left < 0:
            break
        kept.append(lines)
    return tuple(line for lines in reversed(kept) for line in lines)


def _tokens(text: str) -> int:
    return LINE_TOKENS + len(text.encode("utf-8", "surrogatepass"))
