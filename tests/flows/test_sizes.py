"""Sizes and ratios of the configured model, and the routes that can carry them."""

from __future__ import annotations

import io
from typing import Any

import discord
import pytest
from PIL import Image
from simcord.results import InteractionResult

from tests.flows.conftest import World
from tests.flows.reading import texts_of
from tests.flows.test_asking import photo

LARGER = "gemini-3.1-flash-image"


def options(world: World) -> dict[str, discord.app_commands.transformers.CommandParameter]:
    command: Any = world.easel.bot.tree.get_command("imagine")
    return {one.name: one for one in command.parameters}


def calls(world: World) -> list[Any]:
    return [call for call in world.provider.calls if call.route != "file"]


def image_config(call: Any) -> dict[str, str]:
    return call.body["generationConfig"].get("imageConfig", {})


async def px(world: World, message: discord.Message) -> tuple[int, int]:
    with Image.open(io.BytesIO(await world.bytes_of(message))) as picture:
        return picture.size


async def imagine(world: World, **given: Any) -> InteractionResult:
    return await world.alice.slash(world.channel, "imagine", prompt="hills", **given)


async def test_a_model_without_sizes_offers_none(world: World) -> None:
    offered = options(world)
    assert "size" not in offered
    assert len(offered["aspect"].choices) == 10
    assert list(offered)[:2] == ["prompt", "image"]


class TestWithSizes:
    @pytest.fixture
    def settings(self, settings: dict[str, str]) -> dict[str, str]:
        return {**settings, "EASEL_MODEL": LARGER, "EASEL_ROUTES": "chat original-image"}

    async def test_sizes_and_all_ratios_are_offered(self, world: World) -> None:
        offered = options(world)
        assert [one.value for one in offered["size"].choices] == ["1K", "512", "2K", "4K"]
        ratios = [one.value for one in offered["aspect"].choices]
        assert len(ratios) == 14
        assert {"1:4", "4:1", "1:8", "8:1"} <= set(ratios)

    async def test_a_size_reaches_the_model_and_is_shown(self, world: World) -> None:
        await imagine(world, size="2K", aspect="16:9")
        message = await world.drawn()
        [call] = calls(world)
        assert call.route == "original-image"
        assert image_config(call) == {"aspectRatio": "16:9", "imageSize": "2K"}
        assert await px(world, message) == (2688, 1536)
        info = await world.bob.select(message, ["info"])
        assert info.response is not None
        assert "**Size asked for** 2K" in " ".join(texts_of(info.response.components))
        await world.restart()
        await world.bob.click(world.message(message.id), label="Again")
        assert (await world.row_of(await world.drawn())).wish.size == "2K"
        assert image_config(calls(world)[1]) == image_config(call)

    async def test_a_ratio_of_this_model_alone(self, world: World) -> None:
        await imagine(world, aspect="1:4")
        assert await px(world, await world.drawn()) == (512, 2048)

    async def test_without_a_size_the_model_decides(self, world: World) -> None:
        await imagine(world)
        message = await world.drawn()
        assert [call.route for call in calls(world)] == ["chat"]
        info = await world.bob.select(message, ["info"])
        assert info.response is not None
        assert "asked for** 2K" not in str(info.response.components)


class TestWithSizesByChatAlone:
    @pytest.fixture
    def settings(self, settings: dict[str, str]) -> dict[str, str]:
        return {**settings, "EASEL_MODEL": LARGER}

    async def test_the_words_carry_the_size(self, world: World) -> None:
        await imagine(world, size="4K")
        await world.drawn()
        [call] = calls(world)
        assert "Resolution 4K." in str(call.body)


class TestRoutes:
    @pytest.fixture(params=["chat original-image original-edit per-call-edit"])
    def settings(self, settings: dict[str, str], request: pytest.FixtureRequest) -> dict[str, str]:
        return {**settings, "EASEL_ROUTES": request.param}

    async def asked(self, world: World) -> tuple[str, str]:
        """The route of the newest call, and all of its body."""
        await world.drawn()
        call = calls(world)[-1]
        return call.route, str(call.body)

    async def test_the_first_route_draws_what_it_can_carry(self, world: World) -> None:
        await imagine(world)
        assert (await self.asked(world))[0] == "chat"

    async def test_a_ratio_goes_where_it_has_a_field(self, world: World) -> None:
        await imagine(world, aspect="16:9")
        route, body = await self.asked(world)
        assert route == "original-image"
        assert "'aspectRatio': '16:9'" in body
        assert "Aspect ratio" not in body

    async def test_so_does_an_edits(self, world: World) -> None:
        await imagine(world, aspect="9:16", image=("a.png", photo()))
        route, body = await self.asked(world)
        assert route == "original-edit"
        assert "'aspectRatio': '9:16'" in body

    @pytest.mark.parametrize("settings", ["chat"], indirect=True)
    async def test_where_chat_is_all_the_words_carry_it(self, world: World) -> None:
        await imagine(world, aspect="16:9")
        route, body = await self.asked(world)
        assert route == "chat"
        assert "Aspect ratio 16:9." in body

    @pytest.mark.parametrize("settings", ["chat original-image"], indirect=True)
    async def test_an_edit_keeps_to_a_route_that_edits(self, world: World) -> None:
        await imagine(world, aspect="16:9", image=("a.png", photo()))
        route, body = await self.asked(world)
        assert route == "chat"
        assert "Aspect ratio 16:9." in body

    @pytest.mark.parametrize("settings", ["per-call-edit chat"], indirect=True)
    async def test_the_words_so_far_go_where_they_are_taken(self, world: World) -> None:
        await imagine(world)
        first = await world.drawn()
        await world.alice.send(world.channel, "make it night", reply_to=first)
        route, body = await self.asked(world)
        assert route == "chat"
        assert "hills" in body
        await imagine(world, image=("a.png", photo()))
        assert (await self.asked(world))[0] == "per-call-edit"
