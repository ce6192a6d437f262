"""Reading JSON strictly: what the documentation would refuse is refused, with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import cast

from bot.standins.provider.errors import bad_request


def an_object(value: object, where: str) -> dict[str, object]:
    """`value` as a JSON object. Raises ApiError 400."""
    if not isinstance(value, dict):
        raise bad_request(f"{where} must be an object")
    return cast("dict[str, object]", value)


def a_list(value: object, where: str) -> list[object]:
    """`value` as a JSON list with at least one entry. Raises ApiError 400."""
    if not isinstance(value, list) or not value:
        raise bad_request(f"{where} must be a list that is not empty")
    return cast("list[object]", value)


def a_text(value: object, where: str) -> str:
    """`value` as a text that is not blank. Raises ApiError 400."""
    if not isinstance(value, str) or not value.strip():
        raise bad_request(f"{where} must be a text that is not empty")
    return value


def one_of(value: object, allowed: Collection[str], where: str) -> str:
    """`value` as one of some words. Raises ApiError 400."""
    if not isinstance(value, str) or value not in allowed:
        raise bad_request(f"{where} must be one of {', '.join(sorted(allowed))}")
    return value


def only(names: Iterable[str], allowed: Collection[str], where: str) -> None:
    """Refuse names that are not documented. Raises ApiError 400."""
    for name in names:
        if name not in allowed:
            raise bad_request(f"{where}: unknown parameter {name!r}")
