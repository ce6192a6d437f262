"""Characters of other members wait for their consent; avatars; what restarts in between do."""

from __future__ import annotations

import discord
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.domain.characters import Consent
from bot.storage import characters
from bot.ui.texts import sentence
from tests.flows.casting import BLUE, RED, colours, kept, refused, told
from tests.flows.conftest import World
from tests.flows.reading import texts_of
from tests.flows.spoken import answer, buttons, said
from tests.flows.test_asking import photo
from tests.flows.test_purge import copies

AGREE, DECLINE = "Agree", "Decline"
NEVER, WITHDRAW = "Decline and never ask me again", "Take back my consent"
NOT_YOURS = "consent_not_yours"


def direct(world: World, who: MemberActor) -> list[str]:
    """What the bot said to somebody directly."""
    return world.said(who.user.dm_channel)


def question(world: World, who: MemberActor) -> discord.Message:
    """The last direct message to somebody."""
    return world.message(int(world.messages(who.user.dm_channel)[-1]["id"]))


async def press(world: World, who: MemberActor, label: str) -> None:
    """Press a button under the last direct message to somebody."""
    await who.user.click(question(world, who), label=label)


async def save_bobs(world: World, name: str = "Bobby") -> InteractionResult:
    """Alice saves a picture that Bob has shown as a character."""
    message = await world.bob.send(world.channel, "me", attachments=[("me.png", photo("red"))])
    form = await world.alice.context_menu(world.channel, "Save as character", message)
    return await world.alice.submit_modal(form, {"name": name, "note": "a tall man"})


def carol(world: World) -> MemberActor:
    """A member with an avatar, a blue one."""
    user = world.env.create_user("carol", avatar="0000ff" + "0" * 26)
    return world.guild.add_member(user)


class TestAsking:
    async def test_the_member_is_asked_and_agrees_after_a_restart(self, world: World) -> None:
        result = await save_bobs(world)
        assert result.ephemeral
        assert "I asked <@" in said(result)[0]
        assert "has not agreed yet" in " ".join(said(result))
        waiting = await world.alice.slash(world.channel, "imagine", prompt="@bobby sails")
        refused(waiting, "character_waits", name="Bobby")
        await world.restart()
        asked = question(world, world.bob)
        assert f"<@{world.alice.id}>" in direct(world, world.bob)[-1]
        assert "a tall man" in direct(world, world.bob)[-1]
        assert asked.attachments
        await press(world, world.bob, AGREE)
        assert "You agree" in direct(world, world.bob)[-1]
        assert question(world, world.bob).attachments == []
        assert f"<@{world.bob.id}> agrees" in direct(world, world.alice)[-1]
        await world.alice.slash(world.channel, "imagine", prompt="@bobby sails")
        await world.drawn()
        assert colours(world) == [RED]
        assert "Bobby: a tall man" in told(world)

    async def test_declined_is_deleted(self, world: World) -> None:
        await save_bobs(world)
        assert len(copies(world)) == 1
        await press(world, world.bob, DECLINE)
        assert await kept(world) == []
        assert copies(world) == set()
        assert "does not want to be drawn as “Bobby”" in direct(world, world.alice)[-1]
        assert "is deleted" in direct(world, world.bob)[-1]

    async def test_without_direct_messages_the_channel_is_asked(self, world: World) -> None:
        dm = world.bob.user.dm_channel
        world.env.inject_error("POST", f"/channels/{dm.id}/messages", status=403, code=50007)
        message = await world.bob.send(world.channel, "me", attachments=[("a.png", photo("red"))])
        form = await world.alice.context_menu(world.channel, "Save as character", message)
        result = await world.alice.submit_modal(form, {"name": "Bobby"})
        [asked] = result.followups
        assert not asked.ephemeral
        assert f"<@{world.bob.id}> alone" in " ".join(texts_of(asked.components))
        assert result.response is not None
        assert "I asked <@" in " ".join(texts_of(result.response.components))
        await world.restart()
        for other in (world.alice, world.mod):
            refused(await other.click(world.message(asked.id), label=AGREE), NOT_YOURS)
            refused(await other.click(world.message(asked.id), label=NEVER), NOT_YOURS)
        await world.bob.click(world.message(asked.id), label=AGREE)
        [character] = await kept(world)
        assert character.consent is Consent.GIVEN

    async def test_who_cannot_be_reached_is_asked_again_later(self, world: World) -> None:
        dm = world.bob.user.dm_channel
        world.env.inject_error("POST", f"/channels/{dm.id}/messages", status=403, code=50007)
        world.env.inject_error("POST", "/webhooks/*", status=403, code=50013)
        result = await save_bobs(world)
        assert "I can't reach <@" in said(result)[0]
        assert [label for label, _ in buttons(result)] == ["Ask again"]
        await world.restart()
        await world.alice.click(world.message(answer(result).id), label="Ask again")
        assert "May <@" in direct(world, world.bob)[-1]
        assert "I asked <@" in said(result)[0]

    async def test_asking_has_limits(self, world: World) -> None:
        await save_bobs(world, "b1")
        refused(await save_bobs(world, "b2"), "consent_waiting")
        assert len(direct(world, world.bob)) == 1
        [one] = await kept(world)
        shown = await world.alice.slash(world.channel, "character show", name="b1")
        for _ in range(4):
            await world.alice.click(answer(shown), label="Ask again")
        last = await world.alice.click(answer(shown), label="Ask again")
        assert "seconds" in (last.response.content if last.response else "")
        assert len(direct(world, world.bob)) == 5
        await press(world, world.bob, AGREE)
        late = await world.alice.click(answer(shown), label="Ask again")
        refused(late, "consent_not_open")
        assert (await kept(world))[0].id == one.id


