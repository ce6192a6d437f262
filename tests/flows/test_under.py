"""What stands under a picture: the buttons and the menu, before and after a restart."""

from __future__ import annotations

import io
from typing import Any

import discord
import pytest
from PIL import Image
from simcord.results import InteractionResult, ResponseMessage

from bot.domain.ids import JobId
from bot.domain.jobs import State
from bot.ui import under
from bot.ui.base import ActionButton, EaselLayout
from bot.ui.texts import say, sentence
from tests.flows.conftest import World
from tests.flows.reading import texts_of
from tests.flows.test_asking import photo
from tests.flows.test_branches import drawing_calls, edited, shown, words_in
from tests.ui.discord_schema import walk

FIRST = "a red kite"


async def drawn(world: World, **options: Any) -> discord.Message:
    await world.alice.slash(world.channel, "imagine", prompt=FIRST, **options)
    return await world.drawn()


def one(result: InteractionResult) -> ResponseMessage:
    assert result.response is not None
    return result.response


def said(result: InteractionResult) -> str:
    return " ".join(texts_of(one(result).components)) or one(result).content


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.size


async def file_of(world: World, message: ResponseMessage) -> bytes:
    data = world.env.backend.cdn.get(message.attachments[0].url)
    assert data is not None
    return data


def offered_under(world: World, message: discord.Message | ResponseMessage) -> set[str]:
    """The actions that can be pressed or chosen below a picture."""
    if isinstance(message, ResponseMessage):
        components = message.components
    else:
        (found,) = [each for each in world.messages() if int(each["id"]) == message.id]
        components = found["components"]
    parts = list(walk(components))
    pressed = {part["custom_id"].split(":")[1] for part in parts if part["type"] == 2}
    return pressed | {each["value"] for part in parts for each in part.get("options", ())}


async def as_of_old(world: World, message: discord.Message) -> discord.Message:
    """A message with all that once stood below every picture."""
    rows = under.rows(JobId((await world.row_of(message)).id), under.EVERYTHING)
    channel = world.easel.bot.get_partial_messageable(world.channel.id)
    old = await channel.send(view=EaselLayout(*rows))
    await world.restart()
    return world.message(old.id)


async def test_only_what_somebody_handles_is_offered(world: World) -> None:
    message = await edited(world, world.bob, "make it night", await drawn(world))
    payload = next(found for found in world.messages() if int(found["id"]) == message.id)
    parts = list(walk(payload["components"]))
    handled = set(world.easel.bot.actions)
    ids = [part["custom_id"].split(":")[1] for part in parts if part["type"] == 2]
    assert ids == [action for action in under.BUTTONS if action in handled]
    (menu,) = [part for part in parts if part["type"] == 3]
    offered = [option["value"] for option in menu["options"]]
    assert offered == [action for action in under.MORE if action in handled]
    assert {"edit", "again", "vary", "compare"} <= set(ids)
    assert {"info", "undo", "lapse", "delete"} <= set(offered)


async def test_before_is_offered_only_where_there_was_something(world: World) -> None:
    plain = await drawn(world)
    given = await drawn(world, image=("a.png", photo("red")))
    back = {"undo", "lapse"}
    for message, further in ((plain, set[str]()), (given, {"compare"})):
        assert offered_under(world, message) & {"compare", *back} == further
        # What is opened from the past, or gone back to, is offered the same.
        who = await world.bob.context_menu(world.channel, "Who made this?", message)
        branch = one(await world.bob.click(one(who), label="History"))
        opened = one(await world.bob.select(branch, [(await world.row_of(message)).id]))
        assert offered_under(world, opened) & {"compare", *back} == further
        tree = one(await world.bob.select(message, ["tree"]))
        assert "lapse" not in offered_under(world, tree)
    second = await edited(world, world.bob, "make it night", plain)
    assert {"compare", *back} <= offered_under(world, second)
    gone_back = one(await world.bob.select(second, ["undo"]))
    assert not offered_under(world, gone_back) & {"compare", *back}
    tree = one(await world.bob.select(second, ["tree"]))
    assert "lapse" in offered_under(world, tree)


