"""A picture that was posted behind a spoiler stays behind it wherever it is shown once more."""

from __future__ import annotations

from typing import Any

from tests.flows.channels import rule
from tests.flows.conftest import World
from tests.flows.spoken import answer
from tests.flows.test_branches import edited
from tests.flows.test_challenges import draw as draw_in
from tests.flows.test_challenges import enter, entries, results, start
from tests.flows.test_purge import until
from tests.flows.test_stars import STAR, cards, counted, draw, open_gallery
from tests.ui.discord_schema import walk


def covered(components: list[dict[str, Any]]) -> list[bool]:
    """Whether each picture of a message is behind a spoiler."""
    galleries = [one for one in walk(components) if one["type"] == 12]
    return [bool(item.get("spoiler")) for one in galleries for item in one["items"]]


async def test_undo(world: World) -> None:
    await rule(world, "nsfw", rule="spoiler")
    second = await edited(world, world.bob, "make it night", await draw(world))
    await rule(world, "nsfw", rule="any")
    back = await world.bob.select(second, ["undo"])
    assert covered(answer(back).components) == [True]
    third = await edited(world, world.bob, "add a boat", second)
    fourth = await edited(world, world.bob, "add a moon", third)
    back = await world.bob.select(fourth, ["undo"])
    assert covered(answer(back).components) == [False]


async def test_the_gallery(world: World) -> None:
    await rule(world, "nsfw", rule="spoiler")
    gallery = await open_gallery(world, 1)
    picture = await draw(world)
    await world.bob.react(picture, STAR)
    await counted(world, gallery, 1)
    await world.restart()
    await world.mod.react(picture, STAR)
    await counted(world, gallery, 2)
    [card] = cards(world, gallery)
    assert covered(card["components"]) == [True]


async def test_the_winners_of_a_challenge(world: World) -> None:
    await rule(world, "nsfw", rule="spoiler")
    thread = await start(world)
    await draw_in(world, thread, world.alice, "a red harbour")
    await enter(world, thread, world.alice)
    await world.bob.click(world.message(entries(world, thread)[0]), label="Vote")
    await world.mod.slash(thread, "challenge end")

    async def told() -> bool:
        return bool(results(world, thread))

    await until(told)
    assert covered(results(world, thread)[0]["components"]) == [True]
