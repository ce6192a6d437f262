from __future__ import annotations

import pytest

from bot.domain.invalid import Invalid
from bot.domain.mentions import cast, parted
from bot.domain.styles import PLAIN, apply, check_style
from tests.domain.test_mentions import character

NOTE = "Ada is the figure of image 1: keep face, hair and build the same."


@pytest.mark.parametrize("words", ["@ada flies", "a\n\nb @ada\n\n\n\nc", "The picture shows @ada"])
def test_words_and_notes_are_told_apart_again(words: str) -> None:
    made = cast(words, [character("Ada")], given=0, places=3)
    assert parted(made.words) == (words.replace("@ada", "Ada"), NOTE)


def test_characters_that_were_not_named_stand_behind() -> None:
    made = cast("a kite", [character("Ada")], given=0, places=3, unsaid=["ada"])
    assert parted(made.words) == ("a kite", f"The picture shows Ada.\n\n{NOTE}")


@pytest.mark.parametrize("told", ["", "a kite", "a kite\nand a boat"])
def test_without_notes_all_of_it_are_words(told: str) -> None:
    assert parted(told) == (told, "")


def test_an_exact_text_alone() -> None:
    assert apply(PLAIN, "a sign. ", "Kites").startswith('a sign. It bears the exact text "Kites"')


def test_none_is_no_name() -> None:
    with pytest.raises(Invalid, match="style_name_taken"):
        check_style("None", "", "{words}", ())
