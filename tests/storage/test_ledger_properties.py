"""Whatever happens in whatever order: no limit passed, nothing negative, all sums equal."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter as Tally
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from bot.domain.ids import JobId, Place
from bot.domain.quotas import GRANTED, OWN, SPENT, Counter, Limit, Limits, counters, gifts
from bot.errors import QuotaExceeded
from bot.storage import ledger
from bot.storage.audit import audit
from bot.storage.database import Database
from bot.storage.tables import counters as counters_table
from bot.storage.tables import holds
from tests.databases import clean_postgresql, clean_sqlite, session_folder

NOW = dt.datetime(2026, 7, 31, 23, 0, tzinfo=dt.UTC)
PLACES = [Place(1, 1), Place(2, 1), Place(None, 1)]
LIMITS = Limits(guild_day=4, guild_month=6, person_day=3)
QUICK = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

T = TypeVar("T")
places, users = st.sampled_from(PLACES), st.integers(1, 2)
days, money = st.integers(0, 1), st.integers(0, 50_000)
numbers, some = st.integers(0, 11), st.integers(0, 2)


class Crash(Exception):
    """The process ended here: the transaction is never committed."""


def asked(place: Place, user_id: int, day: int) -> tuple[Counter, ...]:
    return counters(place, user_id, LIMITS, NOW + dt.timedelta(days=day))


async def check(database: Database) -> dict[tuple[str, str], tuple[int, int]]:
    """The counters, after the books were found to add up."""
    async with database.reading() as conn:
        assert await audit(conn) == []
        rows = (await conn.execute(select(counters_table))).all()
    assert all(row.used >= 0 and row.usd_micros >= 0 for row in rows)
    return {(row.scope, row.period): (row.used, row.usd_micros) for row in rows}


async def states(database: Database) -> dict[str, str]:
    """Every hold's state, after those in doubt were found in their list."""
    async with database.reading() as conn:
        rows = (await conn.execute(select(holds.c.job_id, holds.c.state))).all()
        doubted = {str(doubt.job_id) for doubt in await ledger.doubted(conn)}
    kept: dict[str, str] = {row.job_id: row.state for row in rows}
    assert doubted == {job for job, state in kept.items() if state == "doubted"}
    return kept


@dataclass
class Held:
    of: tuple[Counter, ...]
    usd_micros: int
    state: str = "held"


