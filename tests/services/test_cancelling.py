"""Cancelling, as the books see it; on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from sqlalchemy import select

from bot.clock import SystemClock
from bot.domain.ids import JobId
from bot.domain.jobs import TRANSITIONS, State
from bot.domain.quotas import Limits, counters
from bot.errors import NotAllowed, RequestError
from bot.providers.sending import Sending
from bot.services.cancelling import Cancelled, Cancelling
from bot.services.progress import Progress
from bot.storage import jobs, ledger
from bot.storage.audit import audit
from bot.storage.database import Database
from bot.storage.tables import counters as counters_table
from bot.storage.tables import holds
from tests.storage.samples import GUILD, NOW, stored
from tests.storage.samples import job as sample_job

LIMITS = Limits(guild_day=9, guild_month=9, person_day=9)
HELD = 60_000
ASKED_BY, SOMEBODY = 5, 6
TOO_LATE = [state for state in State if State.CANCELLED not in TRANSITIONS[state]]


class Books:
    """Requests in any state, each with an open hold."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.told: list[tuple[JobId, State]] = []
        progress = Progress()
        progress.listeners.append(lambda job_id, state: self.told.append((job_id, state)))
        self.sending: dict[JobId, Sending] = {}
        self.cancelling = Cancelling(database, SystemClock(), progress, self.sending)

    async def asked(self, number: int = 10, state: State = State.ACCEPTED) -> JobId:
        """A request in a state."""
        job = sample_job(number, state=state, picture=stored())
        wanted = counters(GUILD, ASKED_BY, LIMITS, NOW)
        async with self.database.transaction() as conn:
            await jobs.insert(conn, job)
            await ledger.reserve(conn, job.id, wanted, now=NOW, usd_micros=HELD)
        return job.id

    async def cancel(
        self, job_id: JobId, *, user_id: int = ASKED_BY, moderator: bool = False
    ) -> Cancelled:
        """Cancel as the one who asked, or as somebody else."""
        return await self.cancelling.cancel(job_id, user_id=user_id, moderator=moderator)

    async def are(self, *, used: int, usd_micros: int, hold: str) -> None:
        """All counters, and all holds, are like this."""
        async with self.database.reading() as conn:
            rows = await conn.execute(
                select(counters_table.c.used, counters_table.c.usd_micros).distinct()
            )
            assert list(rows) == [(used, usd_micros)]
            assert list((await conn.execute(select(holds.c.state).distinct())).scalars()) == [hold]
            assert await audit(conn) == []

    async def state(self, job_id: JobId) -> State:
        """How far a request is."""
        async with self.database.reading() as conn:
            job = await jobs.get(conn, job_id)
        assert job is not None
        return job.state


@pytest.fixture
def books(database: Database) -> Books:
    return Books(database)


@pytest.mark.parametrize("moderator", [False, True])
async def test_while_it_waits_all_is_given_back(books: Books, *, moderator: bool) -> None:
    job_id = await books.asked()
    user_id = SOMEBODY if moderator else ASKED_BY
    cancelled = await books.cancel(job_id, user_id=user_id, moderator=moderator)
    assert (cancelled.job.id, cancelled.job.state) == (job_id, State.ACCEPTED)
    assert not cancelled.at_work
    assert await books.state(job_id) is State.CANCELLED
    await books.are(used=0, usd_micros=0, hold="refunded")
    assert books.told == [(job_id, State.CANCELLED)]


@pytest.mark.parametrize(
    ("cost", "used", "booked", "end"),
    [(38_700, 1, 38_700, "settled"), (None, 1, HELD, "settled"), (0, 0, 0, "refunded")],
)
async def test_while_it_is_drawn_it_counts_unless_it_cost_nothing(
    books: Books, cost: int | None, used: int, booked: int, end: str
) -> None:
    job_id = await books.asked(state=State.DRAWING)
    assert (await books.cancel(job_id)).at_work
    assert await books.state(job_id) is State.CANCELLED
    await books.are(used=1, usd_micros=HELD, hold="held")
    later = NOW + dt.timedelta(minutes=5)
    async with books.database.transaction() as conn:
        [doubt] = await ledger.doubted(conn)
        assert doubt.job_id == job_id
        assert doubt.since > NOW, "since it was cancelled, not since it was accepted"
        assert await ledger.resolve(conn, job_id, cost, now=later)
        assert not await ledger.resolve(conn, job_id, cost, now=later)
        assert await ledger.doubted(conn) == ()
    await books.are(used=used, usd_micros=booked, hold=end)


