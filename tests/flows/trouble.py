"""What is asserted after everything that went wrong, whatever it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from simcord.results import InteractionResult
from sqlalchemy import func, select

from bot.clock import SystemClock
from bot.domain.ids import JobId, Place
from bot.domain.jobs import ENDED, State
from bot.domain.quotas import Limits, Usage
from bot.services.quotas import Quotas
from bot.standins.provider import Fault
from bot.standins.provider.words import REFUSED
from bot.storage.tables import counters, holds, jobs
from bot.ui.texts import sentence
from tests.flows.reading import texts_of

if TYPE_CHECKING:
    from tests.flows.conftest import World

KEY = "sk-kept-secret-4b1d"
WISH = "a zebra beneath an umbrella"
UPSTREAM = "words that the provider put into its error"


@dataclass
class SetClock:
    """A clock for `opened` that a test sets."""

    at: dt.datetime = dt.datetime(2026, 3, 15, 12, 34, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        return self.at


@dataclass
class Trouble:
    """Makes trouble in a world, and looks that nothing is left of it."""

    world: World
    log: pytest.LogCaptureFixture

    async def imagine(self, **options: Any) -> InteractionResult:
        """Alice asks for a picture."""
        return await self.world.alice.slash(
            self.world.channel, "imagine", **{"prompt": WISH, **options}
        )

    def asked(self) -> int:
        """How many calls for a picture arrived at the provider."""
        return len([call for call in self.world.provider.calls if call.route == "chat"])

    def fetched(self) -> list[str]:
        """The folders of the provider's file host that were asked for a file, in order."""
        calls = [call for call in self.world.provider.calls if call.route == "file"]
        return [call.path.rpartition("/")[0] for call in calls]

    async def job_told(
        self, result: InteractionResult, key: str, *, state: State = State.FAILED, **values: object
    ) -> JobId:
        """Wait until an accepted job has failed; its sentence stands in the answer's place."""
        job_id, ended = await self.world.ended()
        row = await self.world.row(job_id)
        assert (row.error_key, ended) == (key, state), self.shown(result)
        assert self.shown(result).startswith(sentence(key, values)), self.shown(result)
        return job_id

    def refused(self, result: InteractionResult, key: str, **values: object) -> None:
        """A wish was not accepted, and its author alone was told why."""
        assert result.ephemeral
        assert self.shown(result) == sentence(key, values)

    def shown(self, result: InteractionResult) -> str:
        """What stands in the place of an answer now."""
        answers = [one for one in (result.response, *result.followups) if one is not None]
        assert len(answers) == 1, answers
        return " ".join(texts_of(answers[0].components)) or answers[0].content

    async def after_fault(
        self,
        fault: Fault,
        key: str,
        *,
        state: State = State.FAILED,
        calls: int = 1,
        paid: bool,
        route: str | None = None,
        **values: object,
    ) -> InteractionResult:
        """Ask while the provider has a fault; check the sentence, the calls and the money."""
        before, spent = self.asked(), await self.guild_usd_micros()
        self.world.provider.faults.always(fault, route)
        result = await self.imagine()
        await self.job_told(result, key, state=state, **values)
        self.world.provider.faults.clear()
        assert self.asked() - before == calls
        assert (await self.guild_usd_micros() > spent) is paid
        await self.nothing_counted()
        return result

    async def try_again(self, result: InteractionResult) -> None:
        """The button under a sentence asks for the same once more."""
        assert result.response is not None
        await self.world.bob.click(result.response, label="Try again")
        picture = await self.world.drawn()
        row = await self.world.row_of(picture)
        assert (row.wish.words, row.user_id) == (WISH, self.world.bob.id)

    async def usage(self) -> Sequence[Usage]:
        """What Alice has used."""
        config = self.world.config
        default = Limits(config.guild_day, config.guild_month, config.person_day)
        clock = self.world.clock or SystemClock()
        place = Place(self.world.guild.id, self.world.channel.id)
        quotas = Quotas(self.world.easel.database, clock, default)
        return await quotas.usage(place, self.world.alice.id)

    async def nothing_counted(self, but: int = 0) -> None:
        """All limits are as before, `but` for so many pictures that were drawn; nothing is open."""
        assert [usage.used for usage in await self.usage()] == [but, but, but]
        await self.nothing_open()

    async def nothing_open(self) -> None:
        """Every job has ended, and no hold is open but those that wait for the price of a call."""
        async with self.world.easel.database.reading() as conn:
            known = select(jobs.c.id).where(jobs.c.state != State.CANCELLED)
            held = select(func.count()).where(holds.c.state == "held", holds.c.job_id.in_(known))
            assert (await conn.execute(held)).scalar_one() == 0
            states = await conn.exec_driver_sql("SELECT state FROM jobs")
            assert {State(state) for (state,) in states} <= ENDED

    async def guild_usd_micros(self) -> int:
        """What the guild's money counts today."""
        scope = f"guild:{self.world.guild.id}"
        async with self.world.easel.database.reading() as conn:
            found = await conn.execute(
                select(func.max(counters.c.usd_micros)).where(counters.c.scope == scope)
            )
        return found.scalar_one() or 0

    async def over(self) -> None:
        """The trouble is over: a picture is drawn and counted, and the log kept every secret."""
        before = await self.usage()
        await self.imagine(prompt=f"{WISH} after the rain")
        assert (await self.world.drawn()).attachments
        assert [usage.used for usage in await self.usage()] == [one.used + 1 for one in before]
        await self.nothing_open()
        for secret in (KEY, WISH, UPSTREAM, REFUSED):
            assert secret not in self.log.text
