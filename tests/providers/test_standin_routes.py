"""Our routes against the stand-in provider, which refuses what the documentation would refuse."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from bot.domain.conversations import Line
from bot.domain.ids import BlobKey
from bot.domain.images import Stored
from bot.domain.quotes import worst_usd_micros
from bot.domain.routes import DrawRequest
from bot.providers.draw import Painter
from bot.providers.fetch import Fetcher
from bot.providers.support import Support
from bot.providers.transport import Transport
from bot.standins.provider import ProviderServer, Shape

from .serving import KEY, catalogue

CATALOGUE = catalogue()
DRAWING = [name for name in CATALOGUE.names if CATALOGUE.route(name).draws]
EDITING = [name for name in CATALOGUE.names if CATALOGUE.route(name).edits]
SAYING = [name for name in CATALOGUE.names if CATALOGUE.route(name).words]
HISTORY = (Line("user", "a kite"), Line("assistant", "Here it is."))


@asynccontextmanager
async def studio() -> AsyncGenerator[tuple[ProviderServer, Painter, Transport]]:
    async with (
        ProviderServer(key=KEY) as server,
        Transport() as transport,
        Fetcher([server.file_host]) as fetcher,
    ):
        server.pending_polls = 1
        addresses = {
            "302ai": server.base,
            "google": server.google_base,
            "openrouter": server.openrouter_base,
            "openai-compatible": f"{server.base}/v1",
        }
        providers = {
            name: CATALOGUE.provider(name, key=KEY, address=address)
            for name, address in addresses.items()
        }
        yield (
            server,
            Painter(transport, fetcher, providers, CATALOGUE.routes, poll_s=0.02),
            transport,
        )


@pytest.mark.parametrize("name", DRAWING)
async def test_a_new_picture_is_the_one_that_was_drawn(name: str) -> None:
    route = CATALOGUE.route(name)
    async with studio() as (server, painter, transport):
        result = await painter.draw(route, DrawRequest("a red kite"), timeout_s=20)
        assert len(server.said) == 1
        said = server.said[0]
        assert result.picture.read() == said.pictures[0].data
        assert said.billed_usd_micros <= result.cost_usd_micros <= said.billed_usd_micros + 20
        assert result.cost_usd_micros <= worst_usd_micros(route, DrawRequest("a red"))
        if route.provider == "302ai":
            support = Support(transport, route.profile)
            provider = CATALOGUE.provider("302ai", key=KEY, address=server.base)
            cost = await support.cost(provider, said.request_id)
            assert cost is not None
            assert cost.usd_micros == said.billed_usd_micros


@pytest.mark.parametrize("name", EDITING)
async def test_an_edit_sends_every_picture_unchanged(name: str) -> None:
    route = CATALOGUE.route(name)
    async with studio() as (server, painter, _):
        drawn = [
            (
                await painter.draw(CATALOGUE.route("chat"), DrawRequest(words), timeout_s=20)
            ).picture.read()
            for words in ("a red kite", "a harbour")
        ]
        stored = tuple(
            Stored(BlobKey("0" * 64), "image/png", 1024, 1024, len(one)) for one in drawn
        )
        request = DrawRequest("make it night", stored, HISTORY if route.history else ())
        result = await painter.draw(
            route, request, [("image/png", one) for one in drawn], timeout_s=20
        )
        assert result.picture.read() == server.said[-1].pictures[0].data
        assert sum(bool(said.pictures) for said in server.said) == 3
        paid = [call for call in server.calls if call.pictures and call.route != "upload"][-1]
        assert [one.data for one in paid.pictures] == drawn


@pytest.mark.parametrize("name", SAYING)
async def test_words(name: str) -> None:
    async with studio() as (server, painter, _):
        request = DrawRequest("Describe a kite.")
        said = await painter.say(CATALOGUE.route(name), request, timeout_s=20)
        assert said.words == server.said[0].text
        assert not server.said[0].pictures


@pytest.mark.parametrize("shape", [one for one in Shape if one not in {Shape.TEXT, Shape.EMPTY}])
async def test_every_shape_of_chat(shape: Shape) -> None:
    async with studio() as (server, painter, _):
        server.shape = shape
        route = CATALOGUE.route("chat")
        result = await painter.draw(route, DrawRequest("a red kite"), timeout_s=20)
        assert result.picture.read() == server.said[0].pictures[0].data
        assert result.words == server.said[0].text
