from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain.conversations import Line
from bot.domain.pricing import Tokens
from bot.domain.routes import DrawRequest
from bot.errors import BadAnswer, ProviderRefused
from bot.providers.base import Drawn, Input, Link, Outcome, Refusal, Words
from bot.providers.wire import gemini

from .serving import PNG, answered, b64, big_picture, catalogue, inside

ROUTE = catalogue().route("original-image")
BIG = big_picture()
LINK = "https://file.302.ai/gpt/imgs/a1.png"
USAGE = {
    "promptTokenCount": 12,
    "candidatesTokenCount": 1295,
    "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1290}],
    "totalTokenCount": 1307,
}


def answer(*parts: object, reason: str = "STOP", **more: object) -> dict[str, object]:
    candidate = {"content": {"role": "model", "parts": list(parts)}, "finishReason": reason}
    return {
        "candidates": [candidate | more],
        "usageMetadata": USAGE,
        "modelVersion": "gemini-2.5-flash-image",
    }


def parsed(value: object) -> Outcome:
    return gemini.parse(answered(value), ROUTE)


def inline(data: bytes) -> dict[str, object]:
    return {"inlineData": {"mimeType": "image/png", "data": b64(data)}}


@pytest.mark.parametrize("data", [PNG, BIG], ids=["small", "big"])
@pytest.mark.parametrize(
    "shape",
    ["inlineData", "inline_data", "text-markdown", "text-data", "fileData-like", "both"],
)
def test_every_shape(shape: str, data: bytes) -> None:
    shapes: dict[str, list[object]] = {
        "inlineData": [{"text": "Here."}, inline(data)],
        "inline_data": [{"inline_data": {"mime_type": "image/png", "data": b64(data)}}],
        "text-markdown": [{"text": f"![x](data:image/png;base64,{b64(data)})"}],
        "text-data": [{"text": f"data:image/png;base64,{b64(data)}"}],
        "fileData-like": [{"image_url": {"url": f"data:image/png;base64,{b64(data)}"}}],
        "both": [{"url": LINK}, inline(data)],
    }
    drawn = parsed(answer(*shapes[shape]))
    assert isinstance(drawn, Drawn)
    assert inside(drawn) == [("image/png", data)]
    assert drawn.tokens == Tokens(12, 1295)
    assert drawn.model == "gemini-2.5-flash-image"
    assert drawn.words == ("Here." if shape == "inlineData" else "")


@pytest.mark.parametrize(
    "part", [{"url": LINK}, {"image_url": LINK}, {"text": f"![i]({LINK})"}, {"text": LINK}]
)
def test_addresses(part: object) -> None:
    drawn = parsed(answer({"text": "Look: "}, part))
    assert isinstance(drawn, Drawn)
    assert drawn.pictures == (Link(LINK),)
    assert drawn.words == "Look:"


def test_thoughts_are_neither_picture_nor_words() -> None:
    thought: dict[str, object] = inline(BIG) | {"thought": True, "thoughtSignature": b64(BIG)}
    drawn = parsed(answer({"text": "hm", "thought": True}, thought, inline(PNG)))
    assert isinstance(drawn, Drawn)
    assert inside(drawn) == [("image/png", PNG)]
    assert (drawn.words, drawn.tokens) == ("", Tokens(12, 1295))


def test_words_alone() -> None:
    said = parsed(answer({"text": "A kite"}, {"text": "over a harbour."}))
    assert isinstance(said, Words)
    assert said.text == "A kite\n\nover a harbour."


@pytest.mark.parametrize(
    "reason",
    [
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "IMAGE_OTHER",
        "PROHIBITED_CONTENT",
        "SAFETY",
        "RECITATION",
        "BLOCKLIST",
        "SPII",
        "OTHER",
        "NO_IMAGE",
    ],
)
def test_a_blocked_output(reason: str) -> None:
    bare = {"candidates": [{"finishReason": reason, "index": 0}], "usageMetadata": USAGE}
    assert parsed(bare) == Refusal(reason, "", Tokens(12, 1295))
    told = parsed(answer(reason=reason, finishMessage="Unable to show it."))
    assert told == Refusal(reason, "Unable to show it.", Tokens(12, 1295))
    with_text = parsed(answer({"text": "I can't."}, reason=reason))
    assert with_text == Refusal(reason, "I can't.", Tokens(12, 1295))


