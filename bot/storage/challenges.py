"""Challenges, their entries and votes as rows.

Export: a person's challenges by `made_by`, their entries and votes by `user_id`. Deletion:
`forget_person` takes entries and votes away; challenges stay, they are the server's.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    and_,
    bindparam,
    delete,
    or_,
    select,
    update,
)

from bot.domain.challenges import Challenge, ChallengeState, Entry
from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.domain.quotas import Counter, pot
from bot.storage import turns
from bot.storage.community_tables import challenge_entries, challenges, votes
from bot.storage.database import Connection
from bot.storage.tables import turns as turns_table
from bot.storage.upsert import insert

_C, _E, _V, _T = challenges.c, challenge_entries.c, votes.c, turns_table.c

# Built once, as every picture goes through it.
_POT = select(_C.id, _C.pot).where(
    _C.thread_id == bindparam("of"),
    _C.state == ChallengeState.OPEN,
    _C.pot.is_not(None),
    or_(_C.ends_at.is_(None), _C.ends_at > bindparam("now")),
)


async def add(conn: Connection, challenge: Challenge) -> bool:
    """Write a challenge. False, and nothing changed, when its id was there before.

    Raises IntegrityError for a second one of a thread.
    """
    row = {
        "id": challenge.id,
        "guild_id": challenge.guild_id,
        "thread_id": challenge.thread_id,
        "made_by": challenge.made_by,
        "theme": challenge.theme,
        "pot": challenge.pot,
        "state": challenge.state,
        "created_at": challenge.created_at,
        "ends_at": challenge.ends_at,
    }
    written = await conn.execute(
        insert(conn, challenges)
        .values(row)
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(_C.id)
    )
    return written.scalar_one_or_none() is not None


async def get(conn: Connection, challenge_id: str, *, lock: bool = False) -> Challenge | None:
    """A challenge by its id; with `lock` nobody else enters, votes or ends until this is over."""
    wanted = select(challenges).where(_C.id == challenge_id)
    return await _one(conn, wanted.with_for_update() if lock else wanted)


async def in_thread(conn: Connection, thread_id: int) -> Challenge | None:
    """The challenge of a thread, open or ended."""
    return await _one(conn, select(challenges).where(_C.thread_id == thread_id))


async def pot_of(conn: Connection, thread_id: int, now: dt.datetime) -> Counter | None:
    """The pot that pays for pictures of a thread, if there is one and its challenge runs."""
    row = (await conn.execute(_POT, {"of": thread_id, "now": now})).one_or_none()
    return None if row is None else pot(row.id, row.pot)


async def end(conn: Connection, challenge_id: str) -> bool:
    """End a challenge. False, and nothing changed, when it has ended before."""
    done = await conn.execute(
        update(challenges)
        .where(_C.id == challenge_id, _C.state == ChallengeState.OPEN)
        .values(state=ChallengeState.ENDED)
    )
    return done.rowcount == 1


async def due(conn: Connection, now: dt.datetime) -> list[str]:
    """The open challenges whose time is over, the earliest end first."""
    over = and_(_C.state == ChallengeState.OPEN, _C.ends_at <= now)
    return await _ids(conn, over)


async def untold(conn: Connection) -> list[str]:
    """The ended challenges whose winners nobody was told yet."""
    return await _ids(conn, and_(_C.state == ChallengeState.ENDED, _C.result_id.is_(None)))


async def told(conn: Connection, challenge_id: str, message_id: int) -> None:
    """Write down which message names the winners; 0 for none."""
    await conn.execute(update(challenges).where(_C.id == challenge_id).values(result_id=message_id))


async def enter(conn: Connection, challenge_id: str, entry: Entry) -> bool:
    """Write an entry. False, and nothing changed, when the picture takes part already."""
    written = await conn.execute(
        insert(conn, challenge_entries)
        .values(
            challenge_id=challenge_id,
            turn_id=entry.turn,
            user_id=entry.user_id,
            created_at=entry.created_at,
        )
        .on_conflict_do_nothing(index_elements=["challenge_id", "turn_id"])
        .returning(_E.turn_id)
    )
    return written.scalar_one_or_none() is not None


async def entries(conn: Connection, challenge_id: str) -> list[tuple[Entry, Turn]]:
    """What takes part, in the order of entering; deleted pictures do not any more."""
    rows = await conn.execute(
        select(turns_table, _E.user_id.label("entered_by"), _E.created_at.label("entered_at"))
        .join(challenge_entries, _E.turn_id == _T.id)
        .where(_E.challenge_id == challenge_id, _T.picture_key.is_not(None))
        .order_by(_E.created_at, _E.turn_id)
    )
    return [
        (Entry(JobId(row["id"]), row["entered_by"], row["entered_at"]), turns.from_row(row))
        for row in rows.mappings()
    ]


async def may_enter(conn: Connection, challenge: Challenge, user_id: int, most: int) -> list[Turn]:
    """A person's pictures of the challenge's thread that do not take part yet, the newest first."""
    taken = select(_E.turn_id).where(_E.challenge_id == challenge.id)
    rows = await conn.execute(
        select(turns_table)
        .where(
            _T.channel_id == challenge.thread_id,
            _T.user_id == user_id,
            _T.picture_key.is_not(None),
            ~_T.private,
            _T.id.not_in(taken),
        )
        .order_by(_T.created_at.desc(), _T.id.desc())
        .limit(most)
    )
    return [turns.from_row(row) for row in rows.mappings()]


async def unshown(conn: Connection) -> list[tuple[Challenge, Turn]]:
    """The entries of open challenges that no message shows, the oldest first."""
    rows = await conn.execute(
        select(turns_table, _C.id.label("challenge"))
        .join(challenge_entries, _E.turn_id == _T.id)
        .join(challenges, _C.id == _E.challenge_id)
        .where(
            _C.state == ChallengeState.OPEN,
            _E.message_id.is_(None),
            _T.picture_key.is_not(None),
        )
        .order_by(_E.created_at, _E.turn_id)
    )
    found: list[tuple[Challenge, Turn]] = []
    for row in rows.mappings().all():
        challenge = await get(conn, row["challenge"])
        if challenge is not None:
            found.append((challenge, turns.from_row(row)))
    return found


async def shown(conn: Connection, challenge_id: str, turn: JobId, message_id: int) -> None:
    """Write down which message shows an entry."""
    await conn.execute(
        update(challenge_entries)
        .where(_E.challenge_id == challenge_id, _E.turn_id == turn)
        .values(message_id=message_id)
    )


async def vote(conn: Connection, challenge_id: str, user_id: int, turn: JobId) -> None:
    """Write a person's vote, in the place of an earlier one."""
    await conn.execute(
        insert(conn, votes)
        .values(challenge_id=challenge_id, user_id=user_id, turn_id=turn)
        .on_conflict_do_update(index_elements=["challenge_id", "user_id"], set_={"turn_id": turn})
    )


