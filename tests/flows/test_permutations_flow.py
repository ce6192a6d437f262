"""Choices in braces: a question with the price first, then one request for each."""

from __future__ import annotations

import pytest
from simcord.results import InteractionResult, ResponseMessage

from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.reading import texts_of
from tests.flows.test_asking import photo
from tests.flows.trouble import Trouble

WISH = "a {red,blue,green} kite"


def question(result: InteractionResult) -> ResponseMessage:
    assert result.response is not None
    return result.response


def text(message: ResponseMessage) -> str:
    return " ".join(texts_of(message.components)) or message.content


async def words(world: World, count: int) -> list[str]:
    """The words of the next pictures."""
    pictures = [await world.drawn() for _ in range(count)]
    return sorted([(await world.row_of(one)).wish.words for one in pictures])


async def test_nothing_is_drawn_before_the_answer(trouble: Trouble, world: World) -> None:
    asked = question(await trouble.imagine(prompt=WISH))
    assert asked.ephemeral
    shown = text(asked)
    for said in ("3 pictures", "a red kite", "a blue kite", "a green kite", "20 of 20", "$0.1"):
        assert said in shown, shown
    assert trouble.asked() == 0
    await trouble.nothing_counted()


async def test_all_are_drawn_by_the_button_after_a_restart(trouble: Trouble, world: World) -> None:
    asked = question(await trouble.imagine(prompt=WISH, style="sticker"))
    await world.restart()
    result = await world.alice.click(asked, label="Draw all 3")
    assert await words(world, 3) == ["a blue kite", "a green kite", "a red kite"]
    assert [len(one.attachments) for one in result.followups] == [1, 1, 1]
    assert not any(one.ephemeral for one in result.followups)
    told = [str(call.body) for call in world.provider.calls if call.route == "chat"]
    assert sorted(one.partition("A sticker of ")[2].partition(".")[0] for one in told) == [
        "a blue kite",
        "a green kite",
        "a red kite",
    ]
    await trouble.nothing_counted(but=3)


async def test_the_question_can_be_answered_once(trouble: Trouble, world: World) -> None:
    asked = question(await trouble.imagine(prompt=WISH))
    await world.alice.click(asked, label="Draw all 3")
    await words(world, 3)
    assert "on their way" in text(asked)
    assert "Draw all" not in str(asked.components)


async def test_a_second_press_pays_nothing_twice(trouble: Trouble, world: World) -> None:
    """The question could not be changed when its pictures were on their way."""
    asked = question(await trouble.imagine(prompt=WISH))
    world.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=400, times=1)
    await world.alice.click(asked, label="Draw all 3")
    await words(world, 3)
    assert "Draw all" in str(asked.components)
    await world.restart()
    await world.alice.click(asked, label="Draw all 3")
    await world.env.settle()
    assert "on their way" in text(asked)
    assert trouble.asked() == 3
    await trouble.nothing_counted(but=3)


async def test_in_an_art_channel(trouble: Trouble, world: World) -> None:
    await world.mod.slash(world.channel, "channel mode", mode="art")
    await world.alice.send(world.channel, "{red,blue} kites")
    await world.env.settle()
    [asked] = [one for one in world.messages() if "Draw all 2" in str(one["components"])]
    await world.alice.click(world.message(int(asked["id"])), label="Draw all 2")
    assert await words(world, 2) == ["blue kites", "red kites"]


async def test_no_picture_takes_the_place_of_another(trouble: Trouble, world: World) -> None:
    """Below a message's question, when none of them could say «drawing»."""
    await world.mod.slash(world.channel, "channel mode", mode="art")
    await world.alice.send(world.channel, "{red,blue} kites")
    await world.env.settle()
    [asked] = [one for one in world.messages() if "Draw all 2" in str(one["components"])]
    world.env.inject_error("POST", "/webhooks/*", status=400, times=2)
    await world.alice.click(world.message(int(asked["id"])), label="Draw all 2")
    shown = {(await world.drawn()).id for _ in range(2)}
    assert len(shown) == 2
    assert int(asked["id"]) not in shown
    await trouble.nothing_counted(but=2)


async def test_together_with_count(trouble: Trouble, world: World) -> None:
    asked = question(await trouble.imagine(prompt="a {red,blue} kite", count=2))
    assert "2 of each" in text(asked)
    await world.alice.click(asked, label="Draw all 4")
    assert await words(world, 4) == ["a blue kite"] * 2 + ["a red kite"] * 2


async def test_too_many_are_refused(trouble: Trouble, world: World) -> None:
    many = "{1,2,3} {1,2,3} kites"
    trouble.refused(await trouble.imagine(prompt=many), "too_many_wishes", limit=8)
    trouble.refused(await trouble.imagine(prompt=WISH, count=3), "too_many_wishes", limit=8)
    bomb = "{a,b}" * 300
    trouble.refused(await trouble.imagine(prompt=bomb), "too_many_wishes", limit=8)
    trouble.refused(await trouble.imagine(prompt="{a,{b,c}}"), "permutation_nested")
    await trouble.nothing_counted()


class TestWithAnotherCap:
    @pytest.fixture
    def settings(self, settings: dict[str, str]) -> dict[str, str]:
        return settings | {"EASEL_PERMUTATIONS": "2"}

    async def test_it_holds(self, trouble: Trouble, world: World) -> None:
        trouble.refused(await trouble.imagine(prompt=WISH), "too_many_wishes", limit=2)
        assert "2 pictures" in text(question(await trouble.imagine(prompt="{a,b} kite")))


