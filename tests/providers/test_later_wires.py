"""The pay-per-use form, and the two whose answer comes later."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain.pricing import Tokens
from bot.domain.routes import DrawRequest
from bot.errors import (
    BadAnswer,
    Billed,
    OutcomeUnknown,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    ProviderRejected,
)
from bot.providers.base import Drawn, Inline, Input, Link, Outcome, Pending, Refusal
from bot.providers.wire import asynchronous, chat_async, percall

from .serving import PNG, answered, b64, big_picture, catalogue, completion, inside

CALL = catalogue().route("per-call-image")
EDIT = catalogue().route("per-call-edit")
ASYNC = catalogue().route("async-image")
RESULT = catalogue().route("async-result")
CHAT = catalogue().route("chat-async")
CHAT_RESULT = catalogue().route("chat-async-result")
LINK = "https://file.302.ai/gpt/imgs/a1.png"
BIG = big_picture()

READY: list[dict[str, object]] = [
    {"images": [{"url": LINK, "content_type": "image/png"}], "description": "Here."},
    {"images": [LINK]},
    {"images": {"url": LINK}},
    {"id": "1", "status": "COMPLETED", "output": LINK, "error": ""},
    {"id": "1", "model": "m", "status": "succeeded", "output": [LINK], "error": None},
    {"output": {"url": LINK}},
    {"image_url": LINK},
    {"request_id": "r-1", "status": "COMPLETED", "images": [{"url": LINK}]},
]


@pytest.mark.parametrize("value", READY)
def test_ready_in_every_shape(value: dict[str, object]) -> None:
    at_once = percall.parse(answered(value), CALL)
    late = asynchronous.parse_result(answered(value), RESULT, "r-1")
    assert at_once == late
    assert isinstance(late, Drawn)
    assert late.pictures == (Link(LINK),)
    assert late.words == value.get("description", "")


def test_a_picture_inside_the_answer() -> None:
    for one in ({"url": f"data:image/png;base64,{b64(BIG)}"}, {"b64_json": b64(BIG)}):
        drawn = percall.parse(answered({"images": [one]}), CALL)
        assert isinstance(drawn, Drawn)
        assert isinstance(drawn.pictures[0], Inline)
        assert drawn.pictures[0].picture.read() == BIG


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({}, BadAnswer),
        ({"images": []}, BadAnswer),
        ({"output": "", "status": "COMPLETED"}, BadAnswer),
        ({"detail": "unknown parameter"}, BadAnswer),
        ({"status": "failed", "error": "it broke"}, BadAnswer),
        ({"status": "FAILED", "error": "content policy violation"}, ProviderRefused),
        ({"status": "failed", "error": {"message": "IMAGE_SAFETY"}}, ProviderRefused),
        ({"error": {"err_code": -10004, "message": "balance"}}, ProviderRejected),
        ([], BadAnswer),
    ],
)
def test_no_picture(value: object, kind: type[ProviderError]) -> None:
    with pytest.raises(kind) as caught:
        percall.parse(answered(value), CALL)
    assert caught.value.billed is Billed.MAYBE


def test_what_is_sent() -> None:
    built = percall.build(DrawRequest("a kite", aspect="3:2"), CALL, ())
    assert (built.method, built.path) == ("POST", "/302/submit/gemini-2.5-flash-image")
    assert built.json == {"prompt": "a kite", "aspect_ratio": "3:2"}
    inputs = [Input("image/png", url=LINK), Input("image/png", url=LINK)]
    built = percall.build(DrawRequest("night", aspect="3:2"), EDIT, inputs)
    assert built.path == "/302/submit/gemini-2.5-flash-image-edit"
    assert built.json == {"prompt": "night\n\nAspect ratio 3:2.", "image_urls": [LINK, LINK]}
    built = asynchronous.build(DrawRequest("a kite"), ASYNC, ())
    assert built.path == "/302/submit/gemini-2.5-flash-image-async"
    assert built.json == {"prompt": "a kite"}
    asked = asynchronous.poll(RESULT, "r-1")
    assert (asked.method, asked.path) == ("GET", "/302/submit/gemini-2.5-flash-image-async")
    assert asked.query == {"request_id": "r-1"}
    assert asked.json is None


# --------------------------------------------------------------- asynchronous (9 to 11)


def test_a_promise() -> None:
    value = {"request_id": "r-1", "status": "IN_QUEUE"}
    assert asynchronous.parse(answered(value), ASYNC) == Pending("r-1")


def test_a_promise_that_is_kept_at_once() -> None:
    assert isinstance(asynchronous.parse(answered(READY[0]), ASYNC), Drawn)


@pytest.mark.parametrize("value", [{"status": "no such model"}, {"detail": "bad"}, {}])
def test_no_promise(value: object) -> None:
    with pytest.raises(BadAnswer):
        asynchronous.parse(answered(value), ASYNC)


@pytest.mark.parametrize(
    "value",
    [
        {"request_id": "r-1", "status": "IN_PROGRESS"},
        {"request_id": "r-1", "detail": "Request is still in progress"},
        {"request_id": "r-1"},
        {"id": "r-1", "status": "IN_PROGRESS", "output": ""},
        {"id": "r-1", "status": "IN_QUEUE", "output": None, "error": None},
    ],
)
def test_not_yet(value: object) -> None:
    assert asynchronous.parse_result(answered(value), RESULT, "r-1") == Pending("r-1")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"request_id": "r-1", "status": "FAILED"}, BadAnswer),
        ({"id": "r-1", "status": "failed", "error": "safety"}, ProviderRefused),
        ({"detail": "request not found"}, BadAnswer),
        ({"id": "r-1", "status": "COMPLETED", "output": ""}, BadAnswer),
        ({}, BadAnswer),
    ],
)
def test_never(value: object, kind: type[ProviderError]) -> None:
    with pytest.raises(kind):
        asynchronous.parse_result(answered(value), RESULT, "r-1")


# ------------------------------------------------------------------- chat, async=true


def test_chat_async_sends_what_chat_sends() -> None:
    built: Any = chat_async.build(DrawRequest("a kite"), CHAT, ())
    assert built.path == "/v1/chat/completions"
    assert built.query == {"async": "true"}
    assert built.json["stream"] is False
    asked = chat_async.poll(CHAT_RESULT, "t-1")
    assert (asked.method, asked.path, asked.query) == ("GET", "/async_result", {"task_id": "t-1"})


def test_chat_async_promises_or_answers_at_once() -> None:
    assert chat_async.parse(answered({"task_id": "t-1"}), CHAT) == Pending("t-1")
    assert chat_async.parse(answered({"task_id": 7}), CHAT) == Pending("7")
    at_once = chat_async.parse(answered(completion(f"![x]({LINK})")), CHAT)
    assert isinstance(at_once, Drawn)


def result(value: object) -> Outcome:
    return chat_async.parse_result(answered(value), CHAT_RESULT, "t-1")


@pytest.mark.parametrize("data", [PNG, BIG], ids=["small", "big"])
@pytest.mark.parametrize("as_text", [False, True])
def test_chat_async_result(data: bytes, *, as_text: bool) -> None:
    inner: object = completion(f"Here!\n![x](data:image/png;base64,{b64(data)})")
    inner = json.dumps(inner) if as_text else inner
    drawn = result({"status_code": 200, "err": "", "data": inner})
    assert isinstance(drawn, Drawn)
    assert inside(drawn) == [("image/png", data)]
    assert drawn.words == "Here!"
    assert drawn.tokens == Tokens(11, 1290)


def test_chat_async_not_yet_and_bare() -> None:
    assert result({"err": "result pending"}) == Pending("t-1")
    assert isinstance(result(completion(f"![x]({LINK})")), Drawn)
    blocked = {"choices": [{"finish_reason": "content_filter", "message": {}}]}
    assert result({"status_code": 200, "err": "", "data": blocked}) == Refusal("CONTENT_FILTER")


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize(
    ("status", "kind", "billed"),
    [
        (400, ProviderRejected, Billed.NO),
        (429, ProviderBusy, Billed.NO),
        (500, OutcomeUnknown, Billed.MAYBE),
        (524, OutcomeUnknown, Billed.MAYBE),
    ],
)
def test_chat_async_failed(
    status: int, kind: type[ProviderError], billed: Billed, *, as_text: bool
) -> None:
    inner: object = {"error": {"err_code": -10003, "message": "wrong"}}
    inner = json.dumps(inner) if as_text else inner
    with pytest.raises(kind) as caught:
        result({"status_code": status, "err": "", "data": inner})
    assert caught.value.billed is billed
    assert "wrong" in caught.value.detail


@pytest.mark.parametrize(
    "value",
    [
        {"err": "task not found"},
        {"status_code": 200, "err": "", "data": None},
        {"status_code": 200, "err": "", "data": "<html>"},
        {"status_code": 200, "err": "", "data": "{}"},
        {},
    ],
)
def test_chat_async_without_an_answer(value: object) -> None:
    with pytest.raises(BadAnswer):
        result(value)
