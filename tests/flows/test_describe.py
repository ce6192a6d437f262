"""`/describe` and «Describe picture»: prompts with buttons, and what they cost."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from simcord.results import InteractionResult

from bot.services import words
from bot.standins.provider import Fault, Kind
from bot.storage import suggestions
from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.reading import texts_of
from tests.flows.spoken import (
    LEAST_WORST_USD_MICROS,
    answer,
    buttons,
    calls,
    said,
    spoken_price,
    told,
)
from tests.flows.test_asking import colour_of, photo
from tests.flows.trouble import Trouble


async def describe(world: World, data: bytes | None = None) -> InteractionResult:
    return await world.alice.slash(world.channel, "describe", image=("a.png", data or photo("red")))


async def test_four_prompts_each_with_its_button(trouble: Trouble, world: World) -> None:
    result = await describe(world)
    [first, *_] = [one for one in world.env.http_requests if "interactions" in one.path]
    assert first.json is not None
    assert first.json["type"] == 5, "it is not acknowledged before the words are there"
    assert not answer(result).ephemeral
    title, *prompts = said(result)
    assert title == "### Prompts for this picture"
    assert len(prompts) == 4
    assert all("a square picture in shades of red" in prompt for prompt in prompts)
    ids = [custom_id for _, custom_id in buttons(result)]
    assert len(set(ids)) == 4
    [call] = calls(world)
    assert [colour_of(picture.data) for picture in call.pictures] == [(16, 0, 0)]
    assert "four prompts" in told(call)
    assert trouble.asked() == 0
    assert await trouble.guild_usd_micros() == spoken_price(world) > 0
    await trouble.nothing_counted()
    await world.bob.click(answer(result), custom_id=ids[2])
    row = await world.row_of(await world.drawn())
    assert row.wish.words == world.provider.said[0].text.splitlines()[2].removeprefix("3. ")
    assert row.user_id == world.bob.id
    assert await trouble.guild_usd_micros() == spoken_price(world) + row.cost_usd_micros


async def test_the_buttons_outlive_a_restart(world: World) -> None:
    result = await describe(world)
    await world.restart()
    _, custom_id = buttons(result)[0]
    await world.bob.click(world.message(answer(result).id), custom_id=custom_id)
    assert "golden hour" in (await world.row_of(await world.drawn())).wish.words


async def test_a_suggestion_that_was_purged_says_so(world: World) -> None:
    result = await describe(world)
    async with world.easel.database.transaction() as conn:
        assert await suggestions.purge(conn, dt.datetime.now(dt.UTC) + dt.timedelta(days=1)) == 4
    pressed = await world.bob.click(answer(result), custom_id=buttons(result)[0][1])
    assert pressed.ephemeral
    assert said(pressed) == [sentence("suggestion_gone")]


async def test_describe_picture_on_any_message(world: World) -> None:
    theirs = await world.bob.send(
        world.channel, "my cat", attachments=[("note.txt", b"meow"), ("cat.png", photo("blue"))]
    )
    result = await world.alice.context_menu(world.channel, "Describe picture", theirs)
    assert "shades of blue" in said(result)[1]
    await world.alice.slash(world.channel, "imagine", prompt="a red kite", private=True)
    ours = await world.drawn()
    assert not world.provider.faults.hits
    result = await world.alice.context_menu(world.channel, "Describe picture", ours)
    assert len(said(result)) == 5
    assert len(calls(world)) == 2
    words = await world.bob.send(world.channel, "just words")
    result = await world.alice.context_menu(world.channel, "Describe picture", words)
    assert result.ephemeral
    assert said(result) == [sentence("nothing_to_describe")]


async def test_what_is_no_picture_costs_nothing(trouble: Trouble, world: World) -> None:
    result = await describe(world, b"not a picture at all")
    assert said(result) == [sentence("picture_not_a_picture")]
    assert calls(world) == []
    assert await trouble.guild_usd_micros() == 0


async def test_in_direct_messages_the_persons_own_money_counts(world: World) -> None:
    await world.alice.send_dm("hello")
    await world.drawn()
    before = await money(world, f"user:{world.alice.id}")
    result = await world.alice.user.slash("describe", image=("a.png", photo("red")))
    assert len(said(result)) == 5
    assert await money(world, f"user:{world.alice.id}") == before + spoken_price(world)


async def money(world: World, scope: str) -> int:
    async with world.easel.database.reading() as conn:
        found = await conn.exec_driver_sql(
            f"SELECT max(usd_micros) FROM counters WHERE scope = '{scope}'"  # noqa: S608 -- ours
        )
        return found.scalar_one()


@pytest.mark.parametrize(
    ("fault", "key", "count", "paid"),
    [
        (Fault(Kind.STATUS, status=400), "provider_bad_request", 1, False),
        (Fault(Kind.STATUS, status=402, err_code=-10004), "provider_balance", 1, False),
        (Fault(Kind.CUT_AFTER), "words_unknown", 1, True),
        (Fault(Kind.STATUS, status=524, billed=True), "words_unknown", 1, True),
        (Fault(Kind.REFUSE_PROMPT), "words_refused", 1, True),
        (Fault(Kind.REFUSE_FINISH), "words_refused", 1, True),
        (Fault(Kind.REFUSE_EMPTY), "no_words", 1, True),
    ],
)
async def test_a_failure_is_said_and_booked(
    trouble: Trouble, world: World, fault: Fault, key: str, count: int, *, paid: bool
) -> None:
    world.provider.faults.always(fault)
    result = await describe(world)
    assert said(result) == [sentence(key)]
    assert len(calls(world)) == count
    booked = await trouble.guild_usd_micros()
    assert booked >= LEAST_WORST_USD_MICROS if paid else booked == 0
    await trouble.nothing_counted()


async def test_a_busy_provider_is_asked_again(trouble: Trouble, world: World) -> None:
    world.provider.faults.once(Fault(Kind.STATUS, status=429, retry_after_s=0))
    assert len(said(await describe(world))) == 5
    assert len(calls(world)) == 2
    assert await trouble.guild_usd_micros() == spoken_price(world)


async def test_a_call_that_a_stop_cut_stays_booked_at_its_worst(
    trouble: Trouble, world: World
) -> None:
    world.provider.delay_s = 3.0
    asking = asyncio.create_task(describe(world))
    while not calls(world):  # noqa: ASYNC110 -- the provider is a server without an event for it
        await asyncio.sleep(0.02)
    worst = await trouble.guild_usd_micros()
    assert worst >= LEAST_WORST_USD_MICROS
    await world.restart()
    await asyncio.gather(asking, return_exceptions=True)
    assert await trouble.guild_usd_micros() == worst
    assert len(calls(world)) == 1
    await trouble.nothing_counted()


async def test_ten_a_minute_are_enough_for_one_person(trouble: Trouble, world: World) -> None:
    for _ in range(10):
        assert len(said(await describe(world))) == 5
    result = await describe(world)
    assert answer(result).ephemeral
    start = sentence("cooldown", {"seconds": 1}).partition("1")[0]
    assert said(result)[0].startswith(start)
    assert len(calls(world)) == 10
    by_bob = await world.bob.slash(world.channel, "describe", image=("a.png", photo()))
    assert len(said(by_bob)) == 5
    assert await trouble.guild_usd_micros() == spoken_price(world)


async def test_there_is_an_end_to_them_in_a_day(
    monkeypatch: pytest.MonkeyPatch,
    build: Callable[[], AbstractAsyncContextManager[World]],
) -> None:
    monkeypatch.setattr(words, "A_DAY", 2)
    async with build() as world:
        for _ in range(2):
            assert len(said(await describe(world))) == 5
        result = await describe(world)
        assert answer(result).ephemeral
        assert said(result) == [sentence("words_day")]
        assert len(calls(world)) == 2


async def test_where_it_is_switched_off_it_says_nothing(trouble: Trouble, world: World) -> None:
    await world.mod.slash(world.channel, "channel mode", mode="off")
    for result in (await describe(world), await trouble.imagine(improve=True)):
        assert answer(result).ephemeral
        assert said(result) == [sentence("channel_off")]
    assert calls(world) == []


async def test_who_may_not_draw_gets_no_words_either(trouble: Trouble, world: World) -> None:
    await world.mod.slash(world.channel, "limits", server_month=0)
    assert said(await describe(world)) == [sentence("quota_none")]
    await world.mod.slash(world.channel, "limits", server_month=1)
    await trouble.imagine()
    await world.drawn()
    [told_why] = said(await describe(world))
    start = sentence("quota_guild_month", {"used": 1, "limit": 1, "returns_at": 1})
    assert told_why.startswith(start.partition("<t:")[0])
    assert calls(world) == []


class TestWithoutAWordsRoute:
    @pytest.fixture
    def settings(self, settings: dict[str, str], tmp_path: Path) -> dict[str, str]:
        own = tmp_path / "own.toml"
        own.write_text("[routes.gemini-chat]\nwords = false\n")
        return {**settings, "EASEL_CATALOGUE": str(own)}

    async def test_it_says_so(self, trouble: Trouble, world: World) -> None:
        result = await describe(world)
        assert answer(result).ephemeral
        assert said(result) == [sentence("no_words_route")]
        improved = await trouble.imagine(improve=True)
        assert said(improved) == [sentence("no_words_route")]
        await trouble.imagine()
        assert (await world.drawn()).attachments
        assert texts_of(world.messages()[-1]["components"])
