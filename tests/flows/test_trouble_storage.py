"""The database is locked, or the disk is full."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.domain.ids import JobId
from bot.domain.jobs import State
from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.trouble import KEY, WISH, Trouble
from tests.flows.waiting import until

ROOM_MIB = 24


class Lock:
    """Another program that writes to the bot's database for too long."""

    def __init__(self, world: World) -> None:
        self._other = sqlite3.connect(world.config.data_dir / "easel.db", isolation_level=None)

    def take(self) -> None:
        self._other.execute("BEGIN IMMEDIATE")

    def give_back(self) -> None:
        self._other.rollback()

    def close(self) -> None:
        self._other.close()


async def be_impatient(world: World, busy_timeout_s: float = 0.2) -> None:
    """Have the bot wait less for a lock than its usual five seconds, for the test's sake."""
    async with world.easel.database.transaction() as conn:
        await conn.exec_driver_sql(f"PRAGMA busy_timeout={int(busy_timeout_s * 1000)}")


@pytest.fixture
def lock(world: World) -> Generator[Lock]:
    made = Lock(world)
    yield made
    made.close()


def once(world: World, state: State, then: Callable[[], None]) -> None:
    """Do something the moment the next job comes to a state."""
    done: list[JobId] = []

    def listen(job_id: JobId, reached: State) -> None:
        if reached is state and not done:
            done.append(job_id)
            then()

    world.easel.stages.listeners.append(listen)


@pytest.mark.parametrize("busy_timeout_s", [0.2, 1.2])  # before and after «thinking» is said
async def test_locked_when_a_wish_arrives(
    trouble: Trouble, world: World, lock: Lock, busy_timeout_s: float
) -> None:
    await be_impatient(world, busy_timeout_s)
    lock.take()
    result = await trouble.imagine()
    assert trouble.shown(result) == sentence("storage_busy")
    await world.alice.send(world.channel, f"<@{world.env.backend.bot_user.id}> {WISH}")
    assert world.said()[-1] == sentence("storage_busy")
    lock.give_back()
    assert trouble.asked() == 0
    await trouble.nothing_counted()
    await trouble.over()


@pytest.mark.parametrize("state", [State.DRAWING, State.DRAWN])
async def test_locked_while_a_picture_is_made(
    trouble: Trouble, world: World, lock: Lock, state: State
) -> None:
    await be_impatient(world)

    def take() -> None:
        lock.take()
        asyncio.get_running_loop().call_later(1.5, lock.give_back)

    once(world, state, take)
    await trouble.imagine()
    await world.drawn()
    assert trouble.asked() == 1
    assert len([one for one in world.messages() if one["attachments"]]) == 1
    await trouble.over()


class TestOneAtATime:
    @pytest.fixture
    def settings(self, settings: dict[str, str]) -> dict[str, str]:
        return {**settings, "EASEL_CONCURRENCY": "1"}

    async def test_locked_while_a_wish_waits(
        self, trouble: Trouble, world: World, lock: Lock
    ) -> None:
        await be_impatient(world)

        def take() -> None:
            lock.take()
            asyncio.get_running_loop().call_later(1.5, lock.give_back)

        world.provider.delay_s = 0.5
        await trouble.imagine()
        await trouble.imagine()
        once(world, State.SETTLED, take)
        await world.drawn()
        await world.drawn()
        assert trouble.asked() == 2
        await trouble.over()


async def test_locked_while_a_sentence_is_written(
    trouble: Trouble, world: World, lock: Lock
) -> None:
    await be_impatient(world)

    def take() -> None:
        lock.take()
        asyncio.get_running_loop().call_later(1.5, lock.give_back)

    once(world, State.DRAWING, take)
    world.provider.key = "another"
    await trouble.job_told(await trouble.imagine(), "provider_key")
    assert trouble.asked() == 1
    world.provider.key = KEY
    await trouble.nothing_counted()
    await trouble.over()


async def test_locked_while_a_picture_is_deleted(
    trouble: Trouble, world: World, lock: Lock
) -> None:
    await be_impatient(world)
    await trouble.imagine()
    picture = await world.drawn()
    row = await world.row_of(picture)
    lock.take()
    asyncio.get_running_loop().call_later(1.5, lock.give_back)
    await world.mod.delete(picture)
    assert not (await world.row(row.id)).wish.words  # forgotten as soon as it could be
    await trouble.over()


