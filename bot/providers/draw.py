"""One picture, or one answer in words, by one route: build, call, read, fetch, count the cost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from bot.domain.pricing import Tokens, cost_usd_micros
from bot.domain.quotes import assumed_tokens, booked_usd_micros
from bot.domain.routes import DrawRequest, Route
from bot.errors import (
    BadAnswer,
    ConfigError,
    OutcomeUnknown,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
)
from bot.providers.base import (
    Drawn,
    HttpAnswer,
    Inline,
    Link,
    Outcome,
    Pending,
    Provider,
    Refusal,
    Words,
)
from bot.providers.fetch import Fetcher
from bot.providers.inputs import Inputs
from bot.providers.transport import Budget, Transport, budget
from bot.providers.wires import LATER_WIRES, WIRES
from bot.spool import Received, Spool

RESULT_LIMIT_BYTES = 64 * 1024 * 1024
MAX_PICTURES = 4
"""Pictures taken from one answer; one is what is asked for."""

POLL_FIRST_S, POLL_MOST_S = 1.0, 4.0
"""Between two questions for a result: from the first to the most, growing by a quarter."""

POLL_TIMEOUT_S = 30.0
"""For one question, its repetitions included."""

OnRequestId: TypeAlias = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Linked:
    """A paid answer whose pictures are not in it, but behind these links.

    The rest is what `Result` has of it. With its route this is enough to `fetch` the pictures.
    """

    links: tuple[str, ...]
    words: str
    cost_usd_micros: int
    model: str
    request_id: str


OnLinked: TypeAlias = Callable[[Linked], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Result:
    """A picture as the provider sent it. `media_type` is what the answer says, or "".

    `request_id` is the provider's name for the call that was paid; `extra` are further
    pictures of the same answer. `cost_usd_micros` includes what uploads of inputs cost.
    """

    picture: Received
    media_type: str
    words: str
    tokens: Tokens | None
    cost_usd_micros: int
    model: str
    request_id: str
    extra: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in words, and what it cost."""

    words: str
    tokens: Tokens | None
    cost_usd_micros: int
    request_id: str


