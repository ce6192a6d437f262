"""What the tests of characters have in common."""

from __future__ import annotations

from typing import Any

from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.domain.characters import Character
from bot.storage import characters
from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.test_asking import colour_of, photo

RED, LIME, BLUE = (16, 0, 0), (0, 16, 0), (0, 0, 16)


async def save(world: World, name: str = "Ada", *colours: str, **options: Any) -> InteractionResult:
    """Save a character of pictures in these colours."""
    who: MemberActor = options.pop("who", world.alice)
    names = ("picture", "picture2", "picture3", "picture4")
    given = {
        option: (f"{colour}.png", photo(colour))
        for option, colour in zip(names, colours or ("red",), strict=False)
    }
    return await who.slash(world.channel, "character save", name=name, **given, **options)


def refused(result: InteractionResult, key: str, **values: object) -> None:
    """A command was refused, privately."""
    assert result.ephemeral
    shown = result.response.content if result.response is not None else ""
    texts = [shown, *(one.content for one in result.followups)]
    assert sentence(key, values) in texts, texts


def last_call(world: World) -> Any:
    """The last call for a picture: the colours of its pictures, and what the model was told."""
    return [call for call in world.provider.calls if call.route == "chat"][-1]


def colours(world: World) -> list[tuple[int, ...]]:
    return [colour_of(picture.data) for picture in last_call(world).pictures]


def told(world: World) -> str:
    return str(last_call(world).body["messages"][-1]["content"][0]["text"])


async def kept(world: World) -> list[Character]:
    async with world.easel.database.reading() as conn:
        return await characters.owned(conn, world.alice.id)
