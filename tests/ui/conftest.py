from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import app_commands

from bot.errors import RequestError
from bot.ui import present
from bot.ui.base import (
    Action,
    ActionButton,
    ActionMenu,
    FormAction,
    Interaction,
    answer_form,
)
from bot.ui.lateness import Lateness


@app_commands.command(description="Fails")
async def fail(interaction: Interaction, word: str) -> None:
    raise RequestError("prompt_empty")


@fail.autocomplete("word")
async def words(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    await present.show(interaction, RequestError("prompt_empty"))
    return []


class TinyBot(discord.Client):
    """The least that durable buttons, forms and errors need."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents.default(), allowed_mentions=discord.AllowedMentions.none()
        )
        self.actions: dict[str, Action] = {}
        self.forms: dict[str, FormAction] = {}
        self.lateness = Lateness()
        self.tree = app_commands.CommandTree(self)
        self.tree.error(self._on_tree_error)
        command: app_commands.Command[Any, ..., None] = fail
        self.tree.add_command(command)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(ActionButton, ActionMenu)
        await self.tree.sync()

    async def on_interaction(self, interaction: Interaction) -> None:
        if interaction.type is discord.InteractionType.modal_submit:
            await answer_form(interaction)

    @staticmethod
    async def _on_tree_error(interaction: Interaction, error: app_commands.AppCommandError) -> None:
        await present.show(interaction, error)


@pytest.fixture
def simcord_bot() -> TinyBot:
    return TinyBot()
