from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ids import JobId, job_id
from bot.ui import layout, offers
from tests.ui.discord_schema import labels, takes_message, texts, walk, within_limits
from tests.ui.test_layout import JOB, LAST, WORST, wild

FOUR = [(job_id(LAST, 10**8 + number), f"a *kite* {number}") for number in range(4)]


def ids(view: layout.EaselLayout) -> list[str]:
    return [part["custom_id"] for part in walk(view.to_components()) if part["type"] == 2]


@pytest.mark.parametrize("words", [*WORST, "x"])
def test_discord_takes_every_offer(words: str) -> None:
    words = words.strip() or "x"
    takes_message(offers.described([(suggestion, words) for suggestion, _ in FOUR]))
    takes_message(offers.improved(words, better=FOUR[0][0], mine=FOUR[1][0]))
    takes_message(offers.softened(words, softer=FOUR[0][0]))
    takes_message(layout.failure(words, words=words, retry=JOB, softer=True))
    further = [f"easel-1_{number}.png" for number in range(2, 11)]
    takes_message(
        layout.result(job=JOB, user_id=1, words=words, filename="easel-1.png", further=further)
    )


@settings(deadline=None)
@given(st.lists(wild, min_size=4, max_size=4))
def test_no_words_pass_a_limit(words: list[str]) -> None:
    within_limits(offers.described([(JobId(str(n)), text) for n, text in enumerate(words)]))
    within_limits(offers.improved(words[0], better=JobId("1"), mine=JobId("2")))


def test_every_prompt_has_a_button_of_its_own() -> None:
    view = offers.described(FOUR)
    assert texts(view)[1] == "**1.** a \\*kite\\* 0"
    assert ids(view) == [f"e1:draw:{suggestion}" for suggestion, _ in FOUR]


def test_a_fuller_wish_leaves_the_choice() -> None:
    view = offers.improved("a kite", better=JobId("7"), mine=JobId("7-1"))
    assert labels(view) == ["Draw this", "Draw mine", "Change it"]
    assert ids(view) == ["e1:draw:7", "e1:draw_mine:7-1", "e1:reword:7"]
    assert labels(offers.softened("a kite", softer=JobId("7"))) == ["Draw this", "Change it"]


def test_a_refusal_can_be_said_more_softly() -> None:
    view = layout.failure("No.", retry=JOB, softer=True)
    assert ids(view) == [f"e1:retry:{JOB}", f"e1:soften:{JOB}"]
    assert labels(layout.failure("No.", softer=True)) == []
