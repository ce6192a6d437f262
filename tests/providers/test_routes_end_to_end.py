"""Every route over real HTTP: drawing, editing, inputs, polling; calls and cost counted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web

from bot.domain.ids import BlobKey
from bot.domain.images import Stored
from bot.domain.routes import DrawRequest
from bot.errors import (
    BadAnswer,
    Billed,
    OutcomeUnknown,
    ProviderError,
    ProviderRefused,
    ProviderRejected,
    RequestError,
)
from bot.providers.draw import Result
from bot.providers.inputs import Inputs

from .serving import (
    PNG,
    Answer,
    Server,
    always,
    b64,
    catalogue,
    completion,
    cut,
    hang,
    in_turn,
    painting,
    serving,
)

STORED = Stored(BlobKey("0" * 64), "image/png", 64, 64, len(PNG))
FURTHER = ["chat", "chat-async", "google", "openrouter", "openai-compatible"]
NEW = ["gemini-image", "original-image", "per-call-image", "async-image", *FURTHER]
EDIT = ["gemini-edit", "original-edit", "per-call-edit", "async-edit", *FURTHER]
LATER = ["async-image", "async-edit", "chat-async"]


def good(route: str) -> Answer:
    """A server that answers a route as 302.AI's pages say, with links to itself."""

    async def answer(request: web.Request, number: int) -> web.StreamResponse:
        if request.path == "/files/out.png":
            return web.Response(body=PNG)
        link = f"http://{request.host}/files/out.png"
        headers = {"request-id": f"h-{number}"}
        if request.path == "/302/upload-file":
            return web.json_response({"code": 200, "data": f"http://{request.host}/in/{number}"})
        value: object
        if request.path == "/async_result":
            data = json.dumps(completion(f"![x]({link})"))
            polled = {"status_code": 200, "err": "", "data": data}
            value = polled if number >= 3 else {"err": "result pending"}
        elif request.method == "GET":
            done = {"images": [{"url": link, "content_type": "image/png"}]}
            value = done if number >= 3 else {"request_id": "r-1", "status": "IN_PROGRESS"}
        elif route.startswith(("gemini", "original", "google")):
            usage = {"promptTokenCount": 11, "candidatesTokenCount": 1290}
            parts = [{"text": "Here."}, {"url": link}]
            value = {"candidates": [{"content": {"parts": parts}}], "usageMetadata": usage}
        elif route.startswith("per-call"):
            value = {"images": [{"url": link}]}
        elif route.startswith("async"):
            value = {"request_id": "r-1", "status": "IN_QUEUE"}
        elif route == "chat-async":
            value = {"task_id": "r-1"}
        else:
            value = completion(f"![x]({link})")
        return web.json_response(value, headers=headers)

    return answer


async def draw(
    server: Server, route: str, *, edit: bool = False, timeout_s: float = 5, **more: Any
) -> Result:
    request = DrawRequest("a kite", (STORED, STORED) if edit else ())
    inputs = [("image/png", PNG), ("image/jpeg", PNG[1:])] if edit else []
    async with painting(server) as painter:
        return await painter.draw(
            catalogue().route(route), request, inputs, timeout_s=timeout_s, **more
        )


@pytest.mark.parametrize("route", NEW)
async def test_a_new_picture(route: str) -> None:
    async with serving(good(route)) as server:
        ids: list[str] = []

        async def keep(request_id: str) -> None:
            ids.append(request_id)
            assert len(server.calls) == 1, "before the first question for the result"

        result = await draw(server, route, on_request_id=keep)
        assert result.picture.read() == PNG
        assert ids == (["r-1"] if route in LATER else [])
        assert result.request_id == "h-0"
        paid = [call for call in server.calls if call.method == "POST"]
        assert len(paid) == 1
        price = catalogue().route(route).price
        if price.call_usd_micros:
            assert result.cost_usd_micros == 50_000
        else:
            assert 38_700 <= result.cost_usd_micros <= 38_715
        secret = paid[0].headers.get("x-goog-api-key" if route[0] == "g" else "Authorization")
        assert secret is not None
        assert secret.endswith("sk-secret-0123456789")


@pytest.mark.parametrize("route", EDIT)
async def test_an_edit_of_two_pictures(route: str) -> None:
    async with serving(good(route)) as server:
        result = await draw(server, route, edit=True)
        assert result.picture.read() == PNG
        uploads = [call for call in server.calls if call.path == "/302/upload-file"]
        sent = next(
            call.json
            for call in server.calls
            if call.method == "POST" and call.path != "/302/upload-file"
        )
        text = json.dumps(sent)
        if route in {"per-call-edit", "async-edit"}:
            assert len(uploads) == 2
            assert b'name="file"' in uploads[0].body
            assert PNG in uploads[0].body
            assert sent["image_urls"] == [f"{server.url}/in/0", f"{server.url}/in/1"]
            assert result.cost_usd_micros == 50_000 + 2 * 1_000
        else:
            assert not uploads
            assert b64(PNG) in text
            assert b64(PNG[1:]) in text
            assert text.index(b64(PNG)) < text.index(b64(PNG[1:]))


