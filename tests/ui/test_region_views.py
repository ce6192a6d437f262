from __future__ import annotations

import pytest
from hypothesis import given, settings

from bot.domain.ids import job_id
from bot.domain.regions import Grid
from bot.ui.regions import RegionForm, pointing
from tests.ui.discord_schema import labels, takes_message, texts, validate, walk, within_limits
from tests.ui.test_layout import JOB, LAST, WORST, wild

LARGEST = Grid(12, 5)


@pytest.mark.parametrize("words", WORST)
def test_discord_takes_the_grid(words: str) -> None:
    view = pointing(job_id(LAST, 10**8), words, LARGEST, "grid.webp")
    takes_message(view)
    assert labels(view) == ["Choose cells"]


@settings(deadline=None)
@given(wild)
def test_no_words_pass_a_limit(words: str) -> None:
    within_limits(pointing(JOB, words, LARGEST, "grid.webp"))


def test_discord_takes_the_form() -> None:
    form = RegionForm(job_id(LAST, 10**8))
    validate("ModalInteractionCallbackRequestData", form.to_dict())
    for part in walk(form.to_dict()["components"]):
        assert len(part.get("label") or "") <= 45
        assert len(part.get("placeholder") or "") <= 100
        assert len(part.get("description") or "") <= 100


def test_it_says_which_cells_there_are() -> None:
    view = pointing(JOB, "a *kite*", Grid(9, 5), "grid.png")
    title, words, how = texts(view)
    assert title.startswith("### ")
    assert words == "-# **a \\*kite\\***"
    assert "from `A1` to `I5`" in how
    [item] = next(part["items"] for part in walk(view.to_components()) if part["type"] == 12)
    assert item["description"] == "The picture with a grid: columns A to I, rows 1 to 5"
    assert item["media"]["url"] == "attachment://grid.png"
