from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ui.words import MARKUP, plain, safe, units

TRICKS = [
    "@everyone",
    "@here",
    "<@123456789012345678>",
    "<@!1>",
    "<@&2>",
    "<#3>",
    "</imagine:4>",
    "<a:party:5>",
    "<t:1700000000:R>",
    "<https://example.org>",
    "https://example.org/a_b",
    "steam://run/1",
    "discord.gg/abc",
    "discord.com/invite/abc",
    "[click](https://example.org)",
    "**",
    "__",
    "||",
    "```",
    "~~",
    "\n# ",
    "\n> ",
    "\n>>> ",
    "\n- ",
    "\n* ",
    "\n1. ",
    "\n-# ",
    "\\",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\x00",
    "\x1b[31m",
    "\ud800",
    "\U000e0041",
    "\U0001f3a8",
    "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
    " ",
    "kite",
    "नमस्ते",
]
wild = st.one_of(
    st.text(),
    st.text(alphabet=st.characters(codec=None)),
    st.lists(st.one_of(st.sampled_from(TRICKS), st.text(max_size=3)), max_size=30).map("".join),
)


def shown(markdown: str) -> str:
    """What a reader sees: Discord drops a backslash before anything but letters and digits."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown).replace("@\u200b", "@")


@settings(deadline=None)
@given(wild, st.booleans())
def test_a_reader_sees_the_words_themselves(text: str, lines: bool) -> None:
    assert shown(safe(text, 10**6, lines=lines)) == plain(text, 10**6, lines=lines)


@settings(deadline=None)
@given(wild, st.booleans(), st.integers(0, 80))
def test_nothing_in_it_means_anything_to_discord(text: str, lines: bool, limit: int) -> None:
    said = safe(text, limit, lines=lines)
    assert units(said) <= limit
    # Every character of markup has its backslash, and none is left over at the end.
    bare = re.sub(r"\\[^0-9A-Za-z\s]", "x", said)
    assert not set(bare) & MARKUP
    for row in bare.split("\n"):
        assert not re.match(r"[-+*]|\d+[.)]|#|>", row)
    # What the server and the client look for in the raw text is not in it.
    assert not re.search(r"@everyone|@here|<@|<#|<t:|<a?:|https?://", said, re.IGNORECASE)
    assert not re.search(r"discord\.gg/|discord(?:app)?\.com/invite/", said, re.IGNORECASE)


@settings(deadline=None)
@given(wild, st.booleans(), st.integers(0, 80))
def test_nothing_invisible_is_left(text: str, lines: bool, limit: int) -> None:
    for said in (plain(text, limit, lines=lines), safe(text, limit, lines=lines)):
        assert units(said) <= limit
        hidden = {c for c in said.replace("@\u200b", "@") if unicodedata.category(c)[0] == "C"}
        assert hidden <= {"\n", "\u200c", "\u200d"} if lines else hidden <= {"\u200c", "\u200d"}
        assert "\n\n\n" not in said
        said.encode()


@settings(deadline=None)
@given(wild, st.integers(1, 200))
def test_cutting_is_shown(text: str, limit: int) -> None:
    whole, cut = safe(text, 10**6), safe(text, limit)
    if cut != whole:
        assert cut.endswith("…")
        assert whole.startswith(cut[:-1])
        assert units(whole) > limit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a red kite", "a red kite"),
        ("a\n\nb\tc", "a b c"),
        ("2 - 1", "2 - 1"),
        ("- one", r"\- one"),
        ("1. one", r"1\. one"),
        ("x <@5>", r"x \<\@5\>"),
        ("\u202eevil\u2066", "evil"),
        ("z\u200be\u200dr\u00ado", "zero"),
        ("", ""),
        ("\u200b\u3164", ""),
    ],
)
def test_words_on_one_line(text: str, expected: str) -> None:
    assert safe(text, 100) == expected


def test_lines_are_kept_where_they_are_wanted() -> None:
    assert safe("one\r\n\r\n\r\n\r\n  two  \u2028three", 100, lines=True) == "one\n\ntwo\nthree"


def test_joiners_stay_where_a_script_needs_them() -> None:
    family = "\U0001f469\u200d\U0001f467"
    persian = "می\u200cخواهم"
    assert plain(f"{family} {persian}", 100) == f"{family} {persian}"
    assert plain("a\u200db", 100) == "ab"


def test_towers_of_marks_are_cut_down() -> None:
    assert len(plain("e" + "\u0301" * 50, 100)) == 7


def test_a_limit_counts_as_discord_might() -> None:
    assert plain("🎨" * 10, 10) == "🎨" * 4 + "…"
