"""Answers in words: four prompts for a picture, a fuller wish, a softer one.

They cost money, but are no pictures. Before a call its worst price is booked, after it the
difference to the true one: what a crash leaves behind is never too little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.clock import Clock
from bot.domain.ids import Place
from bot.domain.images import Source, Stored
from bot.domain.jobs import Wish
from bot.domain.prompts import prompt_in, prompts_in
from bot.domain.quotas import OWN, Counter, Limit
from bot.domain.quotes import worst_usd_micros
from bot.domain.routes import DrawRequest, Route
from bot.errors import (
    BadAnswer,
    Billed,
    OutcomeUnknown,
    ProviderError,
    ProviderRefused,
    QuotaExceeded,
    RequestError,
)
from bot.providers.attempts import Attempts
from bot.providers.inputs import Inputs as Pictures
from bot.services import instructions
from bot.services.cooldown import Cooldown
from bot.services.delivery import Delivery
from bot.services.inputs import Inputs
from bot.services.quotas import Quotas
from bot.services.routing import Routing
from bot.services.writing import insist
from bot.storage import ledger
from bot.storage.database import Database

A_MINUTE, A_DAY = 10, 100  # calls of one person: they cost money, and no limit counts them
TIMEOUT_S = 120.0  # an interaction's token lives longer than this


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for words, where, and by which event (its snowflake names the call)."""

    event: int
    place: Place
    user_id: int


class Words:
    """Asks a model for words. `routing` is over the routes that answer in words."""

    def __init__(
        self,
        database: Database,
        quotas: Quotas,
        routing: Routing,
        attempts: Attempts,
        inputs: Inputs,
        delivery: Delivery,
        clock: Clock,
        *,
        timeout_s: float,
    ) -> None:
        self._database = database
        self._quotas = quotas
        self._routing = routing
        self._attempts = attempts
        self._inputs = inputs
        self._delivery = delivery
        self._clock = clock
        self._timeout_s = min(timeout_s, TIMEOUT_S)
        self._cooldown = Cooldown(A_MINUTE, 60.0)
        self._day = Cooldown(A_DAY, 86_400.0, key="words_day")

    def check(self, user_id: int) -> None:
        """Raises RequestError at once when no route answers in words or the person must rest."""
        self._routes(DrawRequest("", in_words=True))
        self._cooldown.check(user_id)
        self._day.check(user_id)

    async def describe(self, asked: Asked, source: Source) -> tuple[str, ...]:
        """Up to four prompts that would draw a picture like this one.

        Raises as `Inputs.prepare` does for the picture, RequestError, QuotaExceeded where
        nothing may be drawn, ProviderError.
        """
        pictures = await self._inputs.prepare([source], self._routing.profile, self._delivery)
        answer = await self._ask(asked, instructions.DESCRIBE, pictures)
        prompts = prompts_in(answer, instructions.DESCRIBED)
        if not prompts:
            raise BadAnswer("no_words")
        return prompts

    async def improve(self, asked: Asked, wish: Wish) -> str:
        """A wish in fuller words. Raises as `describe` does."""
        told = instructions.improve(wish.words, len(wish.sources))
        return _one(await self._ask(asked, told))

    async def soften(self, asked: Asked, words: str, reason: str) -> str:
        """The words of a refused wish, said more softly. Raises as `describe` does.

        `reason` is the refusal's, as ProviderRefused has it.
        """
        return _one(await self._ask(asked, instructions.soften(words, reason)))

    async def _ask(self, asked: Asked, told: str, pictures: Sequence[Stored] = ()) -> str:
        request = DrawRequest(told, tuple(pictures), in_words=True)
        routes = self._routes(request)
        loaded = Pictures(await self._inputs.load(pictures))
        counters = await self._allowed(asked)
        self._cooldown.take(asked.user_id)
        self._day.take(asked.user_id)
        worst = max(worst_usd_micros(route, request) for route in routes)
        await self._book(f"{asked.event}:words", counters, worst)
        cost = worst
        try:
            said = await self._attempts.say(routes, request, loaded, timeout_s=self._timeout_s)
            cost = said.cost_usd_micros
        except ProviderError as error:
            if error.billed is Billed.NO:
                cost = 0
            raise about_words(error) from error
        except RequestError:
            cost = 0
            raise
        finally:
            if cost != worst:
                await self._book(f"{asked.event}:words:over", counters, cost - worst)
        return said.words

    def _routes(self, request: DrawRequest) -> tuple[Route, ...]:
        try:
            return self._routing.plan(request)
        except RequestError as none:
            raise RequestError("no_words_route") from none

    async def _allowed(self, asked: Asked) -> tuple[Counter, ...]:
        """The counters to book on. Raises QuotaExceeded for who may not draw here either."""
        usages = await self._quotas.usage(asked.place, asked.user_id)
        has_gifts = any(usage.limit is Limit.GIFT for usage in usages)
        for usage in usages:
            if not usage.left and not (has_gifts and usage.limit is Limit.PERSON_DAY):
                raise QuotaExceeded(f"quota_{usage.limit}", detail="", **usage.values())
        counters = await self._quotas.counters(asked.place, asked.user_id)
        guild = tuple(one for one in counters if one.limit not in OWN)
        return guild or counters  # in direct messages there is the person's alone

    async def _book(self, name: str, counters: Sequence[Counter], usd_micros: int) -> None:
        async def write() -> None:
            async with self._database.transaction() as conn:
                now = self._clock.now()
                await ledger.book(conn, name, counters, usd_micros=usd_micros, now=now)

        await insist(write)


def _one(answer: str) -> str:
    prompt = prompt_in(answer)
    if not prompt:
        raise BadAnswer("no_words")
    return prompt


def about_words(error: ProviderError) -> ProviderError:
    """An error with a text that speaks of words where the usual one speaks of a picture."""
    match error:
        case ProviderRefused():
            return ProviderRefused("words_refused", detail=str(error))
        case OutcomeUnknown():
            return OutcomeUnknown("words_unknown", detail=str(error))
        case BadAnswer(key="no_picture"):
            return BadAnswer("no_words", detail=str(error))
        case _:
            return error
