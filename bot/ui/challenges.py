"""Challenges as messages: begun, entered, how they stand, and who won. As in `layout`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from bot.domain.challenges import ENTRIES_EACH, Board, Challenge, Ranked
from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.ui import layout
from bot.ui.base import ActionButton, ActionMenu, EaselLayout, Item
from bot.ui.branches import link
from bot.ui.texts import say
from bot.ui.words import plain, safe, units

ENTER, BOARD, RESULTS, VOTE = (
    "challenge_enter",
    "challenge_board",
    "challenge_results",
    "challenge_vote",
)
PICK = "challenge_pick"  # a menu

THEME_SHOWN_MAX = 400
WORDS_SHOWN_MAX = 80
ENTRY_WORDS_MAX = 600
LINES_MAX = 3000  # of a board or the winners
OPTION_MAX = 100
THREAD_NAME_MAX = 100


def thread_name(theme: str) -> str:
    """What a challenge's thread is called."""
    return plain(say("challenge_thread", theme=theme), THREAD_NAME_MAX)


def begun(challenge: Challenge) -> EaselLayout:
    """What stands first in the thread."""
    lines = [say("challenge_rules", limit=ENTRIES_EACH)]
    if challenge.pot is None:
        lines.append(say("challenge_no_pot"))
    else:
        lines.append(say("challenge_pot", pictures=challenge.pot))
    if challenge.ends_at is None:
        lines.append(say("challenge_ends_open"))
    else:
        lines.append(say("challenge_ends", at=int(challenge.ends_at.timestamp())))
    return _boxed(
        discord.ui.TextDisplay(say("challenge_title", theme=_theme(challenge))),
        discord.ui.TextDisplay("\n".join(lines)),
        _row(challenge, ENTER, BOARD),
    )


def announced(challenge: Challenge) -> EaselLayout:
    """What is said where a challenge was begun."""
    return layout.notice(
        say(
            "challenge_begun_here",
            user=challenge.made_by,
            theme=_theme(challenge),
            thread=challenge.thread_id,
        )
    )


def choices(challenge_id: str, turns: Sequence[Turn]) -> EaselLayout:
    """A menu of the pictures that a person may enter."""
    options = [
        discord.SelectOption(
            label=plain(turn.words, OPTION_MAX) or say("challenge_wordless"), value=turn.id
        )
        for turn in turns
    ]
    menu: Any = ActionMenu.make(PICK, challenge_id, options)
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(menu)
    return EaselLayout(discord.ui.TextDisplay(say("challenge_choose")), row)


def entry(challenge: Challenge, turn: Turn) -> EaselLayout:
    """A picture that takes part, with the button to vote for it."""
    said = say(
        "entry_shown", user=turn.user_id, link=link(turn), words=_words(turn, ENTRY_WORDS_MAX)
    )
    vote: Any = ActionButton.make(VOTE, JobId(f"{challenge.id}-{turn.id}"))
    section: discord.ui.Section[Any] = discord.ui.Section(said, accessory=vote)
    return _boxed(section)


def entered(turn: Turn) -> EaselLayout:
    """What is said to who entered a picture."""
    return layout.notice(say("entry_done", link=link(turn)))


def voted(turn: Turn) -> EaselLayout:
    """What is said to who voted."""
    return layout.notice(say("vote_done", user=turn.user_id, link=link(turn)))


def board(board: Board) -> EaselLayout:
    """How a challenge stands: counts, and nothing of who voted."""
    title = say("board_title", theme=_theme(board.challenge))
    counts = say("board_counts", entries=len(board.ranked), votes=board.votes)
    return layout.card(title, _lines(board.ranked) or say("board_none"), counts)


def results(
    board: Board, winners: Sequence[Ranked], filename: str | None, *, spoiler: bool = False
) -> EaselLayout:
    """Who won. Post it with the collage attached as `filename`, if there is one.

    `spoiler`: the collage is seen when somebody asks to, as one of its pictures is.
    """
    parts: list[Item] = [
        discord.ui.TextDisplay(say("results_title", theme=_theme(board.challenge)))
    ]
    if filename is not None:
        alt = plain(say("results_alt", theme=board.challenge.theme), layout.ALT_MAX)
        item = discord.MediaGalleryItem(
            f"attachment://{filename}", description=alt, spoiler=spoiler
        )
        parts.append(discord.ui.MediaGallery(item))
    nobody = say("results_no_votes" if board.ranked else "results_no_entries")
    parts.append(discord.ui.TextDisplay(_lines(winners) or nobody))
    counts = say("board_counts", entries=len(board.ranked), votes=board.votes)
    parts += [discord.ui.TextDisplay(counts), _row(board.challenge, RESULTS)]
    return _boxed(*parts)


def _lines(ranked: Sequence[Ranked]) -> str:
    """The pictures that there is room for, by their places."""
    kept: list[str] = []
    room = LINES_MAX
    for one in ranked:
        line = say(
            "board_line",
            place=one.standing.place,
            shown=_words(one.turn, WORDS_SHOWN_MAX),
            link=link(one.turn),
            user=one.turn.user_id,
            votes=one.standing.votes,
        )
        room -= units(line) + 1
        if room < 0:
            kept.append(say("board_more", count=len(ranked) - len(kept)))
            break
        kept.append(line)
    return "\n".join(kept)


def _theme(challenge: Challenge) -> str:
    return safe(challenge.theme, THEME_SHOWN_MAX)


def _words(turn: Turn, most: int) -> str:
    return safe(turn.words, most) or say("challenge_wordless")


def _row(challenge: Challenge, first: str, *others: str) -> Item:
    subject = JobId(challenge.id)
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    main: Any = ActionButton.make(first, subject, style=discord.ButtonStyle.primary)
    row.add_item(main)
    for action in others:
        button: Any = ActionButton.make(action, subject)
        row.add_item(button)
    return row


def _boxed(*parts: Item) -> EaselLayout:
    box: discord.ui.Container[Any] = discord.ui.Container(*parts)
    return EaselLayout(box)
