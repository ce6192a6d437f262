from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.challenges import (
    ENTRIES_EACH,
    Challenge,
    ChallengeState,
    Entry,
    check_entry,
    check_vote,
    length,
    tally,
    winners,
)
from bot.domain.ids import JobId
from bot.domain.invalid import Invalid

NOON = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


def entry(number: int, user_id: int | None = None) -> Entry:
    made = user_id if user_id is not None else number
    return Entry(JobId(str(number)), made, NOON + dt.timedelta(minutes=number))


ENTRIES = [entry(1), entry(2), entry(3)]


def challenge(state: ChallengeState, ends_at: dt.datetime | None) -> Challenge:
    return Challenge("x", 1, 2, 3, "kites", 10, state, NOON, ends_at)


@pytest.mark.parametrize(
    ("state", "minutes", "due", "open_"),
    [
        (ChallengeState.OPEN, None, False, True),
        (ChallengeState.OPEN, 1, False, True),
        (ChallengeState.OPEN, 0, True, False),
        (ChallengeState.OPEN, -1, True, False),
        (ChallengeState.ENDED, None, False, False),
        (ChallengeState.ENDED, -1, False, False),
    ],
)
def test_when_it_is_over(
    *, state: ChallengeState, minutes: int | None, due: bool, open_: bool
) -> None:
    ends_at = None if minutes is None else NOON + dt.timedelta(minutes=minutes)
    one = challenge(state, ends_at)
    assert one.is_due(NOON) is due
    if open_:
        one.check_open(NOON)
        return
    with pytest.raises(Invalid) as refused:
        one.check_open(NOON)
    assert refused.value.key == "challenge_over"


def test_who_may_enter_what() -> None:
    check_entry(JobId("9"), 7, 7, ENTRIES)
    full = [entry(number, 7) for number in range(10, 10 + ENTRIES_EACH)]
    check_entry(JobId("9"), 7, 7, full[1:])
    for turn, made_by, entries, key in (
        ("9", 8, ENTRIES, "entry_not_yours"),
        ("1", 7, ENTRIES, "entry_twice"),
        ("9", 7, full, "entries_full"),
    ):
        with pytest.raises(Invalid) as refused:
            check_entry(JobId(turn), made_by, 7, entries)
        assert refused.value.key == key


def test_nobody_votes_for_themselves() -> None:
    check_vote(2, entry(1))
    with pytest.raises(Invalid) as refused:
        check_vote(1, entry(1))
    assert refused.value.key == "vote_own"


@pytest.mark.parametrize(
    ("votes", "standing", "won"),
    [
        ({}, [("1", 0, 1), ("2", 0, 1), ("3", 0, 1)], []),
        ({4: "2"}, [("2", 1, 1), ("1", 0, 2), ("3", 0, 2)], ["2"]),
        ({4: "3", 5: "1"}, [("1", 1, 1), ("3", 1, 1), ("2", 0, 3)], ["1", "3"]),
        ({4: "3", 5: "3", 6: "1"}, [("3", 2, 1), ("1", 1, 2), ("2", 0, 3)], ["3"]),
        # For oneself, and for a picture that was withdrawn.
        ({1: "1", 4: "9", 5: "2"}, [("2", 1, 1), ("1", 0, 2), ("3", 0, 2)], ["2"]),
    ],
)
def test_votes_are_counted(
    votes: dict[int, str], standing: list[tuple[str, int, int]], won: list[str]
) -> None:
    counted = tally(ENTRIES, {voter: JobId(turn) for voter, turn in votes.items()})
    assert [(one.entry.turn, one.votes, one.place) for one in counted] == standing
    assert [one.entry.turn for one in winners(counted)] == won


def test_three_places() -> None:
    counted = tally(ENTRIES, {4: JobId("1"), 5: JobId("1"), 6: JobId("2")})
    assert [one.place for one in winners(counted, places=3)] == [1, 2]
    assert tally([], {4: JobId("1")}) == ()


@given(st.dictionaries(st.integers(1, 20), st.integers(1, 8).map(lambda n: JobId(str(n)))))
def test_places_follow_votes(votes: dict[int, JobId]) -> None:
    entries = [entry(number) for number in range(1, 7)]
    counted = tally(entries, votes)
    assert {one.entry.turn for one in counted} == {one.turn for one in entries}
    assert sum(one.votes for one in counted) <= len(votes)
    for one in counted:
        assert one.place == 1 + sum(other.votes > one.votes for other in counted)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("5m", 5),
        ("90 min", 90),
        ("12h", 720),
        ("12 Hours", 720),
        ("3d", 4320),
        ("1d 6h", 1800),
        ("1d6h30m", 1830),
        (" 2 weeks ", 20_160),
        ("60d", 86_400),
    ],
)
def test_lengths(text: str, minutes: int) -> None:
    assert length(text) == dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "length_unclear"),
        ("tomorrow", "length_unclear"),
        ("3", "length_unclear"),
        ("3 moons", "length_unclear"),
        ("-3d", "length_unclear"),
        ("99999d", "length_unclear"),
        ("4m", "length_range"),
        ("0d", "length_range"),
        ("61d", "length_range"),
        ("9999w" * 20, "length_range"),
    ],
)
def test_no_lengths(text: str, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        length(text)
    assert refused.value.key == key