@pytest.mark.parametrize(
    "reason", ["SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "NEW_ONE"]
)
def test_a_blocked_prompt(reason: str) -> None:
    assert parsed({"promptFeedback": {"blockReason": reason}}) == Refusal(reason, "", None)
    empty = {"candidates": [], "promptFeedback": {"blockReason": reason}}
    assert parsed(empty) == Refusal(reason, "", None)


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"candidates": []},
        {"candidates": None},
        {"candidates": [{}]},
        {"candidates": [{"content": {}}]},
        {"candidates": [{"content": {"parts": []}, "finishReason": "STOP"}]},
        {"candidates": [{"finishReason": "MAX_TOKENS"}]},
        {"candidates": [{"finishReason": "MALFORMED_RESPONSE"}]},
        answer({"text": "  "}),
        answer({"inlineData": {"mimeType": "image/png", "data": "%%"}}),
        {"candidates": [3, None]},
    ],
)
def test_nothing_in_it(value: object) -> None:
    with pytest.raises(BadAnswer) as caught:
        parsed(value)
    assert caught.value.key == "no_picture"


def test_an_error_with_200() -> None:
    with pytest.raises(ProviderRefused):
        parsed({"error": {"code": 400, "message": "PROHIBITED_CONTENT", "status": "X"}})


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"promptTokenCount": 3, "totalTokenCount": 1293}, Tokens(3, 1290)),
        (
            {"promptTokenCount": 3, "candidatesTokenCount": 7, "thoughtsTokenCount": 5},
            Tokens(3, 12),
        ),
        ({}, None),
        (None, None),
    ],
)
def test_usage(usage: object, tokens: Tokens | None) -> None:
    drawn = parsed(answer(inline(PNG)) | {"usageMetadata": usage})
    assert isinstance(drawn, Drawn)
    assert drawn.tokens == tokens


# ------------------------------------------------------------------------------ requests


def test_a_picture_with_ratio() -> None:
    built = gemini.build(DrawRequest("a red kite", aspect="16:9"), ROUTE, ())
    assert (built.method, built.path) == ("POST", "/google/v1/models/gemini-2.5-flash-image")
    assert built.query == {"response_format": "url"}
    assert built.json == {
        "contents": [{"role": "user", "parts": [{"text": "a red kite"}]}],
        "generationConfig": {
            "responseModalities": ["TEXT", "IMAGE"],
            "imageConfig": {"aspectRatio": "16:9"},
        },
    }


def test_an_edit_with_history_and_both_forms_of_input() -> None:
    request = DrawRequest("night", history=(Line("user", "a kite"), Line("assistant", "Here.")))
    inputs = (Input("image/png", b64="AAAA"), Input("image/jpeg", url="https://h/x.jpg"))
    built: Any = gemini.build(request, catalogue().route("gemini-edit"), inputs)
    assert built.path == "/v1/v1beta/models/gemini-2.5-flash-image:generateContent"
    assert built.json["contents"] == [
        {"role": "user", "parts": [{"text": "a kite"}]},
        {"role": "model", "parts": [{"text": "Here."}]},
        {
            "role": "user",
            "parts": [
                {"text": "night"},
                {"inline_data": {"mime_type": "image/png", "data": "AAAA"}},
                {"image_url": "https://h/x.jpg"},
            ],
        },
    ]
    assert "data:" not in json.dumps(built.json), "a data: URI in image_url is refused with 400"


def test_words_are_asked_for() -> None:
    built: Any = gemini.build(
        DrawRequest("describe", in_words=True), catalogue().route("gemini-chat"), ()
    )
    assert built.path == "/v1beta/models/gemini-2.5-flash-image:generateContent"
    assert built.query == {}
    assert built.json["generationConfig"] == {
        "responseModalities": ["TEXT"],
        "maxOutputTokens": 4096,
    }


def test_a_size_where_the_model_has_them() -> None:
    route = catalogue("gemini-3-pro-image").route("google")
    built: Any = gemini.build(DrawRequest("a kite", aspect="21:9", size="4K"), route, ())
    config = built.json["generationConfig"]["imageConfig"]
    assert config == {"aspectRatio": "21:9", "imageSize": "4K"}
