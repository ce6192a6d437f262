from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from bot.domain.characters import (
    NOTE_MAX,
    Character,
    Consent,
    answered,
    check_content,
    check_number,
    consent_at_first,
)
from bot.domain.ids import BlobKey
from bot.domain.images import Stored
from bot.domain.invalid import Invalid

OWNER, SUBJECT, OTHER = 1, 2, 3
HERE, ELSEWHERE = 10, 11

ADA = Character(
    id="c1",
    guild_id=HERE,
    owner_id=OWNER,
    name="Ada",
    note="",
    pictures=(Stored(BlobKey("0" * 64), "image/png", 64, 64, 100),),
    shared=False,
    consent=Consent.NOT_NEEDED,
    created_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
)
ASKED = dataclasses.replace(ADA, subject_id=SUBJECT, consent=Consent.ASKED)


@pytest.mark.parametrize(
    ("shared", "user", "guild", "usable"),
    [
        (False, OWNER, HERE, True),
        (False, OWNER, ELSEWHERE, True),
        (False, OWNER, None, True),
        (False, OTHER, HERE, False),
        (True, OTHER, HERE, True),
        (True, OTHER, ELSEWHERE, False),
        (True, OTHER, None, False),
    ],
)
def test_who_may_draw_it(*, shared: bool, user: int, guild: int | None, usable: bool) -> None:
    character = dataclasses.replace(ADA, shared=shared)
    assert character.usable_by(user, guild) is usable
    for consent in (Consent.ASKED, Consent.DECLINED):
        waiting = dataclasses.replace(character, consent=consent)
        assert not waiting.usable_by(user, guild)
    agreed = dataclasses.replace(character, consent=Consent.GIVEN)
    assert agreed.usable_by(user, guild) is usable


def test_who_may_look_at_it() -> None:
    assert not ADA.shown_to(OTHER, HERE)
    shared = dataclasses.replace(ASKED, shared=True)
    assert [shared.shown_to(user, HERE) for user in (OWNER, SUBJECT, OTHER)] == [True, True, False]
    agreed = dataclasses.replace(shared, consent=Consent.GIVEN)
    assert agreed.shown_to(OTHER, HERE)
    assert not agreed.shown_to(OTHER, ELSEWHERE)


def test_a_shared_character_of_direct_messages_is_nobodys() -> None:
    loose = dataclasses.replace(ADA, shared=True, guild_id=None)
    assert not loose.usable_by(OTHER, None)


def test_another_member_is_asked() -> None:
    assert consent_at_first(OWNER, None) is Consent.NOT_NEEDED
    assert consent_at_first(OWNER, OWNER) is Consent.NOT_NEEDED
    assert consent_at_first(OWNER, SUBJECT) is Consent.ASKED


def test_the_subject_alone_answers_and_may_change_it() -> None:
    given = answered(ASKED, SUBJECT, agrees=True)
    assert given.consent is Consent.GIVEN
    assert answered(given, SUBJECT, agrees=False).consent is Consent.DECLINED
    for character, user in ((ASKED, OWNER), (ASKED, OTHER), (ADA, OWNER)):
        with pytest.raises(Invalid) as refused:
            answered(character, user, agrees=True)
        assert refused.value.key == "consent_not_yours"


def test_notes_and_pictures() -> None:
    assert check_content("  a red\n scarf ", 1) == "a red scarf"
    assert check_content("x" * NOTE_MAX, 4) == "x" * NOTE_MAX
    for note, pictures, key in (
        ("x" * (NOTE_MAX + 1), 1, "character_note_too_long"),
        ("", 0, "character_pictures"),
        ("", 5, "character_pictures"),
    ):
        with pytest.raises(Invalid) as refused:
            check_content(note, pictures)
        assert refused.value.key == key


@pytest.mark.parametrize(
    ("owned", "in_guild", "shared", "key"),
    [
        (24, 49, True, ""),
        (24, 50, False, ""),
        (24, 50, True, "characters_full_guild"),
        (25, 0, False, "characters_full_person"),
        (25, 50, True, "characters_full_person"),
    ],
)
def test_how_many(*, owned: int, in_guild: int, shared: bool, key: str) -> None:
    if not key:
        check_number(owned, in_guild, shared=shared)
        return
    with pytest.raises(Invalid) as refused:
        check_number(owned, in_guild, shared=shared)
    assert refused.value.key == key
