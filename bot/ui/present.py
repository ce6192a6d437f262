"""The only place that turns an error into a sentence."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot.domain.invalid import Invalid
from bot.errors import (
    DeliveryError,
    DiscordUnavailable,
    MessageGone,
    MissingPermission,
    NotAllowed,
    ProviderError,
    ProviderRefused,
    RequestError,
    StorageError,
    UserError,
)
from bot.ui.texts import sentence

log = logging.getLogger(__name__)

TOKEN_DEAD = 10062
ANSWERED_BEFORE = 40060
TOO_LARGE = 40005
NO_PERMISSION = frozenset({50001, 50013})
NO_DIRECT_MESSAGE = frozenset({50007, 50278})
CLOSED_THREAD = frozenset({50083, 160005})
GONE = frozenset({10003, 10004, 10008, 10015, TOKEN_DEAD, 50027})
"""Error codes from Discord's documentation, «JSON Error Codes»: unknown channel, guild, message,
webhook and interaction; an invalid webhook token."""

NEEDED = ("view_channel", "send_messages", "attach_files", "read_message_history")
"""What posting a picture and answering a message takes, by discord.py's names."""


@dataclass(frozen=True, slots=True)
class Presented:
    """What a person is told. `known` is false for a fault of our own, which was logged."""

    sentence: str
    known: bool


def present(error: BaseException) -> Presented:
    """The sentence for any error. An unknown one is logged under the code the person gets."""
    fault = _known(error)
    if isinstance(fault, StorageError):
        return Presented(sentence(fault.key), known=True)
    if fault is not None:
        values = dict(fault.values)
        if isinstance(fault, ProviderRefused) and fault.words:
            values["words"] = fault.words
        return Presented(sentence(fault.key, values), known=True)
    reference = secrets.token_hex(4)
    log.error("unexpected error, reference %s", reference, exc_info=error)
    return Presented(sentence("error", {"reference": reference}), known=False)


async def show(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Tell the person who acted, and nobody else. Logs; never raises."""
    try:
        presented = present(error)
        _record(interaction, error, presented)
        if interaction.type is discord.InteractionType.autocomplete:
            return
        if interaction.is_expired():
            log.warning("interaction %s has expired: nothing was shown", interaction.id)
        elif interaction.response.is_done():
            await _follow_up(interaction, presented.sentence)
        else:
            try:
                await interaction.response.send_message(
                    presented.sentence,
                    ephemeral=True,
                    suppress_embeds=True,
                    allowed_mentions=discord.AllowedMentions.none(),
                )
            except discord.HTTPException as failure:
                if failure.code != ANSWERED_BEFORE:
                    raise
                await _follow_up(interaction, presented.sentence)
    except Exception as failure:  # noqa: BLE001 - the last door: nobody is left to be told
        log.warning("could not show an error for interaction %s: %r", interaction.id, failure)


async def _follow_up(interaction: discord.Interaction[Any], text: str) -> None:
    await interaction.followup.send(
        text,
        ephemeral=True,
        suppress_embeds=True,
        allowed_mentions=discord.AllowedMentions.none(),
    )


def _record(
    interaction: discord.Interaction[Any], error: BaseException, presented: Presented
) -> None:
    """Log a known error; `present` logged the others.

    Values are not written, nor what a provider said: a wish may be repeated in it.
    """
    if not presented.known:
        log.error("the unexpected error above was in interaction %s", interaction.id)
        return
    fault = _known(error)
    level = logging.ERROR if isinstance(fault, StorageError) else logging.INFO
    key = fault.key if fault is not None else ""
    detail = fault.detail if isinstance(fault, UserError) else str(error)
    if isinstance(fault, ProviderError):
        detail = ""
    log.log(level, "interaction %s: %s (%s) %s", interaction.id, key, type(fault).__name__, detail)


def _known(error: BaseException) -> UserError | StorageError | None:
    """The error of ours that says what happened, or None if nothing foresaw it."""
    match error:
        case UserError() | StorageError():
            return error
        case Invalid():
            values: dict[str, Any] = error.values
            return RequestError(error.key, **values)
        case app_commands.CommandInvokeError():
            return _known(error.original)
        case app_commands.TransformerError() | app_commands.TranslationError():
            cause = _known(error.__cause__) if error.__cause__ is not None else None
            return cause or RequestError("option_wrong")
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return RequestError("command_old")
        case app_commands.CommandOnCooldown():
            return RequestError("cooldown", seconds=max(1, round(error.retry_after)))
        case app_commands.NoPrivateMessage():
            return NotAllowed("guild_only")
        case app_commands.MissingPermissions():
            return NotAllowed(
                "not_allowed_permissions", permissions=names_of(error.missing_permissions)
            )
        case app_commands.BotMissingPermissions():
            return MissingPermission(permissions=names_of(error.missing_permissions))
        case app_commands.CheckFailure():
            return NotAllowed()
        case discord.HTTPException() if _foreseen(error):
            return from_discord(error)
        case discord.RateLimited():
            return DiscordUnavailable(detail=str(error))
        case _:
            return None


def _foreseen(error: discord.HTTPException) -> bool:
    """Whether Discord's refusal can happen to correct code. A bad form (50035) can't."""
    return error.code == ANSWERED_BEFORE or from_discord(error).key != DeliveryError.key


def from_discord(error: discord.HTTPException, *, permissions: Sequence[str] = ()) -> DeliveryError:
    """A refusal of Discord's as an error of ours.

    Discord does not say which permission is missing; `permissions` are those the caller knows
    of, as `missing` gives them.
    """
    detail = f"Discord {error.status}, code {error.code}"
    if error.status == 429 or error.status >= 500:
        return DiscordUnavailable(detail=detail)
    if error.code in NO_DIRECT_MESSAGE:
        return MissingPermission("delivery_dm", detail=detail)
    if error.code in CLOSED_THREAD:
        return MissingPermission("delivery_closed", detail=detail)
    if error.code in NO_PERMISSION or error.status == 403:
        return MissingPermission(detail=detail, permissions=list(permissions) or names_of(NEEDED))
    if error.code in GONE or error.status == 404:
        return MessageGone(detail=detail)
    if error.code == TOO_LARGE or error.status == 413:
        return DeliveryError("delivery_too_large", detail=detail)
    return DeliveryError(detail=detail)


def missing(permissions: discord.Permissions, *, thread: bool = False) -> list[str]:
    """The permissions a picture needs that are not among these, as Discord's settings name them.

    Take `permissions` from `Interaction.app_permissions` or `channel.permissions_for(me)`.
    """
    names = [
        "send_messages_in_threads" if thread and name == "send_messages" else name
        for name in NEEDED
    ]
    return names_of(name for name in names if not getattr(permissions, name))


def names_of(permissions: Iterable[str]) -> list[str]:
    """Permissions as Discord's settings name them, from discord.py's names."""
    titles = [name.replace("_", " ").replace("guild", "server").title() for name in permissions]
    return [title.replace(" In ", " in ") for title in titles]