@pytest.mark.parametrize("route", NEW)
@pytest.mark.parametrize(
    ("status", "code", "billed"),
    [(400, -10003, Billed.NO), (503, -10008, Billed.NO), (500, -10003, Billed.MAYBE)],
)
async def test_an_error_is_asked_once(route: str, status: int, code: int, billed: Billed) -> None:
    body = {"error": {"err_code": code, "message": "no"}}
    async with serving(always(body, status)) as server:
        with pytest.raises(ProviderError) as caught:
            await draw(server, route)
        assert caught.value.billed is billed
        assert len(server.calls) == 1


@pytest.mark.parametrize("route", NEW)
@pytest.mark.parametrize("fault", [hang, cut])
async def test_an_end_that_is_unknown_is_asked_once(route: str, fault: Answer) -> None:
    async with serving(fault) as server:
        with pytest.raises(OutcomeUnknown):
            await draw(server, route, timeout_s=0.3)
        assert len(server.calls) == 1


# ------------------------------------------------------------------------------- results


async def test_questions_are_free_and_asked_again() -> None:
    link: list[str] = []

    async def ready(request: web.Request, number: int) -> web.StreamResponse:
        if request.path == "/out.png":
            return web.Response(body=PNG)
        link.append(f"http://{request.host}/out.png")
        return web.json_response({"images": [{"url": link[0]}]})

    queued = always({"request_id": "r-1", "status": "IN_QUEUE"})
    script = in_turn(queued, always(b"", 502), cut, always(b"", 429, {"Retry-After": "0"}), ready)
    async with serving(script) as server:
        assert (await draw(server, "async-image")).picture.read() == PNG
        assert [call.method for call in server.calls].count("POST") == 1


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
async def test_a_question_that_fails_leaves_the_outcome_unknown(status: int) -> None:
    queued = always({"request_id": "r-1", "status": "IN_QUEUE"})
    async with serving(in_turn(queued, always(b"", status, {"Retry-After": "0"}))) as server:
        with pytest.raises(OutcomeUnknown) as caught:
            await draw(server, "async-image", timeout_s=0.5)
        assert caught.value.request_id == "r-1"
        assert caught.value.billed is Billed.MAYBE
        assert [call.method for call in server.calls].count("POST") == 1


async def test_not_ready_in_time_and_resumed_later() -> None:
    async with serving(always({"request_id": "r-1", "status": "IN_PROGRESS"})) as server:
        with pytest.raises(OutcomeUnknown) as caught:
            await draw(server, "async-image", timeout_s=0.3)
        assert caught.value.request_id == "r-1"
        assert [call.method for call in server.calls].count("POST") == 1
    async with serving(good("async-image")) as server, painting(server) as painter:
        result = await painter.resume(
            catalogue().route("async-image"), DrawRequest("a kite"), "r-1", timeout_s=5
        )
        assert result.picture.read() == PNG
        assert result.cost_usd_micros == 50_000
        assert {call.method for call in server.calls} == {"GET"}
        assert server.calls[0].query == {"request_id": "r-1"}


async def test_a_job_that_failed_or_was_refused() -> None:
    queued = always({"request_id": "r-1", "status": "IN_QUEUE"})
    for value, kind in (
        ({"request_id": "r-1", "status": "FAILED", "error": "it broke"}, BadAnswer),
        ({"request_id": "r-1", "status": "FAILED", "error": "IMAGE_SAFETY"}, ProviderRefused),
    ):
        async with serving(in_turn(queued, always(value))) as server:
            with pytest.raises(kind) as caught:
                await draw(server, "async-image")
            assert caught.value.request_id == "r-1"


async def test_a_promise_from_a_route_that_answers_at_once() -> None:
    async with serving(always({"task_id": "t-1"})) as server:
        with pytest.raises(BadAnswer):
            await draw(server, "chat")


# -------------------------------------------------------------------------------- inputs


async def test_one_job_uploads_and_encodes_once() -> None:
    files = Inputs([("image/png", PNG)])
    request = DrawRequest("night", (STORED,))
    async with serving(good("per-call-edit")) as server, painting(server) as painter:
        for _ in range(2):
            route = catalogue().route("per-call-edit")
            await painter.draw(route, request, files, timeout_s=5)
        paths = [call.path for call in server.calls]
        assert paths.count("/302/upload-file") == 1


@pytest.mark.parametrize(
    ("answer", "kind", "key"),
    [
        (always({"code": 500, "msg": "disk full"}), BadAnswer, "upload_failed"),
        (always({"code": 200, "data": ""}), BadAnswer, "upload_failed"),
        (always(b"<html>"), BadAnswer, "upload_failed"),
        (always(b"", 413), ProviderRejected, "provider_too_large"),
        (always(b"", 500), OutcomeUnknown, "outcome_unknown"),
        (cut, OutcomeUnknown, "outcome_unknown"),
    ],
)
async def test_an_upload_that_fails_draws_nothing(
    answer: Answer, kind: type[ProviderError], key: str
) -> None:
    async with serving(answer) as server:
        with pytest.raises(kind) as caught:
            await draw(server, "per-call-edit", edit=True)
        assert caught.value.key == key
        assert [call.path for call in server.calls] == ["/302/upload-file"]


async def test_a_provider_without_upload_and_too_many_pictures() -> None:
    async with serving(always(b"")) as server, painting(server) as painter:
        route = catalogue().route("per-call-edit")
        with pytest.raises(RequestError) as caught:
            await painter.draw(route, DrawRequest("mix"), [("image/png", PNG)] * 4, timeout_s=5)
        assert caught.value.key == "too_many_pictures"
        assert server.calls == []
