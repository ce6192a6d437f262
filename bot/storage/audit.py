"""Recomputes what the ledger keeps from its entries, and says where they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, select, tuple_

from bot.storage.database import Connection
from bot.storage.tables import counters, entries, holds

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not what the entries say. `what` names it, for a person to read."""

    what: str
    kept: int
    by_entries: int


async def audit(conn: Connection) -> list[Difference]:
    """Every difference between the entries and the counters and holds. Empty: all adds up.

    Call it in one `Database.reading()`, whose snapshot holds still while the bot goes on.
    """
    pictures: defaultdict[tuple[str, str], int] = defaultdict(int)
    money: defaultdict[tuple[str, str], int] = defaultdict(int)
    jobs: dict[str, tuple[frozenset[str], int]] = {}
    async for row in _rows(conn, entries):
        for scope, period in row.counters:
            pictures[scope, period] += row.pictures
            money[scope, period] += row.usd_micros
        if row.kind == "reserve":
            jobs[row.job_id] = (frozenset({"held"}), row.usd_micros)
        elif row.job_id in jobs:
            states, total = jobs[row.job_id]
            states = _after(row.kind, row.usd_micros, total) or states
            jobs[row.job_id] = (states, total + row.usd_micros)
    differences: list[Difference] = []

    def compare(what: str, kept: int, by_entries: int) -> None:
        if kept != by_entries:
            differences.append(Difference(what, kept, by_entries))

    async for row in _rows(conn, counters):
        of, key = f"of {row.scope} in {row.period}", (row.scope, row.period)
        compare(f"pictures {of}", row.used, pictures.pop(key, 0))
        compare(f"micro-dollars {of}", row.usd_micros, money.pop(key, 0))
    for key in sorted(pictures.keys() | money.keys()):
        compare(f"pictures of {key[0]} in {key[1]}", 0, pictures[key])
        compare(f"micro-dollars of {key[0]} in {key[1]}", 0, money[key])
    async for row in _rows(conn, holds):
        states, total = jobs.pop(row.job_id, (frozenset[str](), 0))
        compare(f"state «{row.state}» of hold {row.job_id}", 1, int(row.state in states))
        amount = row.held_usd_micros if row.ended_at is None else row.booked_usd_micros
        compare(f"micro-dollars of hold {row.job_id}", amount, total)
    for job_id in sorted(jobs):
        compare(f"hold of {job_id}", 0, 1)
    return differences


def _after(kind: str, usd_micros: int, held_usd_micros: int) -> frozenset[str]:
    """The states in which an entry may leave a hold of so much money; none: it stays as it was."""
    match kind:
        case "settle":
            return frozenset({"settled"})
        case "adjust":
            return frozenset({"refunded"})
        case "refund" if held_usd_micros == 0:  # both look the same then
            return frozenset({"refunded", "doubted"})
        case "refund":
            return frozenset({"doubted" if usd_micros == 0 else "refunded"})
        case _:
            return frozenset()


async def _rows(conn: Connection, table: Table) -> AsyncGenerator[Row[*tuple[Any, ...]]]:
    """All rows in the order of the primary key, a page at a time: there may be millions."""
    keys = list(table.primary_key)
    page = select(table).order_by(*keys).limit(PAGE)
    rows = (await conn.execute(page)).all()
    while rows:
        for row in rows:
            yield row
        last = [getattr(rows[-1], key.name) for key in keys]
        rows = (await conn.execute(page.where(tuple_(*keys) > tuple_(*last)))).all()
