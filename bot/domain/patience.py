"""How long a request waits for its turn, and how that is said: rounded, so it rarely changes."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

OVERDUE = 0.1
"""A picture that takes longer than usual is expected in this part of the usual time."""

EXACT_TO = 10
"""Places up to this one are said as they are."""

LONGEST_S = 3600
"""What takes longer than this is said to take over an hour."""

_PLACES = ((50, 5), (100, 10), (500, 50))
_PLACE = 100
_TIMES_S = ((60, 10), (120, 30), (600, 60))
_TIME_S = 300


@dataclass(frozen=True, slots=True)
class Wait:
    """A request that waits for a slot.

    `place` is 1 for the next one. `seconds` is the time until its picture is there, None when
    its way to a picture was not measured yet.
    """

    place: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Expected:
    """A request as the line sees it: how long its drawing usually takes, and how long it does."""

    took_s: float | None
    drawn_for_s: float = 0.0


def waits(
    drawing: Sequence[Expected], waiting: Sequence[Expected], *, slots: int
) -> list[Wait | None]:
    """How long each of those waits that stand in line, in the order they are expected to draw.

    `slots` pictures are drawn at a time. None stands for a request that is drawn at once, as a
    slot is free. A request ahead whose time is not known counts as long as the others on average.
    """
    known = [one.took_s for one in (*drawing, *waiting) if one.took_s is not None]
    usual_s = sum(known) / len(known) if known else 1.0
    ends: list[float] = []  # when each slot in use is free again, in seconds from now
    for one in drawing:
        took_s = usual_s if one.took_s is None else one.took_s
        heapq.heappush(ends, max(took_s - one.drawn_for_s, took_s * OVERDUE))
    found: list[Wait | None] = []
    place = 0
    for one in waiting:
        at_once = len(ends) < slots
        begins_s = 0.0 if at_once else heapq.heappop(ends)
        done_s = begins_s + (usual_s if one.took_s is None else one.took_s)
        heapq.heappush(ends, done_s)
        if at_once:
            found.append(None)
            continue
        place += 1
        found.append(Wait(place, None if one.took_s is None else done_s))
    return found


def rounded(wait: Wait) -> Wait:
    """What is said of a wait: exact in front, in ever larger steps further back.

    Both are rounded up: it is better to be early. A message that says this changes only now and
    then, even when it stands far back in a line that moves all the time.
    """
    place = wait.place
    if place > EXACT_TO:
        place = _up(place, _PLACES, _PLACE)
    if wait.seconds is None:
        return Wait(place, None)
    if wait.seconds > LONGEST_S:
        return Wait(place, LONGEST_S + 1)
    return Wait(place, _up(wait.seconds, _TIMES_S, _TIME_S))


def _up(value: float, steps: Sequence[tuple[int, int]], last: int) -> int:
    """The next multiple of the step that belongs to a value of this size."""
    step = next((step for most, step in steps if value <= most), last)
    return max(step, int(-(-value // step)) * step)
