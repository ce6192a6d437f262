from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from bot.ui.lateness import LONG, RECENT, Lateness

NOW = dt.datetime(2026, 11, 27, 12, 0, tzinfo=dt.UTC)


def late(lateness: Lateness, behind_s: Sequence[float], every_s: float) -> list[bool]:
    """Of interactions that come so far behind, one after the other, which are late."""
    found: list[bool] = []
    for number, one in enumerate(behind_s):
        now = NOW + dt.timedelta(seconds=number * every_s)
        found.append(lateness.is_late(now - dt.timedelta(seconds=one), now))
    return found


def test_what_comes_too_late() -> None:
    assert late(Lateness(), [0.2, 2.7, 2.9, 0.2], 60) == [False, False, True, False]


def test_a_crowd_that_comes_late_is_late() -> None:
    assert all(late(Lateness(), [4.0 + number / 100 for number in range(3 * RECENT)], 0.01))
    assert late(Lateness(), [5.0], 1) == [True]


@pytest.mark.parametrize("astray_s", [5.0, 7200.0])
def test_a_clock_that_is_ahead_is_noticed_soon(astray_s: float) -> None:
    every_s = LONG.total_seconds() / 4
    found = late(Lateness(), [astray_s + 0.2] * 10 + [astray_s + 3.1], every_s)
    assert found == [True] * 5 + [False] * 5 + [True]


def test_a_clock_that_is_behind_makes_nothing_late() -> None:
    assert late(Lateness(), [-89.8] * 10, 30) == [False] * 10
