from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.builtin_styles import BUILTIN
from bot.domain.invalid import Invalid
from bot.domain.names import check_name, fold
from bot.domain.styles import ABOUT_MAX, TEXT_MAX, Style, apply, check_style, quotable

ASPECTS = {"1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"}
PLAIN = Style("plain", "", "A drawing of {words}.")
SIGN = Style("sign", "", 'A sign that says "{text}", beside {words}')


@pytest.mark.parametrize("style", BUILTIN.values(), ids=lambda style: style.name)
def test_built_in_styles(style: Style) -> None:
    assert check_name(style.name) == style.name
    made = check_style(style.name, style.about, style.template, taken=())
    assert (made.name, made.about, made.template) == (style.name, style.about, style.template)
    assert 0 < len(style.about) <= ABOUT_MAX
    assert style.aspect is None or style.aspect in ASPECTS
    assert style.lettering.count('"{text}"') == 1
    assert "{" not in style.bare
    for text in ("", "OPEN"):
        told = apply(style, "a red kite.", text)
        assert told.count("a red kite") == 1
        assert told.count('"OPEN"') == bool(text)
        assert not re.search(r"[{}]|\.\.|  |\.,|\.:", told)
        assert told.endswith(".")


def test_the_named_ones_are_there() -> None:
    named = {"photo", "sticker", "logo", "poster", "product", "minimal", "comic"}
    assert named | {"restyle", "keep"} <= BUILTIN.keys()
    assert {name for name, style in BUILTIN.items() if style.of_pictures} == {
        "restyle",
        "keep",
        "blend",
        "scene",
    }
    assert all(fold(style.name) == name for name, style in BUILTIN.items())


def test_logo_and_poster_quote_the_exact_text() -> None:
    for name in ("logo", "poster"):
        told = apply(BUILTIN[name], "a bakery", 'Anna\'s "Best"\n“Bread” «1»')
        assert "\"Anna's 'Best' 'Bread' '1'\"" in told
        assert "There is no text." not in told
        assert apply(BUILTIN[name], "a bakery").endswith("There is no text.")


def test_a_text_needs_no_place_of_its_own() -> None:
    assert apply(PLAIN, "a kite") == "A drawing of a kite."
    assert apply(PLAIN, "a kite", "HI").endswith(
        '. It bears the exact text "HI", spelled letter by letter, and no other text.'
    )


def test_a_place_for_a_text_needs_one() -> None:
    assert SIGN.needs_text
    assert apply(SIGN, "a door", "OPEN") == 'A sign that says "OPEN", beside a door'
    for text in ("", "  \n", " "):
        with pytest.raises(Invalid) as refused:
            apply(SIGN, "a door", text)
        assert refused.value.key == "style_needs_text"


def test_words_are_not_read_for_slots() -> None:
    assert apply(SIGN, "{text} {words}", "{words}") == (
        'A sign that says "{words}", beside {text} {words}'
    )


def test_ends_of_sentences() -> None:
    assert apply(PLAIN, "a kite. ") == "A drawing of a kite."
    assert apply(PLAIN, "a kite!") == "A drawing of a kite!."
    assert apply(replace(PLAIN, template="{words} at dusk"), "A kite.") == "A kite. at dusk"


def test_long_texts_are_refused() -> None:
    assert quotable("x" * TEXT_MAX)
    with pytest.raises(Invalid) as refused:
        apply(PLAIN, "a kite", "x" * (TEXT_MAX + 1))
    assert refused.value.key == "style_text_too_long"


def test_a_guilds_style() -> None:
    style = check_style("@Neon", "neon\n light", "  {words} in neon, with {text}  ", ["photo"])
    assert style == Style("Neon", "neon light", "{words} in neon, with {text}")


@pytest.mark.parametrize(
    ("name", "template", "key"),
    [
        ("PHOTO", "{words}", "style_name_taken"),
        ("x", "{words}", "name_length"),
        ("neon", "in neon", "style_needs_words"),
        ("neon", "", "style_needs_words"),
        ("neon", "{words} and {words}", "style_needs_words"),
        ("neon", "{words} {text} {text}", "style_needs_words"),
        ("neon", "{words} {colour}", "style_unknown_slot"),
        ("neon", "{words!r}", "style_unknown_slot"),
        ("neon", "{words} {", "style_unknown_slot"),
        ("neon", "{{words}}", "style_unknown_slot"),
        ("neon", "{words}" + "x" * 994, "style_too_long"),
    ],
)
def test_styles_that_are_refused(name: str, template: str, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_style(name, "", template, BUILTIN)
    assert refused.value.key == key


@given(st.text(), st.text(max_size=TEXT_MAX))
def test_the_text_cannot_leave_its_quotation_marks(words: str, text: str) -> None:
    tidy = quotable(text)
    assert "\n" not in tidy
    if tidy:
        told = apply(SIGN, words, text)
        assert told.split('"')[1] == tidy
        assert told.endswith(words.strip())
