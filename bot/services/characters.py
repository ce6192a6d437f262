"""Characters: made, shown, shared, agreed to and deleted. How they are drawn is in `casting`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.clock import Clock
from bot.domain.characters import (
    Character,
    Consent,
    answered,
    check_content,
    check_number,
    consent_at_first,
)
from bot.domain.images import Source, Stored
from bot.domain.jobs import State
from bot.domain.names import check_name, fold
from bot.domain.routes import Profile
from bot.domain.sheets import Drawn, Tile
from bot.errors import NotAllowed, RequestError
from bot.media.pool import Media
from bot.services.cooldown import Cooldown
from bot.services.delivery import Delivery
from bot.services.giving_up import GivingUp
from bot.services.housekeeping import unfinished_pictures
from bot.services.inputs import Inputs
from bot.services.subjects import of_avatar, refuse_portraits
from bot.services.words import Asked
from bot.storage import characters, jobs, people
from bot.storage.blobs import Blobs
from bot.storage.database import Connection, Database
from bot.workers import Workers

SHEET_BYTES = 4 * 1024 * 1024
ASKED_AN_HOUR = 5  # times that one person may have others asked for their consent


class Characters:
    """The characters of people and servers."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        workers: Workers,
        inputs: Inputs,
        media: Media,
        delivery: Delivery,
        clock: Clock,
        profile: Profile,
        giving_up: GivingUp,
    ) -> None:
        self._giving_up = giving_up
        self._database = database
        self._blobs = blobs
        self._workers = workers
        self._inputs = inputs
        self._media = media
        self._delivery = delivery
        self._clock = clock
        self._profile = profile
        self._asking = Cooldown(ASKED_AN_HOUR, 3600.0)

    async def save(
        self,
        asked: Asked,
        name: str,
        note: str,
        sources: Sequence[Source],
        *,
        shared: bool = False,
        subject_id: int | None = None,
    ) -> Character:
        """Make a character of pictures. The same event again gives the one it made before.

        `subject_id` is the member whose picture it is made from, if it is a member's; another
        one than the owner has to be asked then (`consent` is ASKED).
        Raises Invalid and RequestError for what breaks a rule, NotAllowed for sharing outside a
        server, as `Inputs.prepare` does for the pictures, StorageError.
        """
        owner_id, guild_id = asked.user_id, asked.place.guild_id
        new = Character(
            id=str(asked.event),
            guild_id=guild_id,
            owner_id=owner_id,
            name=check_name(name),
            note=check_content(note, len(sources)),
            pictures=(),
            shared=shared,
            consent=consent_at_first(owner_id, subject_id),
            created_at=self._clock.now(),
            subject_id=subject_id,
        )
        if shared and guild_id is None:
            raise NotAllowed("guild_only")
        async with self._database.reading() as conn:
            if (before := await characters.get(conn, new.id)) is not None:
                return before
            await _check(conn, new)  # before anything is fetched
        if new.consent is Consent.ASKED:
            self._asking.take(owner_id)
        pictures = await self._inputs.prepare(sources, self._profile, self._delivery)
        new = replace(new, pictures=tuple(dict.fromkeys(pictures)))
        async with self._database.transaction() as conn:
            await characters.lock(conn)
            if (before := await characters.get(conn, new.id)) is not None:
                return before
            await _check(conn, new)
            await characters.add(conn, new)
        return new

    async def get(self, character_id: str, user_id: int, guild_id: int | None) -> Character:
        """A character by its id. Raises RequestError when it is gone or not for this person."""
        async with self._database.reading() as conn:
            found = await characters.get(conn, character_id)
        if found is None or not found.shown_to(user_id, guild_id):
            raise RequestError("character_gone")
        return found

    async def find(self, name: str, user_id: int, guild_id: int | None) -> Character:
        """A character by its name: one's own, a shared one here, one of oneself, in this order.

        Raises RequestError when there is none.
        """
        own, shared, of_me = await self.seen_by(user_id, guild_id)
        return _named(name, (*own, *shared, *of_me))

    async def own(self, name: str, user_id: int) -> Character:
        """One's own character by its name. Raises RequestError when there is none."""
        async with self._database.reading() as conn:
            return _named(name, await characters.owned(conn, user_id))

    async def seen_by(
        self, user_id: int, guild_id: int | None
    ) -> tuple[list[Character], list[Character], list[Character]]:
        """What a person can look at: their own, the others' shared here, the others' of them."""
        async with self._database.reading() as conn:
            own = await characters.owned(conn, user_id)
            here = [] if guild_id is None else await characters.shared(conn, guild_id)
            of_me = await characters.showing(conn, user_id)
        listed = {character.id for character in (*own, *of_me)}
        shared = [one for one in here if one.id not in listed and one.agreed]
        return own, shared, of_me

    async def rename(self, name: str, new_name: str, user_id: int) -> Character:
        """Give one's own character another name. Raises Invalid, RequestError."""
        new_name = check_name(new_name)
        return await self._change(name, user_id, lambda found: replace(found, name=new_name))

    async def share(self, name: str, user_id: int, guild_id: int | None) -> Character:
        """Let everybody of a server draw one's own character. Raises Invalid, RequestError.

        It is shared with one server: another one that had it has it no more.
        """
        if guild_id is None:
            raise NotAllowed("guild_only")
        return await self._change(
            name, user_id, lambda found: replace(found, shared=True, guild_id=guild_id)
        )

    async def unshare(
        self, name: str, user_id: int, guild_id: int | None, *, moderator: bool
    ) -> Character:
        """Take a shared character back; moderators can take back those of others here."""
        async with self._database.transaction() as conn:
            await characters.lock(conn)
            found = await characters.owned(conn, user_id)
            if moderator and guild_id is not None:
                found += await characters.shared(conn, guild_id)
            character = replace(_named(name, [one for one in found if one.shared]), shared=False)
            await characters.change(conn, character)
        return character

    async def delete(self, name: str, user_id: int) -> Character:
        """Delete one's own character and its files."""
        async with self._database.transaction() as conn:
            character = _named(name, await characters.owned(conn, user_id))
            await characters.remove(conn, character.id)
        await self._drop(character.pictures)
        return character

    async def answer(self, character_id: str, user_id: int, *, agrees: bool) -> Character:
        """Take the answer of the member whom a character shows, at any time.

        Who does not agree has it deleted. Raises Invalid for anybody else's answer,
        RequestError when it is gone.
        """
        async with self._database.transaction() as conn:
            found = await characters.get(conn, character_id)
            if found is None:
                raise RequestError("character_gone")
            character = answered(found, user_id, agrees=agrees)
            if agrees:
                await characters.change(conn, character)
            else:
                await characters.remove(conn, character_id)
        if not agrees:
            await self._drop(character.pictures, withdrawn=True)
        return character

    async def to_be_asked(self, character_id: str, owner_id: int) -> Character:
        """A character whose member is to be asked once more. Raises RequestError."""
        character = await self.get(character_id, owner_id, None)
        if character.consent is not Consent.ASKED or character.owner_id != owner_id:
            raise RequestError("consent_not_open")
        async with self._database.reading() as conn:
            await _check_portraits(conn, character)
        self._asking.take(owner_id)
        return character

    async def check_portrait(self, user_id: int, subject_id: int) -> None:
        """Raises RequestError when this person may not draw with that one's avatar."""
        if user_id != subject_id:
            async with self._database.reading() as conn:
                await refuse_portraits(conn, subject_id)

    async def let_others(self, user_id: int, *, allowed: bool) -> None:
        """Set whether others may draw this person and ask to make characters of them.

        What waits to be drawn with their avatar is given up then. Consent to a character stays.
        """
        async with self._database.transaction() as conn:
            await people.change(conn, user_id, **{people.PORTRAITS: allowed})
            waiting = [] if allowed else await jobs.unfinished(conn)
        for job in waiting:
            about = job.state is State.ACCEPTED and job.wish.subject_id == user_id != job.user_id
            if about and of_avatar(job.wish):
                await self._giving_up.give_up(job, RequestError("portraits_refused"))

    async def forget_person(self, user_id: int) -> int:
        """Delete all that a person made and all that others made of them; returns how many."""
        async with self._database.transaction() as conn:
            gone = await characters.of_person(conn, user_id)
            for character in gone:
                await characters.remove(conn, character.id)
        pictures = [picture for character in gone for picture in character.pictures]
        await self._drop(pictures, withdrawn=True)
        return len(gone)

    async def sheet(self, character: Character) -> Drawn:
        """A character's pictures on one. A picture that is lost is drawn blank."""
        tiles = [
            Tile(functools.partial(self._blobs.get, picture.key)) for picture in character.pictures
        ]
        return await self._media.contact_sheet(tiles, max_bytes=SHEET_BYTES)

    async def _change(
        self, name: str, user_id: int, how: Callable[[Character], Character]
    ) -> Character:
        async with self._database.transaction() as conn:
            await characters.lock(conn)
            character = how(_named(name, await characters.owned(conn, user_id)))
            await _check(conn, character)
            await characters.change(conn, character)
        return character

    async def _drop(self, pictures: Sequence[Stored], *, withdrawn: bool = False) -> None:
        """Delete the files that nobody else needs.

        What waits to be drawn with a character that its owner deletes is still drawn. With
        `withdrawn` it is not: without consent nothing is drawn any more, and its money goes back.
        """
        files = {picture.key for picture in pictures}
        async with self._database.reading() as conn:
            needed = await unfinished_pictures(conn, withdrawn=files if withdrawn else ())
            unused = await characters.unused(conn, files) - needed
        for key in unused:
            await self._workers.run(self._blobs.remove, key)


