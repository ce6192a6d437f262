"""Endpoints 7 to 11, and the three asynchronous mechanisms."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.standins.provider import Fault, Kind, Shape
from tests.standins.provider_client import MODEL, Answer, Client, eventually, flat, opened, uri

SUBMIT = f"/302/submit/{MODEL}"
UNIFIED = "/302/v2/image/generate"
CHAT: dict[str, Any] = {"model": MODEL, "messages": [{"role": "user", "content": "a kite"}]}


async def photo(client: Client) -> str:
    return client.server.files.keep("photo.png", flat(), "image/png")


async def until_over(client: Client, path: str, pending: Any) -> Answer:
    """Poll as clients do; `pending` tells from the answer's JSON that it is not over."""
    for _ in range(100):
        answer = await client.get(path)
        assert answer.status == 200
        if not pending(answer.json):
            return answer
        await asyncio.sleep(0.02)
    raise AssertionError("never over")


async def test_pay_per_call_draws_and_edits() -> None:
    async with opened() as client:
        drawn = await client.post(SUBMIT, {"prompt": "a red kite", "aspect_ratio": "16:9"})
        links = [await photo(client)] * 2
        edited = await client.post(
            f"{SUBMIT}-edit", {"prompt": "make it night", "image_urls": links}
        )
        for answer, said in zip((drawn, edited), client.server.said, strict=True):
            (image,) = answer.json["images"]
            assert image["content_type"] == "image/png"
            assert (await client.get(image["url"], key="")).body == said.pictures[0].data
            assert said.billed_usd_micros == 50_000
        assert client.server.said[0].pictures[0].width_px == 1344
        routes = [call.route for call in client.server.calls if call.route != "file"]
        assert routes == ["per-call-image", "per-call-edit"]
        assert [one.data for one in client.server.calls[1].pictures] == [flat(), flat()]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (SUBMIT, {}),
        (SUBMIT, {"prompt": " "}),
        (SUBMIT, {"prompt": "x", "aspect_ratio": "7:5"}),
        (SUBMIT, {"prompt": "x", "image_urls": []}),
        (f"{SUBMIT}-edit", {"prompt": "x"}),
        (f"{SUBMIT}-edit", {"prompt": "x", "image_urls": []}),
        (f"{SUBMIT}-edit", {"prompt": "x", "image_urls": [uri(flat())]}),
        (f"{SUBMIT}-edit", {"prompt": "x", "image_urls": ["https://example.net/a.png"]}),
        (f"{SUBMIT}-edit", {"prompt": "x", "image_urls": ["x"] * 11}),
        (f"{SUBMIT}-async", {}),
        (f"{SUBMIT}-edit-async", {"prompt": "x", "image_urls": "x"}),
        (UNIFIED, {"prompt": "x"}),
        (UNIFIED, {"prompt": "x", "model": MODEL, "seed": 1}),
    ],
)
async def test_refuses_what_the_documentation_refuses(path: str, body: dict[str, Any]) -> None:
    async with opened() as client:
        answer = await client.post(path, body)
        assert (answer.status, answer.json["error"]["err_code"]) == (400, -10003)
        assert client.server.said == []
        assert client.server.tickets == {}


@pytest.mark.parametrize(
    ("shape", "read"),
    [
        ("images", lambda j: j["images"][0]["url"]),
        ("output", lambda j: j["output"]),
        ("outputs", lambda j: j["output"][0]),
        ("image_url", lambda j: j["image_url"]),
    ],
)
@pytest.mark.parametrize("asynchronous", [False, True])
async def test_every_shape_of_the_family(shape: str, read: Any, asynchronous: bool) -> None:
    async with opened() as client:
        client.server.submit_shape = shape
        client.server.pending_polls = 2
        if asynchronous:
            for path, body in (
                (f"{SUBMIT}-async", {"prompt": "a kite"}),
                (f"{SUBMIT}-edit-async", {"prompt": "x", "image_urls": [await photo(client)]}),
            ):
                ticket = await client.post(path, body)
                assert ticket.json["status"] == "IN_QUEUE"
                result = f"{SUBMIT}-async?request_id={ticket.json['request_id']}"
                answer = await until_over(
                    client,
                    result,
                    lambda j: "request_id" in j or j.get("status") == "IN_PROGRESS",
                )
                url = read(answer.json)
                data = client.server.said[-1].pictures[0].data
                assert (await client.get(url, key="")).body == data
            routes = [call.route for call in client.server.calls]
            assert routes.count("async-result") >= 6
            assert {"async-image", "async-edit"} < set(routes)
        else:
            answer = await client.post(SUBMIT, {"prompt": "a kite"})
            data = client.server.said[-1].pictures[0].data
            assert (await client.get(read(answer.json), key="")).body == data


@pytest.mark.parametrize("wrapped", ["object", "text"])
async def test_any_endpoint_by_async_true(wrapped: str) -> None:
    async with opened() as client:
        client.server.async_data = wrapped
        client.server.pending_polls = 1
        ticket = await client.post("/v1/chat/completions?async=true", CHAT)
        assert set(ticket.json) == {"task_id"}
        result = f"/async_result?task_id={ticket.json['task_id']}"
        assert (await client.get(result)).json == {"err": "result pending"}
        over = await until_over(client, result, lambda j: j["err"] == "result pending")
        assert (over.json["status_code"], over.json["err"]) == (200, "")
        data = json.loads(over.json["data"]) if wrapped == "text" else over.json["data"]
        assert client.server.said[0].pictures[0].url in data["choices"][0]["message"]["content"]
        assert [call.route for call in client.server.calls][:2] == ["chat-async", "task-result"]
        # The cost is found under the id of the call that submitted it.
        cost = await client.get(f"/dashboard/record/{ticket.headers['request-id']}")
        assert cost.json["data"]["cost"] == client.server.billed_usd_micros / 1_000_000


