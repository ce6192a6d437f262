"""Which routes can draw a request, and in which order they are asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.quotes import quote_usd_micros
from bot.domain.routes import DrawRequest, Route

CHEAPEST, FASTEST = "cheapest", "fastest"
"""What `EASEL_ROUTES` may say instead of names."""

UNMEASURED_S = 10.0
"""How fast a route counts that has not drawn yet: as long as calls take on average."""


def why_not(route: Route, request: DrawRequest) -> str:
    """Why a route cannot draw a request, as a key; "" when it can.

    `result` (it only has results), `words`, `draws`, `edits`, `inputs` (too many pictures),
    `aspect` and `size` (the model has no such ratio or size).
    """
    profile = route.profile
    if route.method == "GET":
        return "result"
    if request.in_words:
        if not route.words:
            return "words"
    elif request.pictures and not route.edits:
        return "edits"
    elif not request.pictures and not route.draws:
        return "draws"
    if len(request.pictures) > profile.max_inputs or (request.pictures and not route.inputs):
        return "inputs"
    if request.aspect and profile.aspects and request.aspect not in profile.aspects:
        return "aspect"
    if request.size and request.size not in profile.sizes:
        return "size"
    return ""


def shortfall(route: Route, request: DrawRequest) -> int:
    """How much of a request a route that can draw it would lose; 0 for nothing.

    Words so far weigh most: without them an edit may be another picture altogether. A ratio
    or size without a field of its own is said in the prompt, and may not be heeded.
    """
    lost = 2 if request.history and not route.history else 0
    lost += 1 if request.aspect and not route.aspect_key else 0
    return lost + (1 if request.size and not route.size_key else 0)


def choose(
    routes: Iterable[Route],
    request: DrawRequest,
    order: Sequence[str],
    speeds: Mapping[str, float],
) -> tuple[Route, ...]:
    """The routes that can draw a request, the one to ask first at the front.

    `order` is the operator's: names, all others being out; or `cheapest` or `fastest` of all
    `routes`. `speeds` are the last measured seconds by name. A route that loses nothing of the
    request comes before one that does; the latter stays as a way out. Empty when none can.
    """
    able = [route for route in routes if not why_not(route, request)]
    if list(order) == [CHEAPEST]:
        able.sort(key=lambda route: quote_usd_micros(route, request))
    elif list(order) == [FASTEST]:
        able.sort(key=lambda route: speeds.get(route.name, UNMEASURED_S))
    else:
        able = [route for route in able if route.name in order]
        able.sort(key=lambda route: order.index(route.name))
    return tuple(sorted(able, key=lambda route: shortfall(route, request)))
