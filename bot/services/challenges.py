"""Challenges: begun, entered, voted for and ended.

An end is a row first and a message then. Whoever ends one, a moderator or the clock, writes the
state; the message is made once after that (`tidy` makes it when the process died between).
"""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

from bot.clock import Clock
from bot.domain.challenges import (
    Board,
    Challenge,
    ChallengeState,
    Entry,
    Ranked,
    check_entry,
    check_vote,
    length,
    tally,
)
from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.domain.sheets import Drawn, Tile
from bot.errors import (
    DeliveryError,
    DiscordUnavailable,
    PictureError,
    RequestError,
)
from bot.media.pool import Media
from bot.services.delivery import Delivery
from bot.services.housekeeping import one_by_one
from bot.services.inputs import Inputs
from bot.services.words import Asked
from bot.services.writing import insist
from bot.storage import challenges, jobs, turns
from bot.storage.database import Connection, Database

logger = logging.getLogger(__name__)

TIDY_EVERY_S = 20.0
PLACES = 3  # with a medal
MEDALS_MAX = 9  # pictures of a collage: with ties there may be more on three places
SHEET_BYTES = 8 * 1024 * 1024
CHOICES = 25  # of a menu


class Announcer(Protocol):
    """Says in a challenge's thread what comes of it. The same again gives one message.

    Raises DeliveryError, DiscordUnavailable.
    """

    async def entry(self, challenge: Challenge, turn: Turn) -> int:
        """Show that a picture takes part; the message's id."""
        ...

    async def results(self, board: Board, collage: Drawn | None, *, spoiler: bool) -> int:
        """Name the winners; the message's id."""
        ...


