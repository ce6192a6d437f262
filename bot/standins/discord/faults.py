"""What goes wrong with REST calls, on command: errors, rate limits, delays, lost answers."""

from __future__ import annotations

import asyncio
import fnmatch
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, fields


class Hold:
    """A call that is stopped until the test lets it go on."""

    def __init__(self) -> None:
        self.dropped = False
        self._reached = asyncio.Event()
        self._free = asyncio.Event()

    async def here(self) -> None:
        """Come to the hold and wait."""
        self._reached.set()
        await self._free.wait()

    async def reached(self, timeout_s: float = 10.0) -> None:
        """Wait until a call has come to the hold. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            await self._reached.wait()

    def release(self, *, drop: bool = False) -> None:
        """Let the call go on; with `drop` it ends without an effect and without an answer."""
        self.dropped = drop
        self._free.set()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    `status` 0 leaves the call as it is (for a mere delay). A 429 says `retry_after_s`. With
    `late` the call takes effect first, and only its answer is delayed, held, replaced or cut.
    """

    status: int = 0
    code: int = 0
    message: str = "stand-in fault"
    retry_after_s: float = 0.1
    is_global: bool = False
    delay_s: float = 0.0
    late: bool = False
    cut: bool = False  # the connection ends without an answer
    hold: Hold | None = None

    async def strikes(self) -> bool:
        """Wait as long as the fault wants; whether it then takes the answer's place."""
        await asyncio.sleep(self.delay_s)
        if self.hold is not None:
            await self.hold.here()
            if self.hold.dropped:
                return True
        return self.cut or self.status != 0


def fault_from(values: Mapping[str, object]) -> Fault:
    """A fault from JSON. Raises TypeError for a field that there is not."""
    known = {one.name for one in fields(Fault)} - {"hold"}
    if unknown := set(values) - known:
        raise TypeError(f"unknown fields: {', '.join(sorted(unknown))}")
    return Fault(**values)  # pyright: ignore[reportArgumentType] -- JSON from our own tests


@dataclass
class _Rule:
    fault: Fault
    call: str
    times: int | None
    probability: float


@dataclass
class Faults:
    """The rules; the first that fits a call decides it.

    `call` is a pattern over `METHOD /path` without the base, such as
    `PATCH /webhooks/*/messages/*`, `POST /channels/*/messages` or `*`.
    """

    seed: int = 0
    hits: int = 0
    _rules: list[_Rule] = field(default_factory=list[_Rule])

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 -- faults are repeated, not secret

    def once(self, fault: Fault, call: str = "*", times: int = 1) -> None:
        """The next `times` calls that fit."""
        self._rules.append(_Rule(fault, call, times, 1.0))

    def always(self, fault: Fault, call: str = "*") -> None:
        """Every call that fits, from now on."""
        self._rules.append(_Rule(fault, call, None, 1.0))

    def sometimes(self, fault: Fault, probability: float, call: str = "*") -> None:
        """Each call that fits with this probability, repeatable by the seed."""
        self._rules.append(_Rule(fault, call, None, probability))

    def hold(self, call: str, *, late: bool = False) -> Hold:
        """Stop the next call that fits before it takes effect, or (`late`) after it."""
        hold = Hold()
        self.once(Fault(hold=hold, late=late), call)
        return hold

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._rules.clear()

    def strike(self, call: str) -> Fault | None:
        """The fault that a call meets, or None; uses it up."""
        for rule in self._rules:
            if not fnmatch.fnmatchcase(call, rule.call):
                continue
            if rule.probability < 1 and self._random.random() >= rule.probability:
                continue
            if rule.times is not None:
                rule.times -= 1
                if rule.times <= 0:
                    self._rules.remove(rule)
            self.hits += 1
            return rule.fault
        return None
