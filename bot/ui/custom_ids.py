"""The state of a durable button, in its custom id: `e1:<action>:<job's or suggestion's id>`.

The number is the version of this form. A message keeps its buttons for years, so an id is
never given another meaning: a new form gets a new number, and `parse` goes on to say clearly
when it meets one it does not know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.ids import JobId
from bot.errors import RequestError

VERSION = "e1"
LONGEST = 100  # of a custom id, Discord's documentation

EDIT = "edit"
AGAIN = "again"
DELETE = "delete"
INFO = "info"
RETRY = "retry"
SOFTEN = "soften"
DRAW = "draw"  # this and the two below act on a suggestion, whose id has the same form
DRAW_MINE = "draw_mine"
REWORD = "reword"

TEMPLATE = re.compile(r"e\d{1,3}:.{1,95}", re.DOTALL)
"""Every id that is or was Easel's, whatever its version: all of them get an answer."""

_FORM = re.compile(r"e1:(?P<action>[a-z][a-z_]{0,29}):(?P<job>\d{1,20}(?:-\d{1,9})?)")


@dataclass(frozen=True, slots=True)
class Press:
    """What a press of a button asks for."""

    action: str
    job: JobId


def build(action: str, job: JobId) -> str:
    """The custom id of a button. Raises ValueError for what `parse` would not read back."""
    custom_id = f"{VERSION}:{action}:{job}"
    if _FORM.fullmatch(custom_id) is None:
        raise ValueError(f"not an action and a job: {custom_id!r}")
    return custom_id


def parse(custom_id: str) -> Press:
    """What a custom id means. Raises RequestError `button_old` for any other form."""
    match = _FORM.fullmatch(custom_id)
    if match is None:
        raise RequestError("button_old", detail=f"custom id {custom_id!r}")
    return Press(match["action"], JobId(match["job"]))
