from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.builtin_styles import BUILTIN
from bot.domain.ids import JobId, job_id
from bot.domain.quotas import Limit, Usage
from bot.domain.styles import ABOUT_MAX, TEMPLATE_MAX, Style
from bot.ui import blends, permutations, styles
from bot.ui.remix_form import STYLES_SHOWN, RemixForm
from tests.ui.discord_schema import labels, takes_message, texts, validate, within_limits
from tests.ui.test_layout import LAST, WORST, wild

LONGEST = job_id(LAST, 10**8)
WHEN = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
USAGES = [Usage(limit, 10**12, 10**12, None if limit is Limit.GIFT else WHEN) for limit in Limit]


def style(words: str) -> Style:
    return Style((words * 32)[:32], (words * 100)[:ABOUT_MAX], (words * 1000)[:TEMPLATE_MAX])


@pytest.mark.parametrize("words", [*WORST, "x"])
def test_discord_takes_every_message(words: str) -> None:
    words = words.strip() or "x"
    one = style(words)
    takes_message(styles.listed([one] * 25))
    takes_message(styles.listed([]))
    takes_message(styles.shown(one))
    takes_message(permutations.question(LONGEST, [words] * 500, 4, 10**12, USAGES))
    takes_message(permutations.answered(500, 501))
    takes_message(blends.numbered([words] * 6))


@pytest.mark.parametrize("name", BUILTIN)
def test_every_built_in_style_is_shown_whole(name: str) -> None:
    view = styles.shown(BUILTIN[name])
    takes_message(view)
    assert "…" not in " ".join(texts(view))


@pytest.mark.parametrize("words", [*WORST, "x"])
async def test_discord_takes_the_form(words: str) -> None:
    many = [
        Style(f"{number:02}{words}"[:32].strip(), words[:ABOUT_MAX], "{words}")
        for number in range(STYLES_SHOWN + 5)
    ]
    for form in (RemixForm("remix_others", LONGEST, many), RemixForm("remix_turn", LONGEST, [])):
        validate("ModalInteractionCallbackRequestData", form.to_dict())


@settings(deadline=None)
@given(st.lists(wild, min_size=2, max_size=20))
def test_no_words_pass_a_limit(words: list[str]) -> None:
    within_limits(permutations.question(JobId("1"), words, 1, 1, USAGES))
    within_limits(blends.numbered(words[:6]))
    within_limits(styles.listed([style(one or "x") for one in words]))


def test_the_question_says_how_many_and_what_it_costs() -> None:
    view = permutations.question(JobId("7"), ["a *red* kite", "a blue kite"], 2, 154_800, [])
    shown = "\n".join(texts(view))
    assert "### 4 pictures" in shown
    assert "- a \\*red\\* kite\n- a blue kite\n-# 2 of each" in shown
    assert "$0.1548" in shown
    assert labels(view) == ["Draw all 4"]


@pytest.mark.parametrize("about", ["", "*", "x" * 100, "@everyone"])
def test_choices_fit(about: str) -> None:
    choice = styles.choice(Style("x" * 32, about, "{words}"))
    assert 1 <= len(choice.name) <= 100
    assert len(styles.no_style().name) <= 100
