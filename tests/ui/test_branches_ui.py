from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from bot.domain.ids import job_id
from bot.domain.people import Remix
from bot.ui import branches, layout, under
from bot.ui.branches import VaryForm
from bot.ui.english import TEXTS
from tests.ui.discord_schema import labels, takes_message, texts, validate, walk, within_limits
from tests.ui.test_layout import JOB, LAST, WORST, turn, wild

OLD = job_id(LAST, 10**8)


def shown(words: str, *, private: bool = False) -> layout.EaselLayout:
    earlier = replace(turn(words), id=OLD, text=words, message_id=LAST, private=private)
    name = f"easel-{OLD}.webp"
    return branches.gone_back(
        earlier, user_id=LAST, filename=name, handled=under.EVERYTHING, spoiler=True
    )


@pytest.mark.parametrize("words", WORST)
def test_discord_takes_every_message(words: str) -> None:
    takes_message(shown(words))
    takes_message(shown(words, private=True))
    takes_message(branches.compared("easel-before-after.webp", words))
    takes_message(branches.remix(Remix.EVERYONE))
    takes_message(branches.remix(Remix.ME))
    further = [f"easel-1_{number}.png" for number in range(2, 11)]
    takes_message(
        layout.result(
            job=OLD,
            user_id=LAST,
            words=words,
            text=words,
            filename="easel-1.png",
            further=further,
            note="x" * 500,
        )
    )


@settings(deadline=None)
@given(wild)
def test_no_words_pass_a_limit(words: str) -> None:
    within_limits(shown(words))
    within_limits(branches.compared("a.png", words))


def test_the_form_for_variations_has_their_prices() -> None:
    form = VaryForm("vary", OLD, 39_000)
    validate("ModalInteractionCallbackRequestData", form.to_dict())
    (menu,) = [part for part in walk(form.to_dict()["components"]) if part["type"] == 3]
    assert [(one["value"], one["label"]) for one in menu["options"]] == [
        ("1", "1 variation, about $0.0390"),
        ("2", "2 variations, about $0.0780"),
        ("3", "3 variations, about $0.1170"),
        ("4", "4 variations, about $0.1560"),
    ]
    assert form.custom_id == f"e1:vary:{OLD}"


def test_going_back_says_where_and_by_whom() -> None:
    said = texts(shown("a kite"))
    assert f"https://discord.com/channels/1/2/{LAST}" in said[0]
    assert f"<@{LAST}>" in said[0]
    assert "https" not in texts(shown("a kite", private=True))[0]
    assert labels(shown("a kite"))[0] == "Edit"


def test_all_that_stands_below_a_picture_has_its_texts() -> None:
    for action in under.BUTTONS:
        assert f"button_{action}" in TEXTS
    for action in under.MORE:
        assert f"more_{action}" in TEXTS
        assert len(TEXTS[f"more_{action}_about"]) <= 100
    assert JOB != OLD
