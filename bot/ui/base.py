"""What every button, view and form of Easel is made of: each door has its error path.

discord.py only logs what a DynamicItem's callback raises, and a view that holds a DynamicItem
beside a plain item takes the DynamicItem's class out of the whole process when it ends
(`ViewStore.remove_view`, discord.py 2.7.1). So the callback here presents errors itself, and
the views refuse the mixture.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeAlias

import discord

from bot.domain.ids import JobId
from bot.errors import RequestError
from bot.ui import custom_ids, present, texts

log = logging.getLogger(__name__)

Interaction: TypeAlias = discord.Interaction[Any]
Action: TypeAlias = Callable[[Interaction, JobId], Awaitable[None]]
Item: TypeAlias = discord.ui.Item[Any]

DIALOG_TIMEOUT_S = 600.0  # a short dialog; its interaction's token lives 15 minutes
FORM_TIMEOUT_S = 3600.0  # a form that was closed without an answer is kept this long
LATE = dt.timedelta(seconds=2.8)
"""Discord gives up on an interaction after 3 s; one this old can only fail."""


class ActionHost(Protocol):
    """The client, as the buttons see it."""

    @property
    def actions(self) -> Mapping[str, Action]:
        """What to do on a press, by the action's name in the custom id."""
        ...


def is_late(interaction: Interaction) -> bool:
    """Whether Discord will refuse any answer to this interaction by now."""
    return discord.utils.utcnow() - interaction.created_at > LATE


class ActionButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=custom_ids.TEMPLATE):
    """A button that outlives a restart. One class does for all actions.

    Register it once: `client.add_dynamic_items(ActionButton)`.
    """

    @classmethod
    def make(
        cls,
        action: str,
        job: JobId,
        *,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> ActionButton:
        """A button for an action on a job, labelled by the text `button_<action>`."""
        label = texts.say(f"button_{action}")
        custom_id = custom_ids.build(action, job)
        return cls(discord.ui.Button(label=label, style=style, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: Item, _match: re.Match[str], /
    ) -> ActionButton:
        """The button of a message that was pressed, as discord.py asks for it."""
        assert isinstance(item, discord.ui.Button)
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:
        """Run the action's handler; whatever it raises is told to the person."""
        if is_late(interaction):
            log.warning("dropped a late press, interaction %s", interaction.id)
            return
        try:
            press = custom_ids.parse(self.custom_id)
            host: ActionHost = interaction.client
            handler = host.actions.get(press.action)
            if handler is None:
                raise RequestError("button_old", detail=f"no action {press.action!r}")
            await handler(interaction, press.job)
        except Exception as error:  # noqa: BLE001 - this is the door: discord.py would only log it
            await present.show(interaction, error)


def _refuse_mixture(view: discord.ui.View | discord.ui.LayoutView) -> None:
    """Raise TypeError if a view holds durable and plain items; see the module's docstring."""
    durable = plain = False
    for item in view.walk_children():
        if isinstance(item, discord.ui.DynamicItem):
            durable = True
        elif item.is_dispatchable():
            plain = True
    if durable and plain:
        raise TypeError("a message holds durable buttons or plain ones, never both")


class EaselLayout(discord.ui.LayoutView):
    """A Components V2 message.

    It never times out by itself: its buttons are durable. A dialog with plain items gives a
    `timeout`.
    """

    def __init__(self, *items: Item, timeout: float | None = None) -> None:
        super().__init__(timeout=timeout)
        for item in items:
            self.add_item(item)

    def to_components(self) -> list[dict[str, Any]]:
        """The payload. Raises TypeError if durable and plain items are mixed."""
        _refuse_mixture(self)
        return super().to_components()

    async def on_error(self, interaction: Interaction, error: Exception, _item: Item, /) -> None:
        """Tell the person what went wrong."""
        await present.show(interaction, error)


class EaselView(discord.ui.View):
    """A short dialog of plain buttons and menus under a message with content."""

    def __init__(self, *, timeout: float | None = DIALOG_TIMEOUT_S) -> None:
        super().__init__(timeout=timeout)

    def to_components(self) -> list[dict[str, Any]]:
        """The payload. Raises TypeError if durable and plain items are mixed."""
        _refuse_mixture(self)
        return super().to_components()

    async def on_error(self, interaction: Interaction, error: Exception, _item: Item, /) -> None:
        """Tell the person what went wrong."""
        await present.show(interaction, error)


class EaselModal(discord.ui.Modal):
    """A form."""

    def __init__(self, *, title: str, timeout: float | None = FORM_TIMEOUT_S) -> None:
        super().__init__(title=title, timeout=timeout)

    async def on_error(self, interaction: Interaction, error: Exception, /) -> None:
        """Tell the person what went wrong."""
        await present.show(interaction, error)
