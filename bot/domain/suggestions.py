"""Wishes that the bot put into words, and that somebody may draw by a button."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.domain.ids import JobId, Place
from bot.domain.jobs import Wish


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A wish behind a button. Its id has the form of a job's: event and ordinal.

    `user_id` asked for it; who draws it is who presses. `count` is how many pictures.
    """

    id: JobId
    place: Place
    user_id: int
    wish: Wish
    count: int
    created_at: dt.datetime
