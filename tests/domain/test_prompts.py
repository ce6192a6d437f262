from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.prompts import PROMPT_MAX, prompt_in, prompts_in

FOUR = ("a red kite at dawn", "a kite, “red”, over hills", "3 kites: red", "kite in 16:9 – wide")
INTRO = "Sure! Here are four prompts for your picture:"


def numbered(mark: str, between: str = "\n") -> str:
    return between.join(mark.format(n=n, text=text) for n, text in enumerate(FOUR, 1))


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize("around", ["{}", INTRO + "\n\n{}\n\nShall I draw one of them?"])
@pytest.mark.parametrize(
    "mark",
    [
        "{n}. {text}",
        "{n}) {text}",
        " {n}. {text}  ",
        '{n}. "{text}"',
        "{n}. “{text}”",
        "{n}: {text},",
        "**{n}.** {text}",
        "**Prompt {n}:** {text}",
        "### Prompt {n}:\n{text}",
        "Option {n}: *{text}*".replace("*", "**"),
        "- {text}",
        "* `{text}`",
        "• «{text}»",
    ],
)
def test_a_list_is_read_whatever_its_marks(mark: str, around: str, between: str) -> None:
    assert prompts_in(around.format(numbered(mark, between)), 4) == FOUR


@pytest.mark.parametrize(
    "value",
    [
        list(FOUR),
        {"prompts": list(FOUR)},
        [{"prompt": text, "style": "photo"} for text in FOUR],
        {"prompts": [{"title": "One", "description": text} for text in FOUR]},
        {str(n): text for n, text in enumerate(FOUR)},
        [*FOUR, None, 3, ["nested"]],
    ],
)
@pytest.mark.parametrize("form", ["{}", "```json\n{}\n```", "Here you are:\n```\n{}\n```\nEnjoy!"])
def test_json_is_read_whatever_its_form(value: object, form: str) -> None:
    for indent in (None, 2):
        assert prompts_in(form.format(json.dumps(value, indent=indent)), 4) == FOUR


def test_paragraphs_and_lines_are_prompts_too() -> None:
    assert prompts_in("\n\n".join([INTRO, *FOUR]), 4) == FOUR
    assert prompts_in("\n".join(FOUR), 4) == FOUR


def test_a_prompt_may_have_several_lines() -> None:
    answer = "1. a red kite\n   above the harbour\n2. a blue kite\nat night\n\nAnything else?"
    assert prompts_in(answer, 4) == ("a red kite above the harbour", "a blue kite at night")


def test_no_more_than_wanted_none_twice_none_too_long() -> None:
    assert prompts_in("1. a\n2. b\n3. a\n4. c\n5. d", 3) == ("a", "b", "c")
    [long] = prompts_in("1. " + "kite " * 1000, 4)
    assert len(long) <= PROMPT_MAX
    assert prompts_in("", 4) == prompts_in("1.\n2.", 4) == prompts_in("[]", 4) == ()


@pytest.mark.parametrize(
    "answer",
    [
        "a red kite, at dawn",
        '"a red kite, at dawn"',
        "Here is a better prompt:\n\n“a red kite,\nat dawn”",
        "**Improved prompt:** a red kite, at dawn",
        "1. a red kite, at dawn\n2. a blue kite",
        '["a red kite, at dawn"]',
        '{"prompt": "a red kite, at dawn"}',
        "```\na red kite, at dawn\n```",
        "- a red kite,\n- at dawn",
    ],
)
def test_one_prompt_is_read_in_any_form(answer: str) -> None:
    assert prompt_in(answer) == "a red kite, at dawn"


def test_an_exact_text_keeps_its_quotes() -> None:
    assert prompt_in('a sign that says "OPEN"') == 'a sign that says "OPEN"'
    assert prompt_in('"OPEN" on a red "SIGN"') == '"OPEN" on a red "SIGN"'
    assert prompt_in('"a sign, "OPEN", here"') == 'a sign, "OPEN", here'


@given(st.text(), st.integers(1, 5))
def test_anything_gives_prompts_that_can_be_drawn(answer: str, wanted: int) -> None:
    found = prompts_in(answer, wanted)
    assert len(found) <= wanted
    for one in (*found, prompt_in(answer)):
        assert len(one) <= PROMPT_MAX
        assert "\n" not in one


@pytest.mark.parametrize("filler", [" ", "\n", "\n ", "#", "*", '"', "1. ", "[", "> "])
def test_long_answers_are_read_in_no_time(filler: str) -> None:
    began = time.thread_time()
    prompts_in(filler * 50_000, 4)
    prompt_in(filler * 50_000)
    assert time.thread_time() - began < 2.0
