"""Messages about characters. Components V2, as in `layout`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import discord

from bot.domain.characters import NOTE_MAX, Character, Consent
from bot.domain.ids import JobId
from bot.ui import layout
from bot.ui.base import ActionButton, ActionMenu, EaselLayout, Item
from bot.ui.texts import say
from bot.ui.words import plain, safe

AGREE, DECLINE, NEVER = "character_agree", "character_decline", "character_never"
WITHDRAW, ASK = "character_withdraw", "character_ask"  # buttons, as those above
OPEN = "character_open"  # a menu

NOTE_SHOWN_MAX = 2 * NOTE_MAX  # each character may have a backslash
NAME_SHOWN_MAX = 64
LIST_MAX = 1150  # of the lines below one of at most three titles
MENU_MAX = 25  # Discord's limit


def shown(
    character: Character, *, filename: str, viewer_id: int, guild_id: int | None, said: str = ""
) -> EaselLayout:
    """A character's sheet, attached as `filename`, and what is known of it.

    The buttons are those of the person who looks at it. `said` is a sentence of ours above it.
    """
    parts: list[Item] = [discord.ui.TextDisplay(said)] if said else []
    parts += [
        discord.ui.TextDisplay(say("character_title", name=_name(character))),
        _sheet(character, filename),
        discord.ui.TextDisplay("\n".join(_facts(character, viewer_id, guild_id))),
    ]
    if actions := _actions(character, viewer_id):
        parts.append(_buttons(character, *actions))
    return _boxed(parts)


def listed(
    own: Sequence[Character],
    shared: Sequence[Character],
    of_you: Sequence[Character],
    *,
    user_id: int,
) -> EaselLayout:
    """The characters that a person can look at, with a menu to open one."""
    parts: list[Item] = []

    def add(title: str, characters: Sequence[Character], line: Callable[[Character], str]) -> None:
        parts.append(discord.ui.TextDisplay(say(title)))
        parts.append(discord.ui.TextDisplay(_lines([line(one) for one in characters])))

    if of_you:
        add("characters_title_of_you", of_you, _line_of_you)
    add("characters_title", own, _line_own)
    if shared:
        add("characters_title_shared", shared, _line_shared)
    options = [
        *(_option(one, "characters_option_of_you") for one in of_you),
        *(_option(one, "characters_option_own") for one in own),
        *(_option(one, "characters_option_shared") for one in shared),
    ]
    if options:
        menu: Any = ActionMenu.make(OPEN, str(user_id), options[:MENU_MAX])
        parts.append(discord.ui.ActionRow(menu))
    return _boxed(parts)


def question(character: Character, *, filename: str) -> EaselLayout:
    """Asks the member whom a character shows whether it may be."""
    assert character.subject_id is not None
    asked = say("consent_question", user=character.owner_id, name=_name(character))
    parts: list[Item] = [
        discord.ui.TextDisplay(say("consent_title", user=character.owner_id)),
        discord.ui.TextDisplay(asked),
        _sheet(character, filename),
    ]
    if note := safe(character.note, NOTE_SHOWN_MAX):
        parts.append(discord.ui.TextDisplay(say("character_note", note=note)))
    parts.append(discord.ui.TextDisplay(say("consent_for", user=character.subject_id)))
    parts.append(_buttons(character, AGREE, DECLINE, NEVER))
    return _boxed(parts)


def answer(character: Character, *, never: bool = False) -> EaselLayout:
    """What the member is told who answered; it takes the question's place."""
    key = "consent_given" if character.agreed else "consent_declined"
    if never:
        key = "consent_never"
    return layout.notice(say(key, user=character.owner_id, name=_name(character)))


def owner_told(character: Character) -> EaselLayout:
    """What the owner is told when the member has answered."""
    key = "consent_given_owner" if character.agreed else "consent_declined_owner"
    return layout.notice(say(key, user=character.subject_id, name=_name(character)))


def done(key: str, character: Character) -> EaselLayout:
    """One sentence on what was done to a character."""
    return layout.notice(say(key, name=_name(character)))


def renamed(old: Character, new: Character) -> EaselLayout:
    """What a character was called and is called."""
    return layout.notice(say("character_renamed", old=_name(old), name=_name(new)))


def asked(key: str, character: Character) -> str:
    """The sentence on how the member was asked."""
    return say(key, user=character.subject_id, name=_name(character))


def _facts(character: Character, viewer_id: int, guild_id: int | None) -> list[str]:
    facts: list[str] = []
    if note := safe(character.note, NOTE_SHOWN_MAX):
        facts.append(say("character_note", note=note))
    at = int(character.created_at.timestamp())
    facts.append(say("character_owner", user=character.owner_id, at=at))
    if character.consent is not Consent.NOT_NEEDED:
        key = "character_of" if character.agreed else "character_of_waiting"
        facts.append(say(key, user=character.subject_id))
    if not character.shared:
        facts.append(say("character_not_shared"))
    else:
        here = character.guild_id == guild_id
        facts.append(say("character_shared_here" if here else "character_shared_elsewhere"))
    if character.usable_by(viewer_id, guild_id):
        facts.append(say("character_use", name=character.name))
    return facts


def _actions(character: Character, viewer_id: int) -> tuple[str, ...]:
    """What this person can do with it by a button."""
    asked = character.consent is Consent.ASKED
    if character.consent is not Consent.NOT_NEEDED and viewer_id == character.subject_id:
        return (AGREE, DECLINE, NEVER) if asked else (WITHDRAW,)
    return (ASK,) if asked and viewer_id == character.owner_id else ()


def _buttons(character: Character, *actions: str) -> Item:
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    for action in actions:
        button: Any = ActionButton.make(action, JobId(character.id))
        row.add_item(button)
    return row


def _sheet(character: Character, filename: str) -> Item:
    alt = plain(say("character_alt", name=character.name), layout.ALT_MAX)
    item = discord.MediaGalleryItem(f"attachment://{filename}", description=alt)
    gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery(item)
    return gallery


def _lines(lines: Sequence[str]) -> str:
    """The lines that there is room for."""
    kept: list[str] = []
    room = LIST_MAX
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            kept.append(say("characters_more", count=len(lines) - len(kept)))
            break
        kept.append(line)
    return "\n".join(kept) or say("characters_none")


def _line_own(character: Character) -> str:
    line = say("characters_line", name=_name(character))
    line += say("characters_line_shared") if character.shared else ""
    return line + ("" if character.agreed else say("characters_line_waiting"))


def _line_shared(character: Character) -> str:
    by = say("characters_line_by", user=character.owner_id)
    return say("characters_line", name=_name(character)) + by


def _line_of_you(character: Character) -> str:
    return _line_shared(character) + (
        "" if character.agreed else say("characters_line_waiting_you")
    )


def _option(character: Character, about: str) -> discord.SelectOption:
    return discord.SelectOption(
        label=f"@{character.name}", value=character.id, description=say(about)
    )


def _name(character: Character) -> str:
    return safe(character.name, NAME_SHOWN_MAX)


def _boxed(parts: Sequence[Item]) -> EaselLayout:
    box: discord.ui.Container[Any] = discord.ui.Container(*parts)
    return EaselLayout(box)
