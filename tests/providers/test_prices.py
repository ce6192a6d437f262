"""The product page's price table, row by row, against what the catalogue books."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.pricing import Price, Tokens, cost_usd_micros
from bot.domain.quotes import quote_usd_micros, worst_usd_micros
from bot.domain.routes import DrawRequest

from .serving import catalogue

# Row, route, dollars a million tokens in (the page's table, its text) and out, dollars a call.
PAGE: list[tuple[int, str, tuple[str, ...], str, str]] = [
    (1, "gemini-chat", ("1",), "30", "0"),
    (2, "gemini-image", ("1", "0.3"), "30", "0"),
    (3, "gemini-edit", ("1", "0.3"), "30", "0"),
    (4, "chat", ("0.3",), "30", "0"),
    (5, "original-image", ("0.3",), "30", "0"),
    (6, "original-edit", ("1", "0.3"), "30", "0"),
    (7, "per-call-image", ("0",), "0", "0.05"),
    (8, "per-call-edit", ("0",), "0", "0.05"),
    (9, "async-image", ("0",), "0", "0.05"),
    (10, "async-edit", ("0",), "0", "0.05"),
    (11, "async-result", ("0",), "0", "0"),
]


def micros(dollars: str) -> int:
    return int(Decimal(dollars) * 1_000_000)


@pytest.mark.parametrize(("row", "name", "said_in", "out", "call"), PAGE)
def test_each_row(row: int, name: str, said_in: tuple[str, ...], out: str, call: str) -> None:
    route = catalogue().route(name)
    assert route.source == f"302.AI product page, row {row}"
    # Where the page says two prices, the dearer is used, and the row says that and why.
    used = max(said_in, key=Decimal)
    assert route.price == Price(micros(call), micros(used), micros(out))
    if len(said_in) > 1:
        assert all(f"${said}" in route.note for said in said_in)
        assert "never below" in route.note
    # One picture from 20 tokens of words: the dollars by hand, a part of a micro-dollar up.
    dollars = Decimal(call) + (20 * Decimal(used) + 1290 * Decimal(out)) / 1_000_000
    exact = dollars * 1_000_000
    booked = cost_usd_micros(route.price, Tokens(20, 1290))
    assert 0 <= booked - exact < 1
    million = cost_usd_micros(route.price, Tokens(1_000_000, 1_000_000))
    assert million == micros(call) + micros(used) + micros(out)


def test_googles_price_of_one_picture() -> None:
    for model, size, dollars in (
        ("gemini-2.5-flash-image", None, "0.039"),
        ("gemini-3.1-flash-image", "1K", "0.067"),
        ("gemini-3.1-flash-image", "2K", "0.101"),
        ("gemini-3.1-flash-image", "4K", "0.151"),
        ("gemini-3-pro-image", "1K", "0.134"),
        ("gemini-3-pro-image", "2K", "0.134"),
        ("gemini-3-pro-image", "4K", "0.24"),
    ):
        route = catalogue(model).route("google")
        quote = quote_usd_micros(route, DrawRequest("", size=size))
        assert abs(quote - micros(dollars)) < 1000, (model, size)


def test_the_worst_is_never_below_the_likely() -> None:
    for model in catalogue().models:
        for route in catalogue(model).routes.values():
            for words in ("", "a kite", "風" * 4000):
                request = DrawRequest(words)
                assert worst_usd_micros(route, request) >= quote_usd_micros(route, request)
