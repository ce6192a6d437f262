"""Many ask at once: all are answered in time, whatever the books have to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bot.domain.jobs import State
from bot.front.asking import AT_A_TIME, PATIENCE_S
from tests.crash.stage import staged

ALLOWED = 6
OVER = 3


async def test_those_behind_the_first_are_answered_before_the_books(tmp_path: Path) -> None:
    async with staged(tmp_path, EASEL_PERSON_DAY=str(ALLOWED)) as stage:
        await stage.bot.start()
        discord = stage.discord
        books = sqlite3.connect(tmp_path / "data" / "easel.db", isolation_level=None)
        books.execute("BEGIN IMMEDIATE")
        events = [int(await stage.slash()) for _ in range(ALLOWED + OVER)]
        behind = [discord.interaction(event) for event in events[AT_A_TIME:]]
        await discord.until(lambda: all(one.responded for one in behind))
        assert stage.bot.states() == {}
        stamps = [discord.stamps.by_id[event] for event in events[AT_A_TIME:]]
        soonest_s = min(one.acked_s - one.sent_s for one in stamps)
        assert soonest_s < PATIENCE_S / 2, "at once, and not for want of patience"
        books.rollback()
        books.close()
        await discord.until(lambda: len(stage.bot.states()) == ALLOWED)
        await stage.ended()
        # «Thinking» goes where nothing is drawn, and the reason is the person's alone.
        await discord.until(lambda: len(stage.whispers()) == OVER)
        used = f"You have used {ALLOWED} of your {ALLOWED} pictures"
        assert all(one["content"].startswith(used) for one in stage.whispers())
        assert len(stage.own()) == ALLOWED
        await stage.bot.stop()
        jobs = await stage.judge()
        assert [job.state for job in jobs.values()] == [State.SETTLED] * ALLOWED