async def test_vary_asks_how_many_and_says_the_price(world: World) -> None:
    first = await drawn(world, aspect="16:9")
    await world.restart()
    form = await world.bob.click(world.message(first.id), label="Vary")
    assert form.modal is not None
    (menu,) = [part for part in walk(form.modal["components"]) if part["type"] == 3]
    prices = [option["label"] for option in menu["options"]]
    assert [option["value"] for option in menu["options"]] == ["1", "2", "3", "4"]
    assert len(set(prices)) == 4
    assert all("$0." in price for price in prices)
    await world.restart()
    await world.bob.submit_modal(form, {"count": ["2"]})
    await world.drawn()
    last = await world.drawn()
    calls = drawing_calls(world)[1:]
    assert len(calls) == 2
    for call in calls:
        assert len(call.pictures) == 1
        assert "variation" in words_in(call)[-1]
        assert FIRST in words_in(call)[-1]
    row = await world.row_of(last)
    assert (row.wish.words, row.wish.aspect, row.user_id) == (FIRST, "16:9", world.bob.id)
    assert row.wish.parent == (await world.row_of(first)).id
    assert f"**{FIRST}**" in world.said()[-1]
    # A variation of a variation is told the same.
    form = await world.alice.click(last, label="Vary")
    await world.alice.submit_modal(form, {"count": ["1"]})
    await world.drawn()
    assert words_in(drawing_calls(world)[-1])[-1] == words_in(calls[-1])[-1]


async def test_variations_that_a_limit_forbids(world: World) -> None:
    first = await drawn(world)
    await world.mod.slash(world.channel, "limits", person_day=1)
    form = await world.bob.click(first, label="Vary")
    result = await world.bob.submit_modal(form, {"count": ["4"]})
    _, state = await world.ended()
    assert state is State.SETTLED
    assert len(result.followups) == 1
    assert world.ends.empty()


async def test_compare_shows_before_and_after(world: World) -> None:
    first = await drawn(world)
    second = await edited(world, world.bob, "make it night", first)
    await world.restart()
    result = await world.mod.click(world.message(second.id), label="Compare")
    assert one(result).ephemeral
    before, after = [size_of(await world.bytes_of(message)) for message in (first, second)]
    width, height = size_of(await file_of(world, one(result)))
    assert before == after == (1024, 1024)
    assert 1.5 < width / height < 2.1
    assert say("compare_title") in said(result)


