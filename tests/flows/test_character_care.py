"""Characters shared, kept and deleted; what people type is harmless."""

from __future__ import annotations

import pytest

from tests.flows.casting import BLUE, RED, colours, kept, refused, save, told
from tests.flows.conftest import World
from tests.flows.spoken import answer, buttons, said
from tests.flows.test_asking import photo
from tests.flows.test_purge import DAY_S, age, copies, until


class TestSharing:
    async def test_everybody_here_can_draw_a_shared_one(self, world: World) -> None:
        await save(world, "Ada")
        await world.alice.slash(world.channel, "character share", name="ada")
        listed = await world.bob.slash(world.channel, "character list")
        assert f"- **@Ada**, by <@{world.alice.id}>" in " ".join(said(listed))
        await world.bob.slash(world.channel, "imagine", prompt="@ada flies")
        await world.drawn()
        assert colours(world) == [RED]
        await world.bob.user.send_dm("@ada flies")  # not on the server
        await world.ended()
        assert colours(world) == []

    async def test_ones_own_goes_before_a_shared_one(self, world: World) -> None:
        await save(world, "Ada", "red", shared=True)
        await save(world, "ADA", "blue", who=world.bob)
        await world.bob.slash(world.channel, "imagine", prompt="@ada flies")
        await world.drawn()
        assert colours(world) == [BLUE]

    async def test_a_shared_name_is_taken_once(self, world: World) -> None:
        await save(world, "Ada", shared=True)
        refused(
            await save(world, "ada", shared=True, who=world.bob),
            "character_name_shared",
            name="ada",
        )
        await save(world, "ada", who=world.bob)
        result = await world.bob.slash(world.channel, "character share", name="ada")
        refused(result, "character_name_shared", name="ada")

    async def test_moderators_can_take_it_back(self, world: World) -> None:
        await save(world, "Ada", shared=True)
        result = await world.bob.slash(world.channel, "character unshare", name="Ada")
        refused(result, "character_unknown", name="Ada")
        [choice] = await world.mod.autocomplete(world.channel, "character unshare", "name", "")
        result = await world.mod.slash(world.channel, "character unshare", name=choice["value"])
        assert "not shared any more" in said(result)[0]
        assert not (await kept(world))[0].shared

    async def test_nothing_is_shared_in_direct_messages(self, world: World) -> None:
        result = await world.alice.user.slash(
            "character save", name="Ada", picture=("a.png", photo("red")), shared=True
        )
        refused(result, "guild_only")


class TestCare:
    async def test_a_name_is_taken_once(self, world: World) -> None:
        await save(world, "Ada")
        refused(await save(world, "@ADA"), "character_name_taken", name="ADA")
        await save(world, "Bo")
        result = await world.alice.slash(
            world.channel, "character rename", name="bo", new_name="ada"
        )
        refused(result, "character_name_taken", name="ada")
        result = await world.alice.slash(
            world.channel, "character rename", name="bo", new_name="Bo_2"
        )
        assert said(result) == ["“Bo” is called “Bo\\_2” now."]

    async def test_show_and_list_open_the_same(self, world: World) -> None:
        await save(world, "Ada")
        [one] = await kept(world)
        shown = await world.alice.slash(world.channel, "character show", name="@ada")
        listed = await world.alice.slash(world.channel, "character list")
        await world.restart()
        opened = await world.alice.select(world.message(answer(listed).id), [one.id])
        assert opened.ephemeral
        assert said(opened) == said(shown)

    async def test_what_is_deleted_leaves_nothing(self, world: World) -> None:
        await save(world, "Ada", "red", "lime")
        await save(world, "Bo", "lime")
        files = copies(world)
        result = await world.alice.slash(world.channel, "character delete", name="ada")
        assert said(result) == ["“Ada” is deleted, with its pictures."]
        assert len(files) == 2
        assert len(copies(world)) == 1  # Bo's
        result = await world.alice.slash(world.channel, "character show", name="ada")
        refused(result, "character_unknown", name="ada")

    async def test_pictures_outlive_the_purge(self, world: World) -> None:
        await save(world, "Ada")
        files = copies(world)
        async with world.easel.database.transaction() as conn:
            await conn.exec_driver_sql("DELETE FROM suggestions")
        await world.alice.slash(world.channel, "imagine", prompt="a harbour")
        await world.drawn()
        assert len(copies(world)) == 2
        await world.easel.bot.close()
        await age(world, 31 * DAY_S)
        await world.restart()

        async def purged() -> bool:
            return len(copies(world)) == 1

        await until(purged)
        assert copies(world) == files
        await world.alice.slash(world.channel, "imagine", prompt="@ada flies")
        await world.drawn()
        assert colours(world) == [RED]


