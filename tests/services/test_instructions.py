from __future__ import annotations

import pytest

from bot.domain.quotes import MOST_TEXT_TOKENS
from bot.domain.routes import Route
from bot.providers.registry import load_catalogue
from bot.services import instructions

ODD = 'a {words} kite {0} with "OPEN" on it\n{reason}'


@pytest.mark.parametrize("reason", ["", "NO_SUCH_REASON", *instructions.REASONS])
def test_a_wish_is_passed_on_as_it_is(reason: str) -> None:
    assert instructions.soften(ODD, reason).endswith(f'The wish: "{ODD}"')
    assert instructions.improve(ODD, 0).endswith(f'The wish: "{ODD}"')


def test_only_a_reason_that_says_something_is_told() -> None:
    assert "declined the wish below. Say" in instructions.soften("a kite", "OTHER")
    told = instructions.soften("a kite", "IMAGE_RECITATION")
    assert "(the picture came too close to an existing work). Say" in told


def test_given_pictures_are_counted() -> None:
    assert "given" not in instructions.improve("a kite", 0).partition("The wish is")[2]
    assert "with a picture given" in instructions.improve("a kite", 1)
    assert "with 3 pictures given" in instructions.improve("a kite", 3)


@pytest.mark.parametrize("name", instructions.PATTERNS)
def test_every_pattern_is_told(name: str) -> None:
    for told in (instructions.DESCRIBE, instructions.improve("a kite", 0)):
        assert f"- {name}: {instructions.PATTERNS[name]}." in told


def limit(route: Route) -> object:
    extra = dict(route.words_extra)
    config = extra.get("generationConfig")
    return config.get("maxOutputTokens") if isinstance(config, dict) else extra.get("max_tokens")


def test_no_answer_in_words_can_cost_more_than_is_booked_for_it() -> None:
    spoken = [route for route in load_catalogue("*").routes.values() if route.words]
    assert {route.name for route in spoken} >= {"gemini-chat", "google", "openrouter"}
    assert {route.name: limit(route) for route in spoken} == {
        route.name: MOST_TEXT_TOKENS for route in spoken
    }
