"""Pictures from and to files that a person named."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Generator, Sequence
from pathlib import Path

from bot.domain.ids import BlobKey
from bot.domain.images import Stored
from bot.domain.routes import Profile
from bot.errors import CommandError, PictureError
from bot.media.pool import Media
from bot.media.sanitize import MAX_INPUT_BYTES, Cleaned
from bot.terminal.saying import sentence
from bot.workers import Workers


async def cleaned(
    images: Sequence[Path], profile: Profile, media: Media, workers: Workers
) -> list[Cleaned]:
    """The input pictures as they are sent.

    Raises CommandError; a sentence about one of them begins with its name.
    """
    pictures: list[Cleaned] = []
    for image in images:
        try:
            data = await workers.run(_read, image)
        except OSError as error:
            raise CommandError(f"{image} cannot be read: {error.strerror}.") from error
        try:
            one = await media.clean(
                data, max_side_px=profile.max_input_side_px, max_bytes=profile.max_input_bytes
            )
        except PictureError as error:
            raise CommandError(f"{image}: {sentence(error)}") from error
        pictures.append(one)
    return pictures


def _read(image: Path) -> bytes:
    with image.open("rb") as file:
        return file.read(MAX_INPUT_BYTES + 1)  # one more than is taken: it is refused as too large


def as_stored(pictures: Sequence[Cleaned]) -> tuple[Stored, ...]:
    """The pictures as a request counts them; nothing is stored here."""
    return tuple(
        Stored(
            BlobKey(hashlib.sha256(one.data).hexdigest()),
            one.media_type,
            one.width_px,
            one.height_px,
            len(one.data),
        )
        for one in pictures
    )


@contextlib.contextmanager
def beside(output: Path) -> Generator[Path]:
    """An empty file in the folder of `output`, which shows that the folder can be written.

    It is gone at the end unless it was moved. Raises CommandError when there can be none.
    """
    unfinished = output.resolve().with_name(f".{output.name}.{os.getpid()}.part")
    try:
        unfinished.touch(exist_ok=False)
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
    try:
        yield unfinished
    finally:
        unfinished.unlink(missing_ok=True)


def put(data: bytes, unfinished: Path, output: Path) -> None:
    """Write a picture so that `output` is never half of one. Raises CommandError."""
    try:
        unfinished.write_bytes(data)
        unfinished.replace(output.resolve())  # a symbolic link stays one
    except OSError as error:
        raise CommandError(f"{output} could not be written: {error.strerror}.") from error
