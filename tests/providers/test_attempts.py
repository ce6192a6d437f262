"""Several routes, real servers: the next one is asked only when nothing can have been billed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.domain.routes import DrawRequest, Route
from bot.errors import (
    Billed,
    ModelWithdrawn,
    OutcomeUnknown,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    ProviderRejected,
    RequestError,
)
from bot.providers.attempts import Attempts
from bot.providers.health import FAILURES, Health, State
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

CHAT, ORIGINAL = catalogue().route("chat"), catalogue().route("original-image")
KITE = DrawRequest("a kite")
CHAT_DRAWS = always(completion(f"![x](data:image/png;base64,{b64(PNG)})"))
ORIGINAL_DRAWS = always(
    {
        "candidates": [
            {"content": {"parts": [{"inlineData": {"mimeType": "image/png", "data": b64(PNG)}}]}}
        ],
        "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 1290},
    }
)


def both(chat: Answer, original: Answer = ORIGINAL_DRAWS) -> Answer:
    """Answers the chat path and the original format's path each in its way."""
    asked = {"chat": 0, "original": 0}

    async def answer(request: Any, number: int) -> Any:
        which = "chat" if request.path.startswith("/v1/chat") else "original"
        asked[which] += 1
        return await (chat if which == "chat" else original)(request, asked[which] - 1)

    return answer


@asynccontextmanager
async def attempting(server: Server, health: Health | None = None) -> AsyncGenerator[Attempts]:
    async with painting(server) as painter:
        yield Attempts(painter, health or Health())


def asked(server: Server) -> tuple[int, int]:
    """How often the chat path and the other were asked."""
    chat = sum(call.path.startswith("/v1/chat") for call in server.calls)
    return chat, len(server.calls) - chat


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 413, 422])
async def test_on_to_the_next_when_nothing_was_billed(status: int) -> None:
    async with serving(both(always(b"", status))) as server, attempting(server) as attempts:
        routes: list[str] = []

        async def keep(route: Route) -> None:
            routes.append(route.name)

        drawing = await attempts.draw([CHAT, ORIGINAL], KITE, timeout_s=5, on_route=keep)
        assert drawing.route is ORIGINAL
        assert drawing.result.picture.read() == PNG
        assert drawing.result.cost_usd_micros == 38_701  # 3 * 0.3 + 1290 * 30, of that call alone
        assert routes == ["chat", "original-image"]
        assert asked(server) == (1, 1)


async def test_a_withdrawn_model_and_429_go_on_too() -> None:
    withdrawn = always({"error": {"err_code": -10008, "message": "no channel"}}, 503)
    for fault, calls in ((withdrawn, 1), (always(b"", 429, {"Retry-After": "60"}), 1)):
        async with serving(both(fault)) as server, attempting(server) as attempts:
            began = time.monotonic()
            drawing = await attempts.draw([CHAT, ORIGINAL], KITE, timeout_s=100)
            assert drawing.route is ORIGINAL
            assert asked(server) == (calls, 1)
            assert time.monotonic() - began < 30, "not waited for while there is another way"


@pytest.mark.parametrize("status", [408, 409, 500, 502, 503, 504, 524])
async def test_never_on_when_it_may_be_billed(status: int) -> None:
    async with serving(both(always(b"", status))) as server, attempting(server) as attempts:
        with pytest.raises(OutcomeUnknown):
            await attempts.draw([CHAT, ORIGINAL], KITE, timeout_s=5)
        assert asked(server) == (1, 0)


@pytest.mark.parametrize(
    "fault",
    [hang, cut, always(b"<html>"), always(completion("")), always(completion("I can't."))],
    ids=["time-out", "cut", "html", "empty", "text"],
)
async def test_never_on_after_an_answer_or_a_silence(fault: Answer) -> None:
    async with serving(both(fault)) as server, attempting(server) as attempts:
        with pytest.raises(ProviderError) as caught:
            await attempts.draw([CHAT, ORIGINAL], KITE, timeout_s=0.5)
        assert caught.value.billed is Billed.MAYBE
        assert asked(server) == (1, 0)


async def test_never_on_after_a_refusal_even_a_free_one() -> None:
    refusing = always({"error": {"message": "blocked: PROHIBITED_CONTENT"}}, 400)
    async with serving(both(refusing)) as server, attempting(server) as attempts:
        with pytest.raises(ProviderRefused) as caught:
            await attempts.draw([CHAT, ORIGINAL], KITE, timeout_s=5)
        assert caught.value.billed is Billed.NO
        assert asked(server) == (1, 0)


