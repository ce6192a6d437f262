from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.patience import LONGEST_S, Expected, Wait, rounded, waits

TEN = Expected(10.0)
NEW = Expected(None)


@pytest.mark.parametrize(
    ("drawing", "waiting", "slots", "expected"),
    [
        ([], [], 2, []),
        ([], [TEN], 1, [None]),
        ([TEN], [TEN, TEN], 1, [Wait(1, 20.0), Wait(2, 30.0)]),
        ([Expected(10.0, drawn_for_s=4.0)], [TEN], 1, [Wait(1, 16.0)]),
        ([Expected(10.0, drawn_for_s=60.0)], [TEN], 1, [Wait(1, 11.0)]),
        ([TEN], [TEN, TEN, TEN], 2, [None, Wait(1, 20.0), Wait(2, 20.0)]),
        ([TEN, Expected(30.0)], [TEN, TEN, TEN], 2, [Wait(1, 20.0), Wait(2, 30.0), Wait(3, 40.0)]),
        ([NEW], [NEW, NEW], 1, [Wait(1, None), Wait(2, None)]),
        ([TEN], [NEW, Expected(20.0)], 1, [Wait(1, None), Wait(2, 45.0)]),
    ],
)
def test_how_long_each_waits(
    drawing: list[Expected], waiting: list[Expected], slots: int, expected: list[Wait | None]
) -> None:
    assert waits(drawing, waiting, slots=slots) == expected


times = st.one_of(st.none(), st.floats(0.1, 300))


@given(st.lists(times, max_size=9), st.lists(times, max_size=40), st.integers(1, 8))
def test_places_count_up_and_nobody_waits_beside_a_free_slot(
    drawing: list[float | None], waiting: list[float | None], slots: int
) -> None:
    found = waits(list(map(Expected, drawing)), list(map(Expected, waiting)), slots=slots)
    free = max(0, slots - len(drawing))
    assert found[:free] == [None] * min(free, len(waiting))
    assert [one.place if one else 0 for one in found[free:]] == list(
        range(1, len(found[free:]) + 1)
    )
    for one, took_s in zip(found, waiting, strict=True):
        if one is not None and took_s is not None:
            assert one.seconds is not None
            assert one.seconds > took_s


@pytest.mark.parametrize(
    ("place", "said"), [(1, 1), (10, 10), (11, 15), (50, 50), (51, 60), (101, 150), (501, 600)]
)
def test_places_are_rounded_further_back(place: int, said: int) -> None:
    assert rounded(Wait(place, None)) == Wait(said, None)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, 10), (10, 10), (31, 40), (60, 60), (61, 90), (100, 120), (121, 180), (601, 900),
        (3599, 3600), (3601, LONGEST_S + 1), (1e9, LONGEST_S + 1),
    ],
)  # fmt: skip
def test_times_are_rounded(seconds: float, said: int) -> None:
    assert rounded(Wait(3, seconds)) == Wait(3, said)


@given(st.integers(1, 2000), st.floats(0, 4000))
def test_what_is_said_is_never_better_than_what_is(place: int, seconds: float) -> None:
    said = rounded(Wait(place, seconds))
    assert said.place >= place
    assert said.seconds is not None
    assert said.seconds >= min(seconds, LONGEST_S + 1)
    assert rounded(said) == said
