"""What the tests of waiting have in common."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simcord.results import InteractionResult

from bot.domain.ids import JobId
from tests.flows.conftest import World
from tests.flows.reading import texts_of

SOON_S = 10.0


@dataclass(frozen=True)
class Edit:
    """An edit of a message: when it arrived (`time.perf_counter`), where, and what it says."""

    at_s: float
    path: str
    said: str
    result: bool  # has a picture


class Watch(list[Any]):
    """Discord's list of calls, which notes the time of each edit."""

    def __init__(self, before: list[Any]) -> None:
        super().__init__(before)
        self.edits: list[Edit] = []

    def append(self, call: Any, /) -> None:
        super().append(call)
        if call.method == "PATCH" and isinstance(call.json, dict):
            components = call.json.get("components") or []
            said = " ".join(texts_of(components))
            self.edits.append(
                Edit(time.perf_counter(), call.path, said, bool(call.json.get("attachments")))
            )


def watch(world: World) -> Watch:
    """Note all edits from now on."""
    watched = Watch(world.env.backend.http_requests)
    world.env.backend.http_requests = watched
    return watched


async def until(holds: Callable[[], bool], what: str = "it") -> None:
    """Wait until something holds, without a step of the simulation."""
    deadline_s = time.monotonic() + SOON_S
    while not holds():
        assert time.monotonic() < deadline_s, f"{what} did not come"
        await asyncio.sleep(0.02)


def shown(result: InteractionResult) -> str:
    """What an answer says now."""
    assert result.response is not None
    return " ".join(texts_of(result.response.components))


BUTTON = 2  # the component's type
UNDER_A_RESULT = ["Edit", "Again", "Vary", "Continue"]  # with Compare where there is a before


def buttons(result: InteractionResult) -> dict[str, str]:
    """The buttons of an answer as it is now: custom ids by their labels."""
    assert result.response is not None
    return {
        button["label"]: button["custom_id"]
        for row in _rows(result.response.components)
        for button in row["components"]
        if button["type"] == BUTTON
    }


def job_of(result: InteractionResult) -> JobId:
    """The job that an answer is about."""
    return JobId(next(iter(buttons(result).values())).rpartition(":")[2])


def _rows(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for component in components:
        found += [component] if component["type"] == 1 else _rows(component.get("components", []))
    return found
