"""`/history`: pages, search, and going on from a picture of the past."""

from __future__ import annotations

import datetime as dt
import shutil

import discord
from simcord.builders import ChannelHandle

from bot.domain.ids import Place
from bot.storage import suggestions
from bot.ui.texts import say, sentence
from tests.flows.conftest import World
from tests.flows.past import answer, kept, labels, offered, picture, said, told

COLLECTION = 14


def secret_channel(world: World) -> ChannelHandle:
    """A channel for moderators and the bot."""
    roles, bot = world.guild.roles, world.easel.bot.user
    assert bot is not None
    seen = discord.PermissionOverwrite(view_channel=True)
    hidden = discord.PermissionOverwrite(view_channel=False)
    return world.guild.create_text_channel(
        "secret", overwrites={roles["@everyone"]: hidden, roles["mods"]: seen, bot: seen}
    )


async def test_pages_work_after_a_restart(world: World) -> None:
    for number in range(1, COLLECTION + 1):
        await kept(world, number)
    page = answer(await world.bob.slash(world.channel, "history"))
    assert "1 to 12 of 14 · page 1 of 2" in said(page)
    assert offered(page)[0] == "1. wish 14"
    assert labels(page) == ["Next"]
    first = await picture(world, page)
    assert first.width == 1200
    await world.restart()
    turned = await world.bob.click(page, label="Next")
    assert turned.followups == []
    assert "13 to 14 of 14 · page 2 of 2" in said(page)
    assert offered(page) == ["13. wish 2", "14. wish 1"]
    assert labels(page) == ["Previous"]
    assert (await picture(world, page)).size != first.size
    await world.bob.click(page, label="Previous")
    assert "1 to 12 of 14" in said(page)


async def test_search_works_after_a_restart(world: World) -> None:
    for number in range(1, COLLECTION + 1):
        await kept(world, number, words=f"a kite and {number} boats")
    await kept(world, 99, words="a lighthouse", user_id=world.bob.id)
    search = "Kite boat!"
    page = answer(await world.bob.slash(world.channel, "history", search=search))
    assert f"Pictures with “{search}”" in said(page)
    assert "1 to 12 of 14" in said(page)
    await world.restart()
    await world.bob.click(page, label="Next")
    assert "13 to 14 of 14" in said(page)
    assert f"with “{search}”" in said(page)
    async with world.easel.database.transaction() as conn:
        await suggestions.purge(conn, dt.datetime.now(dt.UTC) + dt.timedelta(days=1))
    late = await world.bob.click(page, label="Previous")
    assert told(late) == sentence("history_search_gone")
    none = await world.bob.slash(world.channel, "history", search="kite", person=world.bob)
    assert told(none) == sentence("history_found_nothing")
    one = answer(await world.alice.slash(world.channel, "history", person=world.bob))
    assert offered(one) == ["1. a lighthouse"]


async def test_no_search_is_a_mistake(world: World) -> None:
    await kept(world, 1, words="a kite")
    for search in ('"kite', "kite AND (", "'; DROP TABLE turns; --", "🎨", "*"):
        shown = told(await world.alice.slash(world.channel, "history", search=search))
        assert "of 1 " in shown or shown == sentence("history_found_nothing")


async def test_only_what_one_may_see(world: World) -> None:
    secret = secret_channel(world)
    adult = world.guild.create_text_channel("late")
    await world.env.settle()
    for_adults = world.easel.bot.get_channel(adult.id)
    assert isinstance(for_adults, discord.TextChannel)
    for_adults.nsfw = True  # SimCord's channels have no age limit
    await kept(world, 1, words="for all")
    await kept(world, 2, words="for Alice", private=True)
    await kept(world, 3, words="in secret", place=Place(world.guild.id, secret.id))
    await kept(world, 4, words="elsewhere", place=Place(1, 2))
    await kept(world, 5, words="in a thread that Discord hides", place=Place(world.guild.id, 77))
    await kept(world, 6, words="mine", user_id=world.bob.id, place=Place(None, 8))
    await kept(world, 7, words="late", user_id=world.mod.id, place=Place(world.guild.id, adult.id))
    mine = answer(await world.alice.slash(world.channel, "history"))
    assert offered(mine) == [
        "1. in a thread that Discord hides",
        "2. in secret",
        "3. for Alice",
        "4. for all",
    ]
    private = answer(await world.alice.slash(world.channel, "history", private=True))
    assert offered(private) == ["1. for Alice"]
    assert offered(answer(await world.bob.slash(world.channel, "history"))) == ["1. for all"]
    assert offered(answer(await world.mod.slash(world.channel, "history"))) == [
        "1. late",
        "2. in secret",
        "3. for all",
    ]
    late = answer(await world.alice.slash(adult, "history", person=world.mod))
    assert offered(late) == ["1. late"]
    direct = answer(await world.bob.user.slash("history"))
    assert offered(direct) == ["1. mine"]
    nothing = await world.bob.slash(world.channel, "history", private=True)
    assert told(nothing) == sentence("history_empty")


