"""The buttons under a result, before and after a restart."""

from __future__ import annotations

from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.test_asking import colour_of, photo


async def test_edit_asks_and_draws_from_that_picture(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    first = await world.drawn()
    await world.alice.slash(world.channel, "imagine", prompt="a blue boat")
    await world.drawn()
    shown = await world.bob.click(first, label="Edit")
    assert shown.modal is not None
    await world.bob.submit_modal(
        shown, {"words": "make it night", "pictures": [("tail.png", photo("lime"))]}
    )
    await world.drawn()
    call = [call for call in world.provider.calls if call.route == "chat"][-1]
    assert len(call.pictures) == 2
    assert colour_of(call.pictures[1].data) == (0, 16, 0)
    assert "a red kite" in str(call.body)
    assert "a blue boat" not in str(call.body)


async def test_again_asks_the_same(world: World) -> None:
    await world.alice.slash(
        world.channel, "imagine", prompt="as a stamp", image=("cat.png", photo("red"))
    )
    first = await world.drawn()
    await world.bob.click(first, label="Again")
    await world.drawn()
    one, two = [call for call in world.provider.calls if call.route == "chat"]
    assert one.body == two.body


async def test_only_the_author_and_moderators_delete(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="one")
    first = await world.drawn()
    await world.alice.slash(world.channel, "imagine", prompt="two")
    second = await world.drawn()
    refused = await world.bob.select(first, ["delete"])
    assert refused.ephemeral
    assert refused.response is not None
    assert refused.response.content == sentence("not_your_picture")
    await world.alice.select(first, ["delete"])
    await world.mod.select(second, ["delete"])
    assert [message for message in world.messages() if message["attachments"]] == []


async def test_a_deleted_picture_is_forgotten(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a secret wish")
    first = await world.drawn()
    row = await world.row_of(first)
    await world.alice.select(first, ["delete"])
    async with world.easel.database.reading() as conn:
        found = await conn.exec_driver_sql("SELECT count(*) FROM turns WHERE words LIKE '%secret%'")
        assert found.scalar() == 0
    assert not (world.config.data_dir / "blobs" / row.picture.key[:2] / row.picture.key).exists()


async def test_info_shows_what_is_known(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite", aspect="16:9")
    first = await world.drawn()
    result = await world.bob.select(first, ["info"])
    assert result.ephemeral
    assert result.response is not None
    shown = str(result.response.components)
    for expected in ("a red kite", "gemini-2.5-flash-image", "chat", "1344", "$0.0", "Ratio"):
        assert expected in shown


async def test_buttons_outlive_a_restart(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    first = await world.drawn()
    await world.restart()
    shown = await world.alice.click(world.message(first.id), label="Edit")
    assert shown.modal is not None
    await world.alice.submit_modal(shown, {"words": "make it night"})
    await world.drawn()
    await world.alice.click(world.message(first.id), label="Again")
    await world.drawn()


async def test_a_reply_works_after_a_restart(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    first = await world.drawn()
    await world.restart()
    await world.alice.send(world.channel, "make it night", reply_to=world.message(first.id))
    await world.drawn()
    call = [call for call in world.provider.calls if call.route == "chat"][-1]
    assert "a red kite" in str(call.body)
