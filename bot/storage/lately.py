"""How each route has done lately, out of the requests' own rows. Holds nothing of people."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.domain.jobs import State
from bot.storage.database import Connection
from bot.storage.tables import jobs

LAST = 20
"""Requests of each route that are looked at."""

NEWEST = 2000
"""Requests of any route among which those are looked for: the table keeps all there ever were."""

_DRAWN = frozenset({State.DRAWN, State.DELIVERED, State.SETTLED})
_LOST = frozenset({State.FAILED, State.UNKNOWN})
_TOLD = (*_DRAWN, *_LOST)


@dataclass(frozen=True, slots=True)
class Lately:
    """The newest requests of one route that say something about it: drawn, or lost.

    `took_s` is the median of those drawn, None when none was. `failure` is the key of the error
    that ended the newest one, "" when that was drawn.
    """

    asked: int
    drawn: int
    took_s: float | None
    failure: str


async def by_route(conn: Connection, last: int = LAST) -> Mapping[str, Lately]:
    """What became of the last requests of each route, by its name."""
    place = (
        func.row_number()
        .over(partition_by=jobs.c.route, order_by=(jobs.c.created_at.desc(), jobs.c.id.desc()))
        .label("place")
    )
    # Ids begin with Discord's snowflakes, of one length until 2090, so the key has them by age.
    of_late = select(jobs.c.id).order_by(jobs.c.id.desc()).limit(NEWEST)
    newest = (
        select(jobs.c.route, jobs.c.state, jobs.c.took_s, jobs.c.error_key, place)
        .where(jobs.c.id.in_(of_late), jobs.c.route.is_not(None), jobs.c.state.in_(_TOLD))
        .subquery()
    )
    rows = await conn.execute(
        select(newest).where(newest.c.place <= last).order_by(newest.c.route, newest.c.place)
    )
    routes: dict[str, list[tuple[State, float, str]]] = {}
    for row in rows:
        routes.setdefault(row.route, []).append((row.state, row.took_s, row.error_key or ""))
    return {name: _lately(found) for name, found in routes.items()}


def _lately(newest_first: list[tuple[State, float, str]]) -> Lately:
    times = [took_s for state, took_s, _ in newest_first if state in _DRAWN]
    state, _, key = newest_first[0]
    return Lately(
        asked=len(newest_first),
        drawn=len(times),
        took_s=statistics.median(times) if times else None,
        failure="" if state in _DRAWN else key or str(state),
    )
