"""Which routes there are for a request, and what they may cost at worst."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.choose import choose
from bot.domain.quotes import ceiling_usd_micros
from bot.domain.routes import DrawRequest, Profile, Route
from bot.errors import RequestError
from bot.providers.health import Health


class Routing:
    """The routes that are set up, and the operator's order among them.

    `routes` are all that can be used; `order` is `EASEL_ROUTES`.
    """

    def __init__(
        self, routes: Sequence[Route], order: Sequence[str], profile: Profile, health: Health
    ) -> None:
        self._routes = {route.name: route for route in routes}
        self._order = tuple(order)
        self._health = health
        self.profile = profile

    def plan(self, request: DrawRequest) -> tuple[Route, ...]:
        """The routes to ask for a request, in order. Raises RequestError when none can do it."""
        routes = choose(self._routes.values(), request, self._order, self._health.speeds())
        if not routes:
            raise RequestError("no_route")
        return routes

    def named(self, name: str | None) -> Route | None:
        """A route by the name that a job's row has."""
        return self._routes.get(name or "")

    def ceiling_usd_micros(self, request: DrawRequest) -> int:
        """What a request may cost at worst, whichever of its routes draws it.

        Raises RequestError when none can do it.
        """
        return max(ceiling_usd_micros(route) for route in self.plan(request))
