"""«Who made this?» and `/who`; and what a picture's past shows: branch, tree, time-lapse."""

from __future__ import annotations

import io

import discord
import pytest
from PIL import Image

from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.past import answer, kept, labels, offered, picture, said, told
from tests.media.pictures import photo, written

WHO = "Who made this?"


async def drawn(world: World, prompt: str = "a red kite", **options: bool) -> discord.Message:
    await world.alice.slash(world.channel, "imagine", prompt=prompt, **options)
    return await world.drawn()


async def again(world: World, message: discord.Message, words: str) -> discord.Message:
    form = await world.bob.click(message, label="Edit")
    await world.bob.submit_modal(form, {"words": words})
    return await world.drawn()


async def reposted(world: World, message: discord.Message) -> bytes:
    """A copy as people make them: smaller, and a JPEG."""
    with Image.open(io.BytesIO(await world.bytes_of(message))) as image:
        return written(image.convert("RGB").resize((400, 400)), "JPEG", quality=70)


async def test_by_its_message(world: World) -> None:
    made = await drawn(world)
    shown = answer(await world.bob.context_menu(world.channel, WHO, made))
    row = await world.row_of(made)
    assert f"<@{world.alice.id}>" in said(shown)
    assert "> a red kite" in said(shown)
    assert f"({made.jump_url})" in said(shown)
    assert f"No other picture comes from it so far · id `{row.id}`" in said(shown)
    assert labels(shown) == ["History"]


async def test_by_a_message_that_forwards_it(world: World) -> None:
    made = await drawn(world)
    forwarded = await world.bob.forward(made, world.channel)
    shown = answer(await world.bob.context_menu(world.channel, WHO, forwarded))
    assert f"({made.jump_url})" in said(shown)
    copy = await world.bob.send(
        world.channel, attachments=[("found.jpg", await reposted(world, made))]
    )
    again = await world.alice.forward(copy, world.channel)
    shown = answer(await world.bob.context_menu(world.channel, WHO, again))
    assert "Found by its looks" in said(shown)


async def test_by_its_id_or_the_link_to_it(world: World) -> None:
    made = await drawn(world)
    row = await world.row_of(made)
    for given in (row.id, f" {made.id} ", made.jump_url):
        shown = answer(await world.bob.slash(world.channel, "who", id=given))
        assert "> a red kite" in said(shown)
    for given, key in (
        ("9" * 20, "history_gone"),
        ("123-4", "history_gone"),
        ("what", "who_id"),
        ("https://discord.com/channels/1/2/3", "history_gone"),
    ):
        assert told(await world.bob.slash(world.channel, "who", id=given)) == sentence(key)
    assert told(await world.bob.slash(world.channel, "who")) == sentence("who_nothing")


async def test_a_repost_is_found_by_its_looks(world: World) -> None:
    made = await drawn(world)
    await drawn(world, "a harbour at night")
    copy = await reposted(world, made)
    other = await world.bob.send(world.channel, "look!", attachments=[("found.jpg", copy)])
    await world.restart()
    shown = answer(await world.bob.context_menu(world.channel, WHO, other))
    assert "> a red kite" in said(shown)
    assert "Found by its looks" in said(shown)
    shown = answer(await world.bob.slash(world.channel, "who", picture=("found.jpg", copy)))
    assert f"({made.jump_url})" in said(shown)
    stranger = written(photo(), "PNG")
    unknown = await world.bob.slash(world.channel, "who", picture=("mine.png", stranger))
    assert told(unknown) == sentence("who_unknown")
    broken = await world.bob.slash(world.channel, "who", picture=("mine.png", b"no picture"))
    assert told(broken).startswith("That file is not a picture")
    plain = await world.bob.send(world.channel, "no picture")
    nothing = await world.bob.context_menu(world.channel, WHO, plain)
    assert told(nothing) == sentence("who_no_picture")


