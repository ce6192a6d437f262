from __future__ import annotations

import dataclasses

import pytest

from bot.domain.choose import choose, shortfall, why_not
from bot.domain.conversations import Line
from bot.domain.ids import BlobKey
from bot.domain.images import Stored
from bot.domain.pricing import Price
from bot.domain.routes import DrawRequest, InputForm, Profile, Route

PICTURE = Stored(BlobKey("0" * 64), "image/png", 64, 64, 100)
PROFILE = Profile("m", ("1:1", "16:9"), ("1K", "2K"), 3, 2048, 1000)
HISTORY = (Line("user", "a kite"), Line("assistant", "Here."))

CHAT = Route(
    name="chat",
    provider="p",
    wire="chat",
    method="POST",
    path="/x",
    auth="bearer",
    profile=PROFILE,
    price=Price(0, 300_000, 30_000_000),
    draws=True,
    edits=True,
    history=True,
    aspect_field=False,
    inputs=(InputForm.INLINE,),
    words=True,
)
IMAGE = dataclasses.replace(
    CHAT,
    name="image",
    edits=False,
    words=False,
    aspect_field=True,
    aspect_key="aspectRatio",
    size_key="imageSize",
    price=Price(0, 1_000_000, 30_000_000),
)
CALL = dataclasses.replace(
    IMAGE, name="call", history=False, edits=True, size_key="", price=Price(50_000)
)
RESULT = dataclasses.replace(CALL, name="result", method="GET", price=Price())
TALK = dataclasses.replace(CHAT, name="talk", draws=False, edits=False)
ALL = (CHAT, IMAGE, CALL, RESULT, TALK)
ORDER = tuple(route.name for route in ALL)


def names(request: DrawRequest, order: tuple[str, ...] = ORDER, **speeds: float) -> list[str]:
    return [route.name for route in choose(ALL, request, order, speeds)]


def test_the_operators_order() -> None:
    assert names(DrawRequest("x")) == ["chat", "image", "call"]
    assert names(DrawRequest("x"), ("call", "chat")) == ["call", "chat"]
    assert names(DrawRequest("x"), ("talk",)) == []


def test_an_edit_needs_a_route_that_edits() -> None:
    assert names(DrawRequest("x", (PICTURE,))) == ["chat", "call"]


def test_words_out() -> None:
    assert names(DrawRequest("x", (PICTURE,), in_words=True)) == ["chat", "talk"]


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (DrawRequest("x", (PICTURE,) * 4), "inputs"),
        (DrawRequest("x", aspect="2:1"), "aspect"),
        (DrawRequest("x", size="4K"), "size"),
        (DrawRequest("x"), ""),
        (DrawRequest("x", (PICTURE,) * 3, HISTORY, "16:9", "2K"), ""),
    ],
)
def test_what_the_model_cannot(request_: DrawRequest, reason: str) -> None:
    assert why_not(CHAT, request_) == reason
    assert bool(names(request_, ("chat",))) == (not reason)


def test_why_not_by_kind() -> None:
    assert why_not(RESULT, DrawRequest("x")) == "result"
    assert why_not(TALK, DrawRequest("x")) == "draws"
    assert why_not(IMAGE, DrawRequest("x", (PICTURE,))) == "edits"
    assert why_not(IMAGE, DrawRequest("x", in_words=True)) == "words"
    assert why_not(dataclasses.replace(CHAT, inputs=()), DrawRequest("x", (PICTURE,))) == "inputs"


def test_a_ratio_goes_to_a_route_with_a_field_unless_there_is_none() -> None:
    ratio = DrawRequest("x", aspect="16:9")
    assert names(ratio) == ["image", "call", "chat"]
    assert names(ratio, ("chat",)) == ["chat"]
    assert shortfall(CHAT, ratio) == 1


def test_the_words_so_far_weigh_more_than_a_ratio() -> None:
    edit = DrawRequest("x", (PICTURE,), HISTORY, "16:9")
    assert names(edit) == ["chat", "call"]
    assert names(edit, ("call",)) == ["call"]
    assert names(DrawRequest("x", history=HISTORY, aspect="16:9"))[0] == "image"


def test_a_size_needs_its_field() -> None:
    assert names(DrawRequest("x", size="2K")) == ["image", "chat", "call"]


def test_cheapest_for_this_request() -> None:
    assert names(DrawRequest("x"), ("cheapest",)) == ["chat", "image", "call"]
    # A long text makes tokens dearer than a call: 40,000 input tokens at $1 a million.
    assert names(DrawRequest("x" * 120_000), ("cheapest",)) == ["call", "chat", "image"]
    assert names(DrawRequest("x", aspect="16:9"), ("cheapest",)) == ["image", "call", "chat"]


def test_fastest_by_the_last_times() -> None:
    assert names(DrawRequest("x"), ("fastest",), call=4.0, chat=9.0, image=30.0) == [
        "call",
        "chat",
        "image",
    ]
    assert names(DrawRequest("x"), ("fastest",), chat=12.0) == ["image", "call", "chat"]
