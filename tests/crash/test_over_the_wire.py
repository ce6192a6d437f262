"""The whole way once, with nothing simulated in the bot's own process."""

from __future__ import annotations

import asyncio

from bot.domain.jobs import State
from tests.crash.stage import Stage


async def test_pictures_over_the_wire(stage: Stage) -> None:
    discord, channel = stage.discord, stage.channel
    await stage.bot.start()
    # Discord holds this one's «drawing» back until long after its picture is there.
    hold = discord.faults.hold("POST /channels/*/messages")
    slow = await stage.mention()
    await hold.reached()

    first = await stage.slash()
    await stage.ended(first)
    [message] = stage.answers(first)
    assert discord.file(message["attachments"][0]) == stage.provider.said[0].pictures[0].data

    await discord.until(lambda: stage.state(slow) == State.DRAWN)
    await asyncio.sleep(0.3)
    hold.release()
    await stage.ended(slow)

    # The connection breaks; what was missed comes with the resume, and one event comes twice.
    discord.gateway.drop()
    missed = await stage.slash()
    await stage.ended(missed)
    assert discord.gateway.resumed == 1
    backend = discord.world.backend
    backend.announce_message_create(backend.get_message(channel.id, int(slow)))

    reply = await discord.send(stage.bob, channel, "make it night", reply_to=int(message["id"]))
    await stage.ended(str(reply))
    [edited] = stage.answers(str(reply))
    assert edited["message_reference"]["message_id"] == str(reply)
    edit = [call for call in stage.provider.calls if call.route == "chat"][-1]
    assert len(edit.pictures) == 1
    assert "make it night" in str(edit.body)

    again = str(await discord.click(stage.alice, channel, int(edited["id"]), label="Again"))
    await stage.ended(again)
    shown = await discord.choose(stage.alice, channel, int(message["id"]), "info")
    await discord.until(lambda: discord.interaction(shown).responded)
    assert discord.interaction(shown).ephemeral

    second = stage.bot.another()
    await second.launch()
    assert await second.over() == 2
    assert "is in use by another process of Easel (process " in stage.bot.tail()

    status, took_s = await stage.bot.stop()
    assert status == 0, stage.bot.tail()
    assert took_s < 15
    assert "Traceback" not in stage.bot.log.read_text()
    assert len(stage.own()) == len(stage.bot.states()) == 5
    assert set(stage.calls().values()) == {1, 3}  # an edit and an «Again» repeat the first words
