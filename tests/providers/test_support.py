from __future__ import annotations

import pytest

from bot.domain.pricing import Tokens
from bot.errors import BadAnswer, ProviderRejected
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
async def test_balance_and_models(balance: object) -> None:
    rows = {"data": [{"id": "gemini-2.5-flash-image"}, {"id": 3}, None, {"id": "b"}]}
    async with serving(in_turn(always({"data": {"balance": balance}}), always(rows))) as server:
        async with Transport() as transport:
            support = Support(transport, PROFILE)
            assert await support.balance_usd_micros(provider(server)) == 12_340_000
            models = await support.models(provider(server))
        assert models == ("gemini-2.5-flash-image", "b")
        assert [call.path for call in server.calls] == ["/dashboard/balance", "/v1/models"]


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
