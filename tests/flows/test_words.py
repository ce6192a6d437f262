"""A fuller wish before it is drawn, and a softer one after a refusal."""

from __future__ import annotations

from typing import Any

import pytest
from simcord.results import InteractionResult

from bot.domain.jobs import State
from bot.standins.provider import Fault, Kind
from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.spoken import answer, buttons, calls, said, spoken_price, told
from tests.flows.test_asking import colour_of, photo
from tests.flows.trouble import WISH, Trouble

FULLER = f"{WISH}, a wide photograph at golden hour, long shadows, calm mood"
SOFTER = f"A gentle, friendly scene: {WISH}"


def drawn_calls(world: World) -> list[Any]:
    return [call for call in world.provider.calls if call.route == "chat"]


class TestImprove:
    async def improve(self, trouble: Trouble, **options: Any) -> InteractionResult:
        return await trouble.imagine(improve=True, **options)

    async def test_the_fuller_wish_is_shown_before_it_is_drawn(
        self, trouble: Trouble, world: World
    ) -> None:
        result = await self.improve(trouble)
        assert answer(result).ephemeral
        assert said(result) == ["### A fuller wish", FULLER]
        assert [label for label, _ in buttons(result)] == ["Draw this", "Draw mine", "Change it"]
        [call] = calls(world)
        assert f'The wish: "{WISH}"' in told(call)
        assert trouble.asked() == 0
        assert await trouble.guild_usd_micros() == spoken_price(world) > 0
        await trouble.nothing_counted()

    async def test_draw_this_draws_the_fuller_one_for_all(
        self, trouble: Trouble, world: World
    ) -> None:
        result = await self.improve(trouble, aspect="16:9", image=("a.png", photo("red")))
        assert "a picture given" in told(calls(world)[0])
        await world.alice.click(answer(result), label="Draw this")
        message = await world.drawn()
        row = await world.row_of(message)
        assert (row.wish.words, row.wish.aspect, row.wish.private) == (FULLER, "16:9", False)
        [call] = drawn_calls(world)
        assert [colour_of(picture.data) for picture in call.pictures] == [(16, 0, 0)]
        assert FULLER in str(call.body)
        assert not message.flags.ephemeral
        await trouble.nothing_counted(but=1)
        assert await trouble.guild_usd_micros() == spoken_price(world) + row.cost_usd_micros

    async def test_draw_mine_draws_ones_own(self, trouble: Trouble, world: World) -> None:
        result = await self.improve(trouble)
        await world.restart()
        await world.alice.click(world.message(answer(result).id), label="Draw mine")
        assert (await world.row_of(await world.drawn())).wish.words == WISH

    async def test_it_can_be_changed_in_a_form(self, trouble: Trouble, world: World) -> None:
        result = await self.improve(trouble, private=True)
        shown = await world.alice.click(answer(result), label="Change it")
        assert shown.modal is not None
        [field] = [label["component"] for label in shown.modal["components"]]
        assert field["value"] == FULLER
        drawn = await world.alice.submit_modal(shown, {"words": "two zebras"})
        row = await world.row_of(await world.drawn())
        assert (row.wish.words, row.wish.private) == ("two zebras", True)
        assert answer(drawn).ephemeral

    async def test_as_many_are_drawn_as_were_asked_for(
        self, trouble: Trouble, world: World
    ) -> None:
        result = await self.improve(trouble, count=3)
        await world.alice.click(answer(result), label="Draw this")
        assert {(await world.ended())[1] for _ in range(3)} == {State.SETTLED}
        assert len(drawn_calls(world)) == 3
        assert len(calls(world)) == 1

    async def test_what_cannot_be_drawn_is_not_improved(
        self, trouble: Trouble, world: World
    ) -> None:
        trouble.refused(await self.improve(trouble, prompt="   "), "prompt_empty")
        assert calls(world) == []
        assert await trouble.guild_usd_micros() == 0

    async def test_words_of_people_are_harmless(self, trouble: Trouble, world: World) -> None:
        result = await self.improve(trouble, prompt="@everyone # big <@1> {words} {0}")
        assert "@everyone" not in said(result)[1]
        assert "{words} {0}" in said(result)[1]

    async def test_without_words_the_wish_is_kept(self, trouble: Trouble, world: World) -> None:
        world.provider.faults.once(Fault(Kind.CUT_AFTER), "gemini-chat")
        result = await self.improve(trouble)
        assert said(result) == [sentence("words_unknown")]
        assert len(calls(world)) == 1


class TestSoften:
    async def refused(self, trouble: Trouble, **options: Any) -> InteractionResult:
        trouble.world.provider.faults.once(Fault(Kind.REFUSE_FINISH, reason="IMAGE_SAFETY"), "chat")
        result = await trouble.imagine(**options)
        _, state = await trouble.world.ended()
        assert state is State.REFUSED
        return result

    async def test_the_softer_wish_is_shown_privately(self, trouble: Trouble, world: World) -> None:
        result = await self.refused(trouble, image=("a.png", photo("red")))
        labels = [label for label, _ in buttons(result)]
        assert labels == ["Try again", "Say it more softly"]
        before = await trouble.guild_usd_micros()
        softer = await world.alice.click(answer(result), label="Say it more softly")
        assert answer(softer).ephemeral
        assert said(softer) == ["### The same, said more softly", SOFTER.replace(":", "\\:")]
        [call] = calls(world)
        assert f'The wish: "{WISH}"' in told(call)
        assert "declined the wish below (" in told(call)
        assert await trouble.guild_usd_micros() == before + spoken_price(world)
        await world.alice.click(answer(softer), label="Draw this")
        row = await world.row_of(await world.drawn())
        assert row.wish.words == SOFTER
        assert [colour_of(one.data) for one in drawn_calls(world)[-1].pictures] == [(16, 0, 0)]
        assert len(drawn_calls(world)) == 2
        await trouble.nothing_counted(but=1)

    async def test_it_outlives_restarts(self, trouble: Trouble, world: World) -> None:
        result = await self.refused(trouble)
        await world.restart()
        softer = await world.bob.click(world.message(answer(result).id), label="Say it more softly")
        await world.restart()
        changed = await world.bob.click(world.message(answer(softer).id), label="Change it")
        await world.bob.submit_modal(changed, {"words": "a zebra"})
        row = await world.row_of(await world.drawn())
        assert (row.wish.words, row.user_id) == ("a zebra", world.bob.id)

    async def test_a_refused_edit_stays_an_edit(self, trouble: Trouble, world: World) -> None:
        await trouble.imagine()
        first = await world.drawn()
        world.provider.faults.once(Fault(Kind.REFUSE_TEXT), "chat")
        reply = await world.bob.send(world.channel, "make it fight", reply_to=first)
        await world.ended()
        [failed] = [
            one
            for one in world.messages()
            if (one.get("message_reference") or {}).get("message_id") == str(reply.id)
        ]
        softer = await world.bob.click(world.message(int(failed["id"])), label="Say it more softly")
        await world.bob.click(answer(softer), label="Draw this")
        row = await world.row_of(await world.drawn())
        assert row.wish.parent == (await world.row_of(first)).id
        assert len(drawn_calls(world)[-1].pictures) == 1

    @pytest.mark.parametrize("fault", [Fault(Kind.STATUS, status=400), Fault(Kind.CUT_AFTER)])
    async def test_only_a_refusal_offers_it(
        self, trouble: Trouble, world: World, fault: Fault
    ) -> None:
        world.provider.faults.once(fault, "chat")
        result = await trouble.imagine()
        await world.ended()
        assert [label for label, _ in buttons(result)] == ["Try again"]
