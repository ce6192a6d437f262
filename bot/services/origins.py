"""Where a picture comes from: found by its message, by its id, or by how it looks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.domain.images import AttachmentSource
from bot.errors import RequestError
from bot.media.phash import ALIKE, distance
from bot.media.pool import Media
from bot.services.delivery import Delivery
from bot.services.fingerprints import Fingerprints
from bot.services.history import Eyes, seen
from bot.services.inputs import Inputs
from bot.storage import history, turns
from bot.storage.database import Database

CANDIDATES = 20  # pictures that look alike, of which the first that may be seen is shown

_ID = re.compile(r"\d{1,20}(-\d{1,20})?")
_LINK = re.compile(r"https://(?:\w+\.)?discord(?:app)?\.com/channels/[\w@]+/\d+/(\d{1,20})/?")


@dataclass(frozen=True, slots=True)
class Origin:
    """One of our pictures, and its family as far as the person may see it."""

    turn: Turn
    family: int
    """How many pictures it has, this one among them."""
    complete: bool
    """False when there are more."""
    differs: int | None = None
    """In how many bits of the hash it differs from the picture that was shown; None: not by it."""


class Origins:
    """Says who made a picture, to those who may see it."""

    def __init__(
        self,
        database: Database,
        inputs: Inputs,
        media: Media,
        delivery: Delivery,
        fingerprints: Fingerprints,
    ) -> None:
        self._database = database
        self._inputs = inputs
        self._media = media
        self._delivery = delivery
        self._fingerprints = fingerprints

    async def by_message(self, eyes: Eyes, message_id: int) -> Origin | None:
        """By the message that it was posted in; None when none was.

        Raises RequestError `history_gone` when the person may not see it.
        """
        async with self._database.reading() as conn:
            turn = await turns.by_message(conn, message_id)
        return None if turn is None else await self._shown(eyes, turn)

    async def by_id(self, eyes: Eyes, given: str) -> Origin:
        """By what a person typed: its id, its message's id, or the link to its message.

        Raises RequestError `history_gone` when there is none that the person may see.
        """
        given = given.strip()
        link = _LINK.fullmatch(given)
        identity = link[1] if link else given
        if _ID.fullmatch(identity) is None:
            raise RequestError("who_id")
        async with self._database.reading() as conn:
            turn = None if link else await turns.get(conn, JobId(identity))
            if turn is None and identity.isdecimal() and int(identity) < 2**63:
                turn = await turns.by_message(conn, int(identity))
        if turn is None:
            raise RequestError("history_gone")
        return await self._shown(eyes, turn)

    async def by_picture(self, eyes: Eyes, source: AttachmentSource) -> Origin:
        """By a picture that looks the same, as a re-post does; the most alike, then the newest.

        Raises PictureError for a picture that cannot be used, RequestError `who_unknown`.
        """
        data = await self._inputs.of_attachment(source, self._delivery)
        wanted = await self._media.phash(data)
        await self._fingerprints.now()
        async with self._database.reading() as conn:
            known = await history.fingerprints(conn, eyes.scope)
            alike = [(distance(wanted, phash), one) for one, phash in known]
            near = sorted((one for one in alike if one[0] <= ALIKE), key=lambda one: one[0])
            found = [(differs, await turns.get(conn, one)) for differs, one in near[:CANDIDATES]]
        for differs, turn in found:
            if turn is not None and await seen(eyes, [turn]):
                return await self._origin(eyes, turn, differs)
        raise RequestError("who_unknown")

    async def _shown(self, eyes: Eyes, turn: Turn) -> Origin:
        if not await seen(eyes, [turn]):
            raise RequestError("history_gone")
        return await self._origin(eyes, turn)

    async def _origin(self, eyes: Eyes, turn: Turn, differs: int | None = None) -> Origin:
        async with self._database.reading() as conn:
            family = await history.family(conn, turn.id)
        kin = await seen(eyes, family.turns)
        return Origin(turn, len(kin), family.complete, differs)
