"""What galleries show, at the longest inputs."""

from __future__ import annotations

import pytest

from bot.domain.stars import Gallery
from bot.ui import stars as ui
from tests.ui.discord_schema import takes_message
from tests.ui.test_layout import LAST, WORST, turn


@pytest.mark.parametrize("words", WORST)
def test_discord_takes_every_message(words: str) -> None:
    takes_message(ui.card(turn(words), 10**9, "easel-1.png", spoiler=True))


def test_discord_takes_the_settings() -> None:
    takes_message(ui.settings(Gallery(LAST, 1000)))
    takes_message(ui.settings(None))
