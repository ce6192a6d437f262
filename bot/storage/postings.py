"""The statements of `bot.storage.ledger`, built once. They run in the database's thread."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, bindparam, select, tuple_, update
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from bot.domain.ids import JobId
from bot.domain.quotas import GRANTED, SPENT, Counter, Limit, Usage, returns_at
from bot.errors import QuotaExceeded
from bot.storage.tables import counters, entries, holds
from bot.storage.upsert import Insert, insert_on

Moved: TypeAlias = Sequence[tuple[str, str, str]]
"""The counters that a hold added to: limit, scope, period."""

_USED = select(counters.c.scope, counters.c.period, counters.c.used).where(
    tuple_(counters.c.scope, counters.c.period).in_(bindparam("keys", expanding=True))
)
_ENTER = entries.insert().inline()  # its id is of no interest
LEAVE = (
    update(holds)
    .where(holds.c.job_id == bindparam("of"), holds.c.state == bindparam("before"))
    .returning(holds.c.counters, holds.c.held_usd_micros)
)
_MOVE = (
    update(counters)
    .where(counters.c.scope == bindparam("of"), counters.c.period == bindparam("in"))
    .values(
        used=counters.c.used + bindparam("pictures"),
        usd_micros=counters.c.usd_micros + bindparam("by"),
    )
)

_REHOLD = update(holds).where(holds.c.job_id == bindparam("of"))

_granted = counters.alias("granted")
_SPEND = (
    update(counters)
    .where(
        counters.c.scope == bindparam("of"),
        counters.c.period == SPENT,
        # What is granted only grows: an older figure is a lower one, so nothing is overspent.
        counters.c.used
        < select(_granted.c.used)
        .where(_granted.c.scope == bindparam("of"), _granted.c.period == GRANTED)
        .scalar_subquery(),
    )
    .values(used=counters.c.used + 1, usd_micros=counters.c.usd_micros + bindparam("by"))
    .returning(counters.c.used)
)


@functools.cache
def _holding(dialect: str) -> ReturningInsert[Any]:
    new = insert_on(dialect, holds)
    return new.on_conflict_do_nothing(index_elements=["job_id"]).returning(holds.c.job_id)


@functools.cache
def _entering(dialect: str) -> ReturningInsert[Any]:
    new = insert_on(dialect, entries)
    return new.on_conflict_do_nothing(index_elements=["job_id", "kind"]).returning(entries.c.id)


@functools.cache
def _taking(dialect: str) -> ReturningInsert[Any]:
    new = insert_on(dialect, counters)
    return new.on_conflict_do_update(
        index_elements=["scope", "period"],
        set_={
            "used": counters.c.used + 1,
            "usd_micros": counters.c.usd_micros + new.excluded.usd_micros,
        },
        where=counters.c.used + 1 <= bindparam("allowed"),
    ).returning(counters.c.used)


@functools.cache
def _adding(dialect: str) -> Insert:
    return insert_on(dialect, counters).on_conflict_do_update(
        index_elements=["scope", "period"],
        set_={"usd_micros": counters.c.usd_micros + bindparam("by")},
    )


@functools.cache
def _granting(dialect: str) -> Insert:
    new = insert_on(dialect, counters)
    return new.on_conflict_do_update(
        index_elements=["scope", "period"], set_={"used": counters.c.used + new.excluded.used}
    )


def usage(conn: Connection, wanted: Sequence[Counter], now: dt.datetime) -> tuple[Usage, ...]:
    """How much of each counter is used, in the order asked for."""
    keys = [(counter.scope, counter.period) for counter in wanted]
    found = conn.execute(_USED, {"keys": keys})
    used = {(scope, period): count for scope, period, count in found}
    return tuple(
        Usage(
            counter.limit,
            used.get((counter.scope, counter.period), 0),
            counter.allowed,
            returns_at(counter.limit, now),
        )
        for counter in wanted
    )


def hold(conn: Connection, job: JobId, moved: Moved, *, usd_micros: int, now: dt.datetime) -> bool:
    """Write a job's hold. False, and nothing written, when it has one."""
    written = conn.execute(
        _holding(conn.dialect.name),
        {
            "job_id": job,
            "state": "held",
            "counters": moved,
            "held_usd_micros": usd_micros,
            "booked_usd_micros": 0,
            "at": now,
        },
    )
    return written.scalar_one_or_none() is not None


