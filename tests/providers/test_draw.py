from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from bot.domain.pricing import Tokens
from bot.domain.quotes import worst_usd_micros
from bot.domain.routes import DrawRequest
from bot.errors import (
    BadAnswer,
    Billed,
    ConfigError,
    OutcomeUnknown,
    ProviderRefused,
    RequestError,
)
from bot.providers.draw import Linked, Painter, Result
from bot.providers.fetch import Fetcher
from bot.providers.transport import Transport

from .serving import (
    PNG,
    Server,
    always,
    b64,
    big_picture,
    catalogue,
    completion,
    cut,
    painting,
    provider,
    serving,
)

CHAT = catalogue().route("chat")
KITE = DrawRequest("a red kite")
BIG = big_picture()


async def draw(server: Server, request: DrawRequest = KITE, **more: Any) -> Result:
    async with painting(server) as painter:
        return await painter.draw(CHAT, request, timeout_s=5, **more)


async def test_a_picture_inside_the_answer() -> None:
    value = completion(f"Here!\n![image](data:image/png;base64,{b64(BIG)})")
    async with serving(always(value, headers={"request-id": "r-1"})) as server:
        result = await draw(server)
        assert result.picture.read() == BIG
        assert result.media_type == "image/png"
        assert result.words == "Here!"
        assert result.tokens == Tokens(11, 1290)
        assert result.cost_usd_micros == 38_704  # 11 * 0.3 + 1290 * 30 = 38703.3, rounded up
        assert result.model == "gemini-2.5-flash-image"
        assert result.request_id == "r-1"
        assert result.extra == ()
        assert len(server.calls) == 1


async def test_a_picture_behind_a_link_and_two_of_them() -> None:
    async def answer(request: web.Request, number: int) -> web.StreamResponse:
        if request.path.startswith("/files/"):
            return web.Response(body=PNG + request.path.encode())
        base = f"http://{request.host}/files"
        return web.json_response(completion(f"![a]({base}/a.png) and ![b]({base}/b.png)"))

    async with serving(answer) as server:
        result = await draw(server)
        assert result.picture.read() == PNG + b"/files/a.png"
        assert [one.picture.read() for one in result.extra] == [PNG + b"/files/b.png"]
        assert result.words == "and"
        assert [call.method for call in server.calls] == ["POST", "GET", "GET"]
        assert "Authorization" not in server.calls[1].headers, "the key stays with its provider"


@pytest.mark.parametrize("links", [0, 1, 2])
async def test_links_are_told_before_they_are_followed(links: int) -> None:
    told: list[tuple[Linked, int]] = []

    async def answer(request: web.Request, number: int) -> web.StreamResponse:
        if request.path.startswith("/files/"):
            return web.Response(body=PNG)
        pictures = [f"http://{request.host}/files/{name}.png" for name in "ab"[:links]]
        pictures.append(f"data:image/png;base64,{b64(BIG)}")
        images = [{"image_url": {"url": url}} for url in pictures]
        return web.json_response(completion("Here!", images=images))

    async with serving(answer) as server:

        async def note(linked: Linked) -> None:
            told.append((linked, len(server.calls)))

        drawn = await draw(server, on_linked=note)
        if not links:
            assert told == []
            return
        [(linked, calls)] = told
        assert calls == 1
        assert len(linked.links) == links
        async with painting(server) as painter:
            fetched = await painter.fetch(CHAT, linked)
        assert [call.method for call in server.calls] == ["POST"] + ["GET"] * links * 2
        assert fetched.picture.read() == drawn.picture.read()
        assert (fetched.words, fetched.model) == (drawn.words, drawn.model)
        assert fetched.cost_usd_micros == drawn.cost_usd_micros
        assert fetched.request_id == drawn.request_id


async def test_a_link_to_a_host_that_is_not_allowed() -> None:
    value = completion("![a](https://evil.example/a.png)")
    async with serving(always(value, headers={"request-id": "r-2"})) as server:
        with pytest.raises(BadAnswer) as caught:
            await draw(server)
        assert caught.value.key == "result_host_not_allowed"
        assert caught.value.request_id == "r-2"
        assert caught.value.billed is Billed.MAYBE


