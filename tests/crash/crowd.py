"""Many people in several guilds who ask all at once, and what each of them must have in the end."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

from simcord.actors import MemberActor
from simcord.backend import serializers
from simcord.builders import ChannelHandle
from sqlalchemy import func, select

from bot.domain.ids import JobId
from bot.domain.jobs import ENDED, Job, State
from bot.standins.provider import Fault
from bot.storage import audit, jobs
from bot.storage.database import Connection, Database
from bot.storage.tables import counters, entries
from bot.ui.texts import sentence
from tests.crash.stage import WAITING, WISH, Stage
from tests.flows.reading import texts_of

GUILDS, CHANNELS, PEOPLE = 5, 10, 10  # of each guild
LOOK_S = 0.25


@dataclass(frozen=True)
class Met:
    """A call for a picture: the wish, and the fault that it met."""

    wish: str
    fault: Fault | None


class Crowd:
    """People who ask on a stage."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self._stage = stage
        self._chance = random.Random(seed)
        self.asked: dict[str, str] = {}
        """The wish of every job that was asked for."""
        self.met: list[Met] = []
        self._places: list[tuple[MemberActor, ChannelHandle]] = []
        for number in range(GUILDS):
            guild = stage.discord.guild(f"Guild {number}")
            channels = [stage.discord.channel(guild, f"art-{one}") for one in range(CHANNELS)]
            people = [stage.discord.member(guild, f"p-{number}-{one}") for one in range(PEOPLE)]
            self._places += [(person, channel) for person in people for channel in channels]
        strike = stage.provider.faults.strike

        def noted(*names: str, drawing: bool) -> Fault | None:
            fault = strike(*names, drawing=drawing)
            if drawing:  # the call has just been written down
                self.met.append(Met(str(stage.provider.calls[-1].body), fault))
            return fault

        stage.provider.faults.strike = noted

    async def ask(self, wave: int) -> None:
        """So many requests at once, by command or by mention."""
        discord, backend = self._stage.discord, self._stage.discord.world.backend
        for person, channel in self._chance.sample(self._places, wave):
            words = self._stage.words()
            if self._chance.random() < 0.5:
                event = await discord.slash(person, channel, "imagine", prompt=words)
            else:
                event = await discord.send(person, channel, f"<@{backend.bot_user.id}> {words}")
            self.asked[str(event)] = words

    async def over(self, timeout_s: float) -> None:
        """Wait until every request has ended, and its answer stands somewhere."""
        try:
            async with asyncio.timeout(timeout_s):
                while not self._ended():  # noqa: ASYNC110 -- of another process
                    await asyncio.sleep(LOOK_S)
                while not all(one.final for one in self.answers().values()):  # noqa: ASYNC110 -- of another process
                    await asyncio.sleep(LOOK_S)
        except TimeoutError:
            raise AssertionError(f"{self._open()}\n{self._stage.bot.tail()}") from None

    def _ended(self) -> bool:
        states = self._stage.bot.states()
        return all(states.get(job) in ENDED for job in self.asked)

    def _open(self) -> object:
        states = self._stage.bot.states()
        left = {job: states.get(job) for job in self.asked if states.get(job) not in ENDED}
        untold = [job for job, answer in self.answers().items() if not answer.final]
        return f"not ended: {left}; without an answer: {untold}"

    def answers(self) -> dict[str, Answers]:
        """What stands on Discord for each request."""
        backend = self._stage.discord.world.backend
        found = {job: Answers([], [], []) for job in self.asked}
        for channel in list(backend.messages.values()):
            for stored in list(channel.values()):
                message: dict[str, Any] = dict(serializers.message_payload(backend, stored))
                if message["author"]["id"] == str(backend.bot_user.id):
                    job = _job_of(message, self.asked)
                    assert job is not None, f"nobody asked for this: {message}"
                    found[job].take(message)
        return found

    async def judge(self) -> Counter[State]:
        """Everything that must be true once the process has ended; how the requests ended."""
        database = await Database.open(self._stage.bot.database_url)
        try:
            async with database.reading() as conn:
                assert await audit.audit(conn) == []
                found = {job: await jobs.get(conn, JobId(job)) for job in self.asked}
                books = await _books(conn)
        finally:
            await database.close()
        answers = self.answers()
        called: Counter[str] = Counter(
            words
            for met in self.met
            if met.fault is None or met.fault.status != 429
            for words in WISH.findall(met.wish)
        )
        assert max(called.values()) == 1, called.most_common(3)
        for identity, job in found.items():
            assert job is not None, f"{identity} was never accepted"
            _judge(job, books.kinds[identity], answers[identity], called[self.asked[identity]])
        ends = Counter(job.state for job in found.values() if job is not None)
        assert books.used == ends[State.SETTLED]
        # What is in doubt is held at its worst price: no bill of the provider's is forgotten.
        assert books.usd_micros >= self._stage.provider.billed_usd_micros
        return ends


@dataclass
class Answers:
    """The messages about one request."""

    pictures: list[dict[str, Any]]
    sentences: list[dict[str, Any]]
    notices: list[dict[str, Any]]

    @property
    def final(self) -> bool:
        """Whether a picture is there, or a sentence with a button."""
        return bool(self.pictures) or any(
            "custom_id" in (shown := str(one["components"])) and WAITING not in shown
            for one in self.sentences
        )

    def take(self, message: dict[str, Any]) -> None:
        """Add a message."""
        said = " ".join(texts_of(message["components"])) or message["content"]
        elsewhere = said.startswith(sentence("delivered_below").partition(".")[0])
        kind = self.notices if elsewhere else self.sentences
        (self.pictures if message["attachments"] else kind).append(message)


def _job_of(message: dict[str, Any], asked: dict[str, str]) -> str | None:
    """The request that a message of ours is about."""
    shown = str(message["components"])
    named = [("message_reference", "message_id"), ("interaction_metadata", "id")]
    events = [str((message.get(field) or {}).get(name)) for field, name in named]
    by_event = [event for event in events if event in asked]
    return by_event[0] if by_event else next((job for job in asked if f":{job}'" in shown), None)


def _judge(job: Job, kinds: list[str], answers: Answers, called: int) -> None:
    story = (job.id, job.state, job.error_key, kinds, answers)
    assert job.state in ENDED, story
    if job.state is State.SETTLED:
        [picture] = answers.pictures
        assert [one["filename"] for one in picture["attachments"]] == [f"easel-{job.id}.png"], story
        assert answers.sentences == [], story
        assert called == 1, story
        assert kinds == ["reserve", "settle"], story
    else:
        assert answers.pictures == [], story
        [said] = answers.sentences
        assert job.error_key is not None, story
        told = sentence(job.error_key, job.error_values or {})
        assert " ".join(texts_of(said["components"])).startswith(told), story
        assert kinds[:2] == ["reserve", "refund"], story


@dataclass(frozen=True)
class Books:
    """The kinds of each job's entries, the pictures and the money of this month."""

    kinds: dict[str, list[str]]
    used: int
    usd_micros: int


async def _books(conn: Connection) -> Books:
    kinds: dict[str, list[str]] = {}
    rows = await conn.execute(select(entries.c.job_id, entries.c.kind).order_by(entries.c.id))
    for job, kind in rows:
        kinds.setdefault(job, []).append(kind)
    month = func.length(counters.c.period) == len("2026-01")
    sums = select(func.sum(counters.c.used), func.sum(counters.c.usd_micros)).where(month)
    used, usd_micros = (await conn.execute(sums)).one()
    return Books(kinds, int(used or 0), int(usd_micros or 0))