async def test_no_room_for_the_database(trouble: Trouble, world: World) -> None:
    async with world.easel.database.transaction() as conn:
        pages = (await conn.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    long = "☂" * 2000  # 6 kB do not fit into what is left of a page
    trouble.refused(await trouble.imagine(prompt=long), "storage_full")
    assert trouble.asked() == 0
    await trouble.nothing_counted()
    async with world.easel.database.transaction() as conn:
        await conn.exec_driver_sql("PRAGMA max_page_count=1000000")
    await trouble.over()


@pytest.fixture
def small_disk(tmp_path: Path) -> Generator[Path]:
    """A file system with little room, where the test may make one."""
    place = tmp_path / "data"
    place.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None:
        pytest.skip("there is no mount to make a small disk with")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={ROOM_MIB}m", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if made.returncode != 0:
        pytest.skip("only root may make a small disk")
    yield place
    subprocess.run([umount, "--lazy", str(place)], check=True)


@contextmanager
def full(disk: Path) -> Generator[Callable[[], None]]:
    """Gives a function that takes all the room; it comes back at the end."""
    filler = disk / "filler"

    def fill() -> None:
        with filler.open("ab", buffering=0) as file:
            for piece in (1024 * 1024, 4096):
                try:
                    while True:
                        file.write(bytes(piece))
                except OSError:
                    continue

    try:
        yield fill
    finally:
        filler.unlink(missing_ok=True)


async def test_a_full_disk_when_a_wish_arrives(
    small_disk: Path, trouble: Trouble, world: World
) -> None:
    with full(small_disk) as fill:
        fill()
        trouble.refused(await trouble.imagine(prompt="☂" * 2000), "storage_full")
        assert trouble.asked() == 0
    await trouble.nothing_counted()
    await trouble.over()


async def test_a_full_disk_while_a_picture_is_drawn(
    small_disk: Path, trouble: Trouble, world: World
) -> None:
    world.provider.studio._picture_bytes = 2_000_000
    with full(small_disk) as fill:
        once(world, State.DRAWING, fill)
        await trouble.imagine()
        waiting = "waiting for storage: There is no room left for pictures."
        await until(lambda: waiting in trouble.log.text)
        assert world.ends.empty()
    picture = await world.drawn()
    assert "a picture stays in memory: No space left on device" in trouble.log.text
    assert await world.bytes_of(picture) == world.provider.said[0].pictures[0].data
    assert trouble.asked() == 1
    assert incoming(world) == []
    await trouble.over()


@pytest.mark.parametrize("state", [State.DRAWN, State.DELIVERED])
async def test_a_full_disk_later(
    small_disk: Path, trouble: Trouble, world: World, state: State
) -> None:
    """Neither the picture nor its message is there twice when there is room again."""
    filled = asyncio.Event()
    with full(small_disk) as fill:

        def and_tell() -> None:
            fill()
            filled.set()

        once(world, state, and_tell)
        await trouble.imagine()
        await filled.wait()
        await asyncio.sleep(1.0)
    await world.drawn()
    assert trouble.asked() == 1
    assert len([one for one in world.messages() if one["attachments"]]) == 1
    await trouble.over()


def incoming(world: World) -> list[Path]:
    """The files of pictures that are being received."""
    return list((world.config.data_dir / "blobs" / "incoming").glob("*"))


async def test_a_picture_that_is_being_received_is_in_a_file(
    trouble: Trouble, world: World
) -> None:
    world.provider.studio._picture_bytes = 2_000_000
    await trouble.imagine()
    picture = await world.drawn()
    row = await world.row_of(picture)
    kept = world.config.data_dir / "blobs" / row.picture.key[:2] / row.picture.key
    assert kept.read_bytes() == await world.bytes_of(picture)
    assert incoming(world) == []
    left = world.config.data_dir / "blobs" / "incoming" / "0123.part"
    left.write_bytes(b"what a killed process leaves")
    await world.restart()
    assert incoming(world) == []
    await trouble.over()
