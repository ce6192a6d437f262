"""Characters: figures with a name, pictures and a note, that words mention as `@name`."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.images import Stored
from bot.domain.invalid import Invalid

PER_PERSON = 25
PER_GUILD = 50  # shared ones
PICTURES_MAX = 4
NOTE_MAX = 300  # characters


class Consent(StrEnum):
    """Whether the member that a character was made from agrees to it."""

    NOT_NEEDED = "not_needed"  # nobody's picture but the owner's
    ASKED = "asked"
    GIVEN = "given"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Character:
    """One character. Its owner uses it everywhere; a shared one, everybody of its guild too.

    `guild_id` is where it was made, None in direct messages. `subject_id` is the member whose
    picture it was made from, who alone gives and takes back consent.
    """

    id: str
    guild_id: int | None
    owner_id: int
    name: str
    note: str
    pictures: tuple[Stored, ...]
    shared: bool
    consent: Consent
    created_at: dt.datetime
    subject_id: int | None = None

    @property
    def agreed(self) -> bool:
        """Whether it may be drawn."""
        return self.consent in {Consent.NOT_NEEDED, Consent.GIVEN}

    def usable_by(self, user_id: int, guild_id: int | None) -> bool:
        """Whether this person may draw it there."""
        theirs = self.shared and guild_id is not None and self.guild_id == guild_id
        return self.agreed and (self.owner_id == user_id or theirs)

    def shown_to(self, user_id: int, guild_id: int | None) -> bool:
        """Whether this person may look at it there: those who may draw it, and whom it shows."""
        return user_id in {self.owner_id, self.subject_id} or self.usable_by(user_id, guild_id)


def consent_at_first(owner_id: int, subject_id: int | None) -> Consent:
    """The state a new character begins in: another member is asked."""
    return Consent.NOT_NEEDED if subject_id in {None, owner_id} else Consent.ASKED


def answered(character: Character, user_id: int, *, agrees: bool) -> Character:
    """The character after its subject's answer, which they may change at any time.

    Raises Invalid (`consent_not_yours`) for anybody else's.
    """
    if character.consent is Consent.NOT_NEEDED or user_id != character.subject_id:
        raise Invalid("consent_not_yours")
    return dataclasses.replace(character, consent=Consent.GIVEN if agrees else Consent.DECLINED)


def check_content(note: str, pictures: int) -> str:
    """The note as it is kept. Raises Invalid: `character_note_too_long`, `character_pictures`."""
    note = " ".join(note.split())
    if len(note) > NOTE_MAX:
        raise Invalid("character_note_too_long", limit=NOTE_MAX)
    if not 1 <= pictures <= PICTURES_MAX:
        raise Invalid("character_pictures", limit=PICTURES_MAX)
    return note


def check_number(owned: int, shared_in_guild: int, *, shared: bool) -> None:
    """Whether one more may be saved, or shared with the guild.

    `owned` are the person's and `shared_in_guild` the guild's shared ones, without the one in
    question. Raises Invalid: `characters_full_person`, `characters_full_guild`.
    """
    if owned >= PER_PERSON:
        raise Invalid("characters_full_person", limit=PER_PERSON)
    if shared and shared_in_guild >= PER_GUILD:
        raise Invalid("characters_full_guild", limit=PER_GUILD)
