"""What a picture will cost on a route, before it is drawn, and what it cost after."""

from __future__ import annotations

from bot.domain.conversations import CHARACTERS_PER_TOKEN, CONTEXT_TOKENS, PICTURE_TOKENS
from bot.domain.pricing import Price, Tokens, cost_usd_micros
from bot.domain.routes import DrawRequest, Profile, Route

WORDS_TOKENS = 512
"""Room for the text that may come beside a picture, in the worst case."""

TEXT_TOKENS = 512
"""What an answer in words is likely to have: four prompts."""

MOST_TEXT_TOKENS = 4_096
"""What an answer in words cannot pass: the limit that `words_extra` of the catalogue sets."""

CAUTIOUS_CHARACTERS_PER_TOKEN = 1  # Chinese and Japanese come near it


def picture_tokens(profile: Profile, size: str | None) -> int:
    """The tokens of one picture of a size; of the usual size when none is named."""
    by_size = dict(profile.picture_tokens)
    return by_size.get(size or "", profile.picture_tokens[0][1])


def assumed_tokens(route: Route, request: DrawRequest) -> Tokens:
    """What a call is likely to use: stands in for a usage that the provider did not say."""
    return _tokens(route, request, CHARACTERS_PER_TOKEN, TEXT_TOKENS if request.in_words else 0)


def quote_usd_micros(route: Route, request: DrawRequest) -> int:
    """The likely price, to compare routes by and to show."""
    return cost_usd_micros(route.price, assumed_tokens(route, request))


def worst_usd_micros(route: Route, request: DrawRequest) -> int:
    """The price that a picture, or an answer in words, will not pass: what to reserve."""
    words = MOST_TEXT_TOKENS if request.in_words else WORDS_TOKENS
    tokens = _tokens(route, request, CAUTIOUS_CHARACTERS_PER_TOKEN, words)
    return cost_usd_micros(route.price, tokens)


def ceiling_usd_micros(route: Route) -> int:
    """The price that no request on this route can pass: a full context, the largest picture."""
    largest = max(tokens for _, tokens in route.profile.picture_tokens)
    return cost_usd_micros(route.price, Tokens(CONTEXT_TOKENS, largest + WORDS_TOKENS))


def booked_usd_micros(
    price: Price, tokens: Tokens | None, assumed: Tokens, paid: int | None
) -> int:
    """What to book: the provider's own figure, else its count, else the assumed count."""
    return cost_usd_micros(price, tokens or assumed) if paid is None else paid


def _tokens(route: Route, request: DrawRequest, characters: int, words: int) -> Tokens:
    text = len(request.words) + sum(len(line.text) for line in request.history)
    shown = len(request.pictures) * PICTURE_TOKENS
    out = 0 if request.in_words else picture_tokens(route.profile, request.size)
    return Tokens(input=-(-text // characters) + shown, output=out + words)
