from __future__ import annotations

import asyncio
import datetime as dt
import io
import json
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest
from PIL import Image

from bot.standins.provider import Fault, Kind, Shape
from tests.standins.provider_client import KEY, MODEL, Answer, Client, eventually, opened

KITE = {"model": MODEL, "messages": [{"role": "user", "content": "a kite"}]}
HEADERS = {"Authorization": f"Bearer {KEY}"}


def _link(answer: Answer) -> str:
    content: str = answer.json["choices"][0]["message"]["content"]
    return content.removeprefix("![image](").removesuffix(")")


async def _file(client: Client, fault: Fault) -> bytes:
    client.server.faults.once(fault)
    return (await client.get(_link(await client.chat("a kite")), key="")).body


@pytest.mark.parametrize(
    ("fault", "read"),
    [
        (Fault(Kind.STATUS, status=402, err_code=-10004), lambda j: j["error"]["err_code"]),
        (Fault(Kind.STATUS, 402, -10004, family="code_msg"), lambda j: j["code"]),
        (Fault(Kind.STATUS, 402, -10004, family="code_message"), lambda j: j["code"]),
    ],
)
async def test_an_error_has_its_status_and_code(fault: Fault, read: Callable[[Any], int]) -> None:
    async with opened() as client:
        client.server.faults.once(fault)
        answer = await client.chat("a kite")
        assert (answer.status, read(answer.json)) == (402, -10004)
        assert client.server.said == []
        assert (await client.chat("a kite")).status == 200


async def test_retry_after_in_seconds_and_as_a_date() -> None:
    async with opened() as client:
        client.server.faults.once(Fault(Kind.STATUS, status=429, retry_after_s=2))
        client.server.faults.once(
            Fault(Kind.STATUS, status=429, retry_after_s=60, retry_after_date=True)
        )
        first = await client.chat("a kite")
        second = await client.chat("a kite")
        assert first.headers["Retry-After"] == "2"
        when = parsedate_to_datetime(second.headers["Retry-After"])
        assert 50 < (when - dt.datetime.now(dt.UTC)).total_seconds() <= 60


async def test_524_is_the_gateways_page_and_may_be_billed() -> None:
    async with opened() as client:
        client.server.faults.once(Fault(Kind.STATUS, status=524, billed=True))
        answer = await client.chat("a kite")
        assert (answer.status, answer.headers["Content-Type"][:9]) == (524, "text/html")
        assert client.server.billed_usd_micros > 0


async def test_a_call_that_hangs_is_drawn_and_billed() -> None:
    async with opened() as client:
        client.server.faults.once(Fault(Kind.HANG))
        waiting = asyncio.create_task(client.chat("a kite"))
        await eventually(lambda: client.server.said)
        done, _ = await asyncio.wait([waiting], timeout=0.1)
        assert not done
        waiting.cancel()


async def test_a_call_whose_client_leaves_is_billed_all_the_same() -> None:
    async with opened(delay_s=0.3) as client:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(client.chat("a kite"), 0.15)
        assert client.server.said == []
        await eventually(lambda: client.server.said)


