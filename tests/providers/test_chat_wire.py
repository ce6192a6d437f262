from __future__ import annotations

import json
import time
from typing import Any

import pytest

from bot.domain.conversations import Line
from bot.domain.pricing import Tokens
from bot.domain.routes import DrawRequest
from bot.errors import BadAnswer, ModelWithdrawn, ProviderRejected, RequestError
from bot.providers.base import Drawn, Inline, Input, Link, Refusal, Words
from bot.providers.wire import chat

from .serving import PNG, answered, b64, big_picture, catalogue, completion

ROUTE = catalogue().route("chat")
BIG = big_picture()
LINK = "https://file.302.ai/gpt/imgs/20261101/a1.png"


def parsed(value: object) -> Any:
    return chat.parse(answered(value), ROUTE)


def uri(data: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{b64(data)}"


def shapes(data: bytes) -> dict[str, dict[str, object]]:
    part = {"type": "image_url", "image_url": {"url": uri(data)}}
    return {
        "markdown-data": completion(f"Here it is.\n\n![image]({uri(data)})\n\nEnjoy!"),
        "markdown-data-title": completion(f'![a picture]( <{uri(data)}> "t")'),
        "markdown-data-no-bang": completion(f"[image]({uri(data)})"),
        "markdown-unclosed": completion(f"![image]({uri(data)}"),
        "bare-data": completion(f"Here: {uri(data)} Enjoy!"),
        "bare-data-alone": completion(uri(data)),
        "data-with-parameter": completion(f"![i](data:image/png;charset=utf-8;base64,{b64(data)})"),
        "bare-base64": completion(b64(data)),
        "content-parts": completion([{"type": "text", "text": "Here."}, part]),
        "content-parts-plain": completion([{"type": "image_url", "image_url": uri(data)}]),
        "content-parts-markdown": completion([{"type": "text", "text": f"![x]({uri(data)})"}]),
        "images": completion("Here.", images=[part]),
        "images-null-content": completion(None, images=[part]),
        "images-empty-content": completion("", images=[{"url": uri(data)}]),
        "image-data": completion("Here.", image=[{"data": b64(data), "mime_type": "image/png"}]),
        "image-data-uri": completion("Here.", image=[{"data": uri(data)}]),
        "image-one": completion("Here.", image={"data": b64(data)}),
        "inline-data": completion([{"inline_data": {"mime_type": "image/png", "data": b64(data)}}]),
    }


@pytest.mark.parametrize("name", list(shapes(PNG)))
@pytest.mark.parametrize("data", [PNG, BIG], ids=["small", "big"])
def test_every_shape_gives_the_same_bytes(name: str, data: bytes) -> None:
    drawn = parsed(shapes(data)[name])
    assert isinstance(drawn, Drawn)
    assert len(drawn.pictures) == 1
    found = drawn.pictures[0]
    assert isinstance(found, Inline)
    assert found.picture.read() == data
    assert drawn.tokens == Tokens(11, 1290)
    assert drawn.model == "gemini-2.5-flash-image"
    assert "base64" not in drawn.words


@pytest.mark.parametrize("name", list(shapes(PNG)))
def test_every_shape_with_escaped_slashes(name: str) -> None:
    body = json.dumps(shapes(BIG)[name]).encode().replace(b"/", b"\\/")
    drawn = chat.parse(answered(body), ROUTE)
    assert isinstance(drawn, Drawn)
    assert isinstance(drawn.pictures[0], Inline)
    assert drawn.pictures[0].picture.read() == BIG


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"![image]({LINK})", ""),
        (f"Here!\n\n![image]({LINK})\n\n[download]({LINK})", "Here!"),
        (f"Here: {LINK}", "Here:"),
        (f"See {LINK}?sig=a%2Fb.", "See"),
        (LINK.removesuffix(".png"), ""),
        ([{"type": "image_url", "image_url": {"url": LINK}}], ""),
    ],
)
def test_links(content: object, words: str) -> None:
    drawn = parsed(completion(content))
    assert isinstance(drawn, Drawn)
    assert len(drawn.pictures) == 1
    assert isinstance(drawn.pictures[0], Link)
    assert drawn.pictures[0].url.startswith(LINK.removesuffix(".png"))
    assert drawn.words == words


def test_the_documented_order() -> None:
    other = PNG + b"other"
    data, link = f"![a]({uri(PNG)})", f"![b]({LINK})"
    assert parsed(completion(f"{link} {data}")).pictures[0].picture.read() == PNG
    assert parsed(completion(f"{uri(other)} {link}")).pictures[0] == Link(LINK)
    assert parsed(completion(f"{LINK} {uri(PNG)}")).pictures[0].picture.read() == PNG
    image = [{"image_url": {"url": uri(other)}}]
    assert parsed(completion(LINK, images=image)).pictures[0] == Link(LINK)
    both = completion("x", images=image, image=[{"data": b64(PNG)}])
    assert parsed(both).pictures[0].picture.read() == other


def test_two_pictures_and_the_text_beside_them() -> None:
    drawn = parsed(completion(f"One\n\n![1]({uri(PNG)})\n\n\n\ntwo ![2]({uri(BIG)}) three"))
    assert [one.picture.read() for one in drawn.pictures] == [PNG, BIG]
    assert drawn.words == "One\n\ntwo  three"


