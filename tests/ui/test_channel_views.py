from __future__ import annotations

import pytest

from bot.domain.channels import Channel, ChannelRules, ChannelSettings, Mode, Nsfw
from bot.ui import channels as ui
from bot.ui.words import units
from tests.ui.discord_schema import labels, takes_message, texts, within_limits

LAST = 2**64 - 1
LONG = "*_`|" * 1000
WORST = ("🎨" * 100,) * 4


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("nsfw", Nsfw)
@pytest.mark.parametrize("readable", [True, False])
def test_rules_at_their_longest(mode: Mode, nsfw: Nsfw, *, readable: bool) -> None:
    settings = ChannelSettings(mode, LONG, LONG, WORST, 10**6, 21_600, nsfw)
    held = ChannelRules(mode, LONG, LONG, WORST, 10**6, 21_600, nsfw)
    parent = Channel(LAST, LAST, settings)
    for own in (None, Channel(1, LAST, settings)):
        view = ui.rules(LAST, held, own, parent, readable=readable)
        within_limits(view)
        takes_message(view)
    takes_message(ui.rules(LAST, ChannelRules(), None, None))


def test_what_is_the_channels_is_said_in_its_thread() -> None:
    parent = Channel(7, 1, ChannelSettings(slow_mode_s=30, style="comic"))
    own = Channel(8, 1, ChannelSettings(style="sticker"))
    held = ChannelRules(style="sticker", slow_mode_s=30)
    said = texts(ui.rules(8, held, own, parent))[1].split("\n")
    assert said[1] == "**Style** sticker"
    assert said[5] == "**Slow mode** 30 seconds between two wishes of a person (from <#7>)"
    assert said[6].endswith("as the picture service allows it")


@pytest.mark.parametrize("readable", [True, False])
def test_a_studios_first_message_at_its_longest(*, readable: bool) -> None:
    settings = ChannelSettings(style=LONG, aspect=LONG, characters=WORST)
    channel = Channel(LAST, LAST, settings, LAST)
    for start in (ui.start_words(LONG), ui.start_link("https://discord.com/" + "9" * 100), ""):
        view = ui.studio(channel, start=start, opened_by=LAST, readable=readable)
        within_limits(view)
        takes_message(view)
        assert labels(view) == []


def test_a_threads_name_fits_and_is_never_empty() -> None:
    assert ui.thread_name("a red\nkite @everyone", "Alice") == "a red kite @everyone"
    assert ui.thread_name("\u200b", "Alice") == "Studio of Alice"
    for words in (LONG, "🎨" * 200, "", "\u200b"):
        name = ui.thread_name(words, "🎨" * 32)
        assert 1 <= units(name) <= 100
