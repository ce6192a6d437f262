"""Rate limits, as the headers of each answer tell them and as they are enforced.

discord.py sends one call at a time to a bucket whose limit it does not know, so the headers are
always there. Nothing is enforced until a test says so: `real()` has the figures that bots see.
"""

from __future__ import annotations

import fnmatch
import time
from dataclasses import dataclass, field

GENEROUS = (10_000, 1.0)
REAL = {
    "POST /channels/*/messages": (5, 5.0),
    "PATCH /channels/*/messages/*": (5, 5.0),
    "* /webhooks/*": (5, 2.0),
}
"""Calls and seconds, by pattern: as bots see them; Discord documents no figures."""


@dataclass(slots=True)
class _Bucket:
    allowed: int
    period_s: float
    ends_at: float = 0.0
    used: int = 0


@dataclass(slots=True)
class RateLimits:
    """The limits of all buckets. A bucket is a pattern in one channel, or for one token."""

    patterns: dict[str, tuple[int, float]] = field(default_factory=dict[str, tuple[int, float]])
    _buckets: dict[tuple[str, ...], _Bucket] = field(default_factory=dict[tuple[str, ...], _Bucket])

    def real(self) -> None:
        """Enforce Discord's own figures from now on."""
        self.patterns = dict(REAL)
        self._buckets.clear()

    def count(self, name: str) -> tuple[bool, dict[str, str]]:
        """Count a call: whether it is within its limit, and the headers that say so."""
        method, _, path = name.partition(" ")
        kind, *major = path.split("/")[1:]
        if kind == "interactions":
            return True, {}  # callbacks have no limit
        pattern = next((one for one in self.patterns if fnmatch.fnmatchcase(name, one)), None)
        key = (pattern or f"{method} {kind}", *major[: 2 if kind == "webhooks" else 1])
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = _Bucket(*(self.patterns[pattern] if pattern else GENEROUS))
            self._buckets[key] = bucket
        now = time.monotonic()
        if now >= bucket.ends_at:
            bucket.ends_at, bucket.used = now + bucket.period_s, 0
        within = bucket.used < bucket.allowed
        bucket.used += within
        left_s = bucket.ends_at - now
        return within, {
            "X-RateLimit-Limit": str(bucket.allowed),
            "X-RateLimit-Remaining": str(bucket.allowed - bucket.used),
            "X-RateLimit-Reset": f"{time.time() + left_s:.3f}",
            "X-RateLimit-Reset-After": f"{left_s:.3f}",
            "X-RateLimit-Bucket": key[0],
        }