async def test_what_became_of_it_is_to_be_told(books: Books) -> None:
    job_id = await books.asked()
    await books.cancel(job_id)
    async with books.database.reading() as conn:
        assert await jobs.untold(conn, NOW) == [job_id]
    await books.cancelling.told(job_id)
    async with books.database.reading() as conn:
        assert await jobs.untold(conn, NOW) == []


async def test_others_may_not(books: Books) -> None:
    job_id = await books.asked()
    with pytest.raises(NotAllowed) as refused:
        await books.cancel(job_id, user_id=SOMEBODY)
    assert refused.value.key == "not_your_picture"
    assert await books.state(job_id) is State.ACCEPTED
    await books.are(used=1, usd_micros=HELD, hold="held")
    assert books.told == []


@pytest.mark.parametrize("state", TOO_LATE)
async def test_too_late(books: Books, state: State) -> None:
    job_id = await books.asked(state=state)
    with pytest.raises(RequestError) as late:
        await books.cancel(job_id)
    assert late.value.key == "cancel_too_late"
    assert await books.state(job_id) is state
    await books.are(used=1, usd_micros=HELD, hold="held")


async def test_only_once(books: Books) -> None:
    job_id = await books.asked()
    ends = await asyncio.gather(*(books.cancel(job_id) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(one, Cancelled) for one in ends) == 1
    assert sum(isinstance(one, RequestError) for one in ends) == 4
    await books.are(used=0, usd_micros=0, hold="refunded")


async def test_what_was_never_there(books: Books) -> None:
    with pytest.raises(RequestError, match="cancel_too_late"):
        await books.cancel(JobId("404"))


@pytest.mark.parametrize("pause", range(6))
async def test_cancelled_while_it_begins(books: Books, pause: int) -> None:
    """Either the model is never asked and nothing was spent, or the money stays held."""
    job_id = await books.asked()

    async def begin() -> bool:
        async with books.database.transaction() as conn:
            return await jobs.advance(conn, job_id, State.DRAWING)

    async def cancel() -> Cancelled:
        await asyncio.sleep(pause * 0.001)
        return await books.cancel(job_id)

    begun, cancelled = await asyncio.gather(begin(), cancel())
    assert cancelled.at_work is begun
    assert await books.state(job_id) is State.CANCELLED
    if begun:
        await books.are(used=1, usd_micros=HELD, hold="held")
    else:
        await books.are(used=0, usd_micros=0, hold="refunded")


async def test_while_nothing_was_sent_all_is_given_back(books: Books) -> None:
    job_id = await books.asked(state=State.DRAWING)
    books.sending[job_id] = Sending()
    assert not (await books.cancel(job_id)).at_work
    await books.are(used=0, usd_micros=0, hold="refunded")
    with pytest.raises(RequestError, match="cancelled"):
        books.sending[job_id].begin()


@pytest.mark.parametrize("billed", [False, True])
async def test_what_was_sent_and_refused_is_given_back(books: Books, *, billed: bool) -> None:
    job_id = await books.asked(state=State.DRAWING)
    books.sending[job_id] = sending = Sending()
    sending.begin()
    sending.not_billed()
    if billed:
        sending.begin()
    assert (await books.cancel(job_id)).at_work is billed
    await books.are(used=billed, usd_micros=HELD * billed, hold="held" if billed else "refunded")


async def test_who_may_not_cancel_stops_no_call(books: Books) -> None:
    job_id = await books.asked(state=State.DRAWING)
    books.sending[job_id] = Sending()
    with pytest.raises(NotAllowed):
        await books.cancel(job_id, user_id=SOMEBODY)
    books.sending[job_id].begin()


@pytest.mark.parametrize("pause", range(8))
async def test_cancelled_while_a_call_begins(books: Books, pause: int) -> None:
    """Either the call is made and its money stays held, or it is given back and none is made."""
    job_id = await books.asked(state=State.DRAWING)
    books.sending[job_id] = sending = Sending()

    async def call() -> bool:
        await asyncio.sleep(pause * 0.0005)
        try:
            sending.begin()
        except RequestError:
            return False
        return True

    cancelled, made = await asyncio.gather(books.cancel(job_id), call())
    assert cancelled.at_work is made
    await books.are(used=made, usd_micros=HELD * made, hold="held" if made else "refunded")