class Painter:
    """Draws by routes.

    `providers` hold the addresses and keys, by name. `results` are the routes that have the
    results of asynchronous ones, by name (the catalogue's `routes` will do).
    """

    def __init__(
        self,
        transport: Transport,
        fetcher: Fetcher,
        providers: Mapping[str, Provider],
        results: Mapping[str, Route] | None = None,
        *,
        poll_s: float = POLL_FIRST_S,
    ) -> None:
        self._transport = transport
        self._fetcher = fetcher
        self._providers = providers
        self._results = results or {}
        self._poll_s = poll_s

    async def draw(
        self,
        route: Route,
        request: DrawRequest,
        inputs: Inputs | Sequence[tuple[str, bytes]] = (),
        *,
        timeout_s: float,
        limits: Budget | None = None,
        on_request_id: OnRequestId | None = None,
        on_linked: OnLinked | None = None,
        spool: Spool | None = None,
    ) -> Result:
        """Draw by this route alone. `inputs` are (media type, bytes), the one to edit first.

        Raises RequestError for what the route cannot take and a ProviderError for everything
        the provider does instead of drawing; its `billed` says whether that may have cost.
        `on_request_id` is awaited with the id of an asynchronous route the moment it is known:
        what stores it can `resume` after a crash. `on_linked` is awaited with an answer that has
        links before the first is followed: what stores it can `fetch` them after a crash.
        The pictures are in `spool` (none: in memory).
        """
        limits, spool = limits or budget(timeout_s), spool or Spool()
        answer, outcome, spent = await self._ask(route, request, inputs, limits, spool)
        request_id = answer.request_id
        if isinstance(outcome, Pending):
            if on_request_id is not None:
                await on_request_id(outcome.request_id)
            request_id = request_id or outcome.request_id
            try:
                outcome = await self._collect(route, outcome.request_id, limits, spool)
            except ProviderError as error:
                error.request_id = request_id  # the provider's books know the call that was paid
                raise
        return await self._result(route, request, outcome, request_id, spent, spool, on_linked)

    async def resume(
        self,
        route: Route,
        request: DrawRequest,
        request_id: str,
        *,
        timeout_s: float,
        on_linked: OnLinked | None = None,
        spool: Spool | None = None,
    ) -> Result:
        """The picture of an asynchronous route that was submitted earlier. Costs nothing more.

        Raises as `draw` does; OutcomeUnknown when it is not ready in time.
        """
        spool = spool or Spool()
        outcome = await self._collect(route, request_id, budget(timeout_s), spool)
        return await self._result(route, request, outcome, request_id, 0, spool, on_linked)

    async def fetch(self, route: Route, linked: Linked, *, spool: Spool | None = None) -> Result:
        """The picture of an answer of this route that was read earlier. Costs nothing more.

        Raises BadAnswer when it cannot be fetched any more.
        """
        behind = [Link(url) for url in linked.links]
        pictures = await self._pictures(route, behind, linked.request_id, spool or Spool())
        return _of(linked, pictures, None)

    async def say(
        self,
        route: Route,
        request: DrawRequest,
        inputs: Inputs | Sequence[tuple[str, bytes]] = (),
        *,
        timeout_s: float,
        limits: Budget | None = None,
    ) -> Said:
        """An answer in words. Raises as `draw` does; BadAnswer (`no_words`) without words."""
        limits, spool = limits or budget(timeout_s), Spool()
        asked = replace(request, in_words=True)
        answer, outcome, spent = await self._ask(route, asked, inputs, limits, spool)
        if isinstance(outcome, Pending):
            outcome = await self._collect(route, outcome.request_id, limits, spool)
        if isinstance(outcome, Refusal):
            raise _refused(outcome, answer.request_id)
        words = (
            outcome.text
            if isinstance(outcome, Words)
            else outcome.words
            if isinstance(outcome, Drawn)
            else ""
        )
        if isinstance(outcome, Pending) or not words:
            raise BadAnswer("no_words", request_id=answer.request_id)
        tokens = outcome.tokens or Tokens(assumed_tokens(route, request).input, len(words) // 3)
        cost = cost_usd_micros(route.price, tokens) + spent
        return Said(words, outcome.tokens, cost, answer.request_id)

    async def _ask(
        self,
        route: Route,
        request: DrawRequest,
        inputs: Inputs | Sequence[tuple[str, bytes]],
        limits: Budget,
        spool: Spool,
    ) -> tuple[HttpAnswer, Outcome, int]:
        """The answer, what it means, and what was spent on uploads besides."""
        wire, provider = WIRES[route.wire], self._provider(route)
        files = inputs if isinstance(inputs, Inputs) else Inputs(inputs)
        forms, spent = await files.prepare(route, provider, self._transport, limits)
        sent = wire.build(request, route, forms)
        answer = await self._transport.call(
            provider,
            route.auth,
            sent,
            route.profile,
            limits,
            sending=limits.sending,
            spool=spool,
        )
        return answer, _named(wire.parse, answer, route), spent

    async def _collect(
        self, route: Route, request_id: str, limits: Budget, spool: Spool
    ) -> Outcome:
        """Ask for a result until it is there. Asking is free, the work itself is paid."""
        result_route = self._results.get(route.poll)
        if result_route is None:
            raise BadAnswer(detail="a promise from a route that answers at once")
        wire, provider = LATER_WIRES[route.wire], self._provider(route)
        pause = self._poll_s
        while True:
            if limits.left_s() <= pause:
                raise OutcomeUnknown(detail="not ready in time", request_id=request_id)
            await asyncio.sleep(pause)
            pause = min(pause * 1.25, POLL_MOST_S)
            try:
                answer = await self._transport.call(
                    provider,
                    result_route.auth,
                    wire.poll(result_route, request_id),
                    route.profile,
                    budget(min(limits.left_s(), POLL_TIMEOUT_S)),
                    free=True,
                    spool=spool,
                )
            except (OutcomeUnknown, ProviderBusy):
                continue
            except ProviderError as error:
                # Whatever is wrong with the question, the work was submitted.
                raise OutcomeUnknown(
                    detail=f"asking for the result: {error}"[:500], request_id=request_id
                ) from None
            try:
                outcome = wire.parse_result(answer, result_route, request_id)
            except ProviderError as error:
                error.request_id = error.request_id or request_id
                raise
            if not isinstance(outcome, Pending):
                return outcome

    async def _result(
        self,
        route: Route,
        request: DrawRequest,
        outcome: Outcome,
        request_id: str,
        spent: int,
        spool: Spool,
        on_linked: OnLinked | None,
    ) -> Result:
        """The picture of an outcome that is final."""
        if isinstance(outcome, Refusal):
            raise _refused(outcome, request_id)
        if isinstance(outcome, Words):
            raise ProviderRefused(reason="text", words=outcome.text, request_id=request_id)
        if isinstance(outcome, Pending):
            raise BadAnswer("no_picture", request_id=request_id)
        wanted = outcome.pictures[:MAX_PICTURES]
        assumed = assumed_tokens(route, request)
        paid = outcome.paid_usd_micros
        linked = Linked(
            links=tuple(one.url for one in wanted if isinstance(one, Link)),
            words=outcome.words,
            cost_usd_micros=booked_usd_micros(route.price, outcome.tokens, assumed, paid) + spent,
            model=outcome.model or route.profile.model,
            request_id=request_id,
        )
        if linked.links and on_linked is not None:
            await on_linked(linked)
        pictures = await self._pictures(route, wanted, request_id, spool)
        return _of(linked, pictures, outcome.tokens)

    async def _pictures(
        self, route: Route, wanted: Sequence[Inline | Link], request_id: str, spool: Spool
    ) -> list[Inline]:
        """The pictures of an answer, those behind links fetched. Raises BadAnswer without any."""
        hosts = self._provider(route).file_hosts
        pictures: list[Inline] = []
        for one in wanted:
            if isinstance(one, Inline):
                pictures.append(one)
                continue
            try:
                picture = await self._fetcher.fetch_result(
                    one.url, limit_bytes=RESULT_LIMIT_BYTES, hosts=hosts, spool=spool
                )
            except ProviderError as error:
                if pictures:
                    continue  # one is enough
                error.request_id = request_id
                raise
            pictures.append(Inline("", picture))
        return pictures

    def _provider(self, route: Route) -> Provider:
        provider = self._providers.get(route.provider)
        if provider is None:
            raise ConfigError(f"The route {route.name} needs a key for {route.provider}.")
        return provider


def _of(linked: Linked, pictures: Sequence[Inline], tokens: Tokens | None) -> Result:
    first, *others = pictures
    return Result(
        picture=first.picture,
        media_type=first.media_type,
        words=linked.words,
        tokens=tokens,
        cost_usd_micros=linked.cost_usd_micros,
        model=linked.model,
        request_id=linked.request_id,
        extra=tuple(others),
    )


def _named(
    parse: Callable[[HttpAnswer, Route], Outcome], answer: HttpAnswer, route: Route
) -> Outcome:
    """What an answer means; an error that it means carries the call's id."""
    try:
        return parse(answer, route)
    except ProviderError as error:
        error.request_id = error.request_id or answer.request_id
        raise


def _refused(refusal: Refusal, request_id: str) -> ProviderRefused:
    return ProviderRefused(reason=refusal.reason, words=refusal.words, request_id=request_id)
