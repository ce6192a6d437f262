"""Characters: saved, and mentioned by any door."""

from __future__ import annotations

from tests.flows.casting import BLUE, LIME, RED, colours, kept, refused, save, told
from tests.flows.conftest import World
from tests.flows.reading import texts_of
from tests.flows.spoken import answer, said
from tests.flows.test_asking import photo


async def test_a_saved_character_is_shown_with_its_pictures(world: World) -> None:
    result = await save(world, "@Ada", "red", "lime", note="a red scarf")
    assert result.ephemeral
    assert said(result)[0] == "### @Ada"
    assert "**Note** a red scarf" in said(result)[1]
    assert f"<@{world.alice.id}>" in said(result)[1]
    assert "Shared** with nobody" in said(result)[1]
    message = world.message(answer(result).id)
    assert [one.filename.partition(".")[0] for one in message.attachments] == ["character"]
    [character] = await kept(world)
    assert (character.name, character.note, len(character.pictures)) == ("Ada", "a red scarf", 2)


class TestDoors:
    async def test_a_command(self, world: World) -> None:
        await save(world, "Ada", "red", "lime", note="wears a scarf")
        await world.alice.slash(
            world.channel, "imagine", prompt="@ada flies", image=("b.png", photo("blue"))
        )
        message = await world.drawn()
        assert colours(world) == [BLUE, RED, LIME]
        assert told(world).startswith("Ada flies\n\nAda is the figure of images 2 and 3: ")
        assert told(world).endswith("Ada: wears a scarf")
        assert texts_of(world.messages()[-1]["components"])[0] == "**\\@ada flies**"
        row = await world.row_of(message)
        assert (row.wish.words, row.wish.told) == ("@ada flies", told(world))

    async def test_the_option(self, world: World) -> None:
        await save(world, "Ada")
        [choice] = await world.alice.autocomplete(world.channel, "imagine", "character", "AD")
        assert (choice["name"], choice["value"]) == ("@Ada", "Ada")
        await world.alice.slash(
            world.channel, "imagine", prompt="a kite", character=choice["value"]
        )
        row = await world.row_of(await world.drawn())
        assert row.wish.words == "a kite"
        assert colours(world) == [RED]
        assert told(world).startswith("a kite\n\nThe picture shows Ada.\n\nAda is the figure of ")

    async def test_the_option_with_an_unknown_name(self, world: World) -> None:
        await save(world, "Ada", who=world.bob)
        result = await world.alice.slash(world.channel, "imagine", prompt="a kite", character="Ada")
        refused(result, "character_unknown_wish", name="Ada")

    async def test_a_mention(self, world: World) -> None:
        await save(world, "Ada")
        await world.alice.send(world.channel, f"<@{world.env.backend.bot_user.id}> @ada sleeps")
        await world.drawn()
        assert colours(world) == [RED]

    async def test_a_reply_puts_the_edited_picture_first(self, world: World) -> None:
        await save(world, "Ada", "red", "lime", "blue", "white")
        await world.alice.slash(world.channel, "imagine", prompt="a harbour")
        first = await world.drawn()
        await world.alice.send(
            world.channel, "put @ada there", reply_to=first, attachments=[("b.png", photo("blue"))]
        )
        await world.drawn()
        assert len(colours(world)) == 3  # as many as the model takes
        assert colours(world)[1:] == [BLUE, RED]
        assert "Ada is the figure of image 3:" in told(world)

    async def test_a_form(self, world: World) -> None:
        await save(world, "Ada")
        await world.alice.slash(world.channel, "imagine", prompt="a harbour")
        shown = await world.alice.click(await world.drawn(), label="Edit")
        await world.restart()
        await world.alice.submit_modal(shown, {"words": "with @Ada"})
        await world.drawn()
        assert colours(world)[1:] == [RED]
        assert told(world).startswith("with Ada\n\nAda is the figure of image 2:")

    async def test_again_sends_the_same(self, world: World) -> None:
        await save(world, "Ada")
        await world.alice.slash(world.channel, "imagine", prompt="@ada flies")
        message = await world.drawn()
        before = told(world)
        await world.bob.click(message, label="Again")  # whose character it is not
        await world.drawn()
        assert (colours(world), told(world)) == ([RED], before)

    async def test_too_many_for_the_model(self, world: World) -> None:
        for name in ("Ada", "Bo", "Cy", "Di"):
            await save(world, name)
        result = await world.alice.slash(
            world.channel, "imagine", prompt="@ada @bo @cy @di", image=("b.png", photo("blue"))
        )
        refused(result, "too_many_characters", limit=2)

    async def test_only_ones_own(self, world: World) -> None:
        await save(world, "Ada", who=world.bob)
        await world.alice.slash(world.channel, "imagine", prompt="@ada flies")
        row = await world.row_of(await world.drawn())
        assert (colours(world), row.wish.told) == ([], None)