async def test_what_the_limit_allows_is_drawn(trouble: Trouble, world: World) -> None:
    await world.mod.slash(world.channel, "limits", person_day=2)
    asked = question(await trouble.imagine(prompt=WISH))
    assert "2 of 2" in text(asked)
    result = await world.alice.click(asked, label="Draw all 3")
    assert await words(world, 2) == ["a blue kite", "a red kite"]
    assert "2 of 3" in text(asked)
    told = result.followups[-1]
    assert told.ephemeral
    start = sentence("quota_person_day", {"limit": 2, "used": 2, "returns_at": 1})
    assert told.content.startswith(start.partition("<t:")[0])
    await trouble.nothing_counted(but=2)


async def test_the_button_stays_where_nothing_was_accepted(trouble: Trouble, world: World) -> None:
    asked = question(await trouble.imagine(prompt=WISH))
    await world.mod.slash(world.channel, "limits", person_day=0)
    await world.alice.click(asked, label="Draw all 3")
    await world.mod.slash(world.channel, "limits", person_day=9)
    await world.alice.click(asked, label="Draw all 3")
    assert len(await words(world, 3)) == 3


async def test_what_is_missing_is_drawn_when_it_is_pressed_again(
    trouble: Trouble, world: World
) -> None:
    """As after a crash in the middle: some are accepted, and the button still stands."""
    asked = question(await trouble.imagine(prompt=WISH))
    await world.mod.slash(world.channel, "limits", person_day=2)
    world.env.inject_error("PATCH", "/webhooks/*", status=400, times=1)
    await world.alice.click(asked, label="Draw all 3")
    assert await words(world, 2) == ["a blue kite", "a red kite"]
    await world.mod.slash(world.channel, "limits", person_day=9)
    await world.alice.click(asked, label="Draw all 3")
    assert await words(world, 1) == ["a green kite"]
    assert "The 3 pictures" in text(asked)
    await trouble.nothing_counted(but=3)


async def test_plain_braces_are_drawn_at_once(trouble: Trouble, world: World) -> None:
    for said, meant in (
        ("a {kite} and a }", "a {kite} and a }"),
        (r"a \{red,blue\} kite", "a {red,blue} kite"),
        ('{"subject": "kite", "colour": "red"}', '{"subject": "kite", "colour": "red"}'),
    ):
        await trouble.imagine(prompt=said)
        row = await world.row_of(await world.drawn())
        assert row.wish.words == meant


async def test_again_does_not_ask_again(trouble: Trouble, world: World) -> None:
    await trouble.imagine(prompt=r"a \{red,blue\} kite")
    picture = await world.drawn()
    await world.bob.click(picture, label="Again")
    assert (await world.row_of(await world.drawn())).wish.words == "a {red,blue} kite"


async def test_hostile_choices_are_shown_harmlessly(trouble: Trouble, world: World) -> None:
    shown = text(question(await trouble.imagine(prompt="{@everyone,https://x.yz,**b**}")))
    assert "@everyone" not in shown
    assert "https://" not in shown
    assert "**b**" not in shown


async def test_a_mention_is_asked_in_a_reply(trouble: Trouble, world: World) -> None:
    message = await world.alice.send(world.channel, f"<@{world.env.backend.bot_user.id}> {WISH}")
    await world.env.settle()
    [asked] = [one for one in world.messages() if "Draw all 3" in str(one["components"])]
    assert asked["message_reference"]["message_id"] == str(message.id)
    assert trouble.asked() == 0
    world.env.bot.dispatch("message", message)
    await world.env.settle()
    assert len(world.said()) == 1
    await world.restart()
    await world.bob.click(world.message(int(asked["id"])), label="Draw all 3")
    assert await words(world, 3) == ["a blue kite", "a green kite", "a red kite"]
    [said] = [one for one in world.said() if "on their way" in one]
    assert "The 3 pictures" in said


async def test_a_reply_to_a_picture_may_have_choices(trouble: Trouble, world: World) -> None:
    await trouble.imagine(prompt="a kite")
    picture = await world.drawn()
    await world.bob.send(world.channel, "make it {red,blue}", reply_to=picture)
    await world.env.settle()
    [asked] = [one for one in world.messages() if "Draw all 2" in str(one["components"])]
    await world.bob.click(world.message(int(asked["id"])), label="Draw all 2")
    assert await words(world, 2) == ["make it blue", "make it red"]
    last = [call for call in world.provider.calls if call.route == "chat"][-2:]
    assert [len(call.pictures) for call in last] == [1, 1]


async def test_private_ones_stay_private(trouble: Trouble, world: World) -> None:
    asked = question(await trouble.imagine(prompt="{a,b} kite", private=True))
    result = await world.alice.click(asked, label="Draw all 2")
    await words(world, 2)
    assert [(one.ephemeral, len(one.attachments)) for one in result.followups] == [(True, 1)] * 2


async def test_pictures_go_with_each(trouble: Trouble, world: World) -> None:
    asked = question(await trouble.imagine(prompt="{a,b} hat", image=("a.png", photo("lime"))))
    await world.alice.click(asked, label="Draw all 2")
    await words(world, 2)
    calls = [call for call in world.provider.calls if call.route == "chat"]
    assert [len(call.pictures) for call in calls] == [1, 1]


async def test_one_wish_at_a_time_is_improved(trouble: Trouble, world: World) -> None:
    trouble.refused(await trouble.imagine(prompt=WISH, improve=True), "improve_one")
