"""What the server knows and keeps, apart from HTTP: its settings, its books, its work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.standins.provider.asks import LINKED, PICTURE_MODELS, WORD_MODELS, Ask, Looks, Shape
from bot.standins.provider.calls import Call, Said, without_bytes
from bot.standins.provider.errors import ApiError
from bot.standins.provider.faults import Fault, Faults
from bot.standins.provider.misbehave import Silence
from bot.standins.provider.pictures import FileHost
from bot.standins.provider.studio import Studio

T = TypeVar("T")


@dataclass
class Ticket:
    """Work behind an asynchronous call: not over while `answer` and `error` are None."""

    ask: Ask
    request_id: str
    polls_left: int
    created_at_s: float
    answer: dict[str, object] | None = None
    error: ApiError | None = None

    def poll(self) -> bool:
        """Ask once; whether it is over."""
        self.polls_left -= 1
        return self.polls_left < 0 and (self.answer is not None or self.error is not None)


class Desk:
    """The state behind the endpoints. Every public attribute may be changed between calls."""

    def __init__(
        self,
        *,
        seed: int = 0,
        delay_s: float = 0.0,
        key: str | None = None,
        shape: Shape = Shape.MARKDOWN_LINK,
        picture_bytes: int | None = None,
        remember: int = 1000,
    ) -> None:
        self._remember = remember
        self.delay_s = delay_s
        self.drawing = asyncio.Event()  # while it is cleared, every picture waits for it
        self.drawing.set()
        self.key = key
        self.shape = shape
        self.pictures_each = 1  # in one answer
        self.google_shape = ""
        self.submit_shape = "images"
        self.models = PICTURE_MODELS | WORD_MODELS
        self.pending_polls = 0  # how often a ticket is answered with «not yet» at least
        self.async_data = "object"  # or `text`: how mechanism A wraps the original answer
        self.balance: str | float = "12.34"
        self.calls: list[Call] = []
        self.tickets: dict[str, Ticket] = {}
        self.said: list[Said] = []
        self.faults = Faults(seed)
        self.files = FileHost()
        self.silence = Silence()
        self.studio = Studio(self.files, seed=seed, picture_bytes=picture_bytes)
        self._tasks: set[asyncio.Task[object]] = set()

    def looks(self, fault: Fault | None = None) -> Looks:
        """The spellings in use; a fault of the link needs one that has a link."""
        needed = fault is not None and fault.kind.name.startswith("LINK_")
        shape = self.shape
        if needed and shape not in LINKED:
            shape = Shape.MARKDOWN_LINK
        return Looks(shape, self.google_shape, self.submit_shape, needed)

    @property
    def billed_usd_micros(self) -> int:
        """The sum that all calls so far have cost."""
        return sum(said.billed_usd_micros for said in self.said)

    def note(self, call: Call) -> None:
        """Add to `calls`; only the newest keep their pictures' bytes."""
        self.calls.append(call)
        if len(self.calls) > self._remember:
            self.calls[-self._remember - 1] = without_bytes(self.calls[-self._remember - 1])

    def _settle(self, said: Said) -> None:
        self.said.append(said)
        if len(self.said) > self._remember:
            old = self.said[-self._remember - 1]
            bare = tuple(replace(picture, data=b"") for picture in old.pictures)
            self.said[-self._remember - 1] = replace(old, pictures=bare)

    def key_is(self, given: str) -> str:
        """`right`, `wrong` or `missing`. Without a key of its own the server takes any."""
        if not given:
            return "missing"
        return "right" if self.key is None or given == self.key else "wrong"

    def start(self, work: Coroutine[object, object, T]) -> asyncio.Task[T]:
        """Begin work that goes on when its caller hangs up, and that `close` ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def draw(self, ask: Ask, request_id: str, fault: Fault | None) -> Said:
        """Answer a request after the delay, and bill it. The drawing is part of the delay."""
        started = time.monotonic()
        said = await self.studio.answer(ask, request_id, self.shape, fault, self.pictures_each)
        left = self.delay_s - (time.monotonic() - started)
        if left > 0:
            await asyncio.sleep(left)
        await self.drawing.wait()
        self._settle(said)
        return said

    async def close(self) -> None:
        """End all work."""
        self.silence.end()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.studio.close()