class TestTakingBack:
    async def test_the_member_finds_it_and_takes_it_back(self, world: World) -> None:
        await save_bobs(world)
        await press(world, world.bob, AGREE)
        await world.alice.slash(world.channel, "character share", name="bobby")
        [character] = await kept(world)
        listed = await world.bob.slash(world.channel, "character list")
        assert said(listed)[:2] == [
            "### Made from pictures of you",
            f"- **@Bobby**, by <@{world.alice.id}>",
        ]
        opened = await world.bob.select(answer(listed), [character.id])
        await world.restart()
        await world.bob.click(world.message(answer(opened).id), label=WITHDRAW)
        assert await kept(world) == []
        assert copies(world) == set()
        assert "does not want to be drawn" in direct(world, world.alice)[-1]
        await world.alice.slash(world.channel, "imagine", prompt="@bobby sails")
        await world.drawn()
        assert colours(world) == []

    async def test_what_was_drawn_with_it_is_not_drawn_again(self, world: World) -> None:
        await save_bobs(world)
        await press(world, world.bob, AGREE)
        await world.alice.slash(world.channel, "imagine", prompt="@bobby sails")
        drawn = await world.drawn()
        shown = await world.bob.slash(world.channel, "character show", name="bobby")
        await world.bob.click(answer(shown), label=WITHDRAW)
        calls = len(world.provider.calls)
        await world.alice.click(drawn, label="Again")
        job_id, _ = await world.ended()
        assert (await world.row(job_id)).error_key == "character_picture_gone"
        assert world.said()[-1].startswith(sentence("character_picture_gone"))
        assert len(world.provider.calls) == calls

    async def test_only_the_member_is_offered_it(self, world: World) -> None:
        await save_bobs(world)
        await press(world, world.bob, AGREE)
        shown = await world.alice.slash(world.channel, "character show", name="bobby")
        assert buttons(shown) == []
        await world.bob.send(world.channel, "nothing")
        refused(await save_bobs(world), "character_name_taken", name="Bobby")


class TestNever:
    async def test_nobody_asks_again(self, world: World) -> None:
        await save_bobs(world)
        await press(world, world.bob, NEVER)
        assert await kept(world) == []
        before = len(direct(world, world.bob))
        refused(await save_bobs(world), "portraits_refused")
        refused(
            await world.alice.context_menu(world.channel, "Draw with avatar", world.bob),
            "portraits_refused",
        )
        assert len(direct(world, world.bob)) == before
        await world.bob.slash(world.channel, "character consent", others=True)
        assert (await save_bobs(world)).ephemeral
        assert len(direct(world, world.bob)) == before + 1