class Ledger(RuleBasedStateMachine):
    """The ledger beside the simplest model of it."""

    make_url: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.database = self.run_(Database.open(self.make_url()))
        self.jobs: dict[int, Held] = {}
        self.granted: set[int] = set()
        self.used: Tally[tuple[str, str]] = Tally()
        self.money: Tally[tuple[str, str]] = Tally()

    def run_(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.run_(self.database.close())
        self.runner.close()

    def change(self, work: Any, *, crash: bool) -> Any:
        async def whole() -> Any:
            async with self.database.transaction() as conn:
                result = await work(conn)
                if crash:
                    raise Crash
                return result

        try:
            return self.run_(whole())
        except Crash:
            return None

    def book(self, of: tuple[Counter, ...], *, pictures: int, usd_micros: int) -> None:
        for one in of:
            self.used[one.scope, one.period] += pictures
            self.money[one.scope, one.period] += usd_micros

    def likely(self, state: str, which: int) -> tuple[JobId, Held]:
        """One of the jobs; of those in a state, if there are any, one more often than not."""
        order = sorted(self.jobs, key=lambda number: (self.jobs[number].state != state, number))
        number = order[which % len(order)]
        return JobId(str(number)), self.jobs[number]

    def with_gifts(self, of: tuple[Counter, ...]) -> tuple[Counter, ...]:
        """The counters that a picture is taken from: of a gift, where the person's is full."""
        person = of[0]
        if person.gifts is None or self.used[person.scope, person.period] < person.allowed:
            return of
        granted = self.used[person.gifts, GRANTED]
        if self.used[person.gifts, SPENT] >= granted:
            return of
        return (Counter(Limit.GIFT, person.gifts, SPENT, granted), *of[1:])

    @rule(event=numbers, place=places, user=users, pictures=st.integers(1, 3), crash=st.booleans())
    def grant(self, event: int, place: Place, user: int, pictures: int, *, crash: bool) -> None:
        if place.guild_id is None:
            return
        scope = gifts(place.guild_id, user)
        done = self.change(
            lambda conn: ledger.grant(conn, f"{event}:gift", scope, pictures, now=NOW), crash=crash
        )
        if crash:
            return
        assert done is (event not in self.granted)
        if done:
            self.granted.add(event)
            self.used[scope, GRANTED] += pictures

    @rule(number=numbers, place=places, user=users, day=days, usd=money, crash=st.booleans())
    def reserve(
        self, number: int, place: Place, user: int, day: int, usd: int, *, crash: bool
    ) -> None:
        of = self.with_gifts(asked(place, user, day))
        full = [one for one in of if self.used[one.scope, one.period] >= one.allowed]
        done, refused = None, None
        try:
            done = self.change(
                lambda conn: ledger.reserve(
                    conn, JobId(str(number)), asked(place, user, day), now=NOW, usd_micros=usd
                ),
                crash=crash,
            )
        except QuotaExceeded as error:
            refused = error.key
        first = f"quota_{full[0].limit}" if full and number not in self.jobs else None
        assert refused == first
        if refused is not None:
            return
        if number in self.jobs:
            assert not done
            return
        if not crash:
            assert done
            self.jobs[number] = Held(of, usd)
            self.book(of, pictures=1, usd_micros=usd)

    @precondition(lambda self: bool(self.jobs))
    @rule(which=some, cost=money, crash=st.booleans(), paid=st.booleans(), good=st.booleans())
    def end(self, which: int, cost: int, *, crash: bool, paid: bool, good: bool) -> None:
        job, held = self.likely("held", which)
        cost = cost if paid or good else 0
        done = self.change(
            lambda conn: (
                ledger.settle(conn, job, cost_usd_micros=cost, now=NOW)
                if good
                else ledger.refund(conn, job, cost_usd_micros=cost, now=NOW)
            ),
            crash=crash,
        )
        if crash:
            return
        assert done is (held.state == "held")
        if not done:
            return
        held.state = "settled" if good else "refunded"
        if good:
            self.book(held.of, pictures=0, usd_micros=cost - held.usd_micros)
        else:
            self.book(held.of, pictures=-1, usd_micros=-held.usd_micros)
            guild = tuple(one for one in held.of if one.limit not in OWN)
            self.book(guild, pictures=0, usd_micros=cost)

    @precondition(lambda self: bool(self.jobs))
    @rule(which=some, crash=st.booleans())
    def doubt(self, which: int, *, crash: bool) -> None:
        job, held = self.likely("held", which)
        done = self.change(lambda conn: ledger.doubt(conn, job, now=NOW), crash=crash)
        if crash:
            return
        assert done is (held.state == "held")
        if done:
            held.state = "doubted"
            self.book(held.of, pictures=-1, usd_micros=0)

    @precondition(lambda self: bool(self.jobs))
    @rule(which=some, cost=st.none() | money, crash=st.booleans())
    def resolve(self, which: int, cost: int | None, *, crash: bool) -> None:
        job, held = self.likely("doubted", which)
        done = self.change(lambda conn: ledger.resolve(conn, job, cost, now=NOW), crash=crash)
        if crash:
            return
        assert done is (held.state == "doubted")
        if done:
            held.state = "refunded"
            if cost is not None:
                self.book(held.of, pictures=0, usd_micros=cost - held.usd_micros)

    @invariant()
    def the_holds_are_the_models(self) -> None:
        kept = self.run_(states(self.database))
        assert kept == {str(number): held.state for number, held in self.jobs.items()}

    @invariant()
    def the_books_are_the_models(self) -> None:
        kept = self.run_(check(self.database))
        expected = {key: (self.used[key], self.money[key]) for key in self.used | self.money}
        assert kept | expected == kept
        assert all(kept[key] == (0, 0) for key in kept.keys() - expected.keys())


class OnSqlite(Ledger):
    make_url = staticmethod(lambda: clean_sqlite(session_folder()))


class OnPostgresql(Ledger):
    make_url = staticmethod(clean_postgresql)


TestSqlite = OnSqlite.TestCase
TestPostgresql = OnPostgresql.TestCase
TestSqlite.settings = settings(QUICK, max_examples=12, stateful_step_count=25)
TestPostgresql.settings = TestSqlite.settings


def step(*kinds: str) -> st.SearchStrategy[tuple[str, str, int, int]]:
    """One of these, how it ends, the milliseconds before it, and an amount."""
    ends = st.sampled_from(["", "", "crash", "cancel"])
    return st.tuples(st.sampled_from(kinds), ends, st.integers(0, 3), money)


steps = st.tuples(
    step("reserve"), step("reserve", "settle", "refund", "doubt", "doubt")
) | st.tuples(
    step("reserve", "grant"),
    step("doubt"),
    step("reserve", "settle", "refund", "resolve", "worst"),
)
programs = st.lists(st.tuples(numbers, places, users, steps), min_size=4, max_size=16)


async def play(database: Database, program: tuple[Any, ...]) -> None:
    number, place, user, todo = program
    job = JobId(str(number))

    async def act(kind: str, end: str, usd: int) -> None:
        async with database.transaction() as conn:
            match kind:
                case "settle":
                    await ledger.settle(conn, job, cost_usd_micros=usd, now=NOW)
                case "refund":
                    await ledger.refund(conn, job, cost_usd_micros=usd // 2, now=NOW)
                case "doubt":
                    await ledger.doubt(conn, job, now=NOW)
                case "resolve":
                    await ledger.resolve(conn, job, usd, now=NOW)
                case "grant":
                    scope = gifts(place.guild_id or 1, user)
                    await ledger.grant(conn, f"{number}:gift", scope, 1, now=NOW)
                case "worst":
                    await ledger.resolve(conn, job, now=NOW)
                case _:
                    await ledger.reserve(conn, job, asked(place, user, 0), now=NOW, usd_micros=usd)
            if end == "crash":
                raise Crash

    for kind, end, pause_ms, usd in todo:
        await asyncio.sleep(pause_ms / 1000)
        task = asyncio.create_task(act(kind, end, usd))
        if end == "cancel":
            await asyncio.sleep(pause_ms / 1000)
            task.cancel()
        await asyncio.wait({task})
        if not task.cancelled() and (error := task.exception()) is not None:
            assert isinstance(error, (QuotaExceeded, Crash)), error


def interleave(url: str, todo: list[Any]) -> None:
    async def main() -> None:
        database = await Database.open(url)
        try:
            await asyncio.gather(*(play(database, program) for program in todo))
            kept = await check(database)
            await states(database)
        finally:
            await database.close()
        allowed = {
            (one.scope, one.period): one.allowed
            for place in PLACES
            for user in (1, 2)
            for one in asked(place, user, 0)
        }
        for (scope, period), (used, _) in kept.items():
            if period == SPENT:
                assert used <= kept[scope, GRANTED][0]
            elif period != GRANTED:
                assert used <= allowed[scope, period]

    with asyncio.Runner() as runner:
        runner.run(main())


@settings(QUICK, max_examples=12)
@given(programs)
def test_any_interleaving_on_sqlite(todo: list[Any]) -> None:
    interleave(clean_sqlite(session_folder()), todo)


@settings(QUICK, max_examples=12)
@given(programs)
def test_any_interleaving_on_postgresql(todo: list[Any]) -> None:
    interleave(clean_postgresql(), todo)
