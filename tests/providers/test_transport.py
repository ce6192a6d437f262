from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Iterator

import pytest
from aiohttp import web

from bot.errors import (
    BadAnswer,
    Billed,
    ModelWithdrawn,
    OutcomeUnknown,
    ProviderBusy,
    ProviderError,
    ProviderRejected,
)
from bot.providers.base import File, HttpAnswer, HttpRequest, Provider
from bot.providers.transport import Transport, budget

from .serving import (
    KEY,
    Server,
    always,
    catalogue,
    completion,
    cut,
    cut_inside,
    hang,
    in_turn,
    provider,
    serving,
)

POST = HttpRequest("POST", "/v1/chat/completions", json={"model": "m"})
GET = HttpRequest("GET", "/async_result", {"task_id": "t"})
PROFILE = catalogue().profile
FINE = always(completion("fine"), headers={"request-id": "r-1"})


async def call(
    server: Server | Provider,
    *,
    request: HttpRequest = POST,
    timeout_s: float = 5,
    attempts: int = 4,
    free: bool = False,
    limit: int = 1 << 26,
    auth: str = "bearer",
) -> HttpAnswer:
    target = server if isinstance(server, Provider) else provider(server)
    async with Transport(jitter=lambda: 0.0, answer_limit_bytes=limit) as transport:
        return await transport.call(
            target, auth, request, PROFILE, budget(timeout_s, attempts), free=free
        )


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as held:  # bound and not listening: refuses, and nobody else gets it
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ("bearer", "Authorization", f"Bearer {KEY}"),
        ("goog", "x-goog-api-key", KEY),
    ],
)
async def test_what_is_sent(auth: str, header: str, value: str) -> None:
    async with serving(FINE) as server:
        answer = await call(server, auth=auth)
        assert answer.request_id == "r-1"
        assert answer.status == 200
        sent = server.calls[0]
        assert sent.headers[header] == value
        assert sent.headers["Content-Type"] == "application/json"
        assert sent.json == {"model": "m"}
        names = {name.lower() for name in sent.headers}
        assert len(names & {"authorization", "x-goog-api-key"}) == 1


async def test_no_key_no_header_and_files_as_forms() -> None:
    async with serving(FINE) as server:
        request = HttpRequest("POST", "/up", file=File("file", "a.png", "image/png", b"bytes"))
        await call(provider(server, key=""), request=request)
        sent = server.calls[0]
        assert "Authorization" not in sent.headers
        assert b'name="file"; filename="a.png"' in sent.body
        assert b"image/png" in sent.body
        assert b"bytes" in sent.body


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 413, 422])
async def test_rejections_are_asked_once(status: int) -> None:
    async with serving(always({"error": {"message": "no"}}, status)) as server:
        with pytest.raises(ProviderRejected) as caught:
            await call(server)
        assert caught.value.billed is Billed.NO
        assert len(server.calls) == 1


@pytest.mark.parametrize("status", [408, 409, 500, 502, 503, 504, 524])
async def test_what_may_be_billed_is_asked_once(status: int) -> None:
    async with serving(always(b"upstream", status, {"request-id": "r-9"})) as server:
        with pytest.raises(OutcomeUnknown) as caught:
            await call(server)
        assert caught.value.billed is Billed.MAYBE
        assert caught.value.request_id == "r-9"
        assert len(server.calls) == 1


async def test_a_withdrawn_model_is_asked_once() -> None:
    body = {"error": {"err_code": -10008, "message": "no channel"}}
    async with serving(always(body, 503)) as server:
        with pytest.raises(ModelWithdrawn):
            await call(server)
        assert len(server.calls) == 1


async def test_429_is_repeated_after_what_it_asks_for() -> None:
    async with serving(in_turn(always(b"", 429, {"Retry-After": "1"}), FINE)) as server:
        began = time.monotonic()
        assert (await call(server)).status == 200
        assert time.monotonic() - began >= 1.0
        assert len(server.calls) == 2


async def test_429_without_end_uses_up_the_budget() -> None:
    async with serving(always(b"", 429, {"Retry-After": "0"})) as server:
        with pytest.raises(ProviderBusy) as caught:
            await call(server, attempts=3)
        assert caught.value.retry_after_s == 0
        assert len(server.calls) == 4


@pytest.mark.parametrize("asked", ["600", "4"])
async def test_a_long_wait_is_told_and_not_waited(asked: str) -> None:
    async with serving(always(b"", 429, {"Retry-After": asked})) as server:
        began = time.monotonic()
        with pytest.raises(ProviderBusy) as caught:
            await call(server, timeout_s=3)
        assert time.monotonic() - began < 3
        assert caught.value.retry_after_s == float(asked)
        assert len(server.calls) == 1


async def test_a_refused_connection_is_repeated_and_never_billed(closed_port: int) -> None:
    target = catalogue().provider("302ai", key=KEY, address=f"http://127.0.0.1:{closed_port}")
    began = time.monotonic()
    with pytest.raises(ProviderBusy) as caught:
        await call(target, attempts=1)
    assert caught.value.key == "provider_unreachable"
    assert caught.value.billed is Billed.NO
    assert time.monotonic() - began >= 0.2  # one pause


