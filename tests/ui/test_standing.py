from __future__ import annotations

import pytest
from hypothesis import given, settings

from bot.domain.ids import JobId, Place, job_id
from bot.domain.patience import LONGEST_S, Wait
from bot.ui.standing import Now, Row, Said, queue, standing
from tests.ui.discord_schema import labels, takes_message, texts, walk, within_limits
from tests.ui.test_layout import JOB, LAST, WORST, wild

FAR = Wait(10**9, LONGEST_S + 1)


@pytest.mark.parametrize("said", [*Now, Wait(1, None), FAR])
@pytest.mark.parametrize("words", WORST)
def test_discord_takes_all_that_is_said(words: str, said: Said) -> None:
    view = standing(job=job_id(LAST, 10**8), words=words, user_id=LAST, said=said)
    takes_message(view)
    assert labels(view) == ["Cancel"]
    assert texts(view)[0].count("<@") == 1


@settings(deadline=None)
@given(wild)
def test_no_words_pass_a_limit(words: str) -> None:
    within_limits(standing(job=JOB, words=words, user_id=LAST, said=FAR))
    row = Row(Place(LAST, LAST), LAST, words, LAST, FAR)
    within_limits(queue([row] * 1000, [row] * 1000))


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (Now.DRAWING, "🎨 Drawing “a \\*red\\* kite” for <@7> …"),
        (Wait(1, None), "🎨 “a \\*red\\* kite” for <@7>: next in line"),
        (
            Wait(3, 40),
            "🎨 “a \\*red\\* kite” for <@7>: number 3 in line, ready in about 40 seconds",
        ),
        (
            Wait(15, 120),
            "🎨 “a \\*red\\* kite” for <@7>: about number 15 in line, ready in about 2 minutes",
        ),
        (
            Wait(2000, LONGEST_S + 1),
            "🎨 “a \\*red\\* kite” for <@7>: about number 2000 in line, "
            "ready in about an hour or more",
        ),
        (Now.KEPT, "🎨 “a \\*red\\* kite” for <@7>: I'm restarting; its place in line is kept."),
    ],
)
def test_what_is_said(said: Said, text: str) -> None:
    assert texts(standing(job=JOB, words="a *red* kite", user_id=7, said=said)) == [text]


def test_a_wish_without_words_is_still_a_message() -> None:
    shown = [texts(standing(job=JOB, words=" ", user_id=1, said=said)) for said in Now]
    assert shown[0] == ["🎨 Drawing for <@1> …"]
    assert all(text.startswith("🎨 A picture for <@1>: ") for [text] in shown[1:])


def test_each_picture_of_an_event_is_told_apart() -> None:
    components = standing(job=JOB, words="x", user_id=1, said=Now.DRAWING).to_components()
    assert JobId("1180000000000000000-3") == JOB
    assert components[0]["id"] == 4
    assert [part["custom_id"] for part in walk(components) if part["type"] == 2] == [
        f"e1:cancel:{JOB}"
    ]


def test_a_list_shows_the_first_and_counts_the_rest() -> None:
    rows = [Row(Place(1, 2), 7, f"kite {n}", n + 100, Wait(n, 40)) for n in range(1, 1001)]
    title, own, server, others = texts(queue(rows[:1], rows))
    assert own == (
        "- kite 1: next in line, ready in about 40 seconds"
        " · [show](https://discord.com/channels/1/2/101)"
    )
    lines = others.split("\n")
    assert lines[1].startswith("- kite 2: number 2 in line")
    assert "<@7>" in lines[1]
    assert "<@" not in own
    assert len(lines) > 10
    assert lines[-1] == f"- and {1000 - len(lines) + 1} more"
    assert title != server


def test_a_list_says_when_there_is_nothing() -> None:
    assert texts(queue([]))[1] == "None of yours waits or is being drawn."
    assert len(texts(queue([]))) == 2
    assert texts(queue([], []))[3] == "Nobody else waits."


def test_a_private_one_has_neither_words_nor_link() -> None:
    row = Row(Place(None, 2), 7, "", None, None)
    assert texts(queue([row]))[1] == "- a picture: being drawn"
    linked = Row(Place(None, 2), 7, "", 5, None)
    assert "/channels/@me/2/5" in texts(queue([linked]))[1]