async def test_one_budget_for_all_routes() -> None:
    busy = always(b"", 429, {"Retry-After": "0"})
    async with serving(both(busy, busy)) as server, attempting(server) as attempts:
        with pytest.raises(ProviderBusy):
            await attempts.draw([CHAT, ORIGINAL], KITE, timeout_s=5)
        # Four repetitions in all: one for the first route, the rest for the last.
        assert asked(server) == (2, 4)


async def test_when_all_fail_the_last_word_is_told() -> None:
    rejecting = both(always(b"", 402), always({"error": {"err_code": -10008}}, 503))
    async with serving(rejecting) as server, attempting(server) as attempts:
        with pytest.raises(ModelWithdrawn):
            await attempts.draw([CHAT, ORIGINAL], KITE, timeout_s=5)
        assert asked(server) == (1, 1)


async def test_a_rested_route_is_left_out_and_comes_back() -> None:
    now = [0.0]
    health = Health(lambda: now[0])
    chat = in_turn(*[always(b"", 402)] * FAILURES, CHAT_DRAWS)
    async with serving(both(chat)) as server, attempting(server, health) as attempts:
        for _ in range(FAILURES):
            await attempts.draw([CHAT, ORIGINAL], KITE, timeout_s=5)
        assert health.state("chat") is State.RESTING
        await attempts.draw([CHAT, ORIGINAL], KITE, timeout_s=5)
        assert asked(server) == (FAILURES, FAILURES + 1)
        now[0] += 31
        drawing = await attempts.draw([CHAT, ORIGINAL], KITE, timeout_s=5)
        assert drawing.route is CHAT
        assert health.state("chat") is State.WELL


async def test_the_only_route_is_tried_even_while_it_rests() -> None:
    chat = in_turn(*[always(b"", 500)] * FAILURES, CHAT_DRAWS)
    health = Health()
    async with serving(both(chat)) as server, attempting(server, health) as attempts:
        for _ in range(FAILURES):
            with pytest.raises(OutcomeUnknown):
                await attempts.draw([CHAT], KITE, timeout_s=5)
        assert health.state("chat") is State.RESTING
        assert (await attempts.draw([CHAT], KITE, timeout_s=5)).result.picture.read() == PNG


async def test_on_trial_the_others_are_told_to_come_back() -> None:
    health = Health()
    entered = asyncio.Event()

    async def enter(route: Route) -> None:
        entered.set()

    async with serving(both(hang)) as server, attempting(server, health) as attempts:
        for _ in range(FAILURES):
            health.failed("chat", OutcomeUnknown())
        first = asyncio.create_task(attempts.draw([CHAT], KITE, timeout_s=5, on_route=enter))
        await entered.wait()
        with pytest.raises(ProviderBusy) as caught:
            await attempts.draw([CHAT], KITE, timeout_s=5)
        assert caught.value.key == "routes_resting"
        assert caught.value.retry_after_s is not None
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert health.enter("chat", last_hope=True), "a cancelled trial lets the next one in"
        assert len(server.calls) <= 1


async def test_no_route_and_a_fault_of_ours() -> None:
    health = Health()
    async with serving(both(CHAT_DRAWS)) as server, attempting(server, health) as attempts:
        with pytest.raises(RequestError) as caught:
            await attempts.draw([], KITE, timeout_s=5)
        assert caught.value.key == "no_route"
        with pytest.raises(RequestError):
            await attempts.draw([CHAT], KITE, Inputs([("image/png", PNG)] * 4), timeout_s=5)
        assert health.state("chat") is State.WELL
        assert server.calls == []


async def test_words_by_the_first_that_has_them() -> None:
    said = always({"candidates": [{"content": {"parts": [{"text": "A kite."}]}}]})
    gemini = catalogue().route("gemini-chat")
    async with serving(both(always(b"", 402), said)) as server, attempting(server) as attempts:
        answer = await attempts.say([CHAT, gemini], KITE, timeout_s=5)
        assert answer.words == "A kite."
        assert asked(server) == (1, 1)


async def test_n_pictures_side_by_side_are_each_for_themselves() -> None:
    refused = always(completion("I can't."))
    async with serving(both(in_turn(CHAT_DRAWS, refused, CHAT_DRAWS))) as server:
        async with attempting(server) as attempts:
            results = await asyncio.gather(
                *(attempts.draw([CHAT], KITE, timeout_s=5) for _ in range(3)),
                return_exceptions=True,
            )
        assert [isinstance(one, ProviderRefused) for one in results].count(True) == 1
        assert not any(isinstance(one, ProviderRejected) for one in results)
        assert asked(server) == (3, 0)
