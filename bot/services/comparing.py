"""Before and after: a picture beside the one that it was made from."""

from __future__ import annotations

from bot.domain.conversations import Turn
from bot.domain.sheets import Drawn, Tile
from bot.errors import PictureError, RequestError
from bot.media.pool import Media
from bot.services.conversations import Conversations
from bot.services.delivery import Delivery
from bot.services.inputs import Inputs

DRAWN_BYTES = 8 * 1024 * 1024


class Comparing:
    """Draws two pictures side by side."""

    def __init__(
        self, conversations: Conversations, inputs: Inputs, media: Media, delivery: Delivery
    ) -> None:
        self._conversations = conversations
        self._inputs = inputs
        self._media = media
        self._delivery = delivery

    async def parent_of(self, turn: Turn, user_id: int) -> Turn | None:
        """The picture that this one was made from; None when it was made from none of ours.

        A picture that somebody gave is for their eyes alone, and so is a character's.
        Raises RequestError `compare_gone` when that was deleted, `compare_nothing` when this one
        was made from no picture at all, `compare_given` when it was not this person who gave it.
        """
        if turn.parent is not None:
            parent = await self._conversations.turn(turn.parent)
            if parent is None:
                raise RequestError("compare_gone")
            return parent
        if not turn.inputs:
            raise RequestError("compare_nothing")
        if user_id != turn.user_id or not await self._conversations.was_given(turn.id):
            raise RequestError("compare_given")
        return None

    async def drawn(
        self, turn: Turn, parent: Turn | None, labels: tuple[str, str], *, max_bytes: int
    ) -> Drawn:
        """Draw them. Without a parent, «before» is the first picture that the person gave.

        Raises RequestError `compare_gone` when one of them cannot be had any more.
        """
        try:
            if parent is None:
                ((_, before),) = await self._inputs.load(turn.inputs[:1])
            else:
                before = await self._inputs.of_turn(parent, self._delivery)
            after = await self._inputs.of_turn(turn, self._delivery)
        except (PictureError, RequestError) as error:
            raise RequestError("compare_gone") from error
        return await self._media.compare(
            Tile(lambda: before, labels[0]),
            Tile(lambda: after, labels[1]),
            max_bytes=min(max_bytes, DRAWN_BYTES),
        )