async def test_a_ticket_is_faster_than_its_picture() -> None:
    async with opened(delay_s=0.3) as client:
        ticket = await client.post("/v1/chat/completions?async=true", CHAT)
        result = f"/async_result?task_id={ticket.json['task_id']}"
        assert client.server.said == []
        await until_over(client, result, lambda j: j["err"] == "result pending")
        assert len(client.server.said) == 1


async def test_work_that_fails_behind_the_ticket() -> None:
    async with opened() as client:
        client.server.faults.once(
            Fault(Kind.STATUS, status=500, err_code=-1024, message="timed out"),
            route="work",
            times=3,
        )
        a = await client.post("/v1/chat/completions?async=true", CHAT)
        b = await client.post(f"{UNIFIED}?run_async=true", {"prompt": "x", "model": MODEL})
        c = await client.post(f"{SUBMIT}-async", {"prompt": "x"})
        tickets = client.server.tickets.values()
        await eventually(lambda: all(ticket.error for ticket in tickets))
        by_a = (await client.get(f"/async_result?task_id={a.json['task_id']}")).json
        by_b = (await client.get(f"/302/v2/image/fetch/{b.json['task_id']}")).json
        by_c = (await client.get(f"{SUBMIT}-async?request_id={c.json['request_id']}")).json
        assert (by_a["status_code"], by_a["data"]["error"]["err_code"]) == (500, -1024)
        assert (by_b["status"], by_b["error"]["message"]) == ("failed", "timed out")
        assert (by_c["status"], by_c["detail"]) == ("FAILED", "timed out")
        assert client.server.billed_usd_micros == 0


async def test_work_that_never_ends() -> None:
    async with opened() as client:
        client.server.faults.once(Fault(Kind.HANG), route="work")
        ticket = await client.post(f"{SUBMIT}-async", {"prompt": "x"})
        result = f"{SUBMIT}-async?request_id={ticket.json['request_id']}"
        await eventually(lambda: client.server.said)
        await asyncio.sleep(0.05)
        assert (await client.get(result)).json["status"] == "IN_PROGRESS"


async def test_faults_of_a_poll_leave_the_ticket_alone() -> None:
    async with opened() as client:
        ticket = await client.post(f"{SUBMIT}-async", {"prompt": "x"})
        result = f"{SUBMIT}-async?request_id={ticket.json['request_id']}"
        client.server.faults.once(Fault(Kind.STATUS, status=502), route="async-result")
        assert (await client.get(result)).status == 502
        over = await until_over(client, result, lambda j: "request_id" in j)
        assert over.json["images"]


async def test_faults_of_the_submit_call_issue_no_ticket() -> None:
    async with opened() as client:
        client.server.faults.once(Fault(Kind.STATUS, status=429), route="chat-async")
        refused = await client.post("/v1/chat/completions?async=true", CHAT)
        assert refused.status == 429
        assert client.server.tickets == {}


async def test_a_refusal_arrives_through_the_ticket() -> None:
    async with opened() as client:
        client.server.faults.once(Fault(Kind.REFUSE_TEXT))
        ticket = await client.post("/v1/chat/completions?async=true", CHAT)
        result = f"/async_result?task_id={ticket.json['task_id']}"
        over = await until_over(client, result, lambda j: j["err"] == "result pending")
        content = over.json["data"]["choices"][0]["message"]["content"]
        assert content.startswith("I'm sorry")


@pytest.mark.parametrize(
    ("kind", "detail"),
    [(Kind.REFUSE_TEXT, None), (Kind.REFUSE_FINISH, "blocked: IMAGE_SAFETY")],
)
async def test_refusals_of_the_submit_family(kind: Kind, detail: str | None) -> None:
    async with opened() as client:
        client.server.faults.once(Fault(kind))
        answer = await client.post(SUBMIT, {"prompt": "x"})
        assert answer.json["images"] == []
        assert answer.json.get("detail") == detail
        assert client.server.billed_usd_micros == 0


async def test_the_unified_api_at_once_and_by_ticket() -> None:
    async with opened() as client:
        body = {"prompt": "make it night", "model": MODEL, "image": uri(flat())}
        at_once = await client.post(UNIFIED, body)
        assert at_once.json["status"] == "completed"
        client.server.pending_polls = 1
        ticket = await client.post(f"{UNIFIED}?run_async=true", body)
        assert (ticket.json["status"], set(ticket.json)) == (
            "pending",
            {"task_id", "status", "created_at"},
        )
        fetch = f"/302/v2/image/fetch/{ticket.json['task_id']}"
        over = await until_over(client, fetch, lambda j: j["status"] == "processing")
        assert over.json["image_urls"] == [over.json["image_url"]]
        assert over.json["task_id"] == ticket.json["task_id"]
        said = client.server.said[-1]
        assert (await client.get(over.json["image_url"], key="")).body == said.pictures[0].data


async def test_unknown_tickets() -> None:
    async with opened() as client:
        for path in (
            "/async_result?task_id=none",
            "/302/v2/image/fetch/none",
            f"{SUBMIT}-async?request_id=none",
            f"{SUBMIT}-async",
        ):
            answer = await client.get(path)
            assert (answer.status, answer.json["error"]["err_code"]) == (404, -10010)


async def test_text_only_fails_the_unified_api() -> None:
    async with opened(shape=Shape.TEXT) as client:
        answer = await client.post(UNIFIED, {"prompt": "x", "model": MODEL})
        assert answer.json["status"] == "failed"
        assert answer.json["error"]["message"].startswith("I'm sorry")
