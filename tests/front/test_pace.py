from __future__ import annotations

from types import SimpleNamespace

import pytest

from bot.front import pace
from bot.front.pace import FOR_PROGRESS, Pace


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    at = [100.0]
    monkeypatch.setattr(pace, "time", SimpleNamespace(monotonic=lambda: at[0]))
    return at


def test_a_channel_has_room_for_a_few_edits_in_a_period(now: list[float]) -> None:
    edits = Pace()
    for _ in range(FOR_PROGRESS):
        assert edits.has_room(1)
        edits.note(1)
    assert not edits.has_room(1)
    assert edits.has_room(2)
    now[0] += pace.PERIOD_S - 0.1
    assert not edits.has_room(1)
    now[0] += 0.1
    assert edits.has_room(1)


def test_quiet_channels_are_dropped(now: list[float]) -> None:
    edits = Pace()
    for channel in range(pace.MANY):
        edits.note(channel)
    now[0] += pace.PERIOD_S
    edits.note(-1)
    assert list(edits._edits) == [-1]
