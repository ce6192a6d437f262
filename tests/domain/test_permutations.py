from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.invalid import Invalid
from bot.domain.permutations import count, expand

JSON = '{"scene": {"kite": "red", "sky": "blue"}, "mood": "calm"}'


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("a kite", ["a kite"]),
        ("{red,blue,green} kite", ["red kite", "blue kite", "green kite"]),
        ("a { red , dark blue } kite", ["a red kite", "a dark blue kite"]),
        ("{red,blue} {kite,boat}", ["red kite", "red boat", "blue kite", "blue boat"]),
        ("{a,b}{c,d}", ["ac", "ad", "bc", "bd"]),
        # Empty choices, and the same one twice.
        ("{red,} kite", ["red kite", "kite"]),
        ("a {red,} kite", ["a red kite", "a kite"]),
        ("a kite {,at night}", ["a kite", "a kite at night"]),
        ("{red,red,blue} kite", ["red kite", "blue kite"]),
        ("a {,} kite", ["a kite"]),
        # Escapes.
        (r"\{red,blue\} kite", ["{red,blue} kite"]),
        (r"{red\, white,blue} kite", ["red, white kite", "blue kite"]),
        (r"{\{,\}}", ["{", "}"]),
        (r"a\b kite, {red,blue\}}", [r"a\b kite, red", r"a\b kite, blue}"]),
        # Plain text.
        ("{red} kite", ["{red} kite"]),
        ("{} kite", ["{} kite"]),
        ("{{name}} kite", ["{{name}} kite"]),
        ("{red, blue kite", ["{red, blue kite"]),
        ("red, blue} kite", ["red, blue} kite"]),
        ("}{ kite {red,blue}", ["}{ kite red", "}{ kite blue"]),
        ("{a {red,blue} kite", ["{a red kite", "{a blue kite"]),
        (JSON, [JSON]),
    ],
)
def test_wishes(text: str, wishes: list[str]) -> None:
    assert list(expand(text, 10)) == wishes
    assert count(text) == len(wishes)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{red,{dark,light} blue} kite", "permutation_nested"),
        ("{a,{{b,c}}} kite", "permutation_nested"),
        ("{1,2,3,4,5} kite", "too_many_wishes"),
        ("{1,2,3}{1,2}", "too_many_wishes"),
        ("{kite,}", "prompt_empty"),
    ],
)
def test_refused(text: str, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        expand(text, 4)
    assert refused.value.key == key


def test_a_group_in_plain_braces_is_a_group() -> None:
    assert expand("{{red,blue}} kite", 4) == ("{red} kite", "{blue} kite")


def outcome(text: str, limit: int) -> tuple[str, ...] | str:
    """The wishes, or the key of why there are none."""
    try:
        return expand(text, limit)
    except Invalid as refused:
        return refused.key


@pytest.mark.parametrize("bomb", ["{a,b}" * 5000, "{a," * 5000, "{" * 50_000, "},{" * 20_000])
def test_bombs_are_counted_not_built(bomb: str) -> None:
    began = time.thread_time()
    expected = (bomb,) if count(bomb) == 1 else "too_many_wishes"
    assert outcome(bomb, 10) == expected
    assert time.thread_time() - began < 2.0


@given(st.text(alphabet="{},\\ ab", max_size=40))
def test_the_count_is_the_number_of_wishes(text: str) -> None:
    wishes = outcome(text, 1000)
    if isinstance(wishes, str):
        assert wishes in {"permutation_nested", "too_many_wishes", "prompt_empty"}
        return
    assert len(wishes) == count(text)
    assert all(wish == wish.strip() != "" for wish in wishes)


@given(st.text())
def test_text_without_braces_is_itself(text: str) -> None:
    text = text.replace("{", "").replace("}", "").replace("\\", "").strip() or "x"
    assert expand(text, 1) == (text,)
