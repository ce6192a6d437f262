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
- a gift is an entry of its own (`grant`), which raises what its scope may spend and nothing else;
  a picture that a person's day has no room for is taken from their gifts instead, in the same
  transaction, and what was spent never passes what was granted;
- a hold in doubt, whose call may have been paid, has given its picture back and still holds its
  money. It ends refunded, by the one `adjust` that puts the true cost in place of what was held;
- a request that somebody cancelled while it was drawn keeps its hold, picture and money, until it
  is known what it cost: nothing, and it is refunded; else it is settled. If cancelling gave the
  picture back, no limit would bound what a person can spend.

Locks are taken in one order, the hold and then the counters as `bot.domain.quotas.counters`
gives them (a person's first, the busiest last), so that transactions cannot deadlock.

A picture goes through here twice, with five statements each time. So they are built once, and
each function runs whole in the database's thread.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import and_, select, update

from bot.domain.ids import JobId
from bot.domain.jobs import State
from bot.domain.quotas import GRANTED, OWN, Counter, Limit, Usage
from bot.storage import postings
from bot.storage.database import Connection
from bot.storage.tables import entries, holds, jobs

_CANCELLED = (
    select(holds.c.job_id, holds.c.held_usd_micros, holds.c.at, jobs.c.request_id, jobs.c.route)
    .join(jobs, jobs.c.id == holds.c.job_id)
    .where(holds.c.state == "held", jobs.c.state == State.CANCELLED)
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A hold whose call may have been paid, since when, and how the provider may know the call."""

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

    Where the counter of a person's day is full, one of their gifts takes its place.
    Returns False, and counts nothing, for a job that was reserved before.
    Raises QuotaExceeded for the first limit that has no room; the caller's transaction must
    then roll back.
    """
    return await conn.run_sync(_reserve, job, wanted, now, usd_micros)


def _reserve(
    conn: SyncConnection, job: JobId, wanted: Sequence[Counter], now: dt.datetime, usd_micros: int
) -> bool:
    moved = postings.rows(wanted)
    if not postings.hold(conn, job, moved, usd_micros=usd_micros, now=now):
        return False
    taken = postings.rows([postings.take(conn, counter, usd_micros, now) for counter in wanted])
    if taken != moved:
        postings.rehold(conn, job, moved := taken)
    postings.enter(conn, job, "reserve", moved, pictures=1, usd_micros=usd_micros, now=now)
    return True


async def settle(conn: Connection, job: JobId, *, cost_usd_micros: int, now: dt.datetime) -> bool:
    """Book what a delivered picture cost, in place of what was held.

    Returns False, and books nothing, when there is no open hold: settled or refunded before.
    """
    return await conn.run_sync(_settle, job, cost_usd_micros, now)


def _settle(conn: SyncConnection, job: JobId, cost_usd_micros: int, now: dt.datetime) -> bool:
    hold = postings.leave(
        conn, job, "held", "settled", booked_usd_micros=cost_usd_micros, ended_at=now
    )
    if hold is None:
        return False
    moved, held = hold
    difference = cost_usd_micros - held
    postings.move(conn, moved, pictures=0, usd_micros=difference)
    postings.enter(conn, job, "settle", moved, pictures=0, usd_micros=difference, now=now)
    return True


async def refund(
    conn: Connection, job: JobId, *, now: dt.datetime, cost_usd_micros: int = 0
) -> bool:
    """Give back the picture and the money that were held.

    `cost_usd_micros` is what the provider took all the same: the guild's money counts it,
    nobody's pictures do. Returns False when there is no open hold, or one in doubt.
    """
    return await conn.run_sync(_refund, job, cost_usd_micros, now)


def _refund(conn: SyncConnection, job: JobId, cost_usd_micros: int, now: dt.datetime) -> bool:
    hold = postings.leave(
        conn, job, "held", "refunded", booked_usd_micros=cost_usd_micros, ended_at=now
    )
    if hold is None:
        return False
    moved, held = hold
    postings.move(conn, moved, pictures=-1, usd_micros=-held)
    postings.enter(conn, job, "refund", moved, pictures=-1, usd_micros=-held, now=now)
    if cost_usd_micros:
        guild = [row for row in moved if row[0] not in OWN]
        postings.move(conn, guild, pictures=0, usd_micros=cost_usd_micros)
        postings.enter(conn, job, "adjust", guild, pictures=0, usd_micros=cost_usd_micros, now=now)
    return True


async def doubt(conn: Connection, job: JobId, *, now: dt.datetime) -> bool:
    """Give the picture back and go on holding the money, as the call may have been paid.

    `resolve` must follow. Returns False when there is no open hold, or one in doubt already.
    """
    return await conn.run_sync(_doubt, job, now)


def _doubt(conn: SyncConnection, job: JobId, now: dt.datetime) -> bool:
    hold = postings.leave(conn, job, "held", "doubted")
    if hold is None:
        return False
    moved, _ = hold
    postings.move(conn, moved, pictures=-1, usd_micros=0)
    postings.enter(conn, job, "refund", moved, pictures=-1, usd_micros=0, now=now)
    return True


async def resolve(
    conn: Connection, job: JobId, cost_usd_micros: int | None = None, *, now: dt.datetime
) -> bool:
    """End a hold in doubt, or a cancelled request's: book what its call cost.

    Without a cost the whole hold is booked: the worst case.
    Returns False, and books nothing, when there is no such hold.
    """
    return await conn.run_sync(_resolve, job, cost_usd_micros, now)


def _resolve(
    conn: SyncConnection, job: JobId, cost_usd_micros: int | None, now: dt.datetime
) -> bool:
    leaving = postings.LEAVE
    ended: dict[str, Any] = {"ended_at": now}
    if cost_usd_micros is None:
        leaving = leaving.values(booked_usd_micros=holds.c.held_usd_micros)
    else:
        ended["booked_usd_micros"] = cost_usd_micros
    hold = postings.leave(conn, job, "doubted", "refunded", leaving, **ended)
    if hold is None:
        return _resolve_cancelled(conn, job, cost_usd_micros, now)
    moved, held = hold
    difference = 0 if cost_usd_micros is None else cost_usd_micros - held
    postings.move(conn, moved, pictures=0, usd_micros=difference)
    postings.enter(conn, job, "adjust", moved, pictures=0, usd_micros=difference, now=now)
    return True


async def cancelled(conn: Connection, job: JobId, *, now: dt.datetime) -> None:
    """Note that a request was cancelled whose call may have been paid; `resolve` must follow."""
    await conn.execute(
        update(holds).where(holds.c.job_id == job, holds.c.state == "held").values(at=now)
    )


def _resolve_cancelled(
    conn: SyncConnection, job: JobId, cost_usd_micros: int | None, now: dt.datetime
) -> bool:
    held = conn.execute(_CANCELLED.where(holds.c.job_id == job)).one_or_none()
    if held is None:
        return False
    if cost_usd_micros == 0:
        return _refund(conn, job, 0, now)
    cost = held.held_usd_micros if cost_usd_micros is None else cost_usd_micros
    return _settle(conn, job, cost, now)


async def doubted(conn: Connection) -> tuple[Doubt, ...]:
    """The holds whose call may have been paid: in doubt, then of cancelled requests."""
    given_back = and_(entries.c.job_id == holds.c.job_id, entries.c.kind == "refund")
    rows = await conn.execute(
        select(holds.c.job_id, jobs.c.request_id, jobs.c.route, entries.c.at)
        .join(entries, given_back)
        .join(jobs, jobs.c.id == holds.c.job_id, isouter=True)
        .where(holds.c.state == "doubted")
        .order_by(entries.c.id)
    )
    cancelled = await conn.execute(_CANCELLED.order_by(holds.c.at, holds.c.job_id))
    return (
        *(Doubt(JobId(job), request_id, route, at) for job, request_id, route, at in rows),
        *(Doubt(JobId(one.job_id), one.request_id, one.route, one.at) for one in cancelled),
    )


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
    return await conn.run_sync(_book, name, moved, usd_micros, now)


def _book(
    conn: SyncConnection, name: str, moved: Sequence[Counter], usd_micros: int, now: dt.datetime
) -> bool:
    rows = postings.rows(moved)
    if not postings.enter_once(
        conn, name, "adjust", rows, pictures=0, usd_micros=usd_micros, now=now
    ):
        return False
    for counter in moved:
        postings.add(conn, counter, usd_micros=usd_micros)
    return True


async def grant(
    conn: Connection, name: str, scope: str, pictures: int, *, now: dt.datetime
) -> bool:
    """Give extra pictures to a scope of gifts; `name` is the event's by which they are given.

    Returns False, and gives nothing, for a name by which something was given before.
    """
    return await conn.run_sync(_grant, name, scope, pictures, now)


def _grant(conn: SyncConnection, name: str, scope: str, pictures: int, now: dt.datetime) -> bool:
    moved = [(str(Limit.GIFT), scope, GRANTED)]
    if not postings.enter_once(
        conn, name, "grant", moved, pictures=pictures, usd_micros=0, now=now
    ):
        return False
    postings.grant(conn, scope, pictures)
    return True


async def gifts(conn: Connection, scope: str) -> Usage:
    """How much was granted to a scope of gifts, and how much of it is used."""
    return await conn.run_sync(postings.gifts, scope)


async def usage(conn: Connection, wanted: Sequence[Counter], now: dt.datetime) -> tuple[Usage, ...]:
    """How much of each counter is used, in the order asked for."""
    return await conn.run_sync(postings.usage, wanted, now)


async def held(conn: Connection, *, before: dt.datetime) -> tuple[JobId, ...]:
    """The jobs whose hold is still open although it was made before `before`, oldest first."""
    rows = await conn.execute(
        select(holds.c.job_id)
        .where(holds.c.state == "held", holds.c.at < before)
        .order_by(holds.c.at, holds.c.job_id)
    )
    return tuple(JobId(job) for job in rows.scalars())
