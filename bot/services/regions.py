"""Edits of a part of a picture: the grid to point with, and what came pasted into the original.

The original is the picture that is edited, as it was drawn: its file, or Discord's where that
is no longer kept. It is the same when the edit is asked for again.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace

from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.domain.images import TurnSource
from bot.domain.jobs import Job, Wish
from bot.domain.regions import (
    Cell,
    Grid,
    aspect_of,
    grid,
    only_there,
    parse,
    same_shape,
    written,
)
from bot.domain.routes import Profile
from bot.domain.sheets import Drawn
from bot.errors import BadAnswer, EaselError, RequestError
from bot.media.pool import Media
from bot.providers.draw import Result
from bot.services.cooldown import Cooldown
from bot.services.delivery import Delivery
from bot.services.inputs import Inputs
from bot.spool import Received
from bot.storage import turns
from bot.storage.blobs import Blobs
from bot.storage.database import Database
from bot.workers import Workers

logger = logging.getLogger(__name__)

A_MINUTE = 20  # grids for one person
GRID_BYTES = 8 * 1024 * 1024


class Regions:
    """Lets a change happen in some cells of a picture and nowhere else."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        workers: Workers,
        inputs: Inputs,
        media: Media,
        delivery: Delivery,
        profile: Profile,
        *,
        not_kept: str,
    ) -> None:
        """`not_kept` is said below a picture whose other parts may have changed, too."""
        self._database = database
        self._blobs = blobs
        self._workers = workers
        self._inputs = inputs
        self._media = media
        self._delivery = delivery
        self._profile = profile
        self._not_kept = not_kept
        self._cooldown = Cooldown(A_MINUTE, 60.0)

    def check(self, user_id: int) -> None:
        """Count a grid for a person. Raises RequestError `cooldown` when it is too often."""
        self._cooldown.take(user_id)

    async def shown(self, job_id: JobId) -> tuple[Turn, Grid, Drawn]:
        """A picture with its grid. Raises RequestError `parent_gone`, DiscordUnavailable."""
        turn = await self.turn(job_id)
        data = await self._inputs.of_turn(turn, self._delivery)
        on = _grid(turn)
        return turn, on, await self._media.with_grid(data, on, max_bytes=GRID_BYTES)

    async def wish(self, job_id: JobId, cells: str, words: str) -> Wish:
        """The wish for a change of these cells of a picture.

        Raises RequestError `parent_gone`, and Invalid as `bot.domain.regions.parse` does.
        """
        turn = await self.turn(job_id)
        chosen = written(parse(cells, _grid(turn)))
        source = TurnSource(turn.id)
        return Wish(words, (source,), turn.id, private=turn.private, region=chosen)

    async def around(self, wish: Wish, words: str) -> Wish:
        """The wish with what the model is told of its region, around the words.

        The ratio is named, since models take it from whichever picture comes last.
        """
        assert wish.region is not None
        turn = await self.turn(wish.parent)
        on = _grid(turn)
        told = only_there(words, parse(wish.region, on), on)
        size = turn.picture.width_px, turn.picture.height_px
        return replace(wish, told=told, aspect=aspect_of(size, self._profile.aspects))

    async def ready(self, wish: Wish) -> None:
        """Have the original at hand before the change is paid for. Raises as `shown` does."""
        if wish.region is not None:
            data = await self._inputs.of_turn(await self.turn(wish.parent), self._delivery)
            await self._workers.run(self._blobs.put, data)

    async def pasted(self, job: Job, result: Result) -> Result:
        """The result with its pictures pasted into the original, where a region was meant.

        It is paid for: where that fails it stays as it came, and its words say so.
        """
        if job.wish.region is None:
            return result
        try:
            turn = await self.turn(job.wish.parent)
            original = await self._inputs.of_turn(turn, self._delivery)
            cells = parse(job.wish.region, _grid(turn))
            picture = await self._into(turn, original, result.picture, cells)
            extra = [
                replace(one, picture=await self._into(turn, original, one.picture, cells))
                for one in result.extra
            ]
        except Exception as error:
            known = isinstance(error, EaselError)
            logger.warning("not pasted into its original: %s", error, exc_info=not known)
            words = "\n\n".join(filter(None, (self._not_kept, result.words)))
            return replace(result, words=words)
        return replace(result, picture=picture, extra=tuple(extra), media_type="image/png")

    async def _into(
        self, turn: Turn, original: bytes, edited: Received, cells: Collection[Cell]
    ) -> Received:
        _, *size = await self._media.probe(edited.source)
        width_px, height_px = size
        if not same_shape((width_px, height_px), (turn.picture.width_px, turn.picture.height_px)):
            raise BadAnswer("bad_picture", detail=f"{width_px} × {height_px} is another shape")
        data = await self._workers.run(edited.read)
        drawn = await self._media.paste_back(original, data, _grid(turn), cells)
        return Received.of(drawn.data)

    async def turn(self, job_id: JobId | None) -> Turn:
        """A picture. Raises RequestError `parent_gone`."""
        async with self._database.reading() as conn:
            turn = None if job_id is None else await turns.get(conn, job_id)
        if turn is None:
            raise RequestError("parent_gone")
        return turn


def _grid(turn: Turn) -> Grid:
    """The one grid of a picture: by what is written of it, whichever of its files is there."""
    return grid(turn.picture.width_px, turn.picture.height_px)
