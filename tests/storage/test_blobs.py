from __future__ import annotations

import datetime as dt
import hashlib
import os
import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.domain.ids import BlobKey
from bot.errors import PictureError, StorageError
from bot.storage.blobs import Blobs

OLD = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)


def age(blobs: Blobs, key: BlobKey) -> None:
    os.utime(blobs.path(key), (OLD.timestamp(), OLD.timestamp()))


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_picture_is_found_by_what_is_in_it(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "new" / "blobs")
    key = blobs.put(b"picture")
    assert key == hashlib.sha256(b"picture").hexdigest()
    assert blobs.path(key) == tmp_path / "new" / "blobs" / key[:2] / key
    assert blobs.get(key) == b"picture"
    blobs.require(key)
    assert blobs.put(b"picture") == key
    assert files(tmp_path) == [key]


def test_a_picture_that_is_gone_says_so(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    key = blobs.put(b"picture")
    blobs.remove(key)
    blobs.remove(key)
    for look in (blobs.get, blobs.require):
        with pytest.raises(PictureError) as gone:
            look(key)
        assert gone.value.key == "picture_not_kept"


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_what_is_no_key_names_no_file(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not the key"):
        Blobs(tmp_path).get(BlobKey(key))


def test_old_files_are_purged_but_for_those_in_use(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    old, used, again, new = (blobs.put(data) for data in (b"old", b"used", b"again", b"new"))
    for key in (old, used, again):
        age(blobs, key)
    blobs.put(b"again")  # counts as new from here on
    unfinished = tmp_path / old[:2] / "crashed.part"
    unfinished.write_bytes(b"half")
    os.utime(unfinished, (OLD.timestamp(), OLD.timestamp()))
    assert blobs.purge(LATER, {used}) == 2
    assert files(tmp_path) == sorted([used, again, new])
    assert Blobs(tmp_path / "nothing").purge(LATER) == 0


def test_what_is_put_again_while_purging_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = Blobs(tmp_path)
    key = blobs.put(b"picture")
    age(blobs, key)
    putting = threading.Thread(target=blobs.put, args=(b"picture",))
    unlink = Path.unlink

    def unlink_late(path: Path, *, missing_ok: bool = False) -> None:
        putting.start()
        putting.join(0.1)  # time enough to find the file there and be content with it
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink_late)
    assert blobs.purge(LATER) == 1
    putting.join()
    assert files(tmp_path) == [key]


def test_a_disk_that_takes_no_write_leaves_nothing(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(StorageError):
            blobs.put(b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert files(tmp_path) == []
    blobs.put(b"x" * 100_000)


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_bytes(b"")
    with pytest.raises(StorageError):
        Blobs(tmp_path / "blobs").put(b"picture")


def test_killed_while_writing_there_is_a_whole_file_or_none(tmp_path: Path) -> None:
    writer = (
        "import sys, pathlib; from bot.storage.blobs import Blobs\n"
        "blobs = Blobs(pathlib.Path(sys.argv[1])); print('go', flush=True)\n"
        "for n in range(100000): blobs.put(n.to_bytes(4, 'big') * 50000)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", writer, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "go\n"
    while len(files(tmp_path)) < 5:
        pass
    process.kill()
    process.communicate()
    for name in files(tmp_path):
        if not name.endswith(".part"):
            data = (tmp_path / name[:2] / name).read_bytes()
            assert hashlib.sha256(data).hexdigest() == name