async def test_a_name_that_does_not_resolve_is_unreachable() -> None:
    target = catalogue().provider("302ai", key=KEY, address="http://nowhere.invalid")
    with pytest.raises(ProviderBusy) as caught:
        await call(target, attempts=0)
    assert caught.value.key == "provider_unreachable"


@pytest.mark.parametrize(("connect_s", "total_s"), [(0.2, 5), (5, 0.2)])
async def test_a_connection_that_takes_too_long_was_not_billed(
    connect_s: float, total_s: float
) -> None:
    # A listener whose queue is full takes no further connection: the time-out comes before
    # anything was sent.
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fill: list[socket.socket] = []
        try:
            for _ in range(4):
                one = socket.socket()
                one.setblocking(False)
                one.connect_ex(listener.getsockname())
                fill.append(one)
            target = catalogue().provider(
                "302ai", key=KEY, address=f"http://127.0.0.1:{listener.getsockname()[1]}"
            )
            async with Transport(connect_timeout_s=connect_s) as transport:
                with pytest.raises(ProviderBusy) as caught:
                    await transport.call(target, "bearer", POST, PROFILE, budget(total_s, 0))
            assert caught.value.billed is Billed.NO
        finally:
            for one in fill:
                one.close()


async def test_a_time_out_after_sending_is_unknown() -> None:
    async with serving(hang) as server:
        began = time.monotonic()
        with pytest.raises(OutcomeUnknown) as caught:
            await call(server, timeout_s=0.3)
        assert time.monotonic() - began < 10  # for ever, without the time-out
        assert caught.value.billed is Billed.MAYBE
        assert len(server.calls) == 1


async def test_a_connection_cut_after_the_request() -> None:
    async with serving(cut) as server:
        with pytest.raises(OutcomeUnknown):
            await call(server)
        assert len(server.calls) == 1


async def test_a_connection_cut_inside_the_answer_keeps_its_id() -> None:
    async with serving(cut_inside) as server:
        with pytest.raises(OutcomeUnknown) as caught:
            await call(server)
        assert caught.value.request_id == "cut-1"
        assert len(server.calls) == 1


async def test_a_free_call_is_repeated_all_the_same() -> None:
    async with serving(in_turn(cut, always(b"", 502), FINE)) as server:
        assert (await call(server, request=GET, free=True)).status == 200
        assert len(server.calls) == 3
        assert server.calls[0].query == {"task_id": "t"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(status: int) -> None:
    async with serving(FINE) as other:
        there = always(b"", status, {"Location": f"{other.url}/v1/chat/completions"})
        async with serving(there) as server:
            with pytest.raises(ProviderError):
                await call(server)
            assert len(server.calls) == 1
        assert other.calls == []


async def test_a_huge_answer_is_cut_off_early() -> None:
    written = 0
    ended = asyncio.Event()

    async def flood(request: web.Request, number: int) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse(headers={"request-id": "r-5"})
        await response.prepare(request)
        piece = b"A" * (1 << 20)
        try:
            for _ in range(500):
                await response.write(piece)
                written += len(piece)
        finally:
            ended.set()
        return response

    async with serving(flood) as server:
        with pytest.raises(BadAnswer) as caught:
            await call(server)
        assert caught.value.key == "answer_too_large"
        assert caught.value.billed is Billed.MAYBE
        assert caught.value.request_id == "r-5"
        await asyncio.wait_for(ended.wait(), 5)
        assert written < 70 << 20
        assert len(server.calls) == 1


async def test_a_huge_error_is_read_only_at_its_beginning() -> None:
    async with serving(always(b'{"detail": "' + b"x" * 5_000_000, 400)) as server:
        with pytest.raises(ProviderRejected) as caught:
            await call(server)
        assert len(caught.value.detail) <= 500


@pytest.mark.parametrize("status", [200, 400, 401, 429, 500])
async def test_the_key_is_never_in_a_log_or_an_error(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = {"error": {"message": f"the key {KEY} is wrong", "err_code": -10003}}
    async with serving(always(body, status, {"Retry-After": "0"})) as server:
        if status == 200:
            assert KEY.encode() not in (await call(server)).body
        else:
            with pytest.raises(ProviderError) as caught:
                await call(server, attempts=1)
            error = caught.value
            logging.getLogger("test").error("%r %s", error, error.detail, exc_info=error)
            assert "[key]" in error.detail
            assert error.__cause__ is None
    target = catalogue().provider("302ai", key=KEY, address=f"http://{KEY}.invalid")
    with pytest.raises(ProviderError) as caught:
        await call(target, attempts=0)
    logging.getLogger("test").error("failed", exc_info=caught.value)
    assert "302ai" in repr(target)
    assert KEY not in repr(target).replace(f"http://{KEY}.invalid", "")
    mine = [one for one in caplog.records if one.name.startswith(("bot", "test", "aiohttp"))]
    assert mine
    shown = logging.Formatter("%(name)s %(message)s")
    assert not [one for one in mine if KEY in shown.format(one)]


async def test_one_budget_for_several_calls() -> None:
    async with serving(always(b"", 429, {"Retry-After": "0"})) as server:
        limits = budget(5, 3)
        async with Transport(jitter=lambda: 0.0) as transport:
            for _ in range(3):
                with pytest.raises(ProviderBusy):
                    await transport.call(provider(server), "bearer", POST, PROFILE, limits)
        assert len(server.calls) == 3 + 3
