"""What calls in doubt have cost, asked of the real stand-in provider; on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from bot.config import load
from bot.domain.ids import JobId, Place
from bot.domain.quotas import Limits, counters
from bot.domain.routes import DrawRequest
from bot.errors import BadAnswer, OutcomeUnknown, ProviderError, ProviderRefused
from bot.providers import keys
from bot.providers.base import Provider
from bot.providers.draw import Painter
from bot.providers.fetch import Fetcher
from bot.providers.registry import Catalogue, load_catalogue
from bot.providers.support import Support
from bot.providers.transport import Transport
from bot.services.costs import FIRST_AFTER, GIVE_UP_AFTER, look_up
from bot.standins.provider import Fault, Kind, ProviderServer
from bot.storage import jobs, ledger
from bot.storage.audit import audit
from bot.storage.database import Database
from bot.storage.tables import counters as counters_table
from bot.storage.tables import holds
from tests.storage.samples import job as sample_job

KEY = "sk-of-the-stand-in"
BEGAN = dt.datetime(2026, 7, 31, 21, 30, tzinfo=dt.UTC)
HELD = 60_000  # more than any of these calls costs
LIMITS = Limits(guild_day=9, guild_month=9, person_day=9)
SOON = dt.timedelta(seconds=1)


@dataclass
class Books:
    """A ledger, the provider whose calls it has holds for, and the time."""

    database: Database
    server: ProviderServer
    painter: Painter
    catalogue: Catalogue
    support: Support
    asked: dict[str, Provider]
    at: dt.datetime = BEGAN

    def now(self) -> dt.datetime:
        return self.at

    async def look_up(self, after: dt.timedelta) -> int:
        """Ask for the costs, so long after the calls were made."""
        self.at = BEGAN + after
        return await look_up(self.database, self.support, self.asked, self)

    async def draw(self, number: int, fault: Fault | None, route: str = "chat") -> ProviderError:
        """A call that goes wrong, and the doubt about it."""
        if fault is not None:
            self.server.faults.once(fault, route)
        with pytest.raises(ProviderError) as failed:
            await self.painter.draw(
                self.catalogue.route(route), DrawRequest(f"kite {number}"), timeout_s=0.5
            )
        await self.doubt(number, route, failed.value.request_id)
        return failed.value

    async def doubt(self, number: int, route: str | None, request_id: str) -> None:
        """A request whose call may have been paid."""
        job = sample_job(number, route=route, request_id=request_id or None)
        wanted = counters(Place(1, 2), 5, LIMITS, BEGAN)
        async with self.database.transaction() as conn:
            await jobs.insert(conn, job)
            await ledger.reserve(conn, job.id, wanted, now=BEGAN, usd_micros=HELD)
            await ledger.doubt(conn, job.id, now=BEGAN)

    def asked_for(self, route: str) -> int:
        """How many calls of a route have arrived at the provider."""
        return len([call for call in self.server.calls if call.route == route])

    async def money(self) -> int:
        """What the guild's month counts. All books add up, and nobody's pictures are counted."""
        async with self.database.reading() as conn:
            assert await audit(conn) == []
            rows = (await conn.execute(select(counters_table))).all()
        assert {row.used for row in rows} == {0}
        return next(row.usd_micros for row in rows if row.period == "2026-07")

    async def in_doubt(self) -> list[JobId]:
        """The requests still in doubt; no other hold is open."""
        async with self.database.reading() as conn:
            doubts = [doubt.job_id for doubt in await ledger.doubted(conn)]
            still = select(func.count()).select_from(holds).where(holds.c.ended_at.is_(None))
            assert (await conn.execute(still)).scalar_one() == len(doubts)
        return doubts


@pytest.fixture
async def books(database: Database) -> AsyncGenerator[Books]:
    async with (
        ProviderServer(key=KEY) as server,
        Transport(jitter=lambda: 0.0) as transport,
        Fetcher((server.file_host,)) as fetcher,
    ):
        config = load(
            {
                "EASEL_API_KEY": KEY,
                "EASEL_API_BASE": server.base,
                "EASEL_OPENAI_BASE": f"{server.base}/v1",
            },
            None,
        )
        catalogue = load_catalogue(config.model)
        providers = keys.providers(catalogue, config)
        asked = {
            name: providers[route.provider]
            for name, route in catalogue.routes.items()
            if route.provider in providers
        }
        painter = Painter(transport, fetcher, providers, catalogue.routes, poll_s=0.02)
        support = Support(transport, catalogue.profile, timeout_s=1.0)
        yield Books(database, server, painter, catalogue, support, asked)


@pytest.mark.parametrize(
    ("route", "fault", "error"),
    [
        ("chat", Fault(Kind.STATUS, status=524, billed=True), OutcomeUnknown),
        ("chat", Fault(Kind.STATUS, status=502, billed=True), OutcomeUnknown),
        ("chat", Fault(Kind.CUT_IN_BODY), OutcomeUnknown),
        ("chat", Fault(Kind.HANG_IN_BODY), OutcomeUnknown),  # a time-out, behind the id
        ("chat", Fault(Kind.REFUSE_TEXT), ProviderRefused),
        ("chat", Fault(Kind.NOT_JSON), BadAnswer),
        ("gemini-image", Fault(Kind.REFUSE_PROMPT), ProviderRefused),
        ("async-image", Fault(Kind.REFUSE_EMPTY), ProviderError),
    ],
)
async def test_a_call_with_an_id_is_booked_at_its_true_cost(
    books: Books, route: str, fault: Fault, error: type[ProviderError]
) -> None:
    failed = await books.draw(10, fault, route)
    assert isinstance(failed, error)
    calls = len(books.server.calls)
    assert await books.look_up(FIRST_AFTER - SOON) == 0
    assert len(books.server.calls) == calls
    assert await books.money() == HELD
    assert await books.look_up(FIRST_AFTER) == 1
    assert await books.money() == books.server.billed_usd_micros < HELD
    assert await books.in_doubt() == []
    assert await books.look_up(GIVE_UP_AFTER) == 0
    assert len(books.server.calls) == calls + 1  # asked once; nothing was drawn again
    assert books.asked_for("record") == 1


@pytest.mark.parametrize("kind", [Kind.HANG, Kind.CUT_AFTER, Kind.CUT_BEFORE])
async def test_a_call_without_an_id_is_booked_at_the_worst_after_a_day(
    books: Books, kind: Kind
) -> None:
    failed = await books.draw(10, Fault(kind))
    assert failed.request_id == ""
    for after in (FIRST_AFTER, GIVE_UP_AFTER - SOON):
        assert await books.look_up(after) == 0
        assert await books.in_doubt() == ["10"]
    assert await books.look_up(GIVE_UP_AFTER) == 1
    assert await books.in_doubt() == []
    assert await books.money() == HELD
    assert books.asked_for("record") == 0
    assert books.asked_for("chat") == 1


async def test_a_call_that_waits_for_a_result_is_known_by_its_own_id(books: Books) -> None:
    books.server.faults.once(Fault(Kind.HANG), "work")
    failed = await books.draw(10, None, "async-image")
    assert isinstance(failed, OutcomeUnknown)
    assert failed.request_id not in books.server.tickets
    assert await books.look_up(FIRST_AFTER) == 1
    assert await books.money() == books.server.billed_usd_micros == 50_000


@pytest.mark.parametrize(
    ("fault", "asked", "key"),
    [
        (Fault(Kind.STATUS, status=404, err_code=-10010), 2, "provider_bad_request"),
        (Fault(Kind.STATUS, status=403), 2, "provider_forbidden"),
        (Fault(Kind.HTML), 2, "answer_not_json"),
        (Fault(Kind.STATUS, status=500), 1, "outcome_unknown"),  # it is away for the other, too
        (Fault(Kind.HANG), 1, "outcome_unknown"),
    ],
)
async def test_a_provider_that_does_not_tell_is_asked_again(
    books: Books, fault: Fault, asked: int, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bot")
    for number in (10, 11):
        await books.draw(number, Fault(Kind.STATUS, status=524, billed=True))
    books.server.faults.always(fault, "record")
    assert await books.look_up(FIRST_AFTER) == 0
    assert len({call.path for call in books.server.calls if call.route == "record"}) == asked
    assert key in caplog.text
    assert await books.in_doubt() == ["10", "11"]
    assert await books.money() == 2 * HELD
    books.server.faults.clear()
    assert await books.look_up(FIRST_AFTER) == 2
    assert await books.money() == books.server.billed_usd_micros
    assert books.asked_for("chat") == 2


async def test_a_call_that_the_provider_does_not_know_leaves_the_worst_case(books: Books) -> None:
    await books.draw(10, Fault(Kind.STATUS, status=524))
    assert await books.look_up(GIVE_UP_AFTER - SOON) == 0
    assert await books.look_up(GIVE_UP_AFTER) == 1  # asked once more, and then given up
    assert books.asked_for("record") == 2
    assert await books.money() == HELD
    assert books.server.billed_usd_micros == 0


async def test_a_late_answer_is_better_than_the_worst_case(books: Books) -> None:
    await books.draw(10, Fault(Kind.STATUS, status=524, billed=True))
    assert await books.look_up(3 * GIVE_UP_AFTER) == 1
    assert await books.money() == books.server.billed_usd_micros < HELD


@pytest.mark.parametrize("route", ["openai-compatible", "google", "of an older catalogue", None])
async def test_who_keeps_no_books_is_not_asked(books: Books, route: str | None) -> None:
    await books.doubt(10, route, "r-1")  # the second has no key here
    assert await books.look_up(FIRST_AFTER) == 0
    assert await books.look_up(GIVE_UP_AFTER) == 1
    assert await books.money() == HELD
    assert books.server.calls == []


async def test_a_call_that_cost_nothing_gives_all_back(books: Books) -> None:
    await books.draw(10, Fault(Kind.REFUSE_TEXT), "per-call-image")
    assert await books.look_up(FIRST_AFTER) == 1
    assert await books.money() == 0


async def test_nothing_in_doubt_is_nothing_to_do(books: Books) -> None:
    assert await books.look_up(GIVE_UP_AFTER) == 0
    assert books.server.calls == []
