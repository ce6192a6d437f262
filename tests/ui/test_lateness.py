from __future__ import annotations

import datetime as dt

import pytest

from bot.ui.lateness import RECENT, Lateness

NOW = dt.datetime(2026, 11, 27, 12, 0, tzinfo=dt.UTC)


def seconds(behind_s: float) -> tuple[dt.datetime, dt.datetime]:
    return NOW - dt.timedelta(seconds=behind_s), NOW


def test_what_comes_too_late() -> None:
    lateness = Lateness()
    assert not lateness.is_late(*seconds(0.2))
    assert not lateness.is_late(*seconds(2.7))
    assert lateness.is_late(*seconds(2.9))


@pytest.mark.parametrize("astray_s", [-90.0, 5.0, 7200.0])
def test_a_wrong_clock_makes_nothing_late_but_what_is(astray_s: float) -> None:
    lateness = Lateness()
    assert not lateness.is_late(*seconds(astray_s + 0.2))
    assert not lateness.is_late(*seconds(astray_s + 2.5))
    assert lateness.is_late(*seconds(astray_s + 3.1))


def test_a_clock_that_is_set_is_noticed() -> None:
    lateness = Lateness()
    for _ in range(RECENT):
        assert not lateness.is_late(*seconds(0.1))
    late = [lateness.is_late(*seconds(60.1)) for _ in range(RECENT)]
    assert late == [True] * (RECENT - 1) + [False]
