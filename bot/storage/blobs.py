"""Pictures as files, named by what is in them: `ab/abcdef…` for a SHA-256 of `abcdef…`.

The functions are synchronous and touch the disk: call them in `bot.workers.Workers`, `require`
apart. Two requests with the same picture share one file.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import hashlib
import os
import re
import tempfile
import threading
from collections.abc import Generator, Set
from pathlib import Path

from bot.domain.ids import BlobKey
from bot.errors import PictureError, StorageError, StorageFull
from bot.spool import Received

_KEY = re.compile(r"[0-9a-f]{64}")
_FULL = {errno.ENOSPC, errno.EDQUOT}
_UNFINISHED = ".part"
_INCOMING = "incoming"


class Blobs:
    """The files in one folder. A file is either whole or not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # Keeps `purge` from deleting a file in the instant in which `put` finds it there.
        self._sweeping = threading.Lock()

    def put(self, data: bytes) -> BlobKey:
        """Keep these bytes; after this returns they survive a power cut.

        Raises StorageFull when the disk is full, StorageError when it takes no write.
        """
        key = BlobKey(hashlib.sha256(data).hexdigest())
        path = self.path(key)
        with _as_storage_errors():
            with self._sweeping:
                if self._is_there(path):
                    return key
            self._write(path, data)
        return key

    @property
    def incoming(self) -> Path:
        """Where a `bot.spool.Spool` puts pictures, so that `keep` has only to rename them."""
        return self._folder / _INCOMING

    def keep(self, picture: Received) -> BlobKey:
        """Keep a picture that was received, as `put` does; its file, if it has one, is moved.

        When that fails the picture is in memory again. May be called again, also after it was kept.
        """
        if picture.path is None:
            return self.put(picture.read())
        key = BlobKey(picture.sha256)
        path = self.path(key)
        with _as_storage_errors():
            with self._sweeping:
                if self._is_there(path):
                    return key
            try:
                self._move(picture.path, path)
            except OSError:
                picture.take_back()  # after a failed fsync the file is not to be trusted
                raise
        return key

    def clear_incoming(self) -> None:
        """Delete what a process that was killed had been receiving. Only when nothing comes in."""
        for path in list(self.incoming.glob(f"*{_UNFINISHED}")):
            path.unlink(missing_ok=True)

    def path(self, key: BlobKey) -> Path:
        """Where a picture's file is. Raises ValueError for what is no key."""
        if not _KEY.fullmatch(key):
            raise ValueError("not the key of a picture")
        return self._folder / key[:2] / key

    def require(self, key: BlobKey) -> None:
        """Raises PictureError («picture_not_kept») when the file is not there any more."""
        if not self.path(key).is_file():
            raise PictureError("picture_not_kept")

    def get(self, key: BlobKey) -> bytes:
        """The bytes. Raises PictureError («picture_not_kept») when they are not there any more."""
        try:
            return self.path(key).read_bytes()
        except FileNotFoundError:
            raise PictureError("picture_not_kept") from None
        except OSError as error:
            raise StorageError(f"A picture cannot be read ({error.strerror}).") from error

    def remove(self, key: BlobKey) -> None:
        """Delete a file, if it is there."""
        self.path(key).unlink(missing_ok=True)

    def purge(self, older_than: dt.datetime, keep: Set[BlobKey] = frozenset()) -> int:
        """Delete what was last put before `older_than`, but for `keep`; returns how many files.

        What a crash left half written goes as well.
        """
        gone = 0
        for path in list(self._folder.glob("??/*")):
            if path.name in keep:
                continue
            with self._sweeping, contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < older_than.timestamp():
                    path.unlink()
                    gone += 1
        return gone

    def _is_there(self, path: Path) -> bool:
        """Whether the file is there; it then counts as put now."""
        try:
            os.utime(path)
        except FileNotFoundError:
            return False
        return True

    def _write(self, path: Path, data: bytes) -> None:
        self._have_folder_of(path)
        descriptor, name = tempfile.mkstemp(suffix=_UNFINISHED, dir=path.parent)
        unfinished = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _sync(path.parent)  # the name itself must survive too

    def _move(self, file: Path, path: Path) -> None:
        self._have_folder_of(path)
        _sync(file)
        file.replace(path)
        _sync(path.parent)

    def _have_folder_of(self, path: Path) -> None:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            _sync(self._folder)


@contextlib.contextmanager
def _as_storage_errors() -> Generator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("There is no room left for pictures.") from error
        raise StorageError(f"Pictures cannot be written ({error.strerror}).") from error


def _sync(path: Path) -> None:
    """Have a file's bytes, or a folder's names, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
