from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest

from bot.standins.provider import Shape
from tests.standins.provider_client import (
    KEY,
    MODEL,
    Client,
    flat,
    image_part,
    opened,
    text_part,
    uri,
)

PHOTO = flat()


def body(**changes: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "model": MODEL,
        "messages": [{"role": "user", "content": "a red kite"}],
    }
    return {name: one for name, one in (usual | changes).items() if one is not ...}


def said(*parts: object) -> list[object]:
    return [{"role": "user", "content": list(parts)}]


REFUSED: dict[str, tuple[dict[str, object], int, int]] = {
    "no model": (body(model=...), 400, -10003),
    "unknown model": (body(model="gemini-9"), 503, -10008),
    "no messages": (body(messages=[]), 400, -10003),
    "messages no list": (body(messages="a kite"), 400, -10003),
    "streamed": (body(stream=True), 400, -10003),
    "ratio field": (body(aspect_ratio="16:9"), 400, -10003),
    "n zero": (body(n=0), 400, -10003),
    "strange role": (body(messages=[{"role": "painter", "content": "x"}]), 400, -10003),
    "blank": (body(messages=[{"role": "user", "content": "  "}]), 400, -10003),
    "picture without words": (body(messages=said(image_part(PHOTO))), 400, -10003),
    "ends with the assistant": (
        body(messages=[{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]),
        400,
        -10003,
    ),
    "assistant sends a picture": (
        body(
            messages=[
                {"role": "assistant", "content": [image_part(PHOTO)]},
                {"role": "user", "content": "x"},
            ]
        ),
        400,
        -10003,
    ),
    "unknown part": (body(messages=said(text_part("x"), {"type": "image"})), 400, -10003),
    "link as plain text": (
        body(messages=said(text_part("x"), {"type": "image_url", "image_url": uri(PHOTO)})),
        400,
        -10003,
    ),
    "picture too small": (
        body(messages=said(text_part("x"), image_part(flat(63, 200)))),
        400,
        -10003,
    ),
    "gif": (
        body(messages=said(text_part("x"), image_part(flat(form="GIF"), "image/gif"))),
        400,
        -10003,
    ),
    "wrong type": (
        body(messages=said(text_part("x"), image_part(PHOTO, "image/jpeg"))),
        400,
        -10003,
    ),
    "no picture": (
        body(messages=said(text_part("x"), image_part(b"not a picture"))),
        400,
        -10003,
    ),
    "picture over 7 MB": (
        body(messages=said(text_part("x"), image_part(PHOTO + bytes(7 * 1024 * 1024)))),
        413,
        -10003,
    ),
    "foreign link": (
        body(
            messages=said(
                text_part("x"),
                {"type": "image_url", "image_url": {"url": "https://example.net/a.png"}},
            )
        ),
        400,
        -10003,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_refuses_what_the_documentation_refuses(name: str) -> None:
    wrong, status, err_code = REFUSED[name]
    async with opened() as client:
        answer = await client.post("/v1/chat/completions", wrong)
        assert (answer.status, answer.json["error"]["err_code"]) == (status, err_code)
        assert client.server.said == []
        assert client.server.billed_usd_micros == 0
        assert [call.route for call in client.server.calls] == ["chat"]


@pytest.mark.parametrize(
    ("headers", "err_code", "key"),
    [
        ({"Authorization": ""}, -10001, "missing"),
        ({"Authorization": "Bearer other"}, -10002, "wrong"),
        ({"Authorization": f"Basic {KEY}"}, -10001, "missing"),
    ],
)
async def test_takes_one_key_only(headers: dict[str, str], err_code: int, key: str) -> None:
    async with opened() as client:
        answer = await client.post("/v1/chat/completions", body(), headers=headers)
        assert (answer.status, answer.json["error"]["err_code"]) == (401, err_code)
        assert client.server.calls[0].key == key


async def test_notes_the_call_without_the_key() -> None:
    async with opened() as client:
        answer = await client.chat([text_part("make it night"), image_part(PHOTO)])
        (call,) = client.server.calls
        assert call.route == "chat"
        assert call.key == "right"
        assert call.request_id == answer.headers["request-id"]
        assert call.pictures[0].data == PHOTO
        assert KEY not in repr(call)
        assert call.headers["authorization"] == "Bearer …"
        assert call.body == body(messages=said(text_part("make it night"), image_part(PHOTO)))


def _content(message: dict[str, Any], pattern: str) -> str:
    found = re.fullmatch(pattern, message["content"], re.DOTALL)
    assert found is not None, message["content"][:200]
    return found[1]


LINK = r"http://127\.0\.0\.1:\d+/file/\w+\.png"
DATA = r"data:image/png;base64,[\w+/]+=*"
READ: dict[Shape, Callable[[dict[str, Any]], str]] = {
    Shape.MARKDOWN_LINK: lambda m: _content(m, rf"!\[image\]\(({LINK})\)"),
    Shape.MARKDOWN_DATA: lambda m: _content(m, rf"!\[image\]\(({DATA})\)"),
    Shape.BARE_LINK: lambda m: _content(m, rf"({LINK})"),
    Shape.BARE_DATA: lambda m: _content(m, rf"({DATA})"),
    Shape.BARE_BASE64: lambda m: "data:," + _content(m, r"([\w+/]+=*)"),
    Shape.PARTS: lambda m: m["content"][1]["image_url"]["url"],
    Shape.IMAGES: lambda m: m["images"][0]["image_url"]["url"],
    Shape.IMAGE: lambda m: "data:," + m["image"][0]["data"],
    Shape.TEXT_AND_PICTURE: lambda m: _content(m, rf"Here is .*\n\n!\[image\]\(({LINK})\)"),
}


async def _picture(client: Client, address: str) -> bytes:
    if address.startswith("data:"):
        return base64.b64decode(address.partition(",")[2], validate=True)
    return (await client.get(address, key="")).body


@pytest.mark.parametrize("shape", READ)
async def test_every_shape_carries_the_picture(shape: Shape) -> None:
    async with opened(shape=shape) as client:
        answer = await client.chat("a red kite")
        message = answer.json["choices"][0]["message"]
        (meant,) = client.server.said
        assert await _picture(client, READ[shape](message)) == meant.pictures[0].data
        usage = answer.json["usage"]
        assert usage["prompt_tokens"] == meant.input_tokens
        assert usage["completion_tokens"] == meant.output_tokens >= 1290
        assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


@pytest.mark.parametrize(("shape", "words"), [(Shape.TEXT, "I'm sorry"), (Shape.EMPTY, "")])
async def test_answers_without_a_picture(shape: Shape, words: str) -> None:
    async with opened(shape=shape) as client:
        answer = await client.chat("a red kite")
        content = answer.json["choices"][0]["message"]["content"]
        assert content.startswith(words)
        assert bool(content) == bool(words)
        assert client.server.said[0].pictures == ()


async def test_bills_by_tokens_rounded_up() -> None:
    async with opened() as client:
        await client.chat("kite")  # 1 token in, 1290 out
        assert client.server.billed_usd_micros == 38_701  # 0.3 + 38 700, up to a whole one


async def test_the_ratio_comes_from_the_words_or_from_the_input() -> None:
    async with opened() as client:
        await client.chat("a harbour. Aspect ratio 16:9")
        await client.chat([text_part("make it night"), image_part(flat(832, 1248))])
        await client.chat("at 12:30 on a ship")
        drawn = [one.pictures[0] for one in client.server.said]
        assert [(one.width_px, one.height_px) for one in drawn] == [
            (1344, 768),
            (832, 1248),
            (1024, 1024),
        ]


async def test_works_on_the_pictures_of_the_last_turn() -> None:
    async with opened() as client:
        old, new = flat(colour="#a01010"), flat(colour="#10a010")
        await client.chat(
            [text_part("first"), image_part(old)],
            {"role": "assistant", "content": "(a picture)"},
            [text_part("second"), image_part(new)],
        )
        assert [one.data for one in client.server.calls[0].pictures] == [new]


async def test_an_earlier_picture_is_used_when_the_last_turn_has_none() -> None:
    async with opened() as client:
        await client.chat(
            [text_part("first"), image_part(PHOTO)],
            {"role": "assistant", "content": "(a picture)"},
            "make it night",
        )
        assert [one.data for one in client.server.calls[0].pictures] == [PHOTO]


async def test_its_own_links_are_taken_as_inputs() -> None:
    async with opened() as client:
        first = await client.chat("a red kite")
        link = READ[Shape.MARKDOWN_LINK](first.json["choices"][0]["message"])
        again = {"type": "image_url", "image_url": {"url": link}}
        answer = await client.chat([text_part("make it night"), again])
        assert answer.status == 200
        assert client.server.calls[-1].pictures[0].source == "link"
        assert client.server.calls[-1].pictures[0].data == client.server.said[0].pictures[0].data


async def test_openrouter_draws_only_when_asked_for_pictures() -> None:
    async with opened() as client:
        asked: dict[str, Any] = {
            "model": f"google/{MODEL}",
            "messages": [{"role": "user", "content": "a red kite"}],
        }
        words = await client.post("/api/v1/chat/completions", asked)
        assert "images" not in words.json["choices"][0]["message"]
        asked["modalities"] = ["image", "text"]
        drawn = await client.post("/api/v1/chat/completions", asked)
        url = drawn.json["choices"][0]["message"]["images"][0]["image_url"]["url"]
        assert await _picture(client, url) == client.server.said[-1].pictures[0].data
        assert [call.route for call in client.server.calls] == ["openrouter", "openrouter"]


async def test_the_newest_calls_keep_their_pictures() -> None:
    async with opened(remember=1) as client:
        for _ in range(3):
            await client.chat([text_part("make it night"), image_part(PHOTO)])
        calls = client.server.calls
        assert [len(call.pictures[0].data) for call in calls] == [0, 0, len(PHOTO)]
        assert len({call.pictures[0].sha256 for call in calls}) == 1
        assert [len(one.pictures[0].data) > 0 for one in client.server.said] == [False, False, True]
