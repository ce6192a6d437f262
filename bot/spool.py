"""Pictures while they are received: kept in files, not in memory.

The bytes of a picture come in pieces and are put into a file a chunk at a time, hashed on the
way, so that a picture that is under way takes some hundred KiB. What is smaller than a chunk
stays in memory. So does a picture whose file cannot be written, for want of room say: it is
paid for, and whoever keeps it may try again later.

A `Spool` holds the pictures of one drawing. What was not moved out of it is gone at its end; what
a killed process left is cleared at the next start (`bot.storage.blobs.Blobs.clear_incoming`).
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import secrets
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.workers import Workers

logger = logging.getLogger(__name__)

CHUNK_BYTES = 256 * 1024
"""So much of a picture is in memory before it is written."""

HEAD_BYTES = 16


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class Received:
    """A picture's bytes, in memory or in a file. `head` are the first few of them."""

    def __init__(self, file: Path | None = None) -> None:
        """Of nothing yet. `file` is where `write` puts the bytes; without it they stay here."""
        self.size_bytes = 0
        self.head = b""
        self._file = file
        self._written = 0
        self._hash = hashlib.sha256()
        self._rest = io.BytesIO()
        self._over = False
        self._lock = threading.Lock()  # a thread may still write for a caller that was cancelled

    @classmethod
    def of(cls, data: bytes) -> Self:
        """A picture that is in memory as a whole."""
        made = cls()
        made.add(data)
        return made

    def add(self, data: bytes) -> None:
        """The next bytes."""
        if len(self.head) < HEAD_BYTES:
            self.head += data[: HEAD_BYTES - len(self.head)]
        self._rest.write(data)
        self.size_bytes += len(data)

    @property
    def unwritten_bytes(self) -> int:
        """How much has yet to be put into the file; nothing when it stays in memory."""
        return self.size_bytes - self._written if self._file is not None else 0

    @property
    def is_large(self) -> bool:
        """Whether it is worth a file."""
        return self.size_bytes >= CHUNK_BYTES

    @property
    def path(self) -> Path | None:
        """The file that has all of it after the last `write`; None for a picture in memory."""
        return self._file if self._written else None

    @property
    def source(self) -> bytes | Path:
        """The bytes, or the file they are in."""
        return self.path or self._rest.getvalue()

    @property
    def sha256(self) -> str:
        """The hash of a picture in a file; of one in memory nobody has asked for it yet."""
        return self._hash.hexdigest()

    def read(self) -> bytes:
        """All the bytes. Touches the disk when they are in a file. Raises OSError."""
        return self._rest.getvalue() if self.path is None else self.path.read_bytes()

    def write(self) -> None:
        """Put what is in memory into the file; call it in a thread.

        When the file cannot be written, the picture is in memory from then on. Raises OSError
        when what was already written cannot be read back either.
        """
        with self._lock:
            if self._file is None or self._over:
                return
            rest = self._rest.getvalue()
            try:
                if not self._written:
                    self._file.parent.mkdir(parents=True, exist_ok=True)
                with open(self._file, "ab", opener=_private) as file:
                    file.write(rest)
            except OSError as error:
                logger.warning("a picture stays in memory: %s", error.strerror)
                self._back(self._file)
                return
            self._hash.update(rest)
            self._written += len(rest)
            self._rest = io.BytesIO()

    def take_back(self) -> None:
        """Have the picture in memory from now on, unless its file was moved away.

        Call it in a thread. Raises OSError when the file cannot be read.
        """
        with self._lock:
            if self.path is not None and self.path.exists():
                self._back(self.path)

    def _back(self, path: Path) -> None:
        whole = io.BytesIO()
        if self._written:
            whole.write(path.read_bytes()[: self._written])  # behind it, half a piece may stand
        whole.write(self._rest.getvalue())
        self._rest, self._written, self._file = whole, 0, None
        _delete(path)

    def discard(self) -> None:
        """Delete the file, if it is still where it was; no more is written. Touches the disk."""
        with self._lock:
            self._over = True
            if self._file is not None:
                _delete(self._file)


class Spool:
    """The pictures of one drawing. Use it with `async with`; without a folder, all in memory."""

    def __init__(self, folder: Path | None = None, workers: Workers | None = None) -> None:
        """Write files in `folder`, which is made when it is needed, in threads of `workers`."""
        self._folder = folder if workers is not None else None
        self._workers = workers
        self._pictures: list[Received] = []
        self._has_files = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._workers is not None and self._has_files:
            await self._workers.run(self._discard)

    def picture(self) -> Received:
        """A picture whose bytes come next. The one before it has all of its own by then."""
        file = self._folder / f"{secrets.token_hex(16)}.part" if self._folder else None
        self._pictures.append(Received(file))
        return self._pictures[-1]

    async def flush(self) -> None:
        """Write what has come of the latest picture, if it is much: receive no more meanwhile."""
        if self._pictures and self._pictures[-1].unwritten_bytes >= CHUNK_BYTES:
            await self._write(self._pictures[-1:])

    async def finish(self) -> None:
        """Write what has yet to be written of pictures that are more than a chunk."""
        if rest := [one for one in self._pictures if one.unwritten_bytes and one.is_large]:
            await self._write(rest)

    async def _write(self, pictures: list[Received]) -> None:
        assert self._workers is not None  # else no picture has a file
        self._has_files = True
        await self._workers.run(_write, pictures)

    def _discard(self) -> None:
        for one in self._pictures:
            one.discard()


def _delete(path: Path) -> None:
    """Delete a file; one that cannot be deleted now goes at the next start."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("a file of a picture is left: %s", error.strerror)


def _write(pictures: list[Received]) -> None:
    for one in pictures:
        one.write()