def test_text_alone_is_words_and_is_kept_whole() -> None:
    said = "I can't draw that. See https://policies.example.com/rules and 2 * 3 = 6 ![x"
    assert parsed(completion(said)) == Words(said, Tokens(11, 1290), "gemini-2.5-flash-image")
    long = "A" * 5000
    assert parsed(completion(f"Look: {long}.")).text == f"Look: {long}."


def test_nothing_of_it_breaks_a_database() -> None:
    assert parsed(completion("a\0b\ud83d")).text == "ab?"


@pytest.mark.parametrize("reason", ["content_filter", "SAFETY", "image_safety", "NO_IMAGE"])
@pytest.mark.parametrize("content", ["I can't.", "", None])
def test_a_filter_is_a_refusal(reason: str, content: str | None) -> None:
    value: Any = completion(content)
    value["choices"][0]["finish_reason"] = reason
    assert parsed(value) == Refusal(reason.upper(), content or "", Tokens(11, 1290))


def test_openais_refusal_field() -> None:
    assert parsed(completion(None, refusal="No.")) == Refusal("text", "No.", Tokens(11, 1290))


@pytest.mark.parametrize(
    "value",
    [
        completion(""),
        completion(None),
        completion("  \n"),
        completion([]),
        completion(None, images=[]),
        completion(None, images=[{"image_url": {"url": "data:image/png;base64,%%%"}}]),
        {"choices": []},
        {"choices": None},
        {"choices": [{"message": None}]},
        {"choices": [None, 3, "x"]},
        {},
    ],
)
def test_nothing_in_it(value: object) -> None:
    with pytest.raises(BadAnswer) as caught:
        parsed(value)
    assert caught.value.key == "no_picture"


@pytest.mark.parametrize("value", [[], "text", 3, None])
def test_json_that_is_no_object(value: object) -> None:
    with pytest.raises(BadAnswer) as caught:
        parsed(value)
    assert caught.value.key == "answer_not_json"


def test_an_error_that_came_with_200() -> None:
    with pytest.raises(ModelWithdrawn):
        parsed({"error": {"err_code": -10008, "message": "no channel"}})
    with pytest.raises(ProviderRejected):
        parsed({"code": -10004, "msg": "balance"})


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        (None, None),
        ({}, None),
        ({"prompt_tokens": 0, "completion_tokens": 0}, None),
        ({"prompt_tokens": "many"}, None),
        ({"prompt_tokens": -5, "completion_tokens": 7}, Tokens(0, 7)),
        ({"prompt_tokens": 1e400, "completion_tokens": 7.0}, Tokens(0, 7)),
        ({"input_tokens": 3, "output_tokens": 4}, Tokens(3, 4)),
    ],
)
def test_usage(usage: object, tokens: Tokens | None) -> None:
    assert parsed(completion(uri(PNG)) | {"usage": usage}).tokens == tokens


def test_openrouters_own_figure_rounds_up() -> None:
    value = completion(uri(PNG)) | {"usage": {"prompt_tokens": 1, "cost": 0.0387001}}
    assert parsed(value).paid_usd_micros == 38_701


@pytest.mark.parametrize(
    "piece", ["![", "![a](data:image/png;base64,AAAA ", "https://", "((((", "[a]("]
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    def took(size: int) -> float:
        value = completion(piece * (size // len(piece)))
        began = time.perf_counter()
        parsed(value)
        return time.perf_counter() - began

    small, large = min(took(50_000), took(50_000)), min(took(300_000), took(300_000))
    assert large < max(small, 0.002) * 6 * 4


# ------------------------------------------------------------------------------ requests


def test_the_plainest_request() -> None:
    built = chat.build(DrawRequest("a red kite"), ROUTE, ())
    assert (built.method, built.path, built.query) == ("POST", "/v1/chat/completions", {})
    assert built.json == {
        "model": "gemini-2.5-flash-image",
        "stream": False,
        "messages": [{"role": "user", "content": "a red kite"}],
    }


def test_history_ratio_and_pictures_in_the_last_message() -> None:
    request = DrawRequest(
        "make it night",
        history=(Line("user", "a kite"), Line("assistant", "Here it is.")),
        aspect="16:9",
    )
    inputs = (Input("image/png", b64="AAAA"), Input("image/jpeg", url="https://h/x.jpg"))
    built: Any = chat.build(request, ROUTE, inputs).json
    assert built["messages"] == [
        {"role": "user", "content": "a kite"},
        {"role": "assistant", "content": "Here it is."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "make it night\n\nAspect ratio 16:9."},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
                {"type": "image_url", "image_url": {"url": "https://h/x.jpg"}},
            ],
        },
    ]


def test_a_fourth_picture_is_refused_not_dropped() -> None:
    with pytest.raises(RequestError) as caught:
        chat.build(DrawRequest("mix"), ROUTE, [Input("image/png", b64="AAAA")] * 4)
    assert caught.value.values == {"limit": 3, "given": 4}


def test_openrouter_asks_for_pictures_and_has_a_field_for_the_ratio() -> None:
    route = catalogue().route("openrouter")
    built: Any = chat.build(DrawRequest("a kite", aspect="3:2"), route, ()).json
    assert built["model"] == "google/gemini-2.5-flash-image"
    assert json.loads(json.dumps(built["modalities"])) == ["image", "text"]
    assert built["image_config"] == {"aspect_ratio": "3:2"}
    assert built["messages"] == [{"role": "user", "content": "a kite"}]
    said: Any = chat.build(DrawRequest("describe", in_words=True), route, ()).json
    assert said["modalities"] == ["text"]
