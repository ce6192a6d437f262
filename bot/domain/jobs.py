"""A request's life as one table of states."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import JobId, Place
from bot.domain.images import Source, Stored


class State(StrEnum):
    """How far a request is.

    accepted → drawing → drawn → delivered → settled is the good way.
    failed, refused, cancelled and unknown are the other ends.
    """

    ACCEPTED = "accepted"  # reserved and enqueued, nothing sent to the provider
    DRAWING = "drawing"  # the provider may have been called
    DRAWN = "drawn"  # the picture is in the blob store
    DELIVERED = "delivered"  # posted on Discord
    SETTLED = "settled"  # posted and booked: the end
    FAILED = "failed"  # an honest sentence instead of a picture; refunded
    REFUSED = "refused"  # the model declined; refunded
    CANCELLED = "cancelled"  # by a person, before it was drawn; refunded, or see `costs` at work
    UNKNOWN = "unknown"  # the paid call's end is not known; told, never repeated


TRANSITIONS: dict[State, frozenset[State]] = {
    State.ACCEPTED: frozenset({State.DRAWING, State.FAILED, State.CANCELLED}),
    State.DRAWING: frozenset(
        {State.DRAWN, State.FAILED, State.REFUSED, State.CANCELLED, State.UNKNOWN}
    ),
    State.DRAWN: frozenset({State.DELIVERED, State.FAILED}),
    State.DELIVERED: frozenset({State.SETTLED}),
    State.SETTLED: frozenset(),
    State.FAILED: frozenset(),
    State.REFUSED: frozenset(),
    State.CANCELLED: frozenset(),
    State.UNKNOWN: frozenset(),
}
"""Every allowed step. `storage.jobs.advance` and the database refuse all others."""

ENDED = frozenset(state for state, onward in TRANSITIONS.items() if not onward)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for."""

    words: str
    sources: tuple[Source, ...] = ()  # further pictures, in the order they were given
    parent: JobId | None = None  # the turn that is edited
    aspect: str | None = None
    private: bool = False
    size: str | None = None  # one of the model's, where it has a choice
    style: str | None = None  # by name; None: the channel's
    exact: str = ""  # what is to be read in the picture, letter by letter
    told: str | None = None  # what the model is told, where that is more than the words
    region: str | None = None  # the cells that may change, as bot/domain/regions.py writes them
    characters: tuple[str, ...] = ()  # by name, beside those that the words mention
    spoiler: bool = False  # the picture is posted behind a spoiler: a rule of the channel
    subject_id: int | None = None  # the member whom the picture shows, where that is known
    numbered: bool = False  # whether the words speak of picture 1, picture 2 …


@dataclass(frozen=True, slots=True)
class Reply:
    """Where the answer goes.

    `token` is an interaction's (valid 15 minutes) or None for a message.
    `message_id` is the message that asked, or None for an interaction.
    `answer_id` is the message of ours that says «drawing», once it is known.
    """

    token: str | None = None
    message_id: int | None = None
    answer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A request as its row has it."""

    id: JobId
    place: Place
    user_id: int
    wish: Wish
    reply: Reply
    state: State
    created_at: dt.datetime
    route: str | None = None  # the route that draws, once chosen
    request_id: str | None = None  # the provider's, the moment it is known
    picture: Stored | None = None  # the result, once drawn
    further: tuple[Stored, ...] = ()  # more pictures of the same answer
    text: str = ""  # the model's words beside the picture
    model: str = ""
    cost_usd_micros: int = 0
    took_s: float = 0.0
    inputs: tuple[Stored, ...] = ()  # the pictures as they were sent to the model
    links: tuple[str, ...] = ()  # where the paid pictures are to be fetched, until they are
    error_key: str | None = None
    error_values: dict[str, object] | None = None
    untold_since: dt.datetime | None = None  # that it failed, until somebody was told why

    @property
    def is_hidden(self) -> bool:
        """Whether the answer is in nobody's channel: one for the person alone, by the token.

        A message that goes on from a private picture is in a direct chat; so is its answer.
        """
        return self.wish.private and self.reply.message_id is None
