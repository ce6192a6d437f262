from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.media.lettering import drawable, font, wrapped


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a red fox", "a red fox"),
        ("José Ñuñez — straße", "Jose Nunez - strasse"),
        ("Anna 🎨🔥", "Anna"),
        ("日本語 cat", "… cat"),
        ("Мария и кот", "…"),
        ("👩\u200d🎨", ""),
        ("a\n\tb\0c", "a b c"),
        ("“quoted” «words» …", "“quoted” «words» …"),
        ("\u202eabc", "abc"),
        ("𝕱𝖔𝖝", "Fox"),
    ],
)
def test_what_can_be_drawn(text: str, drawn: str):
    assert drawable(text) == drawn


@settings(deadline=2000)
@given(text=st.text(max_size=400), width=st.integers(10, 400), most=st.integers(1, 3))
def test_lines_fit(text: str, width: int, most: int):
    lines = wrapped(text, 20, width, most)
    assert len(lines) <= most
    for line in lines:
        assert line.strip() == line
        assert line
        assert font(20).getlength(line) <= width or len(line) <= 1


def test_words_are_kept_whole_where_they_can_be():
    assert wrapped("a red fox in the snow", 20, 95, 5) == ["a red fox", "in the", "snow"]


def test_what_is_cut_says_so():
    assert wrapped("words and more words and more", 20, 120, 1) == ["words and…"]
    assert wrapped("Mia\nfirst\nsecond", 20, 200, 2) == ["Mia", "first…"]


def test_a_long_name_leaves_room_for_the_words():
    first, second = wrapped("a name that is far too long\nthe words", 20, 120, 2)
    assert first.endswith("…")
    assert second == "the words"
