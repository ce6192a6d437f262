"""The log: one line a record, on standard error, with the job it belongs to and without secrets.

By convention prompts and what a provider says are logged at DEBUG only; names and addresses of
people never. Other libraries speak from INFO on at most, because their DEBUG repeats what people
wrote.
"""

from __future__ import annotations

import logging
import sys
import time
import urllib.parse
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TextIO

REDACTED = "[secret]"

_job: ContextVar[str] = ContextVar("job", default="-")

_OURS = ("bot", "cogs", "migrations")
_LOUDEST = {
    "discord.gateway": logging.WARNING,  # a line for each reconnect
    "aiohttp.access": logging.WARNING,
    "alembic": logging.WARNING,  # several lines at each start
    "sqlalchemy": logging.WARNING,
    "dbos": logging.WARNING,
    "PIL": logging.WARNING,
}
"""Libraries that are too loud even at INFO, and the lowest level they are heard at."""


@contextmanager
def working_on(job: str) -> Generator[None]:
    """Put this job's id on every line that is logged inside, in tasks begun there too."""
    token = _job.set(job)
    try:
        yield
    finally:
        _job.reset(token)


class _Line(logging.Formatter):
    """`time level logger job message` in UTC; what follows an exception is indented."""

    converter = time.gmtime
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s [%(job)s] %(message)s")
        spellings = {form for secret in secrets for form in (secret, urllib.parse.quote(secret))}
        # The longest first: one secret may be a part of another.
        self._secrets = sorted(filter(None, spellings), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        # The whole text, since a traceback or a library's words may hold a secret as well.
        record.job = _job.get()
        text = super().format(record).replace("\r", "\\r")
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        return text.replace("\n", "\n  ")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        # A line break in a message would let it pass for a record of its own.
        return super().formatMessage(record).replace("\n", "\\n")


def setup(level: str, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send the log to `stream`, by default standard error; may be called again.

    `level` is that of Easel's own loggers. Each of `secrets` is replaced wherever it appears.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Line(secrets))
    root = logging.getLogger()
    for old in root.handlers[:]:
        if isinstance(old.formatter, _Line):
            root.removeHandler(old)
    root.addHandler(handler)
    lowest = logging.getLevelNamesMapping()[level]
    root.setLevel(max(lowest, logging.INFO))
    for name in _OURS:
        logging.getLogger(name).setLevel(lowest)
    for name, loudest in _LOUDEST.items():
        logging.getLogger(name).setLevel(max(lowest, loudest))
    logging.captureWarnings(capture=True)
