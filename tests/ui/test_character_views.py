from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain.characters import NOTE_MAX, Character, Consent
from bot.domain.ids import BlobKey
from bot.domain.images import Stored
from bot.front.saving import AskedWhere
from bot.ui import characters as ui
from bot.ui.character_forms import AvatarForm, CharacterForm
from bot.ui.english import TEXTS
from bot.ui.texts import say
from tests.ui.discord_schema import labels, takes_message, texts, validate, walk
from tests.ui.test_layout import LAST, NOW, WORST

OWNER, SUBJECT, HERE = LAST, LAST - 1, LAST - 2
PICTURE = Stored(BlobKey("0" * 64), "image/png", 1024, 1024, 1000)
ADA = Character(
    id=str(LAST),
    guild_id=HERE,
    owner_id=OWNER,
    name="A" + "_" * 31,
    note="*" * NOTE_MAX,
    pictures=(PICTURE,) * 4,
    shared=True,
    consent=Consent.ASKED,
    created_at=NOW,
    subject_id=SUBJECT,
)
FILE = "character.webp"


@pytest.mark.parametrize("consent", Consent)
@pytest.mark.parametrize("note", [*WORST, ADA.note])
def test_discord_takes_every_message(note: str, consent: Consent) -> None:
    ada = replace(ADA, note=note, consent=consent)
    for viewer, guild in ((OWNER, HERE), (SUBJECT, None)):
        for where in AskedWhere:
            said = ui.asked(where, ada)
            takes_message(ui.shown(ada, filename=FILE, viewer_id=viewer, guild_id=guild, said=said))
    takes_message(ui.question(ada, filename=FILE))
    takes_message(ui.answer(ada))
    takes_message(ui.answer(ada, never=True))
    takes_message(ui.owner_told(ada))
    takes_message(ui.renamed(ada, ada))
    for key in ("character_sharing", "character_unshared", "character_deleted"):
        takes_message(ui.done(key, ada))


@pytest.mark.parametrize("count", [0, 1, 25, 60])
def test_discord_takes_every_list(count: int) -> None:
    many = [replace(ADA, id=str(LAST - number)) for number in range(count)]
    takes_message(ui.listed(many, many, many, user_id=LAST))
    takes_message(ui.listed([], [], [], user_id=LAST))
    takes_message(ui.listed(many, [], [], user_id=LAST))


def test_a_long_list_says_that_there_are_more() -> None:
    many = [replace(ADA, id=str(number)) for number in range(25)]
    lines = texts(ui.listed(many, [], [], user_id=1))[1].splitlines()
    assert lines[-1] == say("characters_more", count=26 - len(lines))
    menu = next(
        part
        for part in walk(ui.listed(many, [], many, user_id=1).to_components())
        if part["type"] == 3
    )
    assert len(menu["options"]) == 25
    assert {one["description"] for one in menu["options"]} == {TEXTS["characters_option_of_you"]}


def test_the_buttons_are_the_viewers() -> None:
    def offered(character: Character, viewer: int) -> list[str]:
        view = ui.shown(character, filename=FILE, viewer_id=viewer, guild_id=HERE)
        return labels(view)

    given = replace(ADA, consent=Consent.GIVEN)
    own = replace(ADA, consent=Consent.NOT_NEEDED, subject_id=OWNER)
    assert offered(ADA, OWNER) == ["Ask again"]
    assert offered(ADA, SUBJECT) == ["Agree", "Decline", "Decline and never ask me again"]
    assert offered(given, SUBJECT) == ["Take back my consent"]
    assert offered(given, OWNER) == offered(own, OWNER) == offered(ADA, 5) == []


def test_what_people_typed_is_shown_as_itself() -> None:
    odd = replace(ADA, name="a_b", note="@everyone **x** <@1> # https://discord.gg/x")
    said = "\n".join(texts(ui.question(odd, filename=FILE)))
    assert "a\\_b" in said
    assert "@everyone" not in said
    assert "https://" not in said
    assert "<@1>" not in said
    assert "\\*\\*x\\*\\*" in said


async def test_discord_takes_the_forms() -> None:
    for form in (
        CharacterForm("save_others", f"{LAST}-{LAST}"),
        AvatarForm("draw_avatar", f"{LAST}-{LAST}"),
    ):
        validate("ModalInteractionCallbackRequestData", form.to_dict())


def test_moments_are_shown() -> None:
    at = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    view = ui.shown(replace(ADA, created_at=at), filename=FILE, viewer_id=1, guild_id=HERE)
    assert f"<t:{int(at.timestamp())}:R>" in "\n".join(texts(view))
