"""Conversations: turns with parents. What of a branch the model is shown is in `branch`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from bot.domain.ids import JobId, Place
from bot.domain.images import Stored

CONTEXT_TOKENS = 32_768  # gemini-2.5-flash-image, Google's model page
PICTURE_TOKENS = 1_290  # one picture, in or out, Google's pricing page
CHARACTERS_PER_TOKEN = 3  # a cautious estimate: languages differ
ANSWER_TOKENS = PICTURE_TOKENS + 512  # room for the answer: a picture and some words


@dataclass(frozen=True, slots=True)
class Turn:
    """One picture of a conversation and where it was posted."""

    id: JobId
    parent: JobId | None
    place: Place
    user_id: int
    words: str
    text: str
    picture: Stored
    inputs: tuple[Stored, ...]
    aspect: str | None
    route: str
    model: str
    cost_usd_micros: int
    took_s: float
    message_id: int
    attachment_id: int
    private: bool
    created_at: dt.datetime
    size: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the words so far."""

    role: Literal["user", "assistant"]
    text: str