class TestOurPictures:
    async def test_nobody_is_asked(self, world: World) -> None:
        await world.bob.slash(world.channel, "imagine", prompt="a pirate")
        message = await world.drawn()
        form = await world.alice.context_menu(world.channel, "Save as character", message)
        await world.restart()
        result = await world.alice.submit_modal(form, {"name": "Pirate"})
        assert said(result)[0] == "### @Pirate"
        [character] = await kept(world)
        assert (character.consent, character.subject_id) == (Consent.NOT_NEEDED, None)
        before = len(colours(world))
        await world.alice.slash(world.channel, "imagine", prompt="@pirate sleeps")
        await world.drawn()
        assert (before, len(colours(world))) == (0, 1)

    async def test_the_menu_under_a_picture_asks_too(self, world: World) -> None:
        await world.bob.slash(world.channel, "imagine", prompt="a pirate")
        message = await world.drawn()
        await world.restart()
        form = await world.alice.select(message, ["save_character"])
        result = await world.alice.submit_modal(form, {"name": "Pirate", "note": "one eye"})
        assert said(result)[0] == "### @Pirate"

    async def test_a_deleted_character_leaves_the_picture(self, world: World) -> None:
        await world.alice.slash(world.channel, "imagine", prompt="a pirate")
        message = await world.drawn()
        form = await world.alice.context_menu(world.channel, "Save as character", message)
        await world.alice.submit_modal(form, {"name": "Pirate"})
        await world.alice.slash(world.channel, "character delete", name="Pirate")
        assert len(copies(world)) == 1
        await world.alice.click(message, label="Edit")

    async def test_who_keeps_their_pictures_to_themselves(self, world: World) -> None:
        await world.bob.slash(world.channel, "imagine", prompt="a pirate")
        message = await world.drawn()
        form = await world.alice.context_menu(world.channel, "Save as character", message)
        await world.bob.slash(world.channel, "remix", who="me")
        refused(await world.alice.submit_modal(form, {"name": "Pirate"}), "remix_mine")
        result = await world.alice.context_menu(world.channel, "Save as character", message)
        refused(result, "remix_mine")
        form = await world.bob.context_menu(world.channel, "Save as character", message)
        assert said(await world.bob.submit_modal(form, {"name": "Pirate"}))[0] == "### @Pirate"

    async def test_a_message_without_a_picture(self, world: World) -> None:
        message = await world.bob.send(world.channel, "no picture")
        result = await world.alice.context_menu(world.channel, "Save as character", message)
        refused(result, "character_no_picture")


class TestAvatars:
    async def test_an_avatar_is_the_picture(self, world: World) -> None:
        form = await world.alice.context_menu(world.channel, "Draw with avatar", carol(world))
        await world.restart()
        await world.alice.submit_modal(form, {"words": "as an astronaut"})
        row = await world.row_of(await world.drawn())
        assert colours(world) == [BLUE]
        assert row.wish.words == "as an astronaut"
        assert row.user_id == world.alice.id

    async def test_who_has_none_is_drawn_with_discords_own(self, world: World) -> None:
        form = await world.alice.context_menu(world.channel, "Draw with avatar", world.bob)
        await world.alice.submit_modal(form, {"words": "as an astronaut"})
        await world.drawn()
        assert len(colours(world)) == 1

    async def test_an_opt_out_counts_while_the_form_is_open(self, world: World) -> None:
        who = carol(world)
        form = await world.alice.context_menu(world.channel, "Draw with avatar", who)
        result = await who.slash(world.channel, "character consent", others=False)
        assert "can't draw with your avatar" in said(result)[0]
        refused(
            await world.alice.submit_modal(form, {"words": "as an astronaut"}), "portraits_refused"
        )
        own = await who.context_menu(world.channel, "Draw with avatar", who)
        await who.submit_modal(own, {"words": "as an astronaut"})
        await world.drawn()
        assert colours(world) == [BLUE]

    async def test_a_character_of_an_avatar_waits(self, world: World) -> None:
        who = carol(world)
        result = await world.alice.slash(
            world.channel, "character save", name="Carol", member=who, shared=True
        )
        assert "I asked <@" in said(result)[0]
        listed = await world.bob.slash(world.channel, "character list")
        assert "Carol" not in " ".join(said(listed))
        await press(world, who, AGREE)
        await world.bob.slash(world.channel, "imagine", prompt="@carol flies")
        await world.drawn()
        assert colours(world) == [BLUE]

    async def test_ones_own_avatar_needs_nobody(self, world: World) -> None:
        who = carol(world)
        await who.slash(world.channel, "character save", name="Me", member=who)
        async with world.easel.database.reading() as conn:
            [one] = await characters.owned(conn, who.id)
        assert one.consent is Consent.NOT_NEEDED
