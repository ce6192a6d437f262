"""Challenges: a theme, entries, votes, and who wins. The pot's books are the ledger's."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.domain.invalid import Invalid

THEME_MAX = 200  # characters
ENTRIES_EACH = 5  # pictures of one person
SHORTEST, LONGEST = dt.timedelta(minutes=5), dt.timedelta(days=60)

_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
_LENGTH = re.compile(
    r"\s*(\d{1,4})\s*(?:(w)(?:eeks?)?|(d)(?:ays?)?|(h)(?:ours?|rs?)?|(m)(?:in(?:ute)?s?)?)"
    r"(?=[\s\d]|$)",
    re.IGNORECASE,
)


class ChallengeState(StrEnum):
    """Open takes entries and votes; ended takes neither and is the end."""

    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge. `pot` are the pictures it pays for, None without a pot of its own."""

    id: str
    guild_id: int
    thread_id: int
    made_by: int
    theme: str
    pot: int | None
    state: ChallengeState
    created_at: dt.datetime
    ends_at: dt.datetime | None

    def is_due(self, now: dt.datetime) -> bool:
        """Whether it is open and its time is over."""
        over = self.ends_at is not None and now >= self.ends_at
        return self.state is ChallengeState.OPEN and over

    def check_open(self, now: dt.datetime) -> None:
        """Raises Invalid (`challenge_over`) when it takes nothing any more.

        Its time counts, not whether the bot has ended it: it may have been away.
        """
        if self.state is ChallengeState.ENDED or self.is_due(now):
            raise Invalid("challenge_over")


@dataclass(frozen=True, slots=True)
class Entry:
    """A picture that takes part."""

    turn: JobId
    user_id: int
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry with its votes. Entries with as many votes share a place: 1, 1, 3."""

    entry: Entry
    votes: int
    place: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A picture that takes part, and how it stands."""

    standing: Standing
    turn: Turn


@dataclass(frozen=True, slots=True)
class Board:
    """How a challenge stands: the best first. It says nothing of who voted."""

    challenge: Challenge
    ranked: tuple[Ranked, ...]

    @property
    def votes(self) -> int:
        """All votes that count."""
        return sum(one.standing.votes for one in self.ranked)

    def winners(self, places: int) -> tuple[Ranked, ...]:
        """Those on the first places; see `winners`."""
        won = set(winners((one.standing for one in self.ranked), places))
        return tuple(one for one in self.ranked if one.standing in won)


def check_entry(turn: JobId, made_by: int, user_id: int, entries: Iterable[Entry]) -> None:
    """Whether a person may enter a picture.

    Raises Invalid: `entry_not_yours`, `entry_twice`, `entries_full`.
    """
    entries = list(entries)
    if made_by != user_id:
        raise Invalid("entry_not_yours")
    if any(entry.turn == turn for entry in entries):
        raise Invalid("entry_twice")
    if sum(entry.user_id == user_id for entry in entries) >= ENTRIES_EACH:
        raise Invalid("entries_full", limit=ENTRIES_EACH)


def check_vote(user_id: int, entry: Entry) -> None:
    """Whether a person may vote for an entry. A later vote takes the place of an earlier one.

    Raises Invalid (`vote_own`): nobody votes for a picture of their own, else everybody would.
    """
    if entry.user_id == user_id:
        raise Invalid("vote_own")


def tally(entries: Iterable[Entry], votes: Mapping[int, JobId]) -> tuple[Standing, ...]:
    """The entries by their votes, the best first, and of equals the earlier one.

    `votes` are the picture each person voted for. Votes for pictures that are no longer there
    and for one's own do not count.
    """
    makers = {entry.turn: entry.user_id for entry in entries}
    counts = dict.fromkeys(makers, 0)
    for voter, turn in votes.items():
        if turn in makers and makers[turn] != voter:
            counts[turn] += 1
    ranked = sorted(entries, key=lambda one: (-counts[one.turn], one.created_at, one.turn))
    numbers = [counts[entry.turn] for entry in ranked]
    return tuple(
        Standing(entry, number, numbers.index(number) + 1)
        for entry, number in zip(ranked, numbers, strict=True)
    )


def winners(standings: Iterable[Standing], places: int = 1) -> tuple[Standing, ...]:
    """Those on the first places, ties included; nobody wins without a vote."""
    return tuple(one for one in standings if one.votes and one.place <= places)


def length(text: str) -> dt.timedelta:
    """How long a challenge runs: `3d`, `12 hours`, `1d 6h`, `90 min`.

    Raises Invalid: `length_unclear`; `length_range` under five minutes or over sixty days.
    """
    whole = dt.timedelta()
    at = 0
    text = text[:100].strip()
    while at < len(text) or not text:
        found = _LENGTH.match(text, at)
        if found is None:
            raise Invalid("length_unclear")
        unit = next(group for group in found.groups()[1:] if group)
        whole += dt.timedelta(**{_UNITS[unit.lower()]: int(found[1])})
        at = found.end()
    if not SHORTEST <= whole <= LONGEST:
        raise Invalid("length_range", minimum=5, limit=LONGEST.days)
    return whole
