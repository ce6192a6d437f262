"""What a person wrote into a form or chose from a menu, read from the interaction itself.

discord.py keeps open forms in memory and drops the answers to those it no longer has. Easel's
forms carry all they need in their custom id and are answered from the payload, so one that was
open during a restart works. Payload: Discord's documentation, «Modal Submit Data Structure».
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that was uploaded in a form. It has no message, so its address lasts a day."""

    url: str
    filename: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of a form, by the custom ids of its fields."""

    values: Mapping[str, Sequence[str]]
    files_by_id: Mapping[str, GivenFile]

    def text(self, field: str) -> str:
        """What was written in a field, or the one thing chosen; "" when it was left empty."""
        return next(iter(self.values.get(field, ())), "")

    def chosen(self, field: str) -> tuple[str, ...]:
        """The values that were chosen."""
        return tuple(self.values.get(field, ()))

    def files(self, field: str) -> tuple[GivenFile, ...]:
        """The files that were uploaded, in order."""
        return tuple(self.files_by_id[key] for key in self.chosen(field))


CHOSEN = "chosen"
"""The field of a menu's answer."""


def read(data: Mapping[str, Any]) -> Answers:
    """The answers in the data of a form's or a menu's interaction."""
    if "component_type" in data:
        return Answers({CHOSEN: list(data.get("values", ()))}, {})
    values: dict[str, Sequence[str]] = {}
    for component in data.get("components", ()):
        # A label holds one field; the older action row a list of them.
        for field in (
            [component["component"]]
            if "component" in component
            else component.get("components", ())
        ):
            given = field.get("values", field.get("value"))
            if given is not None:
                values[field["custom_id"]] = [given] if isinstance(given, str) else list(given)
    attachments: Mapping[str, Any] = data.get("resolved", {}).get("attachments", {})
    return Answers(
        values,
        {
            key: GivenFile(one["url"], one["filename"], one["size"])
            for key, one in attachments.items()
        },
    )
