"""What every button, view and form of Easel is made of: each door has its error path.

discord.py only logs what a DynamicItem's callback raises, and a view that holds a DynamicItem
beside a plain item takes the DynamicItem's class out of the whole process when it ends
(`ViewStore.remove_view`, discord.py 2.7.1). So the callback here presents errors itself, and
the views refuse the mixture.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import discord

from bot.domain.ids import JobId
from bot.errors import RequestError
from bot.ui import answers, custom_ids, present, texts
from bot.ui.answers import Answers
from bot.ui.lateness import Lateness

log = logging.getLogger(__name__)

Interaction: TypeAlias = discord.Interaction[Any]
Action: TypeAlias = Callable[[Interaction, JobId], Awaitable[None]]
FormAction: TypeAlias = Callable[[Interaction, str, Answers], Awaitable[None]]
Item: TypeAlias = discord.ui.Item[Any]

DIALOG_TIMEOUT_S = 600.0  # a short dialog; its interaction's token lives 15 minutes
FORM_TIMEOUT_S = 3600.0  # a form that was closed without an answer is kept this long


class ActionHost(Protocol):
    """The client, as the buttons see it."""

    @property
    def actions(self) -> Mapping[str, Action]:
        """What to do on a press, by the action's name in the custom id."""
        ...

    @property
    def forms(self) -> Mapping[str, FormAction]:
        """What to do with the answers of a form or menu, by its name in the custom id."""
        ...

    @property
    def lateness(self) -> Lateness:
        """Tells which interactions come too late."""
        ...


def is_late(interaction: Interaction) -> bool:
    """Whether Discord will refuse any answer to this interaction by now."""
    host: ActionHost = interaction.client
    return host.lateness.is_late(interaction.created_at, discord.utils.utcnow())


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


class ActionMenu(discord.ui.DynamicItem[discord.ui.Select[Any]], template=custom_ids.MENU_TEMPLATE):
    """A menu that outlives a restart. What was chosen goes to the client's `forms`.

    Register it once, beside `ActionButton`.
    """

    @classmethod
    def make(
        cls,
        action: str,
        subject: str,
        options: Sequence[discord.SelectOption],
        *,
        least: int = 1,
        most: int = 1,
    ) -> ActionMenu:
        """A menu of 1 to 25 options, with the text `menu_<action>` where nothing is chosen."""
        custom_id = custom_ids.build(action, subject, version=custom_ids.MENU_VERSION)
        menu: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=custom_id,
            placeholder=texts.say(f"menu_{action}"),
            options=list(options),
            min_values=least,
            max_values=min(most, len(options)),
        )
        return cls(menu)

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: Item, _match: re.Match[str], /
    ) -> ActionMenu:
        """The menu of a message that was used, as discord.py asks for it."""
        assert isinstance(item, discord.ui.Select)
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:
        """Hand on what was chosen, with the error path of forms."""
        await _answered(interaction, self.custom_id)


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
    """A form that outlives a restart: its custom id says what it is and what it is about.

    discord.py's own `on_submit` stays empty. `answer_form` gets the answers of every form, of
    those too that were opened before a restart.
    """

    def __init__(self, form: str, subject: str, *, title: str) -> None:
        super().__init__(
            title=title, timeout=FORM_TIMEOUT_S, custom_id=custom_ids.build(form, subject)
        )

    def ask(self, label: str, field: Item, *, hint: str | None = None) -> None:
        """Add a field under the text `label`, explained by the text `hint`."""
        said = None if hint is None else texts.say(hint)
        self.add_item(discord.ui.Label(text=texts.say(label), description=said, component=field))


async def answer_form(interaction: Interaction) -> None:
    """Run what the client's `forms` have for a form that was sent."""
    custom_id = str((interaction.data or {}).get("custom_id", ""))
    if custom_ids.TEMPLATE.fullmatch(custom_id) is not None:
        await _answered(interaction, custom_id)


async def _answered(interaction: Interaction, custom_id: str) -> None:
    """The handler of a form or a menu, and its error path."""
    if is_late(interaction):
        log.warning("dropped late answers, interaction %s", interaction.id)
        return
    try:
        press = custom_ids.parse(custom_id)
        host: ActionHost = interaction.client
        handler = host.forms.get(press.action)
        if handler is None:
            raise RequestError("button_old", detail=f"no form {press.action!r}")
        data: Mapping[str, Any] = interaction.data or {}
        await handler(interaction, press.subject, answers.read(data))
    except Exception as error:  # noqa: BLE001 - this is the door: discord.py would only log it
        await present.show(interaction, error)
