"""Stars: counted a moment after they change, and shown in the server's gallery.

What Discord says when a star is given or taken is only a sign to look again: the number is the
message's own, without the star of who asked for the picture. So signs that were missed while the
bot was away are mended by the next one.

A picture that was shown once stays, whatever its number falls to, until it is deleted. The row
is written first; a message that is missing after a crash is posted by `tidy`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from typing import Any, Protocol

from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.domain.stars import THRESHOLD, Gallery, Star
from bot.errors import DeliveryError, DiscordUnavailable, MessageGone, PictureError, RequestError
from bot.media.pool import Media
from bot.services.delivery import Delivery
from bot.services.housekeeping import one_by_one
from bot.services.inputs import Inputs
from bot.services.writing import insist
from bot.storage import guild_settings, jobs, stars, turns
from bot.storage.database import Database

logger = logging.getLogger(__name__)

LOOK_AFTER_S = 1.0  # stars that change meanwhile are counted together
TIDY_EVERY_S = 300.0
CARD_BYTES = 8 * 1024 * 1024  # less than any server's limit

GALLERY = "gallery"  # a server's setting


class Wall(Protocol):
    """The galleries on Discord, and the stars on its messages.

    Raises DeliveryError, DiscordUnavailable, MessageGone.
    """

    async def count(self, turn: Turn) -> int:
        """The stars of a picture, without that of who asked for it."""
        ...

    async def may_show(self, turn: Turn, channel_id: int) -> bool:
        """Whether all who see the gallery may see the picture."""
        ...

    def has_room(self, channel_id: int) -> bool:
        """Whether a message of the gallery may be edited now."""
        ...

    async def show(
        self, turn: Turn, star: Star, picture: tuple[bytes, str], *, spoiler: bool
    ) -> int:
        """Post a picture, unless it stands there; the message's id."""
        ...

    async def recount(self, turn: Turn, star: Star, *, spoiler: bool) -> None:
        """Show another number."""
        ...

    async def remove(self, star: Star) -> None:
        """Delete the message of a picture."""
        ...


