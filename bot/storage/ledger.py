"""The ledger: what is reserved, what was used, what it cost.

Entries are append-only and the truth; counters are their sums, kept in the same transaction so
that a limit is checked by one conditional statement. Every function runs in its caller's
transaction: when one raises, let the exception leave the transaction's block.

Invariants (the schema and the tests hold them too):

- a request is reserved once, and its hold ends once, settled or refunded;
- a counter never passes its limit by a reservation, and never falls below zero;
- the sum of the entries of a counter is the counter, in pictures and in micro-dollars;
- a refund is its reservation backwards; money that was paid all the same is an entry of its own
  (`adjust`), booked to the guild's counters and to nobody's pictures.

Locks are taken in one order, the hold and then the counters as `bot.domain.quotas.counters`
gives them (a person's first, the busiest last), so that transactions cannot deadlock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, tuple_, update

from bot.domain.ids import JobId
from bot.domain.quotas import Counter, Limit, Usage, returns_at
from bot.errors import QuotaExceeded
from bot.storage.database import Connection
from bot.storage.tables import counters, entries, holds
from bot.storage.upsert import insert

Moved = Sequence[tuple[str, str, str]]
"""The counters that a hold added to: limit, scope, period."""


async def reserve(
    conn: Connection,
    job: JobId,
    wanted: Sequence[Counter],
    *,
    now: dt.datetime,
    usd_micros: int = 0,
) -> bool:
    """Hold one picture, and the money it may cost at worst, on every counter.

    Returns False, and counts nothing, for a job that was reserved before.
    Raises QuotaExceeded for the first limit that has no room; the caller's transaction must
    then roll back.
    """
    moved = [(str(counter.limit), counter.scope, counter.period) for counter in wanted]
    first = await conn.execute(
        insert(conn, holds)
        .values(
            job_id=job,
            state="held",
            counters=moved,
            held_usd_micros=usd_micros,
            booked_usd_micros=0,
            at=now,
        )
        .on_conflict_do_nothing(index_elements=["job_id"])
        .returning(holds.c.job_id)
    )
    if first.scalar_one_or_none() is None:
        return False
    for counter in wanted:
        await _take(conn, counter, usd_micros, now)
    await _enter(conn, job, "reserve", moved, pictures=1, usd_micros=usd_micros, now=now)
    return True


async def settle(conn: Connection, job: JobId, *, cost_usd_micros: int, now: dt.datetime) -> bool:
    """Book what a delivered picture cost, in place of what was held.

    Returns False, and books nothing, when there is no open hold: settled or refunded before.
    """
    hold = await _end(conn, job, "settled", cost_usd_micros, now)
    if hold is None:
        return False
    moved, held = hold
    difference = cost_usd_micros - held
    await _move(conn, moved, pictures=0, usd_micros=difference)
    await _enter(conn, job, "settle", moved, pictures=0, usd_micros=difference, now=now)
    return True


async def refund(
    conn: Connection, job: JobId, *, now: dt.datetime, cost_usd_micros: int = 0
) -> bool:
    """Give back the picture and the money that were held.

    `cost_usd_micros` is what the provider took all the same: the guild's money counts it,
    nobody's pictures do. Returns False when there is no open hold.
    """
    hold = await _end(conn, job, "refunded", cost_usd_micros, now)
    if hold is None:
        return False
    moved, held = hold
    await _move(conn, moved, pictures=-1, usd_micros=-held)
    await _enter(conn, job, "refund", moved, pictures=-1, usd_micros=-held, now=now)
    if cost_usd_micros:
        guild = [row for row in moved if row[0] != Limit.PERSON_DAY]
        await _move(conn, guild, pictures=0, usd_micros=cost_usd_micros)
        await _enter(conn, job, "adjust", guild, pictures=0, usd_micros=cost_usd_micros, now=now)
    return True


async def usage(conn: Connection, wanted: Sequence[Counter], now: dt.datetime) -> tuple[Usage, ...]:
    """How much of each counter is used, in the order asked for."""
    keys = [(counter.scope, counter.period) for counter in wanted]
    rows = await conn.execute(
        select(counters.c.scope, counters.c.period, counters.c.used).where(
            tuple_(counters.c.scope, counters.c.period).in_(keys)
        )
    )
    used = {(scope, period): count for scope, period, count in rows}
    return tuple(
        Usage(
            counter.limit,
            used.get((counter.scope, counter.period), 0),
            counter.allowed,
            returns_at(counter.limit, now),
        )
        for counter in wanted
    )


async def held(conn: Connection, *, before: dt.datetime) -> tuple[JobId, ...]:
    """The jobs whose hold is still open although it was made before `before`, oldest first."""
    rows = await conn.execute(
        select(holds.c.job_id)
        .where(holds.c.state == "held", holds.c.at < before)
        .order_by(holds.c.at, holds.c.job_id)
    )
    return tuple(JobId(job) for job in rows.scalars())


async def _take(conn: Connection, counter: Counter, usd_micros: int, now: dt.datetime) -> None:
    """Add one picture if the limit has room: one statement, so that no other comes between."""
    if counter.allowed > 0:
        taken = await conn.execute(
            insert(conn, counters)
            .values(scope=counter.scope, period=counter.period, used=1, usd_micros=usd_micros)
            .on_conflict_do_update(
                index_elements=["scope", "period"],
                set_={
                    "used": counters.c.used + 1,
                    "usd_micros": counters.c.usd_micros + usd_micros,
                },
                where=counters.c.used + 1 <= counter.allowed,
            )
            .returning(counters.c.used)
        )
        if taken.scalar_one_or_none() is not None:
            return
    (full,) = await usage(conn, [counter], now)
    raise QuotaExceeded(
        f"quota_{counter.limit}",
        limit=full.allowed,
        used=full.used,
        returns_at=int(full.returns_at.timestamp()),
    )


async def _end(
    conn: Connection, job: JobId, state: str, booked: int, now: dt.datetime
) -> tuple[Moved, int] | None:
    """End an open hold; the counters it added to and its money, or None if there is none."""
    ended = await conn.execute(
        update(holds)
        .where(holds.c.job_id == job, holds.c.state == "held")
        .values(state=state, booked_usd_micros=booked, ended_at=now)
        .returning(holds.c.counters, holds.c.held_usd_micros)
    )
    row = ended.one_or_none()
    return None if row is None else (row.counters, row.held_usd_micros)


async def _move(conn: Connection, moved: Moved, *, pictures: int, usd_micros: int) -> None:
    if not pictures and not usd_micros:
        return
    for _limit, scope, period in moved:
        await conn.execute(
            update(counters)
            .where(counters.c.scope == scope, counters.c.period == period)
            .values(used=counters.c.used + pictures, usd_micros=counters.c.usd_micros + usd_micros)
        )


async def _enter(
    conn: Connection,
    job: JobId,
    kind: str,
    moved: Moved,
    *,
    pictures: int,
    usd_micros: int,
    now: dt.datetime,
) -> None:
    values: dict[str, Any] = {
        "job_id": job,
        "kind": kind,
        "counters": [(scope, period) for _limit, scope, period in moved],
        "pictures": pictures,
        "usd_micros": usd_micros,
        "at": now,
    }
    await conn.execute(entries.insert().values(values))