class Challenges:
    """The challenges of all servers."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        inputs: Inputs,
        media: Media,
        delivery: Delivery,
        announcer: Announcer,
    ) -> None:
        self._database = database
        self._clock = clock
        self._inputs = inputs
        self._media = media
        self._delivery = delivery
        self._announcer = announcer
        self._telling = asyncio.Lock()

    async def plan(
        self, asked: Asked, theme: str, pictures: int | None, ends: str | None
    ) -> Challenge:
        """A challenge that has no thread yet. Raises Invalid for an end that cannot be.

        Raises RequestError for an event by which one was begun before.
        """
        assert asked.place.guild_id is not None
        now = self._clock.now()
        challenge = Challenge(
            id=str(asked.event),
            guild_id=asked.place.guild_id,
            thread_id=0,
            made_by=asked.user_id,
            theme=theme.strip(),
            pot=pictures,
            state=ChallengeState.OPEN,
            created_at=now,
            ends_at=None if ends is None else now + length(ends),
        )
        if not challenge.theme:
            raise RequestError("challenge_theme")
        async with self._database.reading() as conn:
            if await challenges.get(conn, challenge.id) is not None:
                raise RequestError("challenge_begun")
        return challenge

    async def begin(self, challenge: Challenge) -> None:
        """Write down a challenge that has its thread. Raises StorageError."""
        async with self._database.transaction() as conn:
            await challenges.add(conn, challenge)

    async def in_thread(self, thread_id: int | None) -> Challenge:
        """The challenge of a thread. Raises RequestError when there is none."""
        async with self._database.reading() as conn:
            found = await challenges.in_thread(conn, thread_id or 0)
        if found is None:
            raise RequestError("challenge_unknown")
        return found

    async def may_enter(self, challenge_id: str, user_id: int) -> list[Turn]:
        """The pictures that a person may enter, the newest first.

        Raises Invalid when it is over, RequestError when there is none.
        """
        async with self._database.reading() as conn:
            challenge = await _get(conn, challenge_id)
            challenge.check_open(self._clock.now())
            found = await challenges.may_enter(conn, challenge, user_id, CHOICES)
        if not found:
            raise RequestError("entry_none")
        return found

    async def enter(self, challenge_id: str, turn_id: JobId, user_id: int) -> Turn:
        """Let a picture take part, and show it in the thread.

        Raises Invalid for what breaks a rule, RequestError for a picture that is gone.
        """
        now = self._clock.now()
        async with self._database.transaction() as conn:
            challenge = await _get(conn, challenge_id, lock=True)
            challenge.check_open(now)
            turn = await turns.get(conn, turn_id)
            if turn is None or turn.private or turn.place.channel_id != challenge.thread_id:
                raise RequestError("entry_gone")
            among = [entry for entry, _ in await challenges.entries(conn, challenge_id)]
            check_entry(turn_id, turn.user_id, user_id, among)
            await challenges.enter(conn, challenge_id, Entry(turn_id, user_id, now))
        await self._show(challenge, turn)
        return turn

    async def vote(self, challenge_id: str, turn_id: JobId, user_id: int) -> Turn:
        """Give a person's one vote to a picture, or give it another one.

        Raises Invalid for what breaks a rule, RequestError for a picture that is gone.
        """
        async with self._database.transaction() as conn:
            challenge = await _get(conn, challenge_id, lock=True)
            challenge.check_open(self._clock.now())
            for entry, turn in await challenges.entries(conn, challenge_id):
                if entry.turn == turn_id:
                    check_vote(user_id, entry)
                    await challenges.vote(conn, challenge_id, user_id, turn_id)
                    return turn
        raise RequestError("entry_gone")

    async def board(self, challenge_id: str) -> Board:
        """How a challenge stands. Raises RequestError for one that is not there."""
        async with self._database.reading() as conn:
            challenge = await _get(conn, challenge_id)
            found = await challenges.entries(conn, challenge_id)
            votes = await challenges.votes_of(conn, challenge_id)
        pictures = {entry.turn: turn for entry, turn in found}
        standings = tally([entry for entry, _ in found], votes)
        ranked = tuple(Ranked(one, pictures[one.entry.turn]) for one in standings)
        return Board(challenge, ranked)

    async def end(self, challenge_id: str) -> None:
        """End a challenge and name the winners. Raises Invalid when it has ended before.

        Raises DeliveryError when nobody could be told.
        """
        async with self._database.transaction() as conn:
            challenge = await _get(conn, challenge_id)
            if not await challenges.end(conn, challenge_id):
                challenge.check_open(self._clock.now())
                raise RequestError("challenge_over")
        await self._tell(challenge_id)

    async def tidy(self) -> None:
        """End what is due, name winners that were not named, show entries that were not shown."""
        async with self._database.reading() as conn:
            due = await challenges.due(conn, self._clock.now())
            hidden = await challenges.unshown(conn)
        for challenge_id in due:
            async with self._database.transaction() as conn:
                await challenges.end(conn, challenge_id)
        async with self._database.reading() as conn:
            untold = await challenges.untold(conn)
        await one_by_one(untold, self._tell, "naming the winners of a challenge")
        await one_by_one(hidden, lambda one: self._show(*one), "showing an entry")

    async def _tell(self, challenge_id: str) -> None:
        """Name the winners, unless that was done."""
        async with self._telling:
            async with self._database.reading() as conn:
                if challenge_id not in await challenges.untold(conn):
                    return
            board = await self.board(challenge_id)
            try:
                collage, spoiler = await self._collage(board), await self._covered(board)
                message_id = await self._announcer.results(board, collage, spoiler=spoiler)
            except DiscordUnavailable:
                raise  # later
            except DeliveryError:
                await self._told(challenge_id, 0)  # it would fail again and again
                raise
            await self._told(challenge_id, message_id)

    async def _told(self, challenge_id: str, message_id: int) -> None:
        async def write() -> None:
            async with self._database.transaction() as conn:
                await challenges.told(conn, challenge_id, message_id)

        await insist(write)

    async def _show(self, challenge: Challenge, turn: Turn) -> None:
        """Show an entry in the thread; it counts all the same when that cannot be."""
        async with self._telling:
            async with self._database.reading() as conn:
                hidden = [(one.id, other.id) for one, other in await challenges.unshown(conn)]
            if (challenge.id, turn.id) not in hidden:
                return
            try:
                message_id = await self._announcer.entry(challenge, turn)
            except DiscordUnavailable as error:
                logger.warning("an entry is shown later: %s", error)
                return
            except DeliveryError as error:
                logger.warning("an entry cannot be shown: %s", error)
                message_id = 0

            async def write() -> None:
                async with self._database.transaction() as conn:
                    await challenges.shown(conn, challenge.id, turn.id, message_id)

            await insist(write)

    async def _covered(self, board: Board) -> bool:
        """Whether one of the winners' pictures is behind a spoiler."""
        async with self._database.reading() as conn:
            won = [one.turn.id for one in board.winners(PLACES)]
            return bool(await jobs.covered(conn, won))

    async def _collage(self, board: Board) -> Drawn | None:
        """The winners' pictures with their medals. A picture that is lost is drawn blank."""
        tiles: list[Tile] = []
        for one in board.winners(PLACES)[:MEDALS_MAX]:
            try:
                data = await self._inputs.of_turn(one.turn, self._delivery)
            except (RequestError, PictureError) as error:
                logger.info("a winner's picture is lost: %s", error)
                data = b""
            tiles.append(Tile(lambda data=data: data, one.turn.words, one.standing.place))
        if not tiles:
            return None
        title = board.challenge.theme
        return await self._media.contact_sheet(tiles, max_bytes=SHEET_BYTES, title=title)


async def _get(conn: Connection, challenge_id: str, *, lock: bool = False) -> Challenge:
    found = await challenges.get(conn, challenge_id, lock=lock)
    if found is None:
        raise RequestError("challenge_unknown")
    return found
