"""How each route is doing: a circuit breaker, and the times it last took."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import (
    BadAnswer,
    ModelWithdrawn,
    OutcomeUnknown,
    ProviderBusy,
    ProviderError,
    ProviderRejected,
)

FAILURES = 3
"""Failures in a row after which a route is rested."""

REST_S, REST_MOST_S = 30.0, 600.0
"""The first rest; each further one, after a trial that failed, is twice as long, up to this."""

_OURS = frozenset({"provider_bad_request", "provider_too_large"})
"""Rejections that say something about the request and nothing about the route."""


class State(StrEnum):
    """What a route may be asked now."""

    WELL = "well"
    RESTING = "resting"
    TRIAL = "trial"  # rested: one request at a time finds out


@dataclass(slots=True)
class _Record:
    failures: int = 0
    rest_s: float = 0.0
    rests_until: float = 0.0
    on_trial: bool = False
    took_s: float | None = None
    last_key: str = ""


def is_failure(error: ProviderError) -> bool:
    """Whether an error is the route's: a refusal or a bad wish is not."""
    if isinstance(error, ProviderRejected):
        return error.key not in _OURS
    return isinstance(error, ProviderBusy | ModelWithdrawn | OutcomeUnknown | BadAnswer)


class Health:
    """The records of all routes, in memory: after a restart every route starts well."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._records: dict[str, _Record] = {}

    def _record(self, name: str) -> _Record:
        return self._records.setdefault(name, _Record())

    def state(self, name: str) -> State:
        """How a route is."""
        record = self._record(name)
        if record.failures < FAILURES:
            return State.WELL
        return State.RESTING if self._now() < record.rests_until else State.TRIAL

    def enter(self, name: str, *, last_hope: bool = False) -> bool:
        """Whether a route may be asked now. After True, one of the methods below must follow.

        Of a route that has rested, one request at a time is let through. `last_hope` lets that
        one through while it rests: when there is no other route, trying is better than not.
        """
        record = self._record(name)
        state = self.state(name)
        if state is State.WELL:
            return True
        if record.on_trial or (state is State.RESTING and not last_hope):
            return False
        record.on_trial = True
        return True

    def succeeded(self, name: str, took_s: float) -> None:
        """A picture came. The route is well."""
        self._records[name] = _Record(took_s=took_s)

    def failed(self, name: str, error: ProviderError) -> None:
        """An error came; what the route has nothing to do with counts as neither."""
        record = self._record(name)
        record.on_trial = False
        if not is_failure(error):
            return
        record.failures += 1
        record.last_key = error.key
        if record.failures >= FAILURES:
            record.rest_s = min(max(REST_S, record.rest_s * 2), REST_MOST_S)
            record.rests_until = self._now() + record.rest_s

    def left(self, name: str) -> None:
        """The request ended without telling anything (cancelled, or a fault of ours)."""
        self._record(name).on_trial = False

    def rests_s(self, name: str) -> float:
        """Seconds until a route may be tried again; 0 when it may be now."""
        return max(0.0, self._record(name).rests_until - self._now())

    def last_failure(self, name: str) -> str:
        """The key of the error that counted last since the route was well, or ""."""
        return self._record(name).last_key

    def speeds(self) -> dict[str, float]:
        """The seconds that the last picture took, by route."""
        return {
            name: record.took_s
            for name, record in self._records.items()
            if record.took_s is not None
        }