class TestHostile:
    async def test_names(self, world: World) -> None:
        for name, key in (
            ("a", "name_length"),
            ("x" * 33, "name_length"),
            ("<@123456789>", "name_letters"),
            ("*bold*", "name_letters"),
            ("a b", "name_letters"),
            ("everyone", "name_reserved"),
            ("@Here", "name_reserved"),
        ):
            refused(await save(world, name), key, minimum=2, limit=32, name=name.strip("@"))
        assert await kept(world) == []

    async def test_a_note_is_shown_as_itself(self, world: World) -> None:
        note = "@everyone **loud** <@1> `x`\n# https://discord.gg/x @Ada"
        await save(world, "Ada", note=note)
        shown = await world.alice.slash(world.channel, "character show", name="Ada")
        text = said(shown)[1]
        assert "@everyone" not in text
        assert "https://" not in text
        assert "\\*\\*loud\\*\\*" in text
        await world.alice.slash(world.channel, "imagine", prompt="@Ada flies")
        await world.drawn()
        assert told(world).count("Ada is the figure") == 1

    async def test_a_note_is_not_endless(self, world: World) -> None:
        with pytest.raises(Exception, match="note"):  # Discord itself takes no longer one
            await save(world, "Ada", note="x" * 301)

    async def test_without_a_picture(self, world: World) -> None:
        result = await world.alice.slash(world.channel, "character save", name="Ada")
        refused(result, "character_pictures", limit=4)

    async def test_what_is_no_picture(self, world: World) -> None:
        result = await world.alice.slash(
            world.channel, "character save", name="Ada", picture=("a.png", b"not a picture")
        )
        refused(result, "picture_not_a_picture")
        assert await kept(world) == []


async def test_limits(world: World) -> None:
    await save(world, "first")
    [first] = await kept(world)
    async with world.easel.database.transaction() as conn:
        for number in range(24):
            await conn.exec_driver_sql(
                "INSERT INTO characters (id, guild_id, owner_id, name, folded, note, pictures, "
                "shared, consent, created_at) SELECT ?, guild_id, owner_id, ?, ?, note, pictures, "
                "1, consent, created_at FROM characters WHERE id = ?",
                (f"1{number}", f"n{number}", f"n{number}", first.id),
            )
    refused(await save(world, "one-more"), "characters_full_person", limit=25)
    listed = await world.alice.slash(world.channel, "character list")
    assert len(said(listed)) == 2
    async with world.easel.database.transaction() as conn:
        for number in range(26):
            await conn.exec_driver_sql(
                "INSERT INTO characters (id, guild_id, owner_id, name, folded, note, pictures, "
                "shared, consent, created_at) SELECT ?, guild_id, 7, ?, ?, note, pictures, "
                "1, consent, created_at FROM characters WHERE id = ?",
                (f"2{number}", f"m{number}", f"m{number}", first.id),
            )
    refused(
        await save(world, "one-more", shared=True, who=world.bob), "characters_full_guild", limit=50
    )
    listed = await world.bob.slash(world.channel, "character list")
    assert "and " in said(listed)[-1].splitlines()[-1]
    assert len(await world.bob.autocomplete(world.channel, "character show", "name", "")) == 25
    assert buttons(listed) == []
    assert (await world.bob.slash(world.channel, "character show", name="n3")).ephemeral
    assert world.provider.calls == []
