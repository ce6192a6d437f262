from __future__ import annotations

import asyncio
import io
import logging
import re
from collections.abc import Generator

import pytest

from bot import logs

SECRET = "sk-1234/abcd+efgh"
LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO|WARNING|ERROR) +(\S+) \[(\S+)\] (.*)"
)


@pytest.fixture(autouse=True)
def levels_back() -> Generator[None]:
    """Logging is the process's own: leave it as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, logger in logging.Logger.manager.loggerDict.items():
        if isinstance(logger, logging.Logger) and name.startswith(("bot", "cogs", "discord")):
            logger.setLevel(logging.NOTSET)


def set_up(level: str = "INFO", *secrets: str) -> io.StringIO:
    stream = io.StringIO()
    logs.setup(level, secrets, stream)
    return stream


def test_line_has_time_level_logger_job_and_message() -> None:
    stream = set_up()
    with logs.working_on("123-1"):
        logging.getLogger("bot.jobs").warning("drew %d", 3)
    found = LINE.fullmatch(stream.getvalue().rstrip("\n"))
    assert found is not None
    assert found.groups() == ("WARNING", "bot.jobs", "123-1", "drew 3")


async def test_job_follows_its_tasks_and_no_other() -> None:
    stream = set_up()
    log = logging.getLogger("bot.jobs")

    async def work(job: str) -> None:
        with logs.working_on(job):
            await asyncio.sleep(0)
            await asyncio.create_task(step(job))

    async def step(job: str) -> None:
        log.info("of %s", job)

    await asyncio.gather(work("1"), work("2"))
    log.info("of -")
    assert sorted(re.findall(r"\[(\S+)\] of (\S+)", stream.getvalue())) == [
        ("-", "-"),
        ("1", "1"),
        ("2", "2"),
    ]


def test_secret_is_redacted_in_message_argument_traceback_and_address() -> None:
    stream = set_up("INFO", SECRET, "", "sk-1234")
    log = logging.getLogger("bot.providers")
    log.info("key %s", SECRET)
    log.info("GET /x?key=sk-1234/abcd%2Befgh")
    try:
        raise ValueError(SECRET)
    except ValueError:
        log.exception("failed")
    logging.getLogger("discord.http").warning("Bearer %s", SECRET)
    text = stream.getvalue()
    assert "abcd" not in text
    assert text.count(logs.REDACTED) == 4
    assert "ValueError" in text


def test_message_cannot_pass_for_another_record() -> None:
    stream = set_up()
    forged = "x\n2026-01-01T00:00:00.000Z ERROR   bot [-] all lost\r\n"
    log = logging.getLogger("bot")
    log.info("words: %s", forged)
    try:
        raise ValueError(forged)
    except ValueError:
        log.exception("failed")
    records = [line for line in stream.getvalue().splitlines() if LINE.fullmatch(line)]
    assert len(records) == 2
    assert "all lost" in records[0]


def test_own_debug_is_heard_and_that_of_libraries_is_not() -> None:
    stream = set_up("DEBUG")
    logging.getLogger("cogs.imagine").debug("ours")
    for name in ("discord.http", "aiohttp.client", "sqlalchemy.engine", "dbos", "asyncio"):
        logging.getLogger(name).debug("theirs")
    for name in ("discord.gateway", "aiohttp.access", "sqlalchemy.engine", "dbos"):
        logging.getLogger(name).info("theirs")
    logging.getLogger("discord.client").info("connected")
    text = stream.getvalue()
    assert "ours" in text
    assert "theirs" not in text
    assert "connected" in text


def test_level_holds_for_all() -> None:
    stream = set_up("ERROR")
    for name in ("bot", "discord.gateway", "dbos", "anything"):
        logging.getLogger(name).warning("quiet")
    logging.getLogger("bot").error("heard")
    assert "quiet" not in stream.getvalue()
    assert "heard" in stream.getvalue()


def test_second_setup_replaces_the_first() -> None:
    first, second = set_up(), set_up()
    logging.getLogger("bot").info("once")
    assert first.getvalue() == ""
    assert second.getvalue().count("once") == 1
