from __future__ import annotations

import time

import pytest

from bot.domain.pricing import Tokens
from bot.errors import BadAnswer, ModelWithdrawn, ProviderRejected
from bot.providers.support import Support, usd_micros
from bot.providers.transport import Transport

from .serving import KEY, always, catalogue, in_turn, provider, serving

PROFILE = catalogue().profile


async def test_the_true_cost_of_a_call() -> None:
    record = {
        "data": {
            "cost": 0.0387021,
            "input_token": 7,
            "output_token": 1290,
            "model": "gemini-2.5-flash-image",
            "process_time": 5.2,
        }
    }
    async with serving(in_turn(always(b"", 502), always(record))) as server:
        async with Transport(jitter=lambda: 0.0) as transport:
            cost = await Support(transport, PROFILE).cost(provider(server), "20261101-ab.c_d")
        assert cost is not None
        assert cost.usd_micros == 38_703
        assert cost.tokens == Tokens(7, 1290)
        assert cost.model == "gemini-2.5-flash-image"
        assert [call.path for call in server.calls] == ["/dashboard/record/20261101-ab.c_d"] * 2
        assert server.calls[0].headers["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("request_id", ["", "../balance", "a/b", "a?b", "x" * 201, "a b"])
async def test_an_id_that_is_none_is_not_asked_for(request_id: str) -> None:
    async with serving(always({"data": {"cost": 1}})) as server, Transport() as transport:
        support = Support(transport, PROFILE)
        assert await support.cost(provider(server), request_id) is None
        assert await support.cost(provider(server, name="google"), "abc") is None
        assert server.calls == []


@pytest.mark.parametrize("data", [None, {}, {"cost": None}, {"cost": "?"}, {"cost": -1}])
async def test_a_record_without_a_cost(data: object) -> None:
    async with serving(always({"data": data})) as server, Transport() as transport:
        assert await Support(transport, PROFILE).cost(provider(server), "abc") is None


@pytest.mark.parametrize("balance", ["12.34", 12.34])
async def test_balance(balance: object) -> None:
    async with serving(always({"data": {"balance": balance}})) as server, Transport() as transport:
        support = Support(transport, PROFILE)
        assert await support.balance_usd_micros(provider(server)) == 12_340_000
        assert await support.balance_usd_micros(provider(server, name="google")) is None
        assert [call.path for call in server.calls] == ["/dashboard/balance"]


@pytest.mark.parametrize(
    ("name", "model", "knows", "paths"),
    [
        ("302ai", "b", True, ["/v1/models"]),
        ("302ai", "c", False, ["/v1/models"]),
        ("google", "c", True, ["/v1beta/models/c"]),
        ("openrouter", "b", True, ["/key", "/models"]),
        ("openai-compatible", "c", False, ["/models"]),
    ],
)
async def test_whether_a_model_is_known(
    name: str, model: str, knows: bool, paths: list[str]
) -> None:
    rows = {"data": [{"id": "a"}, {"id": 3}, None, {"id": "b"}]}
    async with serving(always(rows)) as server, Transport() as transport:
        support = Support(transport, PROFILE)
        assert await support.knows(provider(server, name=name), model) is knows
        assert [call.path for call in server.calls] == paths
        header = "x-goog-api-key" if name == "google" else "Authorization"
        assert all(KEY in call.headers[header] for call in server.calls)
        assert support.answered_at is not None
        assert abs(support.answered_at.timestamp() - time.time()) < 5


async def test_a_provider_without_a_list_does_not_tell() -> None:
    async with serving(always({"data": {"label": "key"}})) as server, Transport() as transport:
        support = Support(transport, PROFILE)
        assert await support.knows(provider(server), "a") is None


async def test_a_model_that_its_own_page_does_not_know_is_withdrawn() -> None:
    said = {"error": {"code": 404, "message": "models/a is not found for API version v1beta"}}
    async with serving(always(said, 404)) as server, Transport() as transport:
        with pytest.raises(ModelWithdrawn):
            await Support(transport, PROFILE).knows(provider(server, name="google"), "a")


async def test_a_key_without_permission_and_no_json() -> None:
    answers = in_turn(always(b"", 403), always(b"<html>"))
    async with serving(answers) as server, Transport() as transport:
        support = Support(transport, PROFILE)
        with pytest.raises(ProviderRejected):
            await support.balance_usd_micros(provider(server))
        with pytest.raises(BadAnswer):
            await support.balance_usd_micros(provider(server))


@pytest.mark.parametrize(
    ("value", "micros"),
    [
        (0, 0),
        ("0.0000001", 1),
        (1e-7, 1),
        ("12.34", 12_340_000),
        (True, None),
        ("nan", None),
        ("inf", None),
        ("1e30", None),
        (None, None),
        ([], None),
    ],
)
def test_dollars_as_micro_dollars(value: object, micros: int | None) -> None:
    assert usd_micros(value) == micros
