from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import pytest

from bot.domain.channels import (
    Channel,
    ChannelRules,
    ChannelSettings,
    Heard,
    Meant,
    Mode,
    Nsfw,
    ReplyTo,
    check_place,
    check_rules,
    holder,
    meant,
    rules_of,
    wait_s,
    with_ratio,
)
from bot.domain.ids import JobId
from bot.domain.images import TurnSource
from bot.domain.invalid import Invalid
from bot.domain.jobs import Wish

NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
PLAIN = Heard()
REPLY = Heard(reply_to=ReplyTo.OURS)
ON_PICTURE = Heard(reply_to=ReplyTo.PICTURE)
ON_OTHER = Heard(reply_to=ReplyTo.OTHER)
EMPTY_REPLY = replace(REPLY, words=False)
NO, WISH, EDIT, HINT, OFF = Meant.NOTHING, Meant.WISH, Meant.EDIT, Meant.HINT, Meant.OFF


@pytest.mark.parametrize(
    ("heard", "off", "commands", "art"),
    [
        (PLAIN, NO, NO, WISH),
        (replace(PLAIN, words=False), NO, NO, NO),  # a sticker
        (replace(PLAIN, words=False, pictures=True), NO, NO, NO),  # a picture to look at
        (replace(PLAIN, pictures=True), NO, NO, WISH),
        (replace(PLAIN, words=False, readable=False), NO, NO, NO),
        (replace(PLAIN, mentioned=True), OFF, WISH, WISH),
        (replace(PLAIN, mentioned=True, words=False), OFF, WISH, WISH),
        (REPLY, NO, EDIT, EDIT),
        (replace(REPLY, words=False, pictures=True), NO, EDIT, EDIT),
        (EMPTY_REPLY, NO, NO, NO),
        (replace(EMPTY_REPLY, readable=False), NO, HINT, HINT),
        (replace(REPLY, mentioned=True), OFF, EDIT, EDIT),
        (ON_PICTURE, NO, NO, EDIT),
        (replace(ON_PICTURE, words=False), NO, NO, NO),
        (replace(ON_PICTURE, mentioned=True), OFF, EDIT, EDIT),
        (ON_OTHER, NO, NO, NO),
        (replace(ON_OTHER, mentioned=True), OFF, WISH, WISH),
    ],
)
def test_what_a_message_is(heard: Heard, off: Meant, commands: Meant, art: Meant) -> None:
    assert meant(heard, Mode.OFF) is off
    assert meant(heard, Mode.COMMANDS) is commands
    assert meant(heard, Mode.ART) is art


@pytest.mark.parametrize("mode", Mode)
def test_direct_messages_are_wishes_whatever_the_mode(mode: Mode) -> None:
    assert meant(Heard(direct=True), mode) is WISH
    assert meant(Heard(direct=True, words=False), mode) is WISH
    assert meant(replace(REPLY, direct=True), mode) is EDIT


def test_bots_are_never_heard() -> None:
    for direct, mentioned, reply_to, mode in itertools.product(
        (False, True), (False, True), ReplyTo, Mode
    ):
        heard = Heard(direct=direct, by_bot=True, mentioned=mentioned, reply_to=reply_to)
        assert meant(heard, mode) is NO


@pytest.mark.parametrize(
    ("rules", "restricted", "key"),
    [
        (ChannelRules(), False, ""),
        (ChannelRules(Mode.OFF), True, "channel_off"),
        (ChannelRules(nsfw=Nsfw.AGE_RESTRICTED), False, "channel_age"),
        (ChannelRules(nsfw=Nsfw.AGE_RESTRICTED), True, ""),
        (ChannelRules(nsfw=Nsfw.SPOILER), False, ""),
    ],
)
def test_where_anything_is_drawn(*, rules: ChannelRules, restricted: bool, key: str) -> None:
    if not key:
        check_place(rules, age_restricted=restricted)
        return
    with pytest.raises(Invalid) as refused:
        check_place(rules, age_restricted=restricted)
    assert refused.value.key == key


def test_numbers_in_range() -> None:
    check_rules(ChannelRules(slow_mode_s=21_600, channel_day=0))
    for rules, key in (
        (ChannelRules(slow_mode_s=-1), "slow_mode_range"),
        (ChannelRules(slow_mode_s=21_601), "slow_mode_range"),
        (ChannelRules(channel_day=-1), "channel_quota_range"),
    ):
        with pytest.raises(Invalid) as refused:
            check_rules(rules)
        assert refused.value.key == key


@pytest.mark.parametrize(
    ("slow_s", "ago_s", "wait"),
    [(0, 0, 0), (30, None, 0), (30, 0, 30), (30, 29.5, 1), (30, 30, 0), (30, 31, 0), (30, -5, 30)],
)
def test_slow_mode(slow_s: int, ago_s: float | None, wait: int) -> None:
    last_at = None if ago_s is None else NOW - dt.timedelta(seconds=ago_s)
    assert wait_s(ChannelRules(slow_mode_s=slow_s), last_at, NOW) == wait


def test_a_thread_has_its_channels_rules_and_its_own() -> None:
    parent = ChannelSettings(Mode.ART, style="comic", characters=("Mia",), slow_mode_s=30)
    own = ChannelSettings(Mode.OFF, style="sticker", slow_mode_s=0)
    assert rules_of(None) == ChannelRules()
    assert rules_of(None, parent) == ChannelRules(Mode.ART, "comic", None, ("Mia",), None, 30)
    assert rules_of(own, parent) == ChannelRules(Mode.OFF, "sticker", None, ("Mia",), None, 0)


def test_what_is_counted_is_counted_by_who_set_it() -> None:
    parent = Channel(1, 9, ChannelSettings(channel_day=5, slow_mode_s=30))
    own = Channel(2, 9, ChannelSettings(channel_day=0))
    assert holder("channel_day", own, parent) == 2
    assert holder("channel_day", None, parent) == 1
    assert holder("slow_mode_s", own, parent) == 1
    assert holder("nsfw", own, parent) is None


def test_the_ratio_holds_for_new_pictures_that_name_none() -> None:
    rules = ChannelRules(aspect="16:9")
    assert with_ratio(Wish("a kite"), rules).aspect == "16:9"
    assert with_ratio(Wish("a kite", aspect="1:1"), rules).aspect == "1:1"
    for wish in (Wish("in blue", parent=JobId("1")), Wish("a", (TurnSource(JobId("1")),))):
        assert with_ratio(wish, rules) == wish


def test_a_studio_has_an_owner() -> None:
    assert Channel(1, 9, owner_id=5).is_studio
    assert not Channel(1, 9).is_studio
