"""The whole way once, with nothing simulated in the bot's own process."""

from __future__ import annotations

from tests.crash.stage import Stage


async def test_pictures_over_the_wire(stage: Stage) -> None:
    discord, channel = stage.discord, stage.channel
    await stage.bot.start()
    first = await stage.slash()
    await stage.ended(first)
    [message] = stage.answers(first)
    assert discord.file(message["attachments"][0]) == stage.provider.said[0].pictures[0].data

    reply = await discord.send(stage.bob, channel, "make it night", reply_to=int(message["id"]))
    await stage.ended(str(reply))
    [edited] = stage.answers(str(reply))
    assert edited["message_reference"]["message_id"] == str(reply)
    edit = [call for call in stage.provider.calls if call.route == "chat"][-1]
    assert len(edit.pictures) == 1
    assert "make it night" in str(edit.body)

    again = str(await discord.click(stage.alice, channel, int(edited["id"]), label="Again"))
    await stage.ended(again)
    shown = await discord.click(stage.alice, channel, int(message["id"]), label="Info")
    await discord.until(lambda: discord.interaction(shown).responded)
    assert discord.interaction(shown).ephemeral

    status, took_s = await stage.bot.stop()
    assert status == 0, stage.bot.tail()
    assert took_s < 5
    assert "Traceback" not in stage.bot.log.read_text()


async def test_a_second_process_on_the_same_file_is_refused(stage: Stage) -> None:
    await stage.bot.start()
    first, stage.bot._process = stage.bot._process, None
    await stage.bot.launch()
    assert stage.bot._process is not None
    assert await stage.bot._process.wait() == 2
    assert "is in use by another process of Easel" in stage.bot.tail()
    stage.bot._process = first


async def test_the_commands_are_sent_once(stage: Stage) -> None:
    for _ in range(2):
        await stage.bot.start()
        await stage.bot.kill()
    sent = [call for call in stage.discord.rest.calls if call.method == "PUT"]
    assert len(sent) == 1