def rehold(conn: Connection, job: JobId, moved: Moved) -> None:
    """Write down other counters for a hold that was written just now."""
    conn.execute(_REHOLD, {"of": job, "counters": moved})


def take(conn: Connection, counter: Counter, usd_micros: int, now: dt.datetime) -> Counter:
    """Add one picture if the limit has room: one statement, so that no other comes between.

    Gives the counter that was added to: of the person's gifts, where theirs is full.
    Raises QuotaExceeded when there is no room.
    """
    if counter.allowed > 0:
        taken = conn.execute(
            _taking(conn.dialect.name),
            {
                "scope": counter.scope,
                "period": counter.period,
                "used": 1,
                "usd_micros": usd_micros,
                "allowed": counter.allowed,
            },
        )
        if taken.scalar_one_or_none() is not None:
            return counter
    if counter.gifts is not None:
        spent = conn.execute(_SPEND, {"of": counter.gifts, "by": usd_micros})
        if (used := spent.scalar_one_or_none()) is not None:
            return Counter(Limit.GIFT, counter.gifts, SPENT, used)
    (full,) = usage(conn, [counter], now)
    raise QuotaExceeded(f"quota_{counter.limit}", detail="", **full.values())


def grant(conn: Connection, scope: str, pictures: int) -> None:
    """Raise what a gift's scope may spend."""
    granting = _granting(conn.dialect.name)
    for period, used in ((GRANTED, pictures), (SPENT, 0)):
        conn.execute(granting, {"scope": scope, "period": period, "used": used, "usd_micros": 0})


def gifts(conn: Connection, scope: str) -> Usage:
    """What was granted of gifts, and used."""
    keys = [(scope, GRANTED), (scope, SPENT)]
    used = {period: count for _, period, count in conn.execute(_USED, {"keys": keys})}
    return Usage(Limit.GIFT, used.get(SPENT, 0), used.get(GRANTED, 0), None)


def leave(
    conn: Connection,
    job: JobId,
    state: str,
    to: str,
    leaving: ReturningUpdate[Any, Any] = LEAVE,
    **changes: int | dt.datetime,
) -> tuple[Moved, int] | None:
    """Take a hold from one state to the next; the counters it added to and its money.

    None, and nothing changed, when it is not in that state.
    """
    left = conn.execute(leaving, {"of": job, "before": state, "state": to, **changes})
    row = left.one_or_none()
    return None if row is None else (row.counters, row.held_usd_micros)


def move(conn: Connection, moved: Moved, *, pictures: int, usd_micros: int) -> None:
    """Change counters that are there, one after the other."""
    if moved and (pictures or usd_micros):
        conn.execute(
            _MOVE,
            [
                {"of": scope, "in": period, "pictures": pictures, "by": usd_micros}
                for _limit, scope, period in moved
            ],
        )


def add(conn: Connection, counter: Counter, *, usd_micros: int) -> None:
    """Change the money of a counter that may not be there yet."""
    conn.execute(
        _adding(conn.dialect.name),
        {
            "scope": counter.scope,
            "period": counter.period,
            "used": 0,
            # A CHECK looks at the row to insert even where one is there.
            "usd_micros": max(0, usd_micros),
            "by": usd_micros,
        },
    )


def enter(
    conn: Connection, name: str, kind: str, moved: Moved, *, now: dt.datetime, **amounts: int
) -> None:
    """Write an entry; `amounts` are its `pictures` and `usd_micros`.

    Raises IntegrityError when there is one of this name and kind.
    """
    conn.execute(_ENTER, _entry(name, kind, moved, now, amounts))


def enter_once(
    conn: Connection, name: str, kind: str, moved: Moved, *, now: dt.datetime, **amounts: int
) -> bool:
    """The same, but False, and nothing written, when there is one of this name and kind."""
    entry = _entry(name, kind, moved, now, amounts)
    return conn.execute(_entering(conn.dialect.name), entry).scalar_one_or_none() is not None


def _entry(
    name: str, kind: str, moved: Moved, now: dt.datetime, amounts: dict[str, int]
) -> dict[str, Any]:
    keys = [(scope, period) for _limit, scope, period in moved]
    return {"job_id": name, "kind": kind, "counters": keys, "at": now, **amounts}


def rows(wanted: Sequence[Counter]) -> Moved:
    """Counters as a hold keeps them."""
    return [(str(counter.limit), counter.scope, counter.period) for counter in wanted]