class Stars:
    """The galleries of all servers."""

    def __init__(
        self, database: Database, inputs: Inputs, media: Media, delivery: Delivery, wall: Wall
    ) -> None:
        self._database = database
        self._inputs = inputs
        self._media = media
        self._delivery = delivery
        self._wall = wall
        self._changed: dict[JobId, Gallery] = {}
        self._looking: asyncio.Task[None] | None = None
        self._one = asyncio.Lock()  # what is posted, counted and deleted at once could cross

    async def gallery(self, guild_id: int) -> Gallery | None:
        """Where a server shows pictures, if anywhere."""
        async with self._database.reading() as conn:
            kept: Any = (await guild_settings.get(conn, guild_id)).get(GALLERY)
        if kept is None:
            return None
        return Gallery(int(kept["channel_id"]), int(kept.get("threshold", THRESHOLD)))

    async def set_gallery(self, guild_id: int, gallery: Gallery | None) -> None:
        """Set where a server shows pictures; None: nowhere. What was shown before stays."""
        kept = gallery and {"channel_id": gallery.channel_id, "threshold": gallery.threshold}
        async with self._database.transaction() as conn:
            await guild_settings.change(conn, guild_id, **{GALLERY: kept})

    async def changed(self, guild_id: int, message_id: int) -> None:
        """A message's stars have changed: look at them soon, if it has a picture of ours."""
        if (gallery := await self.gallery(guild_id)) is None:
            return
        async with self._database.reading() as conn:
            turn = await turns.by_message(conn, message_id)
        if turn is None or turn.private:
            return
        self._changed[turn.id] = gallery
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_later(), name="stars")

    async def close(self) -> None:
        """Count no more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def deleted(self, message_ids: Collection[int]) -> None:
        """Messages are gone: pictures go from the gallery, and what was taken out stays out."""
        async with self._database.reading() as conn:
            if not await stars.concerned(conn, message_ids):
                return
        async with self._one:
            async with self._database.transaction() as conn:
                await stars.taken_away(conn, message_ids)
                gone = await stars.posted_in(conn, message_ids)
            for star in gone:
                await self._remove(star)

    async def tidy(self) -> None:
        """Post what a crash kept from being posted, and remove what shows deleted pictures."""
        async with self._one:
            async with self._database.reading() as conn:
                unshown, gone = await stars.unshown(conn), await stars.of_deleted(conn)
            await one_by_one(gone, self._remove, "clearing the gallery")
            await one_by_one(unshown, self._show, "showing a starred picture")

    async def _look_later(self) -> None:
        while self._changed:
            await asyncio.sleep(LOOK_AFTER_S)
            try:
                await self._look_at_all()
            except Exception:  # the next star may work
                logger.exception("stars were not counted")

    async def _look_at_all(self) -> None:
        """Count anew where stars have changed. What Discord has no room for now comes later."""
        for turn_id, gallery in [*self._changed.items()]:
            if self._wall.has_room(gallery.channel_id):
                del self._changed[turn_id]
                try:
                    async with self._one:
                        await self._look(turn_id, gallery)
                except DiscordUnavailable as error:
                    logger.info("stars are counted later: %s", error)
                    self._changed.setdefault(turn_id, gallery)
                except DeliveryError as error:
                    logger.warning("stars could not be counted or shown: %s", error)

    async def _look(self, turn_id: JobId, gallery: Gallery) -> None:
        async with self._database.reading() as conn:
            turn, star = await turns.get(conn, turn_id), await stars.get(conn, turn_id)
            covered = bool(await jobs.covered(conn, [turn_id]))
        if turn is None or turn.place.guild_id is None:
            return
        count = await self._wall.count(turn)
        if star is None:
            enough = count >= gallery.threshold
            if not enough or not await self._wall.may_show(turn, gallery.channel_id):
                return
            star = Star(turn_id, turn.place.guild_id, gallery.channel_id, None, count)
            async with self._database.transaction() as conn:
                await stars.add(conn, turn_id, star.guild_id, gallery, count)
            await self._show(star)
        elif star.count != count:
            async with self._database.transaction() as conn:
                await stars.recount(conn, turn_id, count)
            if star.message_id:
                try:
                    await self._wall.recount(turn, _with(star, count), spoiler=covered)
                except MessageGone:
                    await self._shown(turn_id, 0)

    async def _show(self, star: Star) -> None:
        async with self._database.reading() as conn:
            turn = await turns.get(conn, star.turn)
            covered = bool(await jobs.covered(conn, [star.turn]))
        if turn is None:
            return
        try:
            data = await self._inputs.of_turn(turn, self._delivery)
            picture = await self._media.fit(data, turn.picture.media_type, CARD_BYTES)
            message_id = await self._wall.show(turn, star, picture, spoiler=covered)
        except DiscordUnavailable as error:
            logger.info("a starred picture is shown later: %s", error)
            return
        except (DeliveryError, RequestError, PictureError) as error:
            logger.warning("a starred picture cannot be shown: %s", error)
            message_id = 0
        await self._shown(star.turn, message_id)

    async def _shown(self, turn_id: JobId, message_id: int) -> None:
        async def write() -> None:
            async with self._database.transaction() as conn:
                await stars.shown(conn, turn_id, message_id)

        await insist(write)

    async def _remove(self, star: Star) -> None:
        if star.message_id:
            try:
                await self._wall.remove(star)
            except DiscordUnavailable as error:
                logger.info("a deleted picture leaves the gallery later: %s", error)
                return
            except DeliveryError as error:
                logger.info("a deleted picture was not in the gallery: %s", error)

        async def write() -> None:
            async with self._database.transaction() as conn:
                await stars.remove(conn, star.turn)

        await insist(write)


def _with(star: Star, count: int) -> Star:
    return Star(star.turn, star.guild_id, star.channel_id, star.message_id, count)
