"""Where an order becomes an answer: drawn off the event loop, filed, and billed."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from bot.standins.provider import damage, words
from bot.standins.provider.asks import PICTURE_TOKENS, Ask, Shape, output_px
from bot.standins.provider.calls import Painted, Said
from bot.standins.provider.faults import Fault, Kind
from bot.standins.provider.painter import paint
from bot.standins.provider.painter.encode import SIGNATURE_BYTES, signed
from bot.standins.provider.pictures import FileHost

CHARACTERS_PER_TOKEN = 4
CALL_USD_MICROS = 50_000  # $0.05 a call, the product page
INPUT_USD_MICROS_PER_MILLION = 300_000
OUTPUT_USD_MICROS_PER_MILLION = 30_000_000
BY_THE_CALL = ("per-call", "async", "unified")
ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}
REMEMBERED = 32  # drawn pictures, so that the same order is not drawn again


A = TypeVar("A")
R = TypeVar("R")


class Studio:
    """Draws. `picture_bytes` makes every picture about that large, and draws one a size only.

    With `varied` the same words give another picture each time, as a model does.
    """

    def __init__(self, files: FileHost, *, seed: int, picture_bytes: int | None) -> None:
        self._files = files
        self._seed = seed
        self._picture_bytes = picture_bytes
        self.varied = False
        self._asked = 0
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="painter")
        self._drawn: OrderedDict[str, Painted] = OrderedDict()

    def close(self) -> None:
        """Take no more work. A picture that is being drawn is finished, and nobody waits for it."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Callable[[A], R], given: A) -> R:
        """Do slow work off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, given)

    async def answer(
        self, ask: Ask, request_id: str, shape: Shape, fault: Fault | None, count: int = 1
    ) -> Said:
        """Everything that will be said to a request, whatever its wire, with `count` pictures."""
        started = time.monotonic()
        pictures: tuple[Painted, ...] = ()
        text = ""
        refusal = ""
        if fault is not None and fault.kind.name.startswith("REFUSE_"):
            refusal = fault.kind.value
            text = words.REFUSED if fault.kind is Kind.REFUSE_TEXT else ""
        elif shape is Shape.EMPTY:
            pass
        elif ask.in_words or shape is Shape.TEXT:
            text = await self.run(words.answer, ask) if ask.in_words else words.REFUSED
        else:
            drawn = [await self._picture(ask, request_id, fault, nth) for nth in range(count)]
            pictures = tuple(drawn)
            text = words.beside(ask) if shape in {Shape.TEXT_AND_PICTURE, Shape.PARTS} else ""
        tokens_in = -(-len(ask.words) // CHARACTERS_PER_TOKEN) + PICTURE_TOKENS * len(ask.pictures)
        tokens_out = -(-len(text) // CHARACTERS_PER_TOKEN) + PICTURE_TOKENS * len(pictures)
        return Said(
            request_id=request_id,
            route=ask.route,
            model=ask.model,
            pictures=pictures,
            text=text,
            refusal=refusal,
            reason=fault.reason if fault else "",
            input_tokens=tokens_in,
            output_tokens=tokens_out,
            billed_usd_micros=bill(ask, refusal, tokens_in, tokens_out, drawn=bool(pictures)),
            took_s=time.monotonic() - started,
        )

    async def _picture(self, ask: Ask, request_id: str, fault: Fault | None, nth: int) -> Painted:
        another = f" ({nth + 1})" if nth else ""
        painted = await self._painted(replace(ask, words=ask.words + another))
        kind = fault.kind if fault else None
        # Each file of its own, as with a real provider: whoever keeps them must keep all.
        drawn = signed(painted.data, request_id) if self._picture_bytes else painted.data
        data = damage.damaged(drawn, kind)
        name = f"{request_id}{f'-{nth}' if nth else ''}.{ENDINGS[painted.media_type]}"
        url = self._files.keep(name, data, painted.media_type)
        return Painted(
            data,
            painted.media_type,
            painted.width_px,
            painted.height_px,
            damage.misled(url, self._files.base, kind),
        )

    async def _painted(self, ask: Ask) -> Painted:
        px = output_px(ask)
        if self.varied:
            self._asked += 1
        seed = self._seed + self._asked
        key = f"{px}" if self._picture_bytes else f"{_key(ask, px)} {seed}"
        if (known := self._drawn.get(key)) is not None:
            self._drawn.move_to_end(key)
            return known
        inputs = tuple(picture.data for picture in ask.pictures)
        size = self._picture_bytes - SIGNATURE_BYTES if self._picture_bytes else None
        data = await asyncio.get_running_loop().run_in_executor(
            self._threads, paint, ask.words, ask.turn, inputs, px, seed, size
        )
        painted = Painted(data, "image/png", *px)
        self._drawn[key] = painted
        if len(self._drawn) > REMEMBERED:
            self._drawn.popitem(last=False)
        return painted


def _key(ask: Ask, px: tuple[int, int]) -> str:
    hashed = hashlib.sha256(f"{px} {ask.turn} {ask.words}".encode())
    for picture in ask.pictures:
        hashed.update(picture.sha256.encode())
    return hashed.hexdigest()


def bill(ask: Ask, refusal: str, tokens_in: int, tokens_out: int, *, drawn: bool) -> int:
    """What 302.AI would take for the call, in micro-dollars, rounded up."""
    if refusal == Kind.REFUSE_ERROR:
        return 0
    if ask.route.startswith(BY_THE_CALL):
        return CALL_USD_MICROS if drawn else 0
    millionths = (
        tokens_in * INPUT_USD_MICROS_PER_MILLION + tokens_out * OUTPUT_USD_MICROS_PER_MILLION
    )
    return -(-millionths // 1_000_000)
