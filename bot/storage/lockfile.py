"""One process to a SQLite file, by an flock that the kernel drops when the process dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from bot.errors import ConfigError


class LockFile:
    """The lock beside a database file, held from `take` to `release`."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._database = database
        self._descriptor: int | None = None

    async def take(self) -> None:
        """Hold the lock. Raises ConfigError when another process has it; OSError otherwise."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise ConfigError(
                f"{self._database} is in use by another process of Easel"
                f"{f' (process {holder})' if holder else ''}; "
                "stop it first, or set EASEL_DATABASE_URL to another database."
            ) from None
        except OSError:
            os.close(descriptor)
            raise
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode("ascii"))
        self._descriptor = descriptor

    async def release(self) -> None:
        """Let go. The file stays: deleting it would let two processes hold two files."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
