"""Input pictures: found, fetched, cleaned and kept, in the order they were given."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.domain.images import AttachmentSource, BlobSource, Source, Stored, TurnSource
from bot.domain.routes import Profile
from bot.errors import (
    DeliveryError,
    DiscordUnavailable,
    PictureError,
    RequestError,
    StorageError,
)
from bot.media.pool import Media
from bot.providers.fetch import DISCORD_HOSTS, Fetcher
from bot.services.delivery import Delivery
from bot.storage import turns
from bot.storage.blobs import Blobs
from bot.storage.database import Database
from bot.workers import Workers

FETCH_BYTES = 50 * 1024 * 1024  # larger files are refused before they are read


class Inputs:
    """Turns what a person pointed at into pictures the model can use."""

    def __init__(
        self, database: Database, blobs: Blobs, fetcher: Fetcher, media: Media, workers: Workers
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._fetcher = fetcher
        self._media = media
        self._workers = workers

    async def prepare(
        self, sources: Sequence[Source], profile: Profile, delivery: Delivery
    ) -> tuple[Stored, ...]:
        """Clean every source and keep it in the blob store.

        Raises PictureError for a picture that cannot be used, RequestError when a turn's
        picture was deleted, DiscordUnavailable when Discord does not answer now.
        """
        return tuple([await self._one(source, profile, delivery) for source in sources])

    async def load(self, pictures: Sequence[Stored]) -> list[tuple[str, bytes]]:
        """The prepared pictures' types and bytes."""
        return [
            (picture.media_type, await self._workers.run(self._blobs.get, picture.key))
            for picture in pictures
        ]

    async def _one(self, source: Source, profile: Profile, delivery: Delivery) -> Stored:
        match source:
            case BlobSource(picture, of):
                try:
                    await self._workers.run(self._blobs.require, picture.key)
                except PictureError as gone:
                    if of is None:
                        raise PictureError("character_picture_gone") from gone
                    return await self._one(of, profile, delivery)
                return picture
            case TurnSource(turn):
                data = await self._of_turn(turn, delivery)
            case AttachmentSource():
                data = await self.of_attachment(source, delivery)
        cleaned = await self._media.clean(
            data, max_side_px=profile.max_input_side_px, max_bytes=profile.max_input_bytes
        )
        key = await self._workers.run(self._blobs.put, cleaned.data)
        return Stored(
            key, cleaned.media_type, cleaned.width_px, cleaned.height_px, len(cleaned.data)
        )

    async def of_attachment(self, source: AttachmentSource, delivery: Delivery) -> bytes:
        """The bytes of a picture on Discord, as they are there. Raises as `prepare` does."""
        try:
            return await self._fetcher.fetch(
                source.url, limit_bytes=FETCH_BYTES, hosts=DISCORD_HOSTS
            )
        except PictureError as error:
            if error.key != "picture_link_expired" or source.message_id is None:
                raise
        try:
            url = await delivery.fresh_url(source)
        except DiscordUnavailable:
            raise
        except DeliveryError as gone:  # deleted, or in a channel that we may not read
            raise PictureError("picture_link_expired") from gone
        return await self._fetcher.fetch(url, limit_bytes=FETCH_BYTES, hosts=DISCORD_HOSTS)

    async def _of_turn(self, job_id: JobId, delivery: Delivery) -> bytes:
        async with self._database.reading() as conn:
            turn = await turns.get(conn, job_id)
        if turn is None:
            raise RequestError("parent_gone")
        return await self.of_turn(turn, delivery)

    async def of_turn(self, turn: Turn, delivery: Delivery) -> bytes:
        """The bytes of one of our pictures, wherever they still are. Raises as `prepare` does."""
        try:
            return await self._workers.run(self._blobs.get, turn.picture.key)
        except (PictureError, StorageError):  # gone, or not to be read
            return await self._from_discord(turn, delivery)

    async def _from_discord(self, turn: Turn, delivery: Delivery) -> bytes:
        """Discord is the picture store: what is no longer kept here is fetched from there."""
        try:
            url = await delivery.picture_url(turn)
            return await self._fetcher.fetch(url, limit_bytes=FETCH_BYTES, hosts=DISCORD_HOSTS)
        except DiscordUnavailable:
            raise
        except PictureError as error:
            if error.key != "picture_link_expired":
                raise
            raise RequestError("parent_gone") from error
        except DeliveryError as error:
            raise RequestError("parent_gone", detail=str(error)) from error
