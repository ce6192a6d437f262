"""Who draws next: shares of guilds and of people, by tables and by a simulation."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import JobId, Place
from bot.domain.jobs import Job, Reply, State, Wish
from bot.domain.line import Share, Waiting, order

NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


def asked(name: str, second: float = 0.0) -> Waiting:
    """A request as "guild/person/number" names it."""
    guild, person, _ = name.split("/")
    return Waiting(JobId(name), guild, int(person), NOON + dt.timedelta(seconds=second))


@pytest.mark.parametrize(
    ("waiting", "running", "served", "slots", "expected"),
    [
        pytest.param([], [], {}, 2, "", id="nobody"),
        pytest.param(["a/1/1", "a/1/2"], [], {}, 1, "a/1/1 a/1/2", id="the oldest"),
        pytest.param(["a/1/2", "b/1/1"], ["a/1/1"], {}, 1, "a/1/2 b/1/1", id="nobody draws then"),
        pytest.param(["a/1/3", "b/1/1"], ["a/1/1", "a/1/2"], {}, 2, "b/1/1 a/1/3", id="the fewest"),
        pytest.param(
            ["a/1/1", "a/1/2", "b/1/1", "b/1/2"],
            [],
            {"a": 51, "b": 31},
            1,
            "b/1/1 a/1/1 b/1/2 a/1/2",
            id="the longest since a turn",
        ),
        pytest.param(["a/1/1", "b/1/1"], [], {"b": 1}, 1, "a/1/1 b/1/1", id="who had no turn"),
        pytest.param(
            ["a/1/2", "a/1/3", "a/2/1"], ["a/1/1"], {}, 2, "a/2/1 a/1/2 a/1/3", id="a neighbour"
        ),
        pytest.param(
            ["a/1/2", "a/2/1", "a/1/3", "b/7/1"],
            [],
            {"a": 91, ("a", 1): 91},
            1,
            "b/7/1 a/2/1 a/1/2 a/1/3",
            id="guilds before people",
        ),
    ],
)
def test_the_order(
    waiting: list[str],
    running: list[str],
    served: dict[Share, int],
    slots: int,
    expected: str,
) -> None:
    line = [asked(name, second) for second, name in enumerate(waiting)]
    at_work = [asked(name, -1) for name in running]
    found = order(line, at_work, served, slots)
    assert " ".join(one.job_id for one in found) == expected
    assert order(reversed(line), at_work, served, slots, most=2) == found[:2]


def test_a_guild_and_direct_messages() -> None:
    def job(place: Place) -> Job:
        return Job(JobId("1"), place, 7, Wish(""), Reply(), State.ACCEPTED, NOON)

    assert Waiting.of(job(Place(5, 6))) == Waiting(JobId("1"), "5", 7, NOON)
    assert Waiting.of(job(Place(None, 6))) == Waiting(JobId("1"), "dm:7", 7, NOON)


def test_five_hundred_keep_another_guild_waiting_for_one_picture() -> None:
    slots = 8
    running = [asked(f"a/1/{number}") for number in range(slots)]
    crowd = [asked(f"a/{number % 50}/{number}", 1) for number in range(slots, 500)]
    served: dict[Share, int] = {"a": 18}
    assert order([*crowd, asked("b/1/1", 60)], running, served, slots)[0].job_id == "b/1/1"


def test_a_person_with_a_hundred_does_not_starve_a_neighbour() -> None:
    hundred = [asked(f"a/1/{number}", number / 100) for number in range(100)]
    neighbour = [asked(f"a/2/{number}", 10 + number) for number in range(3)]
    found = order([*hundred, *neighbour], [asked("a/1/x")], {("a", 1): 1}, 1)
    assert [place for place, one in enumerate(found) if one.user_id == 2] == [0, 2, 4]


def test_a_thousand_are_ordered_soon() -> None:
    crowd = [asked(f"{number % 40}/{number % 90}/{number}", number) for number in range(1000)]
    running = [asked(f"x/1/{number}") for number in range(8)]
    best = 1.0
    for _ in range(5):
        began = time.perf_counter()
        assert len(order(crowd, running, {}, 8)) == len(crowd)
        best = min(best, time.perf_counter() - began)
    assert best < 0.05


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 20)), max_size=40),
    st.integers(1, 4),
    st.integers(0, 4),
)
def test_everybody_comes_once_and_shares_are_kept(
    wishes: list[tuple[int, int, int]], slots: int, busy: int
) -> None:
    line = [
        asked(f"{guild}/{person}/{number}", second)
        for number, (guild, person, second) in enumerate(wishes)
    ]
    running = [asked(f"0/0/r{number}", -1) for number in range(min(busy, slots))]
    found = order(line, running, {}, slots)
    assert sorted(found, key=line.index) == line
    at_work = [one.guild for one in running]
    for place, one in enumerate(found):
        at_work = at_work[-(slots - 1) :] if slots > 1 else []
        for other in found[place + 1 :]:
            # Nobody with fewer pictures being drawn is passed over.
            assert at_work.count(one.guild) <= at_work.count(other.guild)
        at_work.append(one.guild)
    for person in {(one.guild, one.user_id) for one in line}:
        own = [one.since for one in found if (one.guild, one.user_id) == person]
        assert own == sorted(own)