async def test_a_private_picture_is_its_owners(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a secret", private=True)
    made = await world.drawn()
    copy = await reposted(world, made)
    row = await world.row_of(made)
    mine = answer(await world.alice.slash(world.channel, "who", picture=("a.jpg", copy)))
    assert "> a secret" in said(mine)
    assert "original message" not in said(mine)
    for actor in (world.bob, world.mod):
        found = await actor.slash(world.channel, "who", picture=("a.jpg", copy))
        assert told(found) == sentence("who_unknown")
        assert told(await actor.slash(world.channel, "who", id=row.id)) == sentence("history_gone")
    leaked = await world.alice.user.slash("who", id=row.id)
    assert "> a secret" in said(answer(leaked))
    stranger = await world.bob.user.slash("who", id=row.id)
    assert told(stranger) == sentence("history_gone")


async def test_branch_tree_and_time_lapse(world: World) -> None:
    first = await drawn(world)
    second = await again(world, first, "make it night")
    await again(world, first, "make it blue")
    third = await again(world, second, "add a moon")
    await kept(world, 1, parent=None, words="no kin")
    who = answer(await world.bob.context_menu(world.channel, WHO, third))
    assert "One of 4 pictures" in said(who)
    assert labels(who) == ["History", "Tree"]
    await world.restart()
    branch = answer(await world.bob.click(who, label="History"))
    assert offered(branch) == ["1. a red kite", "2. make it night", "3. add a moon"]
    assert labels(branch) == ["Tree", "Time-lapse"]
    tree = answer(await world.bob.click(branch, label="Tree"))
    words = [one.partition(". ")[2] for one in offered(tree)]
    assert sorted(words) == ["a red kite", "add a moon", "make it blue", "make it night"]
    assert (await picture(world, tree)).width > 400
    lapse = answer(await world.bob.click(tree, label="Time-lapse"))
    moving = await picture(world, lapse)
    assert moving.format == "WEBP"
    assert getattr(moving, "n_frames", 0) > 3
    assert "3 pictures, one after the other" in said(lapse)
    back = answer(await world.bob.select(tree, [(await world.row_of(second)).id]))
    assert "**make it night**" in said(back)


async def test_a_time_lapse_of_one_picture(world: World) -> None:
    await kept(world, 1)
    who = answer(await world.bob.slash(world.channel, "who", id="1"))
    branch = answer(await world.bob.click(who, label="History"))
    assert offered(branch) == ["1. wish 1"]
    assert labels(branch) == []


@pytest.mark.parametrize("action", ["history_of", "tree", "lapse"])
async def test_from_the_menu_under_a_picture(world: World, action: str) -> None:
    second = await again(world, await drawn(world), "make it night")
    shown = answer(await world.bob.select(second, [action]))
    if action == "lapse":
        assert labels(shown) == ["History", "Tree"]
    else:
        assert len(offered(shown)) == 2


async def test_what_others_made_in_private_is_not_in_a_tree(world: World) -> None:
    await kept(world, 1, words="for all")
    await kept(world, 2, 1, words="for Bob", user_id=world.bob.id, private=True)
    await kept(world, 3, 2, words="for all again")
    found = answer(await world.alice.slash(world.channel, "who", id="3"))
    tree = answer(await world.alice.click(found, label="Tree"))
    assert sorted(one.partition(". ")[2] for one in offered(tree)) == ["for all", "for all again"]
    who = answer(await world.bob.slash(world.channel, "who", id="3"))
    assert "One of 3 pictures" in said(who)


async def test_a_picture_whose_file_is_gone_is_found_by_its_message(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    made = await drawn(world)
    copy = await reposted(world, made)
    for file in (world.config.data_dir / "blobs").rglob("*"):
        if file.is_file():
            file.unlink()
    unknown = await world.bob.slash(world.channel, "who", picture=("a.jpg", copy))
    assert told(unknown) == sentence("who_unknown")
    assert "has no hash" in caplog.text
    shown = answer(await world.bob.context_menu(world.channel, WHO, made))
    assert "> a red kite" in said(shown)


async def test_not_too_often(world: World) -> None:
    for _ in range(20):
        shown = await world.bob.slash(world.channel, "who", id="9")
        assert told(shown) == sentence("history_gone")
    shown = await world.bob.slash(world.channel, "who", id="9")
    assert told(shown).startswith("That was a little fast")
    assert told(await world.alice.slash(world.channel, "who", id="9")) == sentence("history_gone")
