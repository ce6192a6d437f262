"""Forms that were open while the bot was restarted: their answers are not lost."""

from __future__ import annotations

from tests.flows.conftest import World
from tests.flows.test_asking import photo


async def test_an_edit_form_that_was_open(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    first = await world.drawn()
    shown = await world.alice.click(first, label="Edit")
    await world.restart()
    await world.alice.submit_modal(
        shown, {"words": "make it night", "pictures": [("tail.png", photo("lime"))]}
    )
    await world.drawn()
    call = [call for call in world.provider.calls if call.route == "chat"][-1]
    assert len(call.pictures) == 2
    assert "a red kite" in str(call.body)


async def test_the_form_for_somebody_elses_picture(world: World) -> None:
    message = await world.bob.send(world.channel, "look", attachments=[("mine.png", photo("lime"))])
    shown = await world.alice.context_menu(world.channel, "Edit picture", message)
    await world.restart()
    await world.alice.submit_modal(shown, {"words": "make it night"})
    await world.drawn()
    call = [call for call in world.provider.calls if call.route == "chat"][-1]
    assert len(call.pictures) == 1
