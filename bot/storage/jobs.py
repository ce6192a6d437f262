"""Requests as rows. Export and deletion: by `user_id`; `turns.forget` wipes words and pictures.

`subject_id` says whom a picture shows, who may be another person.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Mapping
from typing import Any, TypedDict, Unpack

from sqlalchemy import RowMapping, bindparam, select
from sqlalchemy import update as update_of
from sqlalchemy.sql.dml import ReturningInsert

from bot.domain.ids import JobId, Place
from bot.domain.images import Stored
from bot.domain.jobs import ENDED, TRANSITIONS, Job, Reply, State, Wish
from bot.storage import values
from bot.storage.database import Connection
from bot.storage.tables import jobs
from bot.storage.upsert import insert_on

# Built once, as every picture goes through them several times.
_GET = select(jobs).where(jobs.c.id == bindparam("of"))
_UPDATE = update_of(jobs).where(jobs.c.id == bindparam("of"))
_ADVANCE = _UPDATE.where(jobs.c.state.in_(bindparam("origins", expanding=True)))


@functools.cache
def _inserting(dialect: str) -> ReturningInsert[Any]:
    new = insert_on(dialect, jobs)
    return new.on_conflict_do_nothing(index_elements=["id"]).returning(jobs.c.id)


class Changes(TypedDict, total=False):
    """What may change of a job beside its state."""

    answer_id: int | None
    token: str | None
    route: str | None
    request_id: str | None
    picture: Stored | None
    further: tuple[Stored, ...]
    text: str
    model: str
    cost_usd_micros: int
    took_s: float
    inputs: tuple[Stored, ...]
    links: tuple[str, ...]
    error_key: str | None
    error_values: Mapping[str, object] | None
    untold_since: dt.datetime | None


async def insert(conn: Connection, job: Job) -> bool:
    """Write a new job. False, and nothing written, when its id was there before."""
    written = await conn.execute(_inserting(conn.dialect.name), _to_row(job))
    return written.scalar_one_or_none() is not None


async def get(conn: Connection, job_id: JobId, *, locked: bool = False) -> Job | None:
    """A job by its id. With `locked`, nobody changes it until this transaction ends."""
    found = await conn.execute(_GET.with_for_update() if locked else _GET, {"of": job_id})
    row = found.mappings().one_or_none()
    return None if row is None else _from_row(row)


async def advance(conn: Connection, job_id: JobId, to: State, **changes: Unpack[Changes]) -> bool:
    """Take a job to a state that `TRANSITIONS` allows from where it is, with what changes then.

    False, and nothing changed, when the job is not in a state that leads there: it was
    cancelled meanwhile, or another run of the same workflow did it before. Then stop.
    """
    origins = [state for state, onward in TRANSITIONS.items() if to in onward]
    done = await conn.execute(
        _ADVANCE, {"of": job_id, "origins": origins, "state": to, **_columns(changes)}
    )
    return done.rowcount == 1


async def update(conn: Connection, job_id: JobId, **changes: Unpack[Changes]) -> bool:
    """Write down what became known of a job, in whatever state. False: there is no such job."""
    done = await conn.execute(_UPDATE, {"of": job_id, **_columns(changes)})
    return done.rowcount == 1


async def unfinished(
    conn: Connection, *, user_id: int | None = None, guild_id: int | None = None
) -> list[Job]:
    """The jobs that have not come to an end, oldest first: all, a person's or a guild's."""
    alive: Collection[State] = set(State) - ENDED
    wanted = select(jobs).where(jobs.c.state.in_(alive))
    if user_id is not None:
        wanted = wanted.where(jobs.c.user_id == user_id)
    if guild_id is not None:
        wanted = wanted.where(jobs.c.guild_id == guild_id)
    rows = await conn.execute(wanted.order_by(jobs.c.created_at, jobs.c.id))
    return [_from_row(row) for row in rows.mappings()]


async def told(conn: Connection, job_id: JobId) -> None:
    """Note that somebody was shown why there is no picture, or that nobody can be."""
    await update(conn, job_id, untold_since=None)


async def untold(conn: Connection, since: dt.datetime) -> list[JobId]:
    """The jobs that failed after `since` and of which nobody was told why, oldest first."""
    rows = await conn.execute(
        select(jobs.c.id)
        .where(jobs.c.untold_since > since)
        .order_by(jobs.c.untold_since, jobs.c.id)
    )
    return [JobId(one) for one in rows.scalars()]


async def subject(conn: Connection, job_ids: Collection[JobId]) -> int | None:
    """The member whom the pictures of these jobs show; of several, one."""
    wanted = select(jobs.c.subject_id).where(
        jobs.c.id.in_(sorted(job_ids)), jobs.c.subject_id.is_not(None)
    )
    found: int | None = await conn.scalar(wanted.order_by(jobs.c.id).limit(1))
    return found


async def covered(conn: Connection, job_ids: Collection[JobId]) -> set[JobId]:
    """Those of the jobs whose pictures are behind a spoiler, wherever they are shown."""
    wanted = select(jobs.c.id).where(jobs.c.id.in_(sorted(job_ids)), jobs.c.spoiler.is_(True))
    return {JobId(one) for one in (await conn.execute(wanted)).scalars()}


async def wipe(conn: Connection, job_id: JobId) -> None:
    """Delete what a person said and showed; the row stays, with its state and its cost."""
    await conn.execute(
        update_of(jobs)
        .where(jobs.c.id == job_id)
        .values(
            words="",
            told=None,
            exact=None,
            text="",
            sources=[],
            inputs=[],
            picture=None,
            further=None,
            links=None,
            token=None,
            subject_id=None,
        )
    )


def _columns(changes: Changes) -> dict[str, Any]:
    row: dict[str, Any] = dict(changes)
    picture, inputs = changes.get("picture"), changes.get("inputs")
    if picture is not None:
        row["picture"] = values.from_stored(picture)
    if inputs is not None:
        row["inputs"] = [values.from_stored(one) for one in inputs]
    if "further" in changes:
        row["further"] = [values.from_stored(one) for one in changes["further"]] or None
    if "links" in changes:
        row["links"] = list(changes["links"]) or None
    if "error_values" in changes:
        row["error_values"] = values.plain(changes["error_values"])
    return row


def _to_row(job: Job) -> dict[str, Any]:
    wish, reply = job.wish, job.reply
    rest = Changes(
        route=job.route,
        request_id=job.request_id,
        picture=job.picture,
        further=job.further,
        text=job.text,
        model=job.model,
        cost_usd_micros=job.cost_usd_micros,
        took_s=job.took_s,
        inputs=job.inputs,
        links=job.links,
        error_key=job.error_key,
        error_values=job.error_values,
        untold_since=job.untold_since,
    )
    return {
        "id": job.id,
        "guild_id": job.place.guild_id,
        "channel_id": job.place.channel_id,
        "user_id": job.user_id,
        "state": job.state,
        "created_at": job.created_at,
        "words": wish.words,
        "sources": [values.from_source(source) for source in wish.sources],
        "parent": wish.parent,
        "aspect": wish.aspect,
        "private": wish.private,
        "size": wish.size,
        "told": wish.told,
        "region": wish.region,
        "spoiler": wish.spoiler or None,
        "subject_id": wish.subject_id,
        "style": wish.style,
        "exact": wish.exact or None,
        "token": reply.token,
        "message_id": reply.message_id,
        "answer_id": reply.answer_id,
        **_columns(rest),
    }


def _from_row(row: RowMapping) -> Job:
    created_at: dt.datetime = row["created_at"]
    return Job(
        id=JobId(row["id"]),
        place=Place(row["guild_id"], row["channel_id"]),
        user_id=row["user_id"],
        wish=Wish(
            words=row["words"],
            sources=tuple(values.to_source(source) for source in row["sources"]),
            parent=None if row["parent"] is None else JobId(row["parent"]),
            aspect=row["aspect"],
            private=row["private"],
            size=row["size"],
            told=row["told"],
            region=row["region"],
            spoiler=bool(row["spoiler"]),
            subject_id=row["subject_id"],
            style=row["style"],
            exact=row["exact"] or "",
        ),
        reply=Reply(row["token"], row["message_id"], row["answer_id"]),
        state=State(row["state"]),
        created_at=created_at,
        route=row["route"],
        request_id=row["request_id"],
        picture=None if row["picture"] is None else values.to_stored(row["picture"]),
        further=tuple(values.to_stored(one) for one in row["further"] or ()),
        text=row["text"],
        model=row["model"],
        cost_usd_micros=row["cost_usd_micros"],
        took_s=row["took_s"],
        inputs=tuple(values.to_stored(one) for one in row["inputs"]),
        links=tuple(row["links"] or ()),
        error_key=row["error_key"],
        error_values=row["error_values"],
        untold_since=row["untold_since"],
    )
