"""The checks of `easel doctor`. Each gives findings; none raises."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is. `FAIL` means that Easel does not work as it is set."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, what was found, and what to do about it."""

    name: str
    level: Level
    said: str
    fix: str = ""


def ok(name: str, said: str) -> Finding:
    """All is well."""
    return Finding(name, Level.OK, said)


def warn(name: str, said: str, fix: str = "") -> Finding:
    """Something to know, or that could not be found out."""
    return Finding(name, Level.WARN, said, fix)


def fail(name: str, said: str, fix: str) -> Finding:
    """Something that keeps Easel from working, with what to do."""
    return Finding(name, Level.FAIL, said, fix)
