"""A thousand requests at once against small limits: nothing overspent, every refusal exact."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from bot.config import load
from bot.domain.ids import JobId, Place
from bot.domain.ids import job_id as job_of
from bot.domain.jobs import Reply, Wish
from bot.domain.quotas import Limits
from bot.domain.routes import DrawRequest
from bot.errors import QuotaExceeded
from bot.providers import keys
from bot.providers.health import Health
from bot.providers.registry import load_catalogue
from bot.services.generate import Generate
from bot.services.quotas import Quotas
from bot.services.routing import Routing
from bot.storage import jobs, ledger
from bot.storage.audit import audit
from bot.storage.database import Connection, Database
from bot.storage.tables import counters, entries, holds

NOW = dt.datetime(2026, 7, 31, 21, 30, tzinfo=dt.UTC)
PEOPLE = range(100, 150)
EACH = 4  # requests of each person in each guild
GUILDS: dict[int, tuple[Limits, int]] = {
    # the limits of a guild, and how many of its 200 requests they let pass
    1: (Limits(1000, 1000, person_day=2), 100),  # two each of fifty people
    2: (Limits(guild_day=37, guild_month=1000, person_day=20), 37),
    3: (Limits(guild_day=60, guild_month=41, person_day=20), 41),
    4: (Limits(guild_day=60, guild_month=1000, person_day=3), 60),
    5: (Limits(guild_day=30, guild_month=20, person_day=2), 20),
}


class Now:
    """A clock that stands still: nobody's day ends in the middle."""

    def now(self) -> dt.datetime:
        return NOW


class Door:
    """In the place of the engine: what was to be enqueued, committed or not."""

    def __init__(self) -> None:
        self.asked: set[JobId] = set()

    async def enqueue(self, conn: Connection, job_id: JobId, **_: object) -> None:
        self.asked.add(job_id)

    def begin(self, job_id: JobId, **_: object) -> None:
        assert job_id in self.asked


@dataclass(frozen=True)
class Asking:
    """One request: the event, who asks and where."""

    event: int
    person: int
    guild: int


@dataclass
class Outcome:
    """What became of many requests."""

    accepted: list[Asking]
    refused: list[tuple[Asking, QuotaExceeded]]
    repeated: int = 0

    def let_pass(self) -> Counter[int]:
        """How many requests of each guild were accepted."""
        return Counter(asking.guild for asking in self.accepted)

    def of_people(self, guild: int) -> Counter[int]:
        """How many requests of each person were accepted in a guild."""
        return Counter(asking.person for asking in self.accepted if asking.guild == guild)

    def refusals(self, guild: int) -> Counter[str]:
        """By which limit a guild's requests were refused."""
        return Counter(error.key for asking, error in self.refused if asking.guild == guild)


@dataclass
class Rush:
    """The real acceptance, on a real database."""

    database: Database
    generate: Generate
    door: Door
    ceiling_usd_micros: int

    async def submit(self, askings: Sequence[Asking]) -> Outcome:
        """All of them at once."""
        outcome = Outcome([], [])

        async def one(asking: Asking) -> None:
            try:
                job = await self.generate.submit(
                    job_of(asking.event),
                    Place(asking.guild, asking.guild * 10),
                    asking.person,
                    Wish(f"kite {asking.event}"),
                    Reply(message_id=asking.event),
                )
            except QuotaExceeded as error:
                outcome.refused.append((asking, error))
            else:
                if job is None:
                    outcome.repeated += 1
                else:
                    outcome.accepted.append(asking)

        await asyncio.gather(*map(one, askings))
        return outcome

    async def check(self, accepted: Sequence[Asking]) -> None:
        """The books hold these requests and nothing else, and their sums are right."""
        ids = {str(asking.event) for asking in accepted}
        async with self.database.reading() as conn:
            assert await audit(conn) == []
            assert {job.id for job in await jobs.unfinished(conn)} == ids
            held = await conn.execute(select(holds.c.job_id, holds.c.held_usd_micros))
            assert {row[0]: row[1] for row in held} == dict.fromkeys(ids, self.ceiling_usd_micros)
            kinds = await conn.execute(
                select(entries.c.kind, func.count()).group_by(entries.c.kind)
            )
            assert {row[0]: row[1] for row in kinds} == {"reserve": len(ids)}
            rows = (await conn.execute(select(counters))).all()
        expected: Counter[tuple[str, str]] = Counter()
        for asking in accepted:
            guild = f"guild:{asking.guild}"
            expected[guild, "2026-07"] += 1
            expected[guild, "2026-07-31"] += 1
            expected[f"{guild}:user:{asking.person}", "2026-07-31"] += 1
        assert {(row.scope, row.period): row.used for row in rows} == dict(expected)
        for row in rows:
            assert row.usd_micros == row.used * self.ceiling_usd_micros
        assert ids <= self.door.asked


