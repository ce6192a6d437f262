"""Rows and values for the storage tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.domain.conversations import Turn
from bot.domain.ids import BlobKey, JobId, Place
from bot.domain.images import AttachmentSource, BlobSource, Stored, TurnSource
from bot.domain.jobs import Job, Reply, State, Wish

NOW = dt.datetime(2026, 7, 31, 21, 30, 5, 123456, tzinfo=dt.UTC)
GUILD = Place(guild_id=1_234_567_890_123_456_789, channel_id=9_200_000_000_000_000_001)
DIRECT = Place(guild_id=None, channel_id=3)


def stored(number: int = 0) -> Stored:
    return Stored(BlobKey(f"{number:064x}"), "image/png", 1024, 768, 1_500_000)


def job(number: int = 10, **changes: Any) -> Job:
    values: dict[str, Any] = {
        "id": JobId(str(number)),
        "place": GUILD,
        "user_id": 5,
        "wish": Wish("a red kite"),
        "reply": Reply(token="token"),
        "state": State.ACCEPTED,
        "created_at": NOW,
    }
    return Job(**values | changes)


def full_job() -> Job:
    """A job with something in every field."""
    return job(
        wish=Wish(
            words="make it «night» 🌃",
            sources=(
                AttachmentSource("https://cdn.example/a.png?ex=1", 7, 8, 9),
                TurnSource(JobId("3")),
                BlobSource(stored(4)),
                BlobSource(stored(8), AttachmentSource("https://cdn.example/b.png", 1, 2, 3)),
            ),
            parent=JobId("3"),
            aspect="16:9",
            private=True,
            size="2K",
            told="A logo for night.",
            style="logo",
            exact="Kites «2»",
            subject_id=9,
        ),
        reply=Reply("token", 21, 22),
        state=State.DRAWN,
        route="chat",
        request_id="r-1",
        picture=stored(1),
        further=(stored(5), stored(6)),
        text="Here it is.",
        model="gemini-2.5-flash-image",
        cost_usd_micros=38_700,
        took_s=6.125,
        inputs=(stored(2), stored(3)),
        links=("https://file.example/a.png",),
        error_key="refused",
        error_values={"reason": "SAFETY", "tries": 2},
        untold_since=NOW,
    )


def turn(number: int = 10, parent: int | None = None, **changes: Any) -> Turn:
    values: dict[str, Any] = {
        "id": JobId(str(number)),
        "parent": None if parent is None else JobId(str(parent)),
        "place": GUILD,
        "user_id": 5,
        "words": f"wish {number}",
        "text": "",
        "picture": stored(number),
        "inputs": (),
        "aspect": None,
        "route": "chat",
        "model": "gemini-2.5-flash-image",
        "cost_usd_micros": 38_700,
        "took_s": 6.5,
        "message_id": 1000 + number,
        "attachment_id": 2000 + number,
        "private": False,
        "created_at": NOW + dt.timedelta(seconds=number),
        "size": "2K",
    }
    return Turn(**values | changes)


def job_row(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": "1",
        "channel_id": 2,
        "user_id": 3,
        "state": "accepted",
        "created_at": NOW,
        "words": "a kite",
        "sources": [],
        "private": False,
        "text": "",
        "model": "",
        "cost_usd_micros": 0,
        "took_s": 0.0,
        "inputs": [],
        "picture": {"key": "k"},
    }
    return row | changes


def turn_row(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": "1",
        "channel_id": 2,
        "user_id": 3,
        "message_id": 4,
        "attachment_id": 5,
        "created_at": NOW,
        "words": "a kite",
        "text": "",
        "picture_key": "k",
        "picture": {"key": "k"},
        "inputs": [],
        "private": False,
        "route": "chat",
        "model": "",
        "cost_usd_micros": 0,
        "took_s": 0.0,
    }
    return row | changes