async def test_without_usage_the_likely_tokens_are_booked() -> None:
    value = completion(f"data:image/png;base64,{b64(PNG)}")
    del value["usage"]
    async with serving(always(value)) as server:
        result = await draw(server)
        assert result.tokens is None
        assert result.cost_usd_micros == 38_702  # 4 in, 1290 out


async def test_the_providers_own_figure_wins() -> None:
    value = completion("x", images=[{"image_url": {"url": f"data:image/png;base64,{b64(PNG)}"}}])
    value["usage"] = {"prompt_tokens": 5, "completion_tokens": 1290, "cost": 0.05}
    async with serving(always(value)) as server, painting(server) as painter:
        result = await painter.draw(catalogue().route("openrouter"), KITE, timeout_s=5)
        assert result.cost_usd_micros == 50_000


@pytest.mark.parametrize(
    ("value", "reason", "words"),
    [
        (completion("I can't draw that."), "text", "I can't draw that."),
        ({"choices": [{"finish_reason": "content_filter", "message": {}}]}, "CONTENT_FILTER", ""),
        ({"choices": [{"finish_reason": "SAFETY"}]}, "SAFETY", ""),
    ],
)
async def test_refusals(value: object, reason: str, words: str) -> None:
    async with serving(always(value, headers={"request-id": "r-3"})) as server:
        with pytest.raises(ProviderRefused) as caught:
            await draw(server)
        assert caught.value.values == {"reason": reason}
        assert caught.value.words == words
        assert caught.value.request_id == "r-3"
        assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b"<html><h1>It works</h1></html>", "answer_not_json"),
        (b"", "answer_not_json"),
        (b"{}", "no_picture"),
        (b'{"choices": []}', "no_picture"),
    ],
)
async def test_answers_without_a_picture(body: bytes, key: str) -> None:
    async with serving(always(body, headers={"request-id": "r-4"})) as server:
        with pytest.raises(BadAnswer) as caught:
            await draw(server)
        assert caught.value.key == key
        assert caught.value.request_id == "r-4"
        assert caught.value.billed is Billed.MAYBE
        assert len(server.calls) == 1


async def test_a_cut_connection_is_not_repeated() -> None:
    async with serving(cut) as server:
        with pytest.raises(OutcomeUnknown):
            await draw(server)
        assert len(server.calls) == 1


async def test_inputs_go_with_the_wish() -> None:
    value = completion(f"data:image/png;base64,{b64(PNG)}")
    async with serving(always(value)) as server:
        await draw(server, inputs=[("image/png", PNG), ("image/jpeg", b"\xff\xd8\xff")])
        content = server.calls[0].json["messages"][-1]["content"]
        assert [part["type"] for part in content] == ["text", "image_url", "image_url"]
        assert content[1]["image_url"]["url"] == f"data:image/png;base64,{b64(PNG)}"
        with pytest.raises(RequestError):
            await draw(server, inputs=[("image/png", PNG)] * 4)
        assert len(server.calls) == 1


async def test_words_when_words_are_asked_for() -> None:
    answer = always(completion("A red kite over a harbour."))
    async with serving(answer) as server, painting(server) as painter:
        said = await painter.say(CHAT, KITE, timeout_s=5)
        assert said.words == "A red kite over a harbour."
        assert said.cost_usd_micros == 38_704
    value = completion(f"data:image/png;base64,{b64(PNG)}")
    async with serving(always(value)) as server, painting(server) as painter:
        with pytest.raises(BadAnswer) as caught:
            await painter.say(CHAT, KITE, timeout_s=5)
        assert caught.value.key == "no_words"


async def test_the_estimate_is_never_below_what_is_booked() -> None:
    value = completion(f"data:image/png;base64,{b64(PNG)}")
    async with serving(always(value)) as server, painting(server) as painter:
        estimate = worst_usd_micros(CHAT, KITE)
        assert estimate >= (await painter.draw(CHAT, KITE, timeout_s=5)).cost_usd_micros
        assert worst_usd_micros(catalogue().route("per-call-image"), KITE) == 50_000


async def test_a_route_without_a_key_says_so() -> None:
    async with serving(always(b"")) as server, Transport() as transport, Fetcher() as fetcher:
        painter = Painter(transport, fetcher, {"302ai": provider(server)})
        with pytest.raises(ConfigError, match="google"):
            await painter.draw(catalogue().route("google"), KITE, timeout_s=5)
