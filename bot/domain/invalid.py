"""The one exception of the domain."""

from __future__ import annotations


class Invalid(ValueError):
    """What a person said cannot be taken as it stands.

    `key` and `values` are as those of `bot.errors.UserError`, which the domain does not know:
    `bot/ui/present.py` says it as a RequestError.
    """

    def __init__(self, key: str, /, **values: object) -> None:
        self.key = key
        self.values = values
        super().__init__(f"{key} {values}")
