from __future__ import annotations

import aiohttp
import pytest

from bot.standins.provider import Fault, Kind
from tests.standins.provider_client import KEY, Client, flat, image_part, opened, text_part


async def upload(
    client: Client, data: bytes, field: str = "file", key: str = KEY
) -> tuple[int, object]:
    form = aiohttp.FormData()
    form.add_field(field, data, filename="photo.png", content_type="image/png")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    url = client.server.base + "/302/upload-file"
    async with client.session.post(url, data=form, headers=headers) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize(
    "path", ["/v1/models", "/dashboard/balance", "/dashboard/record/x", "/dashboard/prices"]
)
async def test_everything_wants_the_key(path: str) -> None:
    async with opened() as client:
        for key, err_code in (("", -10001), ("other", -10002)):
            answer = await client.get(path, key=key)
            assert (answer.status, answer.json["error"]["err_code"]) == (401, err_code)


async def test_models_and_balance() -> None:
    async with opened() as client:
        names = [one["id"] for one in (await client.get("/v1/models")).json["data"]]
        assert set(names) == client.server.models
        assert (await client.get("/dashboard/balance")).json == {"data": {"balance": "12.34"}}
        client.server.balance = 0.5
        assert (await client.get("/dashboard/balance")).json["data"]["balance"] == 0.5
        client.server.faults.once(Fault(Kind.STATUS, status=403), route="balance")
        assert (await client.get("/dashboard/balance")).status == 403


async def test_the_true_cost_of_a_call_that_was_cut() -> None:
    async with opened() as client:
        client.server.faults.once(Fault(Kind.CUT_AFTER))
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.chat("kite")
        (call,) = client.server.calls
        record = (await client.get(f"/dashboard/record/{call.request_id}")).json["data"]
        assert record["cost"] == 0.038701
        assert (record["input_token"], record["output_token"]) == (1, 1290)
        assert record["model"] == "gemini-2.5-flash-image"
        unknown = await client.get("/dashboard/record/none")
        assert (unknown.status, unknown.json["error"]["err_code"]) == (404, -10010)


async def test_prices() -> None:
    async with opened() as client:
        answer = await client.get("/dashboard/prices?path=/chat/completions&lang=en")
        names = [one["model"] for one in answer.json["data"]]
        assert "gemini-2.5-flash-image" in names


async def test_an_upload_can_be_edited() -> None:
    async with opened() as client:
        status, body = await upload(client, flat())
        assert status == 200
        assert isinstance(body, dict)
        url = str(body["data"])  # pyright: ignore[reportUnknownArgumentType] -- JSON
        assert (await client.get(url, key="")).body == flat()
        assert client.server.calls[0].pictures[0].data == flat()
        assert client.server.billed_usd_micros == 1_000
        answer = await client.chat(
            [text_part("make it night"), {"type": "image_url", "image_url": {"url": url}}]
        )
        assert answer.status == 200


async def test_uploads_that_are_refused() -> None:
    async with opened() as client:
        assert (await upload(client, flat(), key=""))[0] == 401
        status, body = await upload(client, flat(), field="picture")
        assert (status, body) == (400, {"code": 400, "msg": "the field `file` is missing"})
        plain = await client.post("/302/upload-file", {"file": "x"})
        assert plain.status == 400
        assert client.server.billed_usd_micros == 0


async def test_unknown_paths_and_methods_answer_as_302_does() -> None:
    async with opened() as client:
        for answer, status in (
            (await client.get("/v2/chat"), 404),
            (await client.get("/v1/chat/completions"), 405),
            (await client.post("/v1/models", {}), 405),
        ):
            assert (answer.status, answer.json["error"]["err_code"]) == (status, -10010)


async def test_every_answer_has_an_id_of_its_own() -> None:
    async with opened() as client:
        answers = [await client.chat([text_part("x"), image_part(flat())]) for _ in range(2)]
        answers += [await client.get("/v1/models"), await client.get("/nothing")]
        assert len({answer.headers["request-id"] for answer in answers}) == 4
