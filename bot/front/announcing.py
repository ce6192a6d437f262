"""Challenges' threads on Discord: entries and winners are posted once.

A message that was posted before the process died is not posted again: for some minutes Discord
itself knows its nonce, and winners are looked for in the thread by the button below them.
"""

from __future__ import annotations

import io

import discord

from bot.domain.challenges import Board, Challenge
from bot.domain.conversations import Turn
from bot.domain.images import EXTENSIONS
from bot.domain.sheets import Drawn
from bot.front.finding import with_button
from bot.front.ways import SILENT, Ways
from bot.services.challenges import PLACES
from bot.ui import challenges as ui
from bot.ui import custom_ids

NONCE_MAX = 25  # characters, Discord's documentation


class Announcing:
    """Implements `bot.services.challenges.Announcer`."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways

    async def entry(self, challenge: Challenge, turn: Turn) -> int:
        """Reply to the picture with the button to vote for it."""
        thread = self._thread(challenge)
        reference = discord.MessageReference(
            message_id=turn.message_id,
            channel_id=challenge.thread_id,
            guild_id=challenge.guild_id,
            fail_if_not_exists=False,
        )

        async def send() -> discord.Message:
            return await thread.send(
                view=ui.entry(challenge, turn),
                reference=reference,
                nonce=f"e{turn.id}"[:NONCE_MAX],  # the picture itself was posted by its bare id
                allowed_mentions=SILENT,
            )

        return (await self._ways.call(send)).id

    async def results(self, board: Board, collage: Drawn | None, *, spoiler: bool) -> int:
        """Name the winners in the thread, unless they were named."""
        challenge = board.challenge
        thread = self._thread(challenge)
        own = self._ways.client().user
        custom_id = custom_ids.build(ui.RESULTS, challenge.id)

        async def send() -> discord.Message:
            if own is not None and (found := await with_button(thread, custom_id, own.id)):
                return found
            files: list[discord.File] = []
            if collage is not None:
                name = f"winners.{EXTENSIONS[collage.media_type]}"
                files.append(discord.File(io.BytesIO(collage.data), name))
            filename = files[0].filename if files else None
            view = ui.results(board, board.winners(PLACES), filename, spoiler=spoiler)
            nonce = f"r{challenge.id}"[:NONCE_MAX]
            return await thread.send(view=view, files=files, nonce=nonce, allowed_mentions=SILENT)

        return (await self._ways.call(send)).id

    def _thread(self, challenge: Challenge) -> discord.PartialMessageable:
        return self._ways.client().get_partial_messageable(
            challenge.thread_id, guild_id=challenge.guild_id
        )
