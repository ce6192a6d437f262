"""Edits of a part of a picture: what is outside of it stays exactly as it was."""

from __future__ import annotations

import pytest

from bot.domain.jobs import State
from bot.domain.regions import grid, only_there, parse
from bot.standins.provider import Fault, Kind, Shape
from bot.ui.texts import say
from tests.flows.casting import refused
from tests.flows.cells import (
    CELLS,
    CHANGE,
    calls,
    changed,
    first,
    forget_file,
    form,
    instead,
    model_drew,
    only_inside,
    pointed,
    read,
    shows,
    written,
)
from tests.flows.conftest import World
from tests.flows.reading import texts_of
from tests.flows.spoken import answer
from tests.flows.trouble import Trouble


async def test_only_the_chosen_cells_change(world: World) -> None:
    before = await first(world, aspect="16:9")
    original = await shows(world, before)
    after = await changed(world, before)
    only_inside(await shows(world, after), original, model_drew(world))
    on = grid(*original.size)
    row = await world.row_of(after)
    assert (row.wish.words, row.wish.region, row.wish.aspect) == (CHANGE, CELLS, "16:9")
    assert row.wish.told == only_there(CHANGE, parse(CELLS, on), on)
    assert (row.picture.media_type, row.picture.width_px) == ("image/png", original.width)
    call = calls(world)[-1]
    assert row.wish.told in str(call.body)
    assert len(call.pictures) == 1
    shown = texts_of(world.messages()[-1]["components"])
    assert shown[0] == f"**{CHANGE}**"
    assert say("region_not_kept") not in shown
    # What is made from it continues from what is shown.
    await world.bob.send(world.channel, "at night", reply_to=world.message(after.id))
    await world.drawn()
    sent = read(calls(world)[-1].pictures[0].data)
    assert sent.size == original.size


async def test_after_restarts_with_a_file_that_only_discord_has(world: World) -> None:
    before = await first(world)
    original = await shows(world, before)
    await forget_file(world, before)
    await world.restart()
    shown = await pointed(world, before, world.bob)
    await world.restart()
    opened = await world.bob.click(world.message(shown.id), label="Choose cells")
    await world.restart()
    await world.bob.submit_modal(opened, written("e5 b2-c3"))
    after = await world.drawn()
    only_inside(await shows(world, after), original, model_drew(world))
    row = await world.row_of(after)
    assert (row.user_id, row.wish.region) == (world.bob.id, CELLS)


@pytest.mark.parametrize(
    ("kind", "size", "options"),
    [
        ("JPEG", (1344, 768), {"quality": 80}),
        ("WEBP", (864, 1184), {"quality": 80}),
        ("JPEG", (2688, 1536), {"quality": 90}),
    ],
)
async def test_originals_of_any_kind_and_size(
    world: World, kind: str, size: tuple[int, int], options: dict[str, object]
) -> None:
    before = await first(world)
    original = await instead(world, before, size, kind, **options)
    after = await changed(world, before)
    result = await shows(world, after)
    assert result.size == size
    only_inside(result, original, model_drew(world))
    assert (await world.row_of(after)).picture.media_type == "image/png"


async def test_cells_that_are_not_there_can_be_chosen_again(world: World) -> None:
    before = await first(world)
    shown = await pointed(world, before)
    for cells, key, values in (
        ("Z9", "region_outside", {"part": "Z9", "last": "E5"}),
        ("top left", "region_unclear", {"part": "TOP"}),
        (" , ", "region_empty", {}),
    ):
        opened = await world.alice.click(shown, label="Choose cells")
        refused(await world.alice.submit_modal(opened, written(cells)), key, **values)
    assert len(calls(world)) == 1
    opened = await world.alice.click(shown, label="Choose cells")
    await world.alice.submit_modal(opened, written())
    await world.drawn()


async def test_again_has_the_same_original(world: World) -> None:
    before = await first(world)
    original = await shows(world, before)
    after = await changed(world, before)
    await forget_file(world, before)
    await world.restart()
    await world.bob.click(world.message(after.id), label="Again")
    again = await world.drawn()
    one, two = calls(world)[-2:]
    assert one.body == two.body
    only_inside(await shows(world, again), original, model_drew(world))
    assert (await world.row_of(again)).wish.region == CELLS


async def test_tried_again_and_said_more_softly(trouble: Trouble, world: World) -> None:
    before = await first(world)
    original = await shows(world, before)
    world.provider.faults.once(Fault(Kind.REFUSE_TEXT), "chat")
    result = await world.alice.submit_modal(await form(world, before), written())
    assert (await world.ended())[1] is State.REFUSED
    softer = await world.alice.click(answer(result), label="Say it more softly")
    await world.alice.click(answer(softer), label="Draw this")
    row = await world.row_of(await world.drawn())
    assert row.wish.words != CHANGE
    assert row.wish.words in row.wish.told
    assert row.wish.words in str(calls(world)[-1].body)
    assert row.wish.region == CELLS
    await world.alice.click(answer(result), label="Try again")
    after = await world.drawn()
    only_inside(await shows(world, after), original, model_drew(world))


async def test_further_pictures_are_pasted_too(world: World) -> None:
    before = await first(world)
    original = await shows(world, before)
    world.provider.shape = Shape.IMAGES
    world.provider.pictures_each = 2
    after = world.message((await changed(world, before)).id)
    drawn = [read(one.data) for one in world.provider.said[-1].pictures]
    sent = [world.env.backend.cdn.get(one.url) for one in after.attachments]
    assert len(sent) == 2
    for data, edited in zip(sent, drawn, strict=True):
        assert data is not None
        only_inside(read(data), original, edited)


async def test_in_direct_messages(world: World) -> None:
    await world.alice.send_dm("a quiet pond")
    before = await world.drawn()
    original = await shows(world, before)
    after = await changed(world, before, world.alice.user)
    assert after.channel.id == before.channel.id
    only_inside(await shows(world, after), original, model_drew(world))


async def test_of_a_private_picture(world: World) -> None:
    result = await world.alice.slash(world.channel, "imagine", prompt="a secret", private=True)
    await world.drawn()
    before = world.message(answer(result).id)
    asked = await world.alice.submit_modal(await form(world, before), written())
    await world.drawn()
    assert asked.ephemeral


async def test_whoever_keeps_their_pictures_is_asked_first(world: World) -> None:
    before = await first(world)
    opened = await form(world, before, world.bob)
    await world.alice.slash(world.channel, "remix", who="me")
    result = await world.bob.select(world.message(before.id), ["region"])
    refused(result, "remix_mine")
    refused(await world.bob.submit_modal(opened, written()), "remix_mine")
    assert len(calls(world)) == 1


async def test_a_picture_that_is_gone(world: World) -> None:
    before = await first(world)
    shown = await pointed(world, before)
    opened = await world.alice.click(shown, label="Choose cells")
    await world.alice.select(world.message(before.id), ["delete"])
    refused(await world.alice.submit_modal(opened, written()), "parent_gone")
    refused(await world.alice.click(shown, label="Choose cells"), "parent_gone")
