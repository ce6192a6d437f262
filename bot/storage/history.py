"""Looking back: pages of turns, search in their words, families, perceptual hashes.

Nothing of its own is kept here but a turn's hash (`turns.phash`) and the search's index, which
follows the words by itself. Export and deletion: both are the turn's; `turns.forget` empties
them. To every function here a forgotten turn is not there, but for its place in `family`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Select,
    TextClause,
    and_,
    false,
    func,
    literal,
    or_,
    select,
    text,
    update,
)

from bot.domain.conversations import Turn
from bot.domain.history import Scope, Search, search_words
from bot.domain.ids import BlobKey, JobId
from bot.storage.database import Connection
from bot.storage.tables import turns
from bot.storage.turns import MAX_DEPTH, from_row

MOST_KIN = 500  # pictures of a family that are looked at
MOST_HASHES = 10_000  # that one picture is compared with

_KEPT = turns.c.picture_key.is_not(None)
_NEWEST_FIRST = (turns.c.created_at.desc(), turns.c.id.desc())


@dataclass(frozen=True, slots=True)
class Family:
    """Turns that come from one beginning, parents before their children."""

    turns: tuple[Turn, ...]
    parents: dict[JobId, JobId | None]
    """Of each turn the nearest ancestor that is kept."""
    complete: bool
    """False when there are more turns than were looked at."""


async def page(
    conn: Connection, scope: Scope, search: Search, *, limit: int, offset: int
) -> list[Turn]:
    """The turns that were looked for, newest first."""
    wanted = select(turns).where(_found(conn, scope, search)).order_by(*_NEWEST_FIRST)
    rows = await conn.execute(wanted.limit(limit).offset(offset))
    return [from_row(row) for row in rows.mappings()]


async def count(conn: Connection, scope: Scope, search: Search) -> int:
    """How many turns were found."""
    found = select(func.count()).select_from(turns).where(_found(conn, scope, search))
    return (await conn.execute(found)).scalar_one()


async def family(conn: Connection, job_id: JobId) -> Family:
    """The turns that come from the same beginning as this one; none when it is not there.

    Its own branch is always among them; of the others those nearest to the beginning.
    """
    first = select(turns.c.id, turns.c.parent, literal(1).label("depth")).where(
        turns.c.id == job_id, _KEPT
    )
    up = first.cte("up", recursive=True)
    up = up.union_all(
        select(turns.c.id, turns.c.parent, up.c.depth + 1)
        .join(up, turns.c.id == up.c.parent)
        .where(up.c.depth < MAX_DEPTH)
    )
    branch = await _ids(conn, select(up.c.id).order_by(up.c.depth.desc()))
    if not branch:
        return Family((), {}, complete=True)
    top = select(turns.c.id, literal(1).label("depth")).where(turns.c.id == branch[0])
    down = top.cte("down", recursive=True)
    down = down.union_all(
        select(turns.c.id, down.c.depth + 1)
        .join(down, turns.c.parent == down.c.id)
        .where(down.c.depth < MAX_DEPTH)
    )
    # A limit within the recursion is SQLite's alone; around it both databases stop early.
    below = await _ids(conn, select(down.c.id).limit(MOST_KIN + 1))
    ids = dict.fromkeys([*branch, *below[:MOST_KIN]])
    rows = (await conn.execute(select(turns).where(turns.c.id.in_(ids)))).mappings().all()
    above = {row["id"]: row["parent"] for row in rows}
    kept = {JobId(row["id"]): from_row(row) for row in rows if row["picture_key"] is not None}
    ordered = sorted(kept.values(), key=lambda turn: (turn.created_at, turn.id))
    parents = {turn.id: _nearest(turn.id, above, kept.keys()) for turn in ordered}
    return Family(tuple(ordered), parents, complete=len(below) <= MOST_KIN)


async def fingerprint(conn: Connection, job_id: JobId, phash: int) -> None:
    """Write down a turn's perceptual hash."""
    await conn.execute(update(turns).where(turns.c.id == job_id, _KEPT).values(phash=phash))


async def without_fingerprint(
    conn: Connection, since: dt.datetime, left_out: Collection[JobId], most: int
) -> list[tuple[JobId, BlobKey]]:
    """Turns since then that have no hash yet, and their pictures' files; the newest first."""
    rows = await conn.execute(
        select(turns.c.id, turns.c.picture_key)
        .where(
            _KEPT,
            turns.c.phash.is_(None),
            turns.c.created_at > since,
            turns.c.id.not_in(sorted(left_out)),
        )
        .order_by(*_NEWEST_FIRST)
        .limit(most)
    )
    return [(JobId(identity), BlobKey(key)) for identity, key in rows]


async def fingerprints(conn: Connection, scope: Scope) -> list[tuple[JobId, int]]:
    """The hashes of the pictures that a person may see from a place, newest first."""
    rows = await conn.execute(
        select(turns.c.id, turns.c.phash)
        .where(_visible(scope), turns.c.phash.is_not(None))
        .order_by(*_NEWEST_FIRST)
        .limit(MOST_HASHES)
    )
    return [(JobId(identity), phash) for identity, phash in rows]


async def _ids(conn: Connection, wanted: Select[tuple[str]]) -> list[JobId]:
    return [JobId(one) for one in (await conn.execute(wanted)).scalars()]


def _visible(scope: Scope) -> ColumnElement[bool]:
    """`Scope.shows` in SQL; in a server only what was drawn there, one's own too."""
    own = turns.c.user_id == scope.user_id
    if scope.guild_id is None:
        return and_(_KEPT, own)
    others = and_(~turns.c.private, turns.c.channel_id.not_in(sorted(scope.hidden)))
    return and_(_KEPT, turns.c.guild_id == scope.guild_id, or_(own, others))


def _found(conn: Connection, scope: Scope, search: Search) -> ColumnElement[bool]:
    wanted: list[ColumnElement[bool] | TextClause] = [_visible(scope)]
    if search.person_id is not None:
        wanted.append(turns.c.user_id == search.person_id)
    if search.private:
        wanted.append(turns.c.private)
    if search.words:
        wanted.append(_matching(conn.dialect.name, search_words(search.words)))
    return and_(*wanted)


def _matching(dialect: str, words: Sequence[str]) -> ColumnElement[bool] | TextClause:
    """That all of the words are said, the last one perhaps not to its end.

    They have no character with a meaning of its own in either search; SQLite's words of search
    (AND, NEAR) are none within quotes.
    """
    if not words:
        return false()
    if dialect == "postgresql":
        query = " & ".join(words) + ":*"
        matches = "to_tsvector('simple'::regconfig, turns.words) @@ to_tsquery('simple', :wanted)"
    else:
        query = " ".join(f'"{word}"' for word in words) + "*"
        matches = "turns.id IN (SELECT id FROM turn_words WHERE turn_words MATCH :wanted)"
    return text(matches).bindparams(wanted=query)


def _nearest(one: JobId, above: Mapping[str, str | None], kept: Collection[JobId]) -> JobId | None:
    """The nearest ancestor that is kept."""
    at, seen = above[one], {str(one)}
    while at is not None and at not in kept:
        if at in seen:
            return None
        seen.add(at)
        at = above.get(at)
    return None if at is None else JobId(at)
