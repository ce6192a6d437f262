from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from bot.domain.history import Page
from bot.domain.ids import JobId, Place
from bot.ui import custom_ids, under
from bot.ui import history as views
from bot.ui.english import TEXTS
from bot.ui.history import Kind
from tests.ui.discord_schema import labels, takes_message, texts, walk
from tests.ui.test_layout import LAST, WORST, turn

LONGEST = JobId(f"{LAST}-99999999")


def turns(words: str, count: int = 12) -> tuple[views.Turn, ...]:
    one = replace(turn(words), place=Place(LAST, LAST), message_id=LAST)
    return tuple(replace(one, id=JobId(f"{LAST - number}-99")) for number in range(count))


@pytest.mark.parametrize("words", WORST)
@pytest.mark.parametrize("kind", get_args(Kind))
def test_discord_takes_every_page(words: str, kind: Kind) -> None:
    title = views.title(person_id=LAST, words=words, private=True)
    for shown in (turns(words), ()):
        page = Page(shown, 10**6, 10**7, 10**8, 10**9)
        takes_message(
            views.page(page, title=title, kind=kind, state=(LAST, LAST), filename="easel.png")
        )
        takes_message(views.page(page, title=title, kind=kind, state=(0, 0), filename=None))


@pytest.mark.parametrize("words", WORST)
def test_discord_takes_every_other_message(words: str) -> None:
    some = turns(words, 40)
    for one in (some[0], replace(some[0], private=True, text=words)):
        takes_message(views.opened(one, "easel.png", under.EVERYTHING))
        takes_message(views.not_kept(one))
        takes_message(views.lapse(one, 200, "easel.webp"))
        for family, complete, differs in ((1, True, None), (500, False, 10), (2, True, 0)):
            takes_message(views.origin(one, family=family, complete=complete, differs=differs))
    for left_out, complete in ((0, True), (10**6, True), (10**6, False)):
        takes_message(
            views.tree(some, some[0].id, left_out=left_out, complete=complete, filename="tree.png")
        )


def test_a_page_has_its_whole_state_in_its_ids() -> None:
    page = Page(turns("a kite"), 1, 3, 13, 36)
    view = views.page(page, title="x", kind="found", state=(LAST, 7), filename="easel.png")
    assert labels(view) == ["Previous", "Next"]
    ids = [part["custom_id"] for part in walk(view.to_components()) if part["type"] == 2]
    assert ids == [f"e1:previous_found:{LAST}-7-0", f"e1:next_found:{LAST}-7-2"]
    assert [custom_ids.parse(one).action for one in ids] == ["previous_found", "next_found"]
    [menu] = [part for part in walk(view.to_components()) if part["type"] == 3]
    assert menu["options"][0]["label"] == "13. a kite"
    assert texts(view)[-1].startswith("-# 13 to 24 of 36 · page 2 of 3")


def test_nobody_is_sent_to_a_message_that_one_alone_can_see() -> None:
    (one,) = turns("a kite", 1)
    assert views.link(one) == f"https://discord.com/channels/{LAST}/{LAST}/{LAST}"
    assert views.link(replace(one, place=Place(None, 5))) == (
        f"https://discord.com/channels/@me/5/{LAST}"
    )
    assert views.link(replace(one, private=True)) is None


@pytest.mark.parametrize("kind", views.KINDS)
def test_every_kind_of_page_can_be_turned(kind: Kind) -> None:
    assert {f"button_previous_{kind}", f"button_next_{kind}"} <= TEXTS.keys()