def _named(name: str, among: Sequence[Character]) -> Character:
    """The first of a name. Raises RequestError when there is none."""
    wanted = fold(name.strip().removeprefix("@"))
    for character in among:
        if fold(character.name) == wanted:
            return character
    raise RequestError("character_unknown", name=name)


async def _check(conn: Connection, new: Character) -> None:
    """Raises RequestError or Invalid when a character may not be so. Itself does not count."""
    others = [one for one in await characters.owned(conn, new.owner_id) if one.id != new.id]
    folded = fold(new.name)
    if any(fold(one.name) == folded for one in others):
        raise RequestError("character_name_taken", name=new.name)
    owned, in_guild = await characters.numbers(conn, new.owner_id, new.guild_id, but=new.id)
    check_number(owned, in_guild, shared=new.shared)
    if new.shared and new.guild_id is not None:
        here = await characters.shared(conn, new.guild_id)
        if any(fold(one.name) == folded for one in here if one.id != new.id):
            raise RequestError("character_name_shared", name=new.name)
    if new.consent is Consent.ASKED and not new.pictures:
        await _check_portraits(conn, new)
        if any(one.subject_id == new.subject_id and not one.agreed for one in others):
            raise RequestError("consent_waiting")


async def _check_portraits(conn: Connection, character: Character) -> None:
    if character.subject_id is not None:
        await refuse_portraits(conn, character.subject_id)