async def test_half_an_answer_then_silence() -> None:
    async with opened() as client:
        client.server.faults.once(Fault(Kind.HANG_IN_BODY))
        async with client.session.post(
            client.server.base + "/v1/chat/completions", json=KITE, headers=HEADERS
        ) as answer:
            assert answer.status == 200
            length = answer.content_length or 0
            first = await answer.content.readexactly(length // 2)
            assert first.startswith(b"{")
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(answer.content.readany(), 0.1)
        assert len(client.server.said) == 1


@pytest.mark.parametrize(
    ("kind", "error", "billed"),
    [
        (Kind.CUT_BEFORE, aiohttp.ClientConnectionError, False),
        (Kind.CUT_AFTER, aiohttp.ClientConnectionError, True),
        (Kind.CUT_IN_BODY, aiohttp.ClientPayloadError, True),
    ],
)
async def test_cut_connections(kind: Kind, error: type[Exception], billed: bool) -> None:
    async with opened() as client:
        client.server.faults.once(Fault(kind))
        with pytest.raises(error):
            await client.chat("a kite")
        assert bool(client.server.said) is billed
        assert len(client.server.calls) == 1


async def test_answers_that_are_no_json() -> None:
    async with opened() as client:
        for kind in (Kind.HTML, Kind.NOT_JSON, Kind.CONTENT_TYPE):
            client.server.faults.once(Fault(kind))
        page = await client.chat("a kite")
        assert page.status == 200
        assert page.body.startswith(b"<!doctype html>")
        async with client.session.post(
            client.server.base + "/v1/chat/completions",
            json=KITE,
            headers=HEADERS,
        ) as torn:
            with pytest.raises(json.JSONDecodeError):
                json.loads(await torn.read())
        typed = await client.chat("a kite")
        assert typed.headers["Content-Type"].startswith("text/plain")
        assert json.loads(typed.body)["choices"]


@pytest.mark.parametrize("declared", [False, True])
async def test_a_huge_answer(declared: bool) -> None:
    async with opened() as client:
        client.server.faults.once(Fault(Kind.HUGE, size_bytes=3_000_001, declared=declared))
        read = 0
        async with client.session.post(
            client.server.base + "/v1/chat/completions",
            json=KITE,
            headers=HEADERS,
        ) as answer:
            assert answer.content_length == (3_000_001 if declared else None)
            async for piece in answer.content.iter_any():
                read += len(piece)
        assert read == 3_000_001


async def test_links_that_lead_astray() -> None:
    async with opened(shape=Shape.BARE_DATA) as client:
        for kind in (Kind.LINK_FOREIGN, Kind.LINK_MISSING, Kind.LINK_PRIVATE, Kind.LINK_LOOP):
            client.server.faults.once(Fault(kind))
        foreign = _link(await client.chat("a kite"))
        assert foreign.startswith("https://pictures.example.net/")
        missing = await client.get(_link(await client.chat("a kite")), key="")
        assert missing.status == 404
        private = await client.get(_link(await client.chat("a kite")), key="")
        assert (private.status, private.headers["Location"][:16]) == (302, "http://10.0.0.1/")
        address = _link(await client.chat("a kite"))
        loop = await client.get(address, key="")
        assert address.endswith(loop.headers["Location"])


async def test_a_redirect_to_the_picture_itself() -> None:
    async with opened() as client:
        client.server.faults.once(Fault(Kind.LINK_REDIRECT))
        moved = await client.get(_link(await client.chat("a kite")), key="")
        there = await client.get(moved.headers["Location"], key="")
        assert there.body == client.server.said[0].pictures[0].data
        assert [call.key for call in client.server.calls if call.route == "file"] == [
            "missing",
            "missing",
        ]


@pytest.mark.parametrize("kind", [Kind.PICTURE_BROKEN, Kind.PICTURE_TRUNCATED, Kind.PICTURE_TEXT])
async def test_pictures_that_cannot_be_read(kind: Kind) -> None:
    async with opened() as client:
        data = await _file(client, Fault(kind))
        with pytest.raises((OSError, SyntaxError)), Image.open(io.BytesIO(data)) as picture:
            picture.load()


async def test_a_bomb_claims_more_pixels_than_it_has_bytes() -> None:
    async with opened() as client:
        data = await _file(client, Fault(Kind.PICTURE_BOMB))
        with pytest.raises(Image.DecompressionBombError), Image.open(io.BytesIO(data)):
            pass
        assert len(data) < 200_000


async def test_refusals_in_every_form() -> None:
    async with opened() as client:
        for kind in (
            Kind.REFUSE_TEXT,
            Kind.REFUSE_PROMPT,
            Kind.REFUSE_FINISH,
            Kind.REFUSE_EMPTY,
            Kind.REFUSE_ERROR,
        ):
            client.server.faults.once(Fault(kind, reason="IMAGE_OTHER"))
        text, prompt, finish, empty, error = [await client.chat("a kite") for _ in range(5)]
        assert text.json["choices"][0]["message"]["content"].startswith("I'm sorry")
        assert prompt.json["choices"] == []
        assert prompt.json["promptFeedback"]["blockReason"] == "IMAGE_OTHER"
        assert finish.json["choices"][0]["finish_reason"] == "content_filter"
        assert empty.json["choices"][0]["message"]["content"] == ""
        assert error.status == 400
        assert all(one.pictures == () for one in client.server.said)


@pytest.mark.parametrize(
    ("kind", "status"), [(Kind.STATUS, 503), (Kind.HTML, 200), (Kind.HUGE, 200)]
)
async def test_the_file_host_fails_by_name_only(kind: Kind, status: int) -> None:
    async with opened() as client:
        client.server.faults.once(Fault(kind, status=503, size_bytes=1000), route="file")
        link = _link(await client.chat("a kite"))
        wrong = await client.get(link, key="")
        right = await client.get(link, key="")
        assert wrong.status == status
        assert right.body == client.server.said[0].pictures[0].data != wrong.body


async def test_rules_strike_in_order_and_as_often_as_commanded() -> None:
    async with opened() as client:
        faults = client.server.faults
        faults.once(Fault(Kind.STATUS, status=500), times=2)
        faults.once(Fault(Kind.STATUS, status=429), route="chat")
        faults.once(Fault(Kind.STATUS, status=418), route="gemini-image")
        statuses = [(await client.chat("a kite")).status for _ in range(4)]
        assert statuses == [500, 500, 429, 200]
        assert faults.hits == {Kind.STATUS: 3}
        faults.always(Fault(Kind.STATUS, status=403))
        assert [(await client.chat("a kite")).status for _ in range(3)] == [403] * 3
        faults.clear()
        assert (await client.chat("a kite")).status == 200


async def test_a_cut_waits_for_its_turn() -> None:
    async with opened() as client:
        client.server.faults.once(Fault(Kind.STATUS, status=500))
        client.server.faults.once(Fault(Kind.CUT_BEFORE))
        assert (await client.chat("a kite")).status == 500
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.chat("a kite")


async def test_chance_is_repeated_by_the_seed() -> None:
    async def statuses(seed: int) -> list[int]:
        async with opened(seed=seed) as client:
            client.server.faults.sometimes(Fault(Kind.STATUS, status=500), 0.5)
            return [(await client.chat("a kite")).status for _ in range(24)]

    first = await statuses(1)
    assert first == await statuses(1) != await statuses(2)
    assert 3 < first.count(500) < 21
