"""What happens around the bot in these tests, and what must be true when all is over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.domain.ids import JobId
from bot.domain.jobs import ENDED, Job, State
from bot.standins.discord import DiscordServer
from bot.standins.provider import ProviderServer
from bot.storage import audit, jobs
from bot.storage.database import Connection, Database
from bot.storage.tables import counters, entries
from tests.crash.process import KEY, Bot

END_S = 30.0
WISH = re.compile(r"kite number \d+")
EPHEMERAL, LOADING = 64, 128  # a message's flags
WAITING = ":cancel:"  # in the button of a message that says «drawing»
NEVER_CALLED = {State.FAILED, State.CANCELLED}


class Stage:
    """Discord, the provider and the bot between them."""

    def __init__(self, discord: DiscordServer, provider: ProviderServer, bot: Bot) -> None:
        self.discord = discord
        self.provider = provider
        self.bot = bot
        self.guild = discord.guild("Harbour")
        self.channel = discord.channel(self.guild, "art")
        self.alice = discord.member(self.guild, "alice")
        self.bob = discord.member(self.guild, "bob")
        self._asked = 0

    # ---- asking

    def words(self) -> str:
        """A wish that no other request has."""
        self._asked += 1
        return f"kite number {self._asked:04}"

    async def slash(self) -> str:
        """Use /imagine; returns the job's id."""
        asked = await self.discord.slash(self.alice, self.channel, "imagine", prompt=self.words())
        return str(asked)

    async def mention(self) -> str:
        """Ask in a message that mentions the bot; returns the job's id."""
        bot_id = self.discord.world.backend.bot_user.id
        words = f"<@{bot_id}> {self.words()}"
        return str(await self.discord.send(self.bob, self.channel, words))

    # ---- looking

    def state(self, job: str) -> str | None:
        """How far a job is; None for one that was not accepted."""
        return self.bot.states().get(job)

    async def ended(self, *wanted: str) -> None:
        """Wait until these jobs, or all there are, have ended and were told of."""

        def over() -> bool:
            states = self.bot.states()
            return all(states.get(job) in ENDED for job in wanted or states)

        try:
            await self.discord.until(over, END_S)
            # A job that failed ends before its sentence is posted.
            await self.discord.until(
                lambda: all(self.answers(job) for job in wanted or self.bot.states()), END_S
            )
        except TimeoutError:
            raise AssertionError(f"{self.bot.states()}\n{self.bot.tail()}") from None

    def own(self) -> list[dict[str, Any]]:
        """Every message of the bot in the channel that all can see.

        «Thinking» is none before it is answered: Discord ends it by itself. Whoever was answered so
        in a crowd has no row yet, and after a kill then the request was never made.
        """
        bot_id = str(self.discord.world.backend.bot_user.id)
        return [
            message
            for message in self.discord.messages(self.channel)
            if message["author"]["id"] == bot_id and not message["flags"] & (EPHEMERAL | LOADING)
        ]

    def whispers(self) -> list[dict[str, Any]]:
        """Every message that one person alone can see."""
        return [m for m in self.discord.messages(self.channel) if m["flags"] & EPHEMERAL]

    def answers(self, job: str) -> list[dict[str, Any]]:
        """The messages with a picture, or with the sentence that takes its place."""
        return [
            message
            for message in self.own()
            if f":{job}'" in (shown := str(message["components"])) and WAITING not in shown
        ]

    def calls(self) -> Counter[str]:
        """How often the provider was asked for each wish, by whatever route."""
        return Counter(
            words for call in self.provider.calls for words in WISH.findall(str(call.body))
        )

    # ---- judging

    async def read(self) -> tuple[dict[str, Job], Books]:
        """Every job and the books, once the process has ended."""
        database = await Database.open(self.bot.database_url)
        try:
            async with database.reading() as conn:
                found = {job: await _job(conn, job) for job in self.bot.states()}
                return found, await _books(conn)
        finally:
            await database.close()

    async def judge(self) -> dict[str, Job]:
        """Everything that must be true once the process has ended. Returns the jobs."""
        found, books = await self.read()
        assert books.differences == []
        calls = self.calls()
        for job in found.values():
            self._judge(job, books, calls)
        assert len(self.own()) == len(found), self._story()
        drawn = sum(job.state is State.SETTLED for job in found.values())
        assert books.used == drawn, self._story()
        return found

    def _judge(self, job: Job, books: Books, calls: Counter[str]) -> None:
        [answer] = self.answers(job.id)
        pictures = [one["filename"] for one in answer["attachments"]]
        called = calls[job.wish.words]
        story = (job, called, self._story())
        assert job.state in ENDED, story
        assert called <= 1, story
        if job.state is State.SETTLED:
            assert pictures == [f"easel-{job.id}.png"], story
            assert called == 1, story
            assert books.kinds[job.id] == ["reserve", "settle"], story
        else:
            assert pictures == [], story
            assert job.state is State.UNKNOWN or job.state in NEVER_CALLED, story
            assert books.kinds[job.id][:2] == ["reserve", "refund"], story

    def _story(self) -> str:
        said = [(m["id"], [a["filename"] for a in m["attachments"]]) for m in self.own()]
        return f"{said}\n{self.bot.tail()}"


@asynccontextmanager
async def staged(folder: Path, **settings: str) -> AsyncGenerator[Stage]:
    """The stage, with the bot not yet started. What it keeps lies in `folder`."""
    async with ProviderServer(key=KEY) as provider, DiscordServer() as discord:
        made = Stage(discord, provider, Bot(discord, provider, folder, **settings))
        try:
            yield made
        finally:
            await made.bot.close()
        assert discord.rest.gaps == []


@dataclass(frozen=True)
class Books:
    """Each job's kinds of entries, the guilds' pictures of this month, and what the audit finds."""

    kinds: dict[str, list[str]]
    used: int
    differences: list[audit.Difference]


async def _job(conn: Connection, job: str) -> Job:
    found = await jobs.get(conn, JobId(job))
    assert found is not None
    return found


async def _books(conn: Connection) -> Books:
    kinds: dict[str, list[str]] = {}
    rows = await conn.execute(select(entries.c.job_id, entries.c.kind).order_by(entries.c.id))
    for job, kind in rows:
        kinds.setdefault(job, []).append(kind)
    month = func.length(counters.c.period) == len("2026-01")  # people's are counted by day alone
    used = await conn.execute(select(func.sum(counters.c.used)).where(month))
    return Books(kinds, int(used.scalar_one() or 0), await audit.audit(conn))
