"""Styles: taken by name, put around the words, made by moderators."""

from __future__ import annotations

from typing import Any

import pytest
from simcord.results import InteractionResult

from bot.domain.builtin_styles import BUILTIN
from bot.domain.styles import apply
from bot.standins.provider import Fault, Kind
from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.reading import texts_of
from tests.flows.test_asking import photo
from tests.flows.trouble import Trouble

TEMPLATE = "A linocut of {words}. Two inks."


def shown(result: InteractionResult) -> str:
    assert result.response is not None
    return " ".join(texts_of(result.response.components)) or result.response.content


def told(world: World) -> list[str]:
    """What the model was told, call by call."""
    found: list[str] = []
    for call in world.provider.calls:
        if call.route == "chat":
            body: Any = call.body
            content: Any = body["messages"][-1]["content"]
            parts = (
                [content]
                if isinstance(content, str)
                else [part["text"] for part in content if part["type"] == "text"]
            )
            found.append("\n".join(parts))
    return found


async def add(world: World, **options: str) -> InteractionResult:
    options = {"name": "linocut", "template": TEMPLATE, "about": "Two inks"} | options
    return await world.mod.slash(world.channel, "style add", **options)


async def test_the_model_is_told_the_style_and_people_see_the_words(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite", style="Sticker")
    picture = await world.drawn()
    row = await world.row_of(picture)
    expected = apply(BUILTIN["sticker"], "a red kite")
    assert told(world)[0].startswith(expected)
    assert (row.wish.words, row.wish.told, row.wish.style) == ("a red kite", expected, "Sticker")
    assert row.wish.aspect == "1:1"
    assert "a red kite" in world.said()[-1]
    assert "sticker" not in world.said()[-1].casefold()


async def test_the_persons_own_ratio_goes_before_the_styles(world: World) -> None:
    options = {"prompt": "a red kite", "style": "sticker", "aspect": "16:9"}
    await world.alice.slash(world.channel, "imagine", **options)
    assert (await world.row_of(await world.drawn())).wish.aspect == "16:9"


async def test_again_is_not_styled_twice(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite", style="sticker")
    picture = await world.drawn()
    await world.restart()
    await world.bob.click(world.message(picture.id), label="Again")
    await world.drawn()
    first, second = told(world)
    assert first == second


async def test_the_exact_text_is_quoted_and_cannot_get_out(world: World) -> None:
    text = '{words} "Kites" \\ `@everyone` @alice'
    await world.alice.slash(
        world.channel, "imagine", prompt='a "shop" {text}', style="logo", text=text
    )
    row = await world.row_of(await world.drawn())
    assert """"{words} 'Kites' ' '@everyone' @alice", spelled""" in row.wish.told
    assert 'a "shop" {text}.' in row.wish.told
    assert row.wish.exact == text


async def test_a_text_without_a_style(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a shop sign.", text="Kites & Co")
    row = await world.row_of(await world.drawn())
    assert row.wish.told.startswith('a shop sign. It bears the exact text "Kites & Co"')


@pytest.mark.parametrize(
    ("options", "key", "values"),
    [
        ({"style": "nothing of this"}, "style_unknown", {"name": "nothing of this"}),
        ({"style": "keep"}, "style_needs_picture", {"style": "keep"}),
    ],
)
async def test_styles_that_cannot_be_used(
    trouble: Trouble, options: dict[str, str], key: str, values: dict[str, str]
) -> None:
    trouble.refused(await trouble.imagine(**options), key, **values)
    await trouble.nothing_counted()


async def test_a_style_of_pictures_with_one(world: World) -> None:
    await world.alice.slash(
        world.channel, "imagine", prompt="a blue hat", style="keep", image=("a.png", photo())
    )
    await world.drawn()
    assert "change only this: a blue hat" in told(world)[0]


async def test_moderators_make_change_and_remove_one(world: World) -> None:
    assert "linocut" in shown(await add(world))
    await world.restart()
    await world.alice.slash(world.channel, "imagine", prompt="a red kite", style="LINOCUT")
    await world.drawn()
    assert told(world)[-1].startswith("A linocut of a red kite. Two inks.")
    changed = {"name": "linocut", "new_name": "woodcut", "template": "A woodcut: {words}, {text}"}
    await world.mod.slash(world.channel, "style change", **changed)
    listed = shown(await world.alice.slash(world.channel, "style list"))
    assert "woodcut" in listed
    assert "linocut" not in listed
    assert "Two inks" in listed
    result = await world.alice.slash(world.channel, "imagine", prompt="a kite", style="woodcut")
    assert shown(result) == sentence("style_needs_text", {"style": "woodcut"})
    page = shown(await world.alice.slash(world.channel, "style show", name="woodcut"))
    assert "{words}, {text}" in page
    await world.mod.slash(world.channel, "style remove", name="woodcut")
    assert "woodcut" not in shown(await world.alice.slash(world.channel, "style list"))


async def test_only_moderators_do_so(world: World) -> None:
    for name, options in (
        ("add", {"name": "mine", "template": "{words}"}),
        ("change", {"name": "mine", "about": "x"}),
        ("remove", {"name": "mine"}),
    ):
        result = await world.alice.slash(world.channel, f"style {name}", **options)
        assert shown(result) == sentence("styles_not_allowed")
        assert result.ephemeral


@pytest.mark.parametrize(
    ("options", "key", "values"),
    [
        ({"name": "none"}, "style_name_taken", {"name": "none"}),
        ({"name": "STICKER"}, "style_name_taken", {"name": "STICKER"}),
        ({"name": "@everyone"}, "name_reserved", {"name": "everyone"}),
        ({"name": "a b"}, "name_letters", {}),
        ({"template": "no slot"}, "style_needs_words", {}),
        ({"template": "{words} {word}"}, "style_unknown_slot", {"slot": "{word}"}),
        ({"template": "{words} {"}, "style_unknown_slot", {"slot": "{"}),
    ],
)
async def test_styles_that_cannot_be_made(
    world: World, options: dict[str, str], key: str, values: dict[str, str]
) -> None:
    result = await add(world, **options)
    assert shown(result) == sentence(key, values)
    assert result.ephemeral


async def test_styles_are_offered_while_typing(world: World) -> None:
    await add(world, about="*bold* @everyone")
    every = await world.alice.autocomplete(world.channel, "imagine", "style", "", prompt="x")
    names = [one["value"] for one in every]
    assert names == ["linocut", *(style.name for style in BUILTIN.values()), "none"]
    some = await world.alice.autocomplete(world.channel, "imagine", "style", "STI", prompt="x")
    assert [one["value"] for one in some] == ["sticker"]
    own = await world.mod.autocomplete(world.channel, "style remove", "name", "")
    assert [one["value"] for one in own] == ["linocut"]


async def test_a_style_and_a_character(world: World) -> None:
    options = {"name": "Ada", "picture": ("ada.png", photo("lime")), "note": "a red scarf"}
    await world.alice.slash(world.channel, "character save", **options)
    await world.alice.slash(
        world.channel, "imagine", prompt="@Ada flies", style="sticker", text="@ada"
    )
    row = await world.row_of(await world.drawn())
    assert row.wish.told == (
        apply(BUILTIN["sticker"], "Ada flies", "@ada")
        + "\n\nAda is the figure of image 1: keep face, hair and build the same. "
        "Ada: a red scarf"
    )
    await world.alice.slash(
        world.channel, "imagine", prompt="a kite", style="sticker", character="ada"
    )
    row = await world.row_of(await world.drawn())
    assert row.wish.told.startswith(
        apply(BUILTIN["sticker"], "a kite") + "\n\nThe picture shows Ada.\n\nAda is"
    )


async def test_a_channels_style_and_none(world: World) -> None:
    await world.mod.slash(world.channel, "channel style", style="sticker")
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    picture = await world.drawn()
    await world.alice.slash(world.channel, "imagine", prompt="a red kite", style="None")
    await world.drawn()
    await world.alice.send(world.channel, "make it night", reply_to=picture)
    await world.drawn()
    styled, plain, edit = told(world)
    assert styled.startswith("A sticker of a red kite")
    assert "sticker" not in plain
    assert "sticker of make it night" not in edit


async def test_a_softer_wish_keeps_its_style(world: World) -> None:
    world.provider.faults.once(Fault(Kind.REFUSE_TEXT))
    result = await world.alice.slash(world.channel, "imagine", prompt="a duel", style="sticker")
    await world.ended()
    assert result.response is not None
    offer = await world.alice.click(result.response, label="Say it more softly")
    assert offer.response is not None
    await world.restart()
    await world.alice.click(offer.response, label="Draw this")
    row = await world.row_of(await world.drawn())
    assert row.wish.words != "a duel"
    assert row.wish.told == apply(BUILTIN["sticker"], row.wish.words)