async def test_threads_are_as_open_as_their_channels(world: World) -> None:
    secret = secret_channel(world)
    backend, owner = world.env.backend, world.mod.id
    threads = {
        name: backend.create_thread(channel.id, name, owner, type=kind, broadcast=known).id
        for name, channel, kind, known in (
            ("open", world.channel, 11, True),
            ("old", world.channel, 11, False),  # archived: Discord tells of it when asked
            ("closed", world.channel, 12, True),
            ("old and closed", world.channel, 12, False),
            ("in secret", secret, 11, True),
            ("old in secret", secret, 11, False),
        )
    }
    await world.env.settle()
    for number, (name, channel_id) in enumerate(threads.items(), 1):
        place = Place(world.guild.id, channel_id)
        await kept(world, number, words=name, place=place)
    seen = offered(answer(await world.bob.slash(world.channel, "history")))
    assert [one.partition(" ")[2] for one in seen] == ["old", "open"]
    assert len(offered(answer(await world.alice.slash(world.channel, "history")))) == 6
    assert len(offered(answer(await world.mod.slash(world.channel, "history")))) == 6


async def test_going_on_from_one_of_them(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    first = await world.drawn()
    await world.alice.slash(world.channel, "imagine", prompt="a blue boat")
    await world.drawn()
    page = answer(await world.bob.slash(world.channel, "history"))
    assert offered(page) == ["1. a blue boat", "2. a red kite"]
    await world.restart()
    row = await world.row_of(first)
    shown = answer(await world.bob.select(page, [row.id]))
    assert await world.bytes_of(world.message(shown.id)) == await world.bytes_of(first)
    assert f"({first.jump_url})" in said(shown)
    form = await world.bob.click(shown, label="Edit")
    await world.bob.submit_modal(form, {"words": "make it night"})
    edited = await world.row_of(await world.drawn())
    assert edited.wish.parent == row.id
    assert not edited.wish.private


async def test_files_that_are_gone(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    there = await world.drawn()
    await kept(world, 1, words="deleted on Discord", message_id=12345)
    await kept(world, 2, words="private", private=True)
    shutil.rmtree(world.config.data_dir / "blobs")
    page = answer(await world.alice.slash(world.channel, "history"))
    assert len(offered(page)) == 3
    sheet = (await picture(world, page)).convert("RGB")
    tiles = [sheet.getpixel((40 + 388 * column, sheet.height // 2)) for column in range(3)]
    assert tiles[1] == tiles[2] != tiles[0], "what Discord has not is blank"
    assert world.cdn.asked == [there.attachments[0].url.partition(world.cdn.host)[2]]
    job_id = (await world.row_of(there)).id
    fetched = answer(await world.alice.select(page, [job_id]))
    assert await world.bytes_of(world.message(fetched.id)) == await world.bytes_of(there)
    for lost in ("1", "2"):
        gone = answer(await world.alice.select(page, [lost]))
        assert say("history_not_kept") in said(gone)


async def test_a_page_that_is_older_than_what_it_shows(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    there = await world.drawn()
    page = answer(await world.bob.slash(world.channel, "history"))
    job_id = (await world.row_of(there)).id
    await world.mod.delete(there)
    gone = await world.bob.select(page, [job_id])
    assert told(gone) == sentence("history_gone")
