"""Writing what must not be lost."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import TypeVar

from bot.errors import StorageError
from bot.storage.transactions import unbroken

logger = logging.getLogger(__name__)

T = TypeVar("T")

KEEP_TRYING_S = 600.0  # how long a drawn, paid picture waits in memory for the disk
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0


async def insist(write: Callable[[], Coroutine[None, None, T]]) -> T:
    """Write again and again while the disk is full or the database locked.

    An attempt runs to its end even when the caller is cancelled; there is no further one then.
    Raises the last StorageError after ten minutes.
    """
    deadline_s = time.monotonic() + KEEP_TRYING_S
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return await unbroken(write())
        except StorageError as error:
            if time.monotonic() > deadline_s:
                raise
            logger.warning("waiting for storage: %s", error)
        await asyncio.sleep(pause_s)
        pause_s = min(LONGEST_PAUSE_S, pause_s * 2)
