"""The bot's class and its command tree."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.front.delivery import DiscordDelivery
from bot.ui import present
from bot.ui.base import (
    Action,
    ActionButton,
    ActionMenu,
    FormAction,
    Interaction,
    answer_form,
    is_late,
)
from bot.ui.lateness import Lateness

logger = logging.getLogger(__name__)

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # Easel never speaks


class EaselTree(app_commands.CommandTree["EaselBot"]):
    """The gate before every command, and the first door of errors."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Let an interaction through unless it came too late to be answered."""
        if is_late(interaction):
            logger.warning("dropped a late interaction, %s", interaction.id)
            return False
        return True

    async def on_error(
        self, interaction: Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Show a command's error to the person who called it."""
        await present.show(interaction, error)


class EaselBot(commands.Bot):
    """discord.py's bot with the durable buttons' actions and what is opened beside it."""

    def __init__(
        self,
        delivery: DiscordDelivery,
        *,
        message_content: bool,
        data_dir: Path,
        open_engine: Callable[[], AbstractAsyncContextManager[object]],
        features: Callable[[EaselBot], list[commands.Cog]],
        **options: Any,
    ) -> None:
        intents = discord.Intents(
            guilds=True,
            guild_messages=True,
            dm_messages=True,
            guild_reactions=True,
            message_content=message_content,
        )
        super().__init__(
            command_prefix=(),
            help_command=None,
            intents=intents,
            tree_cls=EaselTree,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            **options,
        )
        self._delivery = delivery
        self._data_dir = data_dir
        self._open_engine = open_engine
        self._features = features
        self._opened = AsyncExitStack()
        self.actions: dict[str, Action] = {}
        """What the durable buttons do, by the action in their custom id."""
        self.forms: dict[str, FormAction] = {}
        """What is done with the answers of forms and menus, by their name in the custom id."""
        self.lateness = Lateness()

    async def setup_hook(self) -> None:
        """Load the features, sync the commands if they changed, then let the engine go on."""
        self._delivery.bind(self)
        for cog in self._features(self):
            await self.add_cog(cog)
        self.add_dynamic_items(ActionButton, ActionMenu)
        await self._sync_changed()
        await self._opened.enter_async_context(self._open_engine())

    async def on_interaction(self, interaction: Interaction, /) -> None:
        """Take the answers of forms; commands and buttons have doors of their own."""
        if interaction.type is discord.InteractionType.modal_submit:
            await answer_form(interaction)

    async def close(self) -> None:
        """Stop the engine first: what it delivers needs the connection."""
        await self._opened.aclose()
        await super().close()

    async def process_commands(self, message: discord.Message, /) -> None:
        """Do nothing: there are no prefix commands."""

    async def _sync_changed(self) -> None:
        """Send the commands to Discord when they differ from those sent last.

        Discord limits syncs, and `on_ready` runs at every reconnect: hence a hash, and here.
        """
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        digest = hashlib.sha256(
            json.dumps([self.application_id, payload], sort_keys=True).encode()
        ).hexdigest()
        mark = self._data_dir / "commands.sha256"
        if mark.is_file() and mark.read_text().strip() == digest:
            return
        await self.tree.sync()
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text(digest + "\n")
        logger.info("sent %d commands to Discord", len(payload))
