from __future__ import annotations

import logging
import re
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord
import pytest
from discord import app_commands

from bot.domain.invalid import Invalid
from bot.errors import (
    BadAnswer,
    ConfigError,
    DeliveryError,
    DiscordUnavailable,
    MessageGone,
    MissingPermission,
    OutcomeUnknown,
    ProviderRefused,
    QuotaExceeded,
    RequestError,
    StorageFull,
)
from bot.ui.english import TEXTS
from bot.ui.present import NEEDED, from_discord, missing, present
from bot.ui.texts import sentence


def refusal(status: int, code: int) -> discord.HTTPException:
    """What discord.py raises for an answer of Discord's."""
    # Of the response discord.py's exceptions read the status and the reason, nothing else.
    response = cast("aiohttp.ClientResponse", SimpleNamespace(status=status, reason="No"))
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    kind = kinds.get(status, discord.DiscordServerError if status >= 500 else discord.HTTPException)
    return kind(response, {"code": code, "message": "no"})


async def nothing(interaction: discord.Interaction[Any]) -> None:
    """A command."""


COMMAND = app_commands.Command[Any, ..., None](name="x", description="x", callback=nothing)


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "key", "values"),
    [
        (RequestError("prompt_empty"), "prompt_empty", {}),
        (Invalid("name_length", minimum=2, limit=32), "name_length", None),
        (QuotaExceeded(limit=3, used=3, returns_at=9), "quota_person_day", None),
        (OutcomeUnknown(), "outcome_unknown", {}),
        (BadAnswer("no_picture", detail="secret"), "no_picture", {}),
        (StorageFull("/dev/sda"), "storage_full", {}),
        (app_commands.NoPrivateMessage(), "guild_only", {}),
        (app_commands.CheckFailure(), "not_allowed", {}),
        (app_commands.MissingRole(1), "not_allowed", {}),
        (
            app_commands.MissingPermissions(["manage_guild"]),
            "not_allowed_permissions",
            {"permissions": "Manage Server"},
        ),
        (
            app_commands.BotMissingPermissions(["attach_files", "send_messages"]),
            "delivery_permission",
            {"permissions": "Attach Files, Send Messages"},
        ),
        (
            app_commands.CommandOnCooldown(app_commands.Cooldown(1, 9), 4.2),
            "cooldown",
            {"seconds": 4},
        ),
        (app_commands.CommandNotFound("x", []), "command_old", {}),
        (app_commands.CommandSignatureMismatch(COMMAND), "command_old", {}),
        (
            app_commands.CommandInvokeError(COMMAND, RequestError("parent_gone")),
            "parent_gone",
            {},
        ),
        (
            app_commands.CommandInvokeError(COMMAND, refusal(404, 10008)),
            "delivery_gone",
            {},
        ),
        (
            app_commands.TransformerError(
                "x", discord.AppCommandOptionType.string, app_commands.Transformer()
            ),
            "option_wrong",
            {},
        ),
        (
            caused(
                app_commands.TransformerError(
                    "x", discord.AppCommandOptionType.string, app_commands.Transformer()
                ),
                RequestError("prompt_empty"),
            ),
            "prompt_empty",
            {},
        ),
        (refusal(413, 40005), "delivery_too_large", {}),
        (refusal(503, 0), "delivery_later", {}),
        (discord.RateLimited(3.0), "delivery_later", {}),
        (refusal(400, 40060), "delivery", {}),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_known_errors(
    error: Exception,
    key: str,
    values: dict[str, object] | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    presented = present(error)
    given = getattr(error, "values", {}) if values is None else values
    assert presented.sentence == sentence(key, given)
    assert presented.known
    assert not caplog.records


def test_a_refusal_carries_the_models_own_words() -> None:
    said = present(ProviderRefused(words="I'd rather not.", reason="text")).sentence
    assert said == sentence("refused_words", {"words": "I'd rather not."})
    assert "I'd rather not." in said


@pytest.mark.parametrize(
    "error",
    [
        ValueError("oh"),
        ConfigError("Set EASEL_API_KEY."),
        refusal(400, 50035),
        refusal(401, 0),
        app_commands.CommandInvokeError(COMMAND, KeyError("oh")),
        KeyboardInterrupt(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_unknown_error_is_logged_under_the_code_that_is_shown(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    presented = present(error)
    assert not presented.known
    code = re.search(r"`([0-9a-f]{8})`", presented.sentence)
    assert code is not None
    assert len(caplog.records) == 1
    record = caplog.records[0]
    assert record.levelno == logging.ERROR
    assert code[1] in record.getMessage()
    assert record.exc_info is not None
    assert str(error) not in presented.sentence or not str(error)


@pytest.mark.parametrize(
    ("status", "code", "kind", "key"),
    [
        (404, 10062, MessageGone, "delivery_gone"),
        (404, 10008, MessageGone, "delivery_gone"),
        (404, 10003, MessageGone, "delivery_gone"),
        (404, 10015, MessageGone, "delivery_gone"),
        (401, 50027, MessageGone, "delivery_gone"),
        (404, 0, MessageGone, "delivery_gone"),
        (403, 50013, MissingPermission, "delivery_permission"),
        (403, 50001, MissingPermission, "delivery_permission"),
        (403, 0, MissingPermission, "delivery_permission"),
        (403, 50007, MissingPermission, "delivery_dm"),
        (400, 50083, MissingPermission, "delivery_closed"),
        (413, 0, DeliveryError, "delivery_too_large"),
        (413, 40005, DeliveryError, "delivery_too_large"),
        (400, 40060, DeliveryError, "delivery"),
        (400, 50035, DeliveryError, "delivery"),
        (429, 0, DiscordUnavailable, "delivery_later"),
        (500, 0, DiscordUnavailable, "delivery_later"),
        (503, 0, DiscordUnavailable, "delivery_later"),
    ],
)
def test_refusals_of_discord(status: int, code: int, kind: type[DeliveryError], key: str) -> None:
    error = from_discord(refusal(status, code))
    assert type(error) is kind
    assert error.key == key
    assert str(code) in error.detail
    assert sentence(error.key, error.values) != TEXTS["error"]


def test_missing_permissions_are_named() -> None:
    error = from_discord(refusal(403, 50013), permissions=["Attach Files"])
    assert "Attach Files." in present(error).sentence
    assert "Send Messages" not in present(error).sentence
    assert "Attach Files" in present(from_discord(refusal(403, 50013))).sentence


def test_missing_says_what_posting_lacks() -> None:
    assert missing(discord.Permissions.all()) == []
    assert missing(discord.Permissions.all(), thread=True) == []
    assert len(missing(discord.Permissions.none())) == len(NEEDED)
    some = discord.Permissions(view_channel=True, send_messages=True, read_message_history=True)
    assert missing(some) == ["Attach Files"]
    assert missing(some, thread=True) == ["Send Messages in Threads", "Attach Files"]
