"""What is checked without a network: settings, the data folder, the disk; and the database."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from bot.config import Config
from bot.errors import ConfigError, EaselError, StorageBusy
from bot.providers import keys
from bot.providers.registry import Catalogue
from bot.storage import schema
from bot.storage.database import Database, sqlite_file
from bot.terminal.checks import Finding, fail, ok, warn
from bot.terminal.saying import sentence

LITTLE_BYTES, TOO_LITTLE_BYTES = 1_000_000_000, 100_000_000
"""Free room: a picture takes about 1.5 MB."""

CORRECT = "Correct it in the environment or in .env; README.md lists the settings."


def settings(catalogue: Catalogue, config: Config) -> list[Finding]:
    """Whether `EASEL_ROUTES` can be used, for new pictures and for edits."""
    try:
        routes = keys.for_pictures(catalogue, config).routes
    except ConfigError as error:
        return [fail("settings", str(error), CORRECT)]
    listed = ", ".join(route.name for route in routes)
    missing = [
        task
        for task, able in (
            ("draws from words alone", any(route.draws for route in routes)),
            ("changes pictures", any(route.edits for route in routes)),
        )
        if not able
    ]
    if missing:
        wrong = f"No route of EASEL_ROUTES ({listed}) {' or '.join(missing)}."
        return [warn("settings", wrong, "Add one to it; `easel routes` lists what each can do.")]
    return [ok("settings", f"{catalogue.model} by {listed}")]


def folder(config: Config) -> list[Finding]:
    """Whether the data folder can be written, and the room on its disk."""
    data = config.data_dir.resolve()
    there = next(one for one in (data, *data.parents) if one.exists())
    fix = "Give Easel's user the right to write there, or set EASEL_DATA_DIR to another folder."
    if wrong := _unwritable(there, is_data=there == data):
        return [fail("data folder", f"{data} cannot be written: {wrong}.", fix)]
    new = "" if there == data else " (made at the first start)"
    free = shutil.disk_usage(there).free
    room = f"{free / 1e9:,.1f} GB free"
    more = "Make room, or set EASEL_KEEP_DAYS lower."
    disk = (
        fail("disk", f"Only {room}.", more)
        if free < TOO_LITTLE_BYTES
        else warn("disk", f"Only {room}.", more)
        if free < LITTLE_BYTES
        else ok("disk", room)
    )
    return [ok("data folder", f"{data}{new}"), disk]


def _unwritable(there: Path, *, is_data: bool) -> str:
    """Why nothing can be written in a folder; "" when it can. Leaves nothing behind."""
    if not there.is_dir():
        return f"{there} is not a folder"
    if not is_data:  # it is not ours: look, but do not touch
        return "" if os.access(there, os.W_OK | os.X_OK) else f"no right to write in {there}"
    for one in (there, there / "blobs"):
        if one.exists():
            try:
                with tempfile.TemporaryFile(dir=one):
                    pass
            except OSError as error:
                return error.strerror or type(error).__name__
    return ""


async def database(config: Config) -> list[Finding]:
    """Whether the database opens and is up to date. Reads only, beside a running bot too."""
    name, url = "database", config.database_url
    fix = "Check EASEL_DATABASE_URL, that the server runs, and Easel's rights there."
    try:
        file = sqlite_file(url)
        if file is not None and not file.exists():
            return [ok(name, f"{file} is not there yet; the first start makes it")]
        opened = await Database.open(url, lock=False)
        await opened.close()
        missing = await schema.pending(url)
    except ConfigError as error:
        return [fail(name, str(error), fix)]
    except StorageBusy as error:
        return [warn(name, f"{error}", "Try again when less is going on.")]
    except EaselError as error:
        return [fail(name, str(error) or sentence(error), fix)]
    if file is not None and not os.access(file, os.W_OK):
        return [fail(name, f"{file} can be read, but not written.", fix)]
    if missing:
        listed = ", ".join(missing)
        return [warn(name, f"It opens; not applied yet: {listed}.", "`easel run` applies them.")]
    return [ok(name, f"{'PostgreSQL' if file is None else file}, up to date")]