@pytest.fixture
async def rush(database: Database, monkeypatch: pytest.MonkeyPatch) -> Rush:
    # A slow disk takes longer than people's patience for a thousand; here none may be turned away.
    monkeypatch.setattr("bot.storage.transactions.QUEUE_TIMEOUT_S", 300.0)
    config = load({"EASEL_API_KEY": "none"}, None)
    catalogue = load_catalogue(config.model)
    ways = keys.for_pictures(catalogue, config)
    routing = Routing(ways.routes, ways.order, catalogue.profile, Health())
    quotas = Quotas(database, Now(), Limits(1000, 1000, 1000))
    for guild, (limits, _) in GUILDS.items():
        await quotas.change(guild, limits)
    generate = Generate(database, quotas, Now(), routing)
    door = Door()
    generate.open(door)
    return Rush(database, generate, door, routing.ceiling_usd_micros(DrawRequest("kite")))


def _by_turns(askings: list[Asking]) -> list[Asking]:
    return askings


def _guild_after_guild(askings: list[Asking]) -> list[Asking]:
    return sorted(askings, key=lambda asking: (asking.guild, asking.event))


def _person_after_person_backwards(askings: list[Asking]) -> list[Asking]:
    return sorted(askings, key=lambda asking: (-asking.person, asking.event))


def _shuffled(askings: list[Asking]) -> list[Asking]:
    random.Random(4).shuffle(askings)
    return askings


@pytest.mark.parametrize(
    "order",
    [
        _shuffled,
        pytest.param(_by_turns, marks=pytest.mark.nightly),
        pytest.param(_guild_after_guild, marks=pytest.mark.nightly),
        pytest.param(_person_after_person_backwards, marks=pytest.mark.nightly),
    ],
)
async def test_a_thousand_at_once(
    rush: Rush, order: Callable[[list[Asking]], list[Asking]]
) -> None:
    askings = [
        Asking(1_000_000 + number, person, guild)
        for number, (person, guild) in enumerate(
            (person, guild) for _ in range(EACH) for person in PEOPLE for guild in GUILDS
        )
    ]
    assert len(askings) == 1000
    outcome = await rush.submit(order(askings))

    assert outcome.repeated == 0
    assert len(outcome.accepted) + len(outcome.refused) == 1000
    assert outcome.let_pass() == {guild: passing for guild, (_, passing) in GUILDS.items()}
    await rush.check(outcome.accepted)

    # A limit of the whole guild takes the first who come, whoever they are. Who has reached a
    # limit of their own is refused by that one: it is looked at first.
    assert outcome.refusals(1) == {"quota_person_day": 100}
    assert set(outcome.of_people(1).values()) == {2}
    assert outcome.refusals(2) == {"quota_guild_day": 163}
    assert outcome.refusals(3) == {"quota_guild_month": 159}
    for guild, limit, key in ((4, 3, "quota_guild_day"), (5, 2, "quota_guild_month")):
        people = outcome.of_people(guild)
        assert max(people.values()) <= limit
        # Those who got all that is theirs are refused the rest for that reason, all others
        # because the guild is full: it stays so.
        own = sum(EACH - limit for count in people.values() if count == limit)
        expected = {key: 200 - GUILDS[guild][1] - own}
        if own:
            expected["quota_person_day"] = own
        assert outcome.refusals(guild) == expected
    for asking, error in outcome.refused:
        allowed = getattr(GUILDS[asking.guild][0], error.key.removeprefix("quota_"))
        assert (error.values["limit"], error.values["used"]) == (allowed, allowed)


async def test_what_comes_back_can_be_asked_for_exactly_once_more(rush: Rush) -> None:
    """Refunds make room for as many, and the same events again make none."""
    guild, passing = 2, 37
    events = iter(range(2_000_000, 3_000_000))
    first = await rush.submit([Asking(next(events), person, guild) for person in PEOPLE])
    assert len(first.accepted) == passing
    repeated = await rush.submit(first.accepted * 3)
    assert (repeated.repeated, repeated.accepted, repeated.refused) == (passing * 3, [], [])

    gone = first.accepted[:9]
    more = [Asking(next(events), person, guild) for person in [*PEOPLE, *PEOPLE]]

    async def give_back(asking: Asking) -> None:
        async with rush.database.transaction() as conn:
            assert await ledger.refund(conn, job_of(asking.event), now=NOW)

    asking = asyncio.create_task(rush.submit(more))
    await asyncio.gather(*map(give_back, gone))
    second = await asking
    third = await rush.submit([Asking(next(events), person, guild) for person in PEOPLE])
    assert len(second.accepted) + len(third.accepted) == len(gone)
    async with rush.database.reading() as conn:
        assert await audit(conn) == []
        used = await conn.execute(
            select(counters.c.used).where(counters.c.scope == f"guild:{guild}")
        )
        assert set(used.scalars()) == {passing}
