"""The ledger: what is reserved, what was used, what it cost.

Entries are append-only and the truth; counters are their sums, kept in the same transaction so
that a limit is checked by one conditional statement. Every function runs in its caller's
transaction: when one raises, let the exception leave the transaction's block.

Invariants (the schema and the tests hold them too):

- a request is reserved once, and its hold ends once, settled or refunded;
- a counter never passes its limit by a reservation, and never falls below zero;
- the sum of the entries of a counter is the counter, in pictures and in micro-dollars;
- a refund is its reservation backwards; money that was paid all the same is an entry of its own
  (`adjust`), booked to the guild's counters and to nobody's pictures; so is money for what is
  no picture (`book`), which has no hold;
- a hold in doubt, whose call may have been paid, has given its picture back and still holds its
  money. It ends refunded, by the one `adjust` that puts the true cost in place of what was held.

Locks are taken in one order, the hold and then the counters as `bot.domain.quotas.counters`
gives them (a person's first, the busiest last), so that transactions cannot deadlock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, select, tuple_, update

from bot.domain.ids import JobId
from bot.domain.quotas import Counter, Limit, Usage, returns_at
from bot.errors import QuotaExceeded
from bot.storage.database import Connection
from bot.storage.tables import counters, entries, holds, jobs
from bot.storage.upsert import insert

Moved = Sequence[tuple[str, str, str]]
"""The counters that a hold added to: limit, scope, period."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A hold in doubt since an instant, and by which name the provider may know what it cost."""

    job_id: JobId
    request_id: str | None
    route: str | None
    since: dt.datetime


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
    hold = await _leave(
        conn, job, "held", "settled", booked_usd_micros=cost_usd_micros, ended_at=now
    )
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
    nobody's pictures do. Returns False when there is no open hold, or one in doubt.
    """
    hold = await _leave(
        conn, job, "held", "refunded", booked_usd_micros=cost_usd_micros, ended_at=now
    )
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


async def doubt(conn: Connection, job: JobId, *, now: dt.datetime) -> bool:
    """Give the picture back and go on holding the money, as the call may have been paid.

    `resolve` must follow. Returns False when there is no open hold, or one in doubt already.
    """
    hold = await _leave(conn, job, "held", "doubted")
    if hold is None:
        return False
    moved, _ = hold
    await _move(conn, moved, pictures=-1, usd_micros=0)
    await _enter(conn, job, "refund", moved, pictures=-1, usd_micros=0, now=now)
    return True


async def resolve(
    conn: Connection, job: JobId, cost_usd_micros: int | None = None, *, now: dt.datetime
) -> bool:
    """End a hold in doubt: book what its call cost, on the counters that held it.

    Without a cost the whole hold is booked: the worst case.
    Returns False, and books nothing, when there is no hold in doubt.
    """
    booked = holds.c.held_usd_micros if cost_usd_micros is None else cost_usd_micros
    hold = await _leave(conn, job, "doubted", "refunded", booked_usd_micros=booked, ended_at=now)
    if hold is None:
        return False
    moved, held = hold
    difference = 0 if cost_usd_micros is None else cost_usd_micros - held
    await _move(conn, moved, pictures=0, usd_micros=difference)
    await _enter(conn, job, "adjust", moved, pictures=0, usd_micros=difference, now=now)
    return True


async def doubted(conn: Connection) -> tuple[Doubt, ...]:
    """The holds in doubt, the oldest doubt first."""
    given_back = and_(entries.c.job_id == holds.c.job_id, entries.c.kind == "refund")
    rows = await conn.execute(
        select(holds.c.job_id, jobs.c.request_id, jobs.c.route, entries.c.at)
        .join(entries, given_back)
        .join(jobs, jobs.c.id == holds.c.job_id, isouter=True)
        .where(holds.c.state == "doubted")
        .order_by(entries.c.id)
    )
    return tuple(Doubt(JobId(job), request_id, route, at) for job, request_id, route, at in rows)


async def book(
    conn: Connection,
    name: str,
    moved: Sequence[Counter],
    *,
    usd_micros: int,
    now: dt.datetime,
) -> bool:
    """Book money for a call that is no picture: an answer in words.

    `name` is the call's own and no job's. A negative amount takes back a part of what was booked
    under another name. Returns False, and books nothing, for a name that was booked before.
    """
    rows = [(str(counter.limit), counter.scope, counter.period) for counter in moved]
    entry = _entry(name, "adjust", rows, pictures=0, usd_micros=usd_micros, now=now)
    written = await conn.execute(
        insert(conn, entries)
        .values(entry)
        .on_conflict_do_nothing(index_elements=["job_id", "kind"])
        .returning(entries.c.id)
    )
    if written.scalar_one_or_none() is None:
        return False
    for counter in moved:
        await conn.execute(
            insert(conn, counters)
            # A CHECK looks at the row to insert even where one is there.
            .values(
                scope=counter.scope, period=counter.period, used=0, usd_micros=max(0, usd_micros)
            )
            .on_conflict_do_update(
                index_elements=["scope", "period"],
                set_={"usd_micros": counters.c.usd_micros + usd_micros},
            )
        )
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


async def _leave(
    conn: Connection,
    job: JobId,
    state: str,
    to: str,
    **changes: int | ColumnElement[int] | dt.datetime,
) -> tuple[Moved, int] | None:
    """Take a hold from one state to the next; the counters it added to and its money.

    None, and nothing changed, when it is not in that state.
    """
    left = await conn.execute(
        update(holds)
        .where(holds.c.job_id == job, holds.c.state == state)
        .values(state=to, **changes)
        .returning(holds.c.counters, holds.c.held_usd_micros)
    )
    row = left.one_or_none()
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
    entry = _entry(job, kind, moved, pictures=pictures, usd_micros=usd_micros, now=now)
    await conn.execute(entries.insert().values(entry))


def _entry(
    name: str, kind: str, moved: Moved, *, pictures: int, usd_micros: int, now: dt.datetime
) -> dict[str, Any]:
    return {
        "job_id": name,
        "kind": kind,
        "counters": [(scope, period) for _limit, scope, period in moved],
        "pictures": pictures,
        "usd_micros": usd_micros,
        "at": now,
    }
