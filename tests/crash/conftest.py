"""One guild, two people, the stand-ins, and Easel in a process of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.crash.stage import Stage, staged
from tests.databases import new_postgresql


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)])
def settings(request: pytest.FixtureRequest) -> dict[str, str]:
    """The bot's settings: a database of its own, and a stop that tests can wait for."""
    settings = {"EASEL_GRACE": "1"}
    if request.param == "postgresql":
        settings["EASEL_DATABASE_URL"] = new_postgresql()
    return settings


@pytest.fixture
async def stage(settings: dict[str, str], tmp_path: Path) -> AsyncGenerator[Stage]:
    """The stage, with the bot not yet started."""
    async with staged(tmp_path, **settings) as made:
        yield made