async def votes_of(conn: Connection, challenge_id: str) -> dict[int, JobId]:
    """The picture that each person voted for."""
    rows = await conn.execute(select(_V.user_id, _V.turn_id).where(_V.challenge_id == challenge_id))
    return {user_id: JobId(turn_id) for user_id, turn_id in rows}


async def forget_person(conn: Connection, user_id: int) -> None:
    """Delete a person's entries and votes. Votes for these entries count no more."""
    await conn.execute(delete(challenge_entries).where(_E.user_id == user_id))
    await conn.execute(delete(votes).where(_V.user_id == user_id))


async def _one(conn: Connection, wanted: Select[Any]) -> Challenge | None:
    row = (await conn.execute(wanted)).mappings().one_or_none()
    return None if row is None else _from_row(row)


async def _ids(conn: Connection, which: ColumnElement[bool]) -> list[str]:
    rows = await conn.execute(select(_C.id).where(which).order_by(_C.ends_at, _C.id))
    return list(rows.scalars())


def _from_row(row: RowMapping) -> Challenge:
    return Challenge(
        id=row["id"],
        guild_id=row["guild_id"],
        thread_id=row["thread_id"],
        made_by=row["made_by"],
        theme=row["theme"],
        pot=row["pot"],
        state=ChallengeState(row["state"]),
        created_at=row["created_at"],
        ends_at=row["ends_at"],
    )
