"""The state of a durable button, form or menu, in its custom id: `e1:<action>:<subject>`.

The subject is a job's or a suggestion's id, or up to three numbers that name something else.
Menus have `m1` in the place of `e1`, as discord.py tells durable things apart by their ids.

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
MENU_VERSION = "m1"
LONGEST = 100  # of a custom id, Discord's documentation

EDIT = "edit"
AGAIN = "again"
DELETE = "delete"
INFO = "info"
RETRY = "retry"
CANCEL = "cancel"
SOFTEN = "soften"
VARY = "vary"
CONTINUE = "continue"
COMPARE = "compare"
MORE = "more"  # a menu; what is chosen in it are actions on the same job
SAVE_CHARACTER = "save_character"
UNDO = "undo"
HISTORY_OF = "history_of"
TREE = "tree"
LAPSE = "lapse"
REGION = "region"
SHOW = "show"  # a private picture that found no way to who asked
DRAW = "draw"  # this and the two below act on a suggestion, whose id has the same form
DRAW_MINE = "draw_mine"
REWORD = "reword"

TEMPLATE = re.compile(r"e\d{1,3}:.{1,95}", re.DOTALL)
"""Every id that is or was Easel's, whatever its version: all of them get an answer."""

MENU_TEMPLATE = re.compile(r"m\d{1,3}:.{1,95}", re.DOTALL)
"""As above, of menus."""

_FORM = re.compile(r"[em]1:(?P<action>[a-z][a-z_]{0,29}):(?P<subject>\d{1,20}(?:-\d{1,20}){0,2})")


@dataclass(frozen=True, slots=True)
class Press:
    """What a press of a button, a form or a menu asks for."""

    action: str
    subject: str

    @property
    def job(self) -> JobId:
        """The subject of an action on a job."""
        return JobId(self.subject)


def build(action: str, subject: str, *, version: str = VERSION) -> str:
    """A custom id. Raises ValueError for what `parse` would not read back."""
    custom_id = f"{version}:{action}:{subject}"
    if _FORM.fullmatch(custom_id) is None:
        raise ValueError(f"not an action and a subject: {custom_id!r}")
    return custom_id


def parse(custom_id: str) -> Press:
    """What a custom id means. Raises RequestError `button_old` for any other form."""
    match = _FORM.fullmatch(custom_id)
    if match is None:
        raise RequestError("button_old", detail=f"custom id {custom_id!r}")
    return Press(match["action"], match["subject"])
