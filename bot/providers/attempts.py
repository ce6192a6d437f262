"""One picture by several routes: the place that decides whether to go on to the next.

It goes on only when nothing can have been billed, and never after a refusal: another route to
the same model is not a way around it.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from bot.domain.routes import DrawRequest, Route
from bot.errors import Billed, ProviderBusy, ProviderError, ProviderRefused, RequestError
from bot.providers.draw import OnLinked, OnRequestId, Painter, Result, Said
from bot.providers.health import Health, State
from bot.providers.inputs import Inputs
from bot.providers.sending import Sending
from bot.providers.transport import RETRY_AFTER_LIMIT_S, Budget, budget
from bot.spool import Spool

SHORT_WAIT_S = 2.0

OnRoute: TypeAlias = Callable[[Route], Awaitable[None]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture, the route it came by, and the seconds that route took."""

    route: Route
    result: Result
    took_s: float


class Attempts:
    """Draws a request by the first of its routes that does."""

    def __init__(self, painter: Painter, health: Health) -> None:
        self._painter = painter
        self._health = health

    async def draw(
        self,
        routes: Sequence[Route],
        request: DrawRequest,
        inputs: Inputs | Sequence[tuple[str, bytes]] = (),
        *,
        timeout_s: float,
        on_route: OnRoute | None = None,
        on_request_id: OnRequestId | None = None,
        on_linked: OnLinked | None = None,
        sending: Sending | None = None,
        spool: Spool | None = None,
    ) -> Drawing:
        """Draw by `routes` in their order (`bot.domain.choose`), under one budget of retries.

        The picture is in `spool` (none: in memory). `on_route` is awaited with each route before
        anything is sent by it; `sending` knows what was. Raises what the last route raised;
        RequestError (`no_route`) when there are none, and ProviderBusy (`routes_resting`) when all
        rest and are on trial already.
        """
        files = inputs if isinstance(inputs, Inputs) else Inputs(inputs)
        limits = budget(timeout_s)
        limits.sending = sending or limits.sending

        async def one(route: Route) -> Result:
            return await self._painter.draw(
                route,
                request,
                files,
                timeout_s=timeout_s,
                limits=limits,
                on_request_id=on_request_id,
                on_linked=on_linked,
                spool=spool,
            )

        route, result, took_s = await self._first(routes, one, limits, on_route)
        return Drawing(route, result, took_s)

    async def say(
        self,
        routes: Sequence[Route],
        request: DrawRequest,
        inputs: Inputs | Sequence[tuple[str, bytes]] = (),
        *,
        timeout_s: float,
    ) -> Said:
        """An answer in words, by the first route that gives one. Raises as `draw` does."""
        files = inputs if isinstance(inputs, Inputs) else Inputs(inputs)
        limits = budget(timeout_s)

        async def one(route: Route) -> Said:
            return await self._painter.say(
                route, request, files, timeout_s=timeout_s, limits=limits
            )

        return (await self._first(routes, one, limits, None))[1]

    async def _first(
        self,
        routes: Sequence[Route],
        ask: Callable[[Route], Awaitable[T]],
        limits: Budget,
        on_route: OnRoute | None,
    ) -> tuple[Route, T, float]:
        if not routes:
            raise RequestError("no_route")
        failure: ProviderError | None = None
        for route, last in self._entered(routes):
            # While there is another way, a route is asked a second time and not waited for.
            limits.kept = 0 if last else limits.attempts - 1
            limits.most_s = RETRY_AFTER_LIMIT_S if last else SHORT_WAIT_S
            began = time.monotonic()
            try:
                if on_route is not None:
                    await on_route(route)
                answer = await ask(route)
            except ProviderError as error:
                self._health.failed(route.name, error)
                if not goes_on(error) or limits.over():
                    raise
                limits.sending.not_billed()
                failure = error
            except BaseException:
                self._health.left(route.name)
                raise
            else:
                took_s = time.monotonic() - began
                self._health.succeeded(route.name, took_s)
                return route, answer, took_s
        if failure is not None:
            raise failure
        soonest = min(self._health.rests_s(route.name) for route in routes)
        raise ProviderBusy("routes_resting", retry_after_s=max(1.0, soonest))

    def _entered(self, routes: Sequence[Route]) -> Iterator[tuple[Route, bool]]:
        """The routes that may be asked, each with whether it is the last of them.

        When all of them rest, the one whose rest ends first is tried all the same.
        """
        asked = False
        for number, route in enumerate(routes):
            if self._health.enter(route.name):
                asked = True
                others = routes[number + 1 :]
                yield route, all(self._health.state(one.name) is State.RESTING for one in others)
        if not asked:
            soonest = min(routes, key=lambda route: self._health.rests_s(route.name))
            if self._health.enter(soonest.name, last_hope=True):
                yield soonest, True


def goes_on(error: ProviderError) -> bool:
    """Whether another route may be asked after this error."""
    return error.billed is Billed.NO and not isinstance(error, ProviderRefused)