async def test_compare_with_the_picture_that_was_given(world: World) -> None:
    first = await drawn(world, image=("a.png", photo("red")))
    result = await world.alice.click(first, label="Compare")
    with Image.open(io.BytesIO(await file_of(world, one(result)))) as picture:
        pixel = picture.convert("RGB").getpixel((140, picture.height // 2))  # small, on the left
    assert isinstance(pixel, tuple)
    assert pixel[0] > 240
    assert max(pixel[1:]) < 16


async def test_what_somebody_gave_is_shown_to_them_alone(world: World) -> None:
    first = await drawn(world, image=("a.png", photo("red")))
    await world.restart()
    hidden = sentence("compare_given")
    for other in (world.bob, world.mod):
        refused = await other.click(world.message(first.id), label="Compare")
        assert refused.ephemeral
        assert said(refused) == hidden
    # «Again» hands the picture on to the model, not to who pressed it.
    await world.bob.click(world.message(first.id), label="Again")
    again = await as_of_old(world, await world.drawn())
    assert said(await world.bob.click(again, label="Compare")) == hidden
    assert one(await world.alice.click(world.message(first.id), label="Compare")).attachments


async def test_a_characters_pictures_are_not_compared(world: World) -> None:
    await world.alice.slash(
        world.channel, "character save", name="Ada", picture=("ada.png", photo("red"))
    )
    await world.alice.slash(world.channel, "imagine", prompt="@ada sails")
    message = await world.drawn()
    assert "Compare" not in str(message.components)
    refused = await world.bob.click(await as_of_old(world, message), label="Compare")
    assert said(refused) == sentence("compare_given")


async def test_where_there_is_no_before(world: World) -> None:
    first = await drawn(world)
    old = await as_of_old(world, first)
    assert said(await world.bob.click(old, label="Compare")) == sentence("compare_nothing")
    second = await edited(world, world.bob, "make it night", first)
    await world.alice.select(world.message(first.id), ["delete"])
    refused = await world.bob.click(world.message(second.id), label="Compare")
    assert refused.ephemeral
    assert said(refused) == sentence("compare_gone")


async def test_undo_goes_back_to_the_parent(world: World) -> None:
    first = await drawn(world)
    second = await edited(world, world.bob, "make it night", first)
    third = await edited(world, world.bob, "add a boat", second)
    await world.restart()
    result = await world.mod.select(world.message(third.id), ["undo"])
    assert not one(result).ephemeral
    assert str(second.id) in said(result)
    again = world.message(one(result).id)
    assert await world.bytes_of(again) == await world.bytes_of(second)

    # A reply to it goes on from the parent, as its buttons and «Edit picture» do.
    await edited(world, world.alice, "add a moon", again)
    await shown(world, [FIRST, "make it night", "add a moon"], second, first)
    await world.restart()
    form = await world.alice.click(world.message(again.id), label="Edit")
    await world.alice.submit_modal(form, {"words": "add a sun"})
    await world.drawn()
    await shown(world, [FIRST, "make it night", "add a sun"], second, first)
    form = await world.bob.context_menu(world.channel, "Edit picture", world.message(again.id))
    await world.bob.submit_modal(form, {"words": "add a star"})
    await world.drawn()
    await shown(world, [FIRST, "make it night", "add a star"], second, first)

    # Deleting what is shown twice deletes the picture, and its first message.
    await world.bob.select(world.message(again.id), ["delete"])
    left = {int(message["id"]) for message in world.messages() if message["attachments"]}
    assert not {second.id, again.id} & left
    assert third.id in left


async def test_there_is_nothing_before_the_first(world: World) -> None:
    first = await drawn(world)
    old = await as_of_old(world, first)
    refused = await world.bob.select(old, ["undo"])
    assert refused.ephemeral
    assert said(refused) == sentence("undo_nothing")
    assert said(await world.bob.select(old, ["lapse"])) == sentence("lapse_one")
    second = await edited(world, world.bob, "make it night", first)
    await world.alice.select(world.message(first.id), ["delete"])
    assert said(await world.bob.select(world.message(second.id), ["undo"])) == say("undo_gone")


async def test_a_private_picture_is_gone_back_to_in_private(world: World) -> None:
    result = await world.alice.slash(world.channel, "imagine", prompt=FIRST, private=True)
    await world.drawn()
    form = await world.alice.click(one(result), label="Edit")
    edit = await world.alice.submit_modal(form, {"words": "make it night"})
    await world.drawn()
    back = await world.alice.select(one(edit), ["undo"])
    assert one(back).ephemeral
    assert "https://" not in said(back)
    assert one(back).attachments


async def test_a_picture_in_a_hidden_channel_is_not_shown(world: World) -> None:
    unseen = discord.PermissionOverwrite(view_channel=False)
    hidden = world.guild.create_text_channel("hidden", overwrites={world.bob: unseen})
    first = await drawn(world)
    second = await edited(world, world.bob, "make it night", first)
    async with world.easel.database.transaction() as conn:
        await conn.exec_driver_sql(
            f"UPDATE turns SET channel_id = {hidden.id} WHERE message_id = {first.id}"  # noqa: S608 -- ours
        )
    for refused in (
        await world.bob.select(second, ["undo"]),
        await world.bob.click(second, label="Compare"),
    ):
        assert refused.ephemeral
        assert said(refused) == sentence("undo_hidden")
        assert not one(refused).attachments


async def test_the_same_choice_can_be_made_again(world: World) -> None:
    first = await drawn(world)
    assert say("info_title") in said(await world.bob.select(first, ["info"]))
    before = world.messages()
    assert (await world.bob.select(first, [])).acknowledged
    assert world.messages() == before, "nothing was said"
    assert say("info_title") in said(await world.bob.select(first, ["info"]))


@pytest.mark.parametrize("action", ["edit", "again", "delete", "info"])
async def test_the_buttons_of_old_messages_work(world: World, action: str) -> None:
    first = await drawn(world)
    job = JobId((await world.row_of(first)).id)
    button: Any = ActionButton.make(action, job)
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(button)
    channel = world.easel.bot.get_partial_messageable(world.channel.id)
    old = await channel.send(view=EaselLayout(row))
    await world.restart()
    result = await world.alice.click(world.message(old.id), custom_id=f"e1:{action}:{job}")
    if action == "edit":
        assert result.modal is not None
    elif action == "again":
        await world.drawn()
    elif action == "info":
        assert FIRST in said(result)
    else:
        assert [message for message in world.messages() if message["attachments"]] == []
