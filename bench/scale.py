"""How much is measured, and what becomes of the times."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bench.running import Stamp

PROVIDER_S = 5.0
Numbers = dict[str, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything. The quick one is for trying whether it works."""

    alone: int = 100
    steady_s: float = 20.0
    probe_s: float = 15.0
    rates: tuple[int, int] = (2, 60)
    step: int = 1
    idle_s: float = 10.0


QUICK = Scale(20, 5.0, 5.0, (4, 36), 8, 3.0)


def at(values: Sequence[float], share: float) -> float:
    """A percentile, by the nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def spread_ms(name: str, seconds: Sequence[float]) -> Numbers:
    """Half of them and 99 % of them are at most so long, in milliseconds."""
    return {
        f"{name}_p50_ms": at(seconds, 0.5) * 1000,
        f"{name}_p99_ms": at(seconds, 0.99) * 1000,
    }


def added_s(stamps: Sequence[Stamp]) -> list[float]:
    """From sent to posted, less the provider's time."""
    return [stamp.posted_s - stamp.sent_s - PROVIDER_S for stamp in stamps]
