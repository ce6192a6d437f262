"""What the tests of words have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcord.results import InteractionResult, ResponseMessage

from bot.domain.quotes import MOST_TEXT_TOKENS
from bot.standins.provider.calls import Call, Said
from tests.flows.reading import texts_of

if TYPE_CHECKING:
    from tests.flows.conftest import World

LEAST_WORST_USD_MICROS = MOST_TEXT_TOKENS * 30  # by gemini-chat's price of $30 a million tokens out


def calls(world: World) -> list[Call]:
    """The calls for words that arrived at the provider."""
    return [call for call in world.provider.calls if call.route == "gemini-chat"]


def told(call: Call) -> str:
    """The text that the model was told."""
    body: Any = call.body
    return body["contents"][-1]["parts"][0]["text"]


def price(said: Said) -> int:
    """What an answer in words costs by the catalogue: $1 a million in, $30 out."""
    return said.input_tokens + 30 * said.output_tokens


def spoken_price(world: World) -> int:
    """What all answers in words cost."""
    return sum(price(said) for said in world.provider.said if said.route == "gemini-chat")


def answer(result: InteractionResult) -> ResponseMessage:
    """The one answer to an interaction."""
    assert result.response is not None
    assert result.followups == []
    return result.response


def said(result: InteractionResult) -> list[str]:
    """The texts of the answer, each by itself."""
    shown = answer(result)
    return texts_of(shown.components) or [shown.content]


def buttons(result: InteractionResult) -> list[tuple[str, str]]:
    """The labels and custom ids of the answer's buttons."""
    found: list[tuple[str, str]] = []

    def walk(components: list[dict[str, Any]]) -> None:
        for one in components:
            accessory = [one["accessory"]] if one.get("accessory") else []
            walk([*(one.get("components") or []), *accessory])
            if one["type"] == 2:
                found.append((one["label"], one["custom_id"]))

    walk(answer(result).components)
    return found
