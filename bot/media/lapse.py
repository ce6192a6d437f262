"""Time-lapse: the pictures of a branch, one after the other, each fading into the next."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Literal, TypeVar

from PIL import Image

from bot.domain.sheets import Drawn, Read
from bot.media.canvas import GROUND
from bot.media.decode import resized
from bot.media.thumbnails import thumbnail, within

MOST_PICTURES = 60
MAX_SIDE_PX = 512
SMALLEST_PX = 32
HOLD_S = 1.2
FADES = {"webp": 3, "gif": 2}  # frames of a cross-fade; a GIF takes several times the bytes
FADE_S = 0.07  # each of them
HIGH, LOW = 75, 55  # WebP's quality
SAVED = 0.7  # what LOW takes of HIGH
SAMPLE = 4  # pictures written first, to guess the size of all

Form = Literal["webp", "gif"]
T = TypeVar("T")


def time_lapse(
    reads: Sequence[Read],
    *,
    max_bytes: int,
    seconds: float = HOLD_S,
    max_side_px: int = MAX_SIDE_PX,
    form: Form = "webp",
) -> Drawn:
    """Draw an endless animation, each picture shown for so many seconds, the last twice as long.

    All have the shape of the first; others stand on a dark ground. Of more than 60 pictures
    some are left out, evenly, never the first or the last. Quality and size are lowered until
    it fits into `max_bytes`; raises ValueError when it cannot, or without a picture.
    """
    if not reads:
        raise ValueError("a time-lapse needs a picture")
    pictures = [thumbnail(read, max_side_px, max_side_px) for read in _some(reads, MOST_PICTURES)]
    size, quality = _scaled(pictures[0].size, max_side_px), HIGH
    some = _some(pictures, SAMPLE)
    expected = len(_animated(some, size, form, quality, seconds)) * len(pictures) / len(some)
    while True:
        if expected <= max_bytes:
            data = _animated(pictures, size, form, quality, seconds)
            if len(data) <= max_bytes:
                return Drawn(data, f"image/{form}", *size)
            expected = len(data)
        if form == "webp" and quality == HIGH:
            quality, expected = LOW, expected * SAVED
            continue
        if max(size) <= SMALLEST_PX:
            raise ValueError(f"no time-lapse fits into {max_bytes} bytes")
        # Bytes go with the area; a little less, since another attempt takes seconds as well.
        by = min(0.85, 0.92 * math.sqrt(max_bytes / expected))
        size = _scaled(pictures[0].size, max(SMALLEST_PX, int(max(size) * by)))
        expected = 0


def _some(all_of_them: Sequence[T], most: int) -> list[T]:
    """At most so many, evenly, with the first and the last."""
    count = min(len(all_of_them), most)
    last = max(1, count - 1)
    return [all_of_them[index * (len(all_of_them) - 1) // last] for index in range(count)]


def _scaled(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Within `side`, in proportion; even, as video and some viewers want it."""
    by = min(1.0, side / max(size))
    width, height = (max(2, round(length * by / 2) * 2) for length in size)
    return width, height


def _framed(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture on a canvas of this size, in its middle, as large as it can be."""
    by = min(size[0] / picture.width, size[1] / picture.height)
    if by > 1:
        width, height = (max(1, round(side * by)) for side in picture.size)
        picture = resized(picture, (width, height))
    picture = within(picture, *size)
    frame = Image.new("RGB", size, GROUND)
    frame.paste(picture, ((size[0] - picture.width) // 2, (size[1] - picture.height) // 2))
    return frame


def _animated(
    pictures: Sequence[Image.Image],
    size: tuple[int, int],
    form: Form,
    quality: int,
    seconds: float,
) -> bytes:
    fades = FADES[form]
    hold, fade = round(seconds * 1000), round(FADE_S * 1000)
    durations = [hold, *([fade] * fades + [hold]) * (len(pictures) - 1)]
    durations[-1] = 2 * hold
    buffer = io.BytesIO()
    frames = _Frames(pictures, size, fades)
    options = {"quality": quality, "method": 2} if form == "webp" else {"optimize": False}
    frames.save(buffer, form, save_all=True, duration=durations, loop=0, **options)
    return buffer.getvalue()


class _Frames(Image.Image):
    """The frames as Pillow's writers ask for them, one at a time.

    As a list, those between two pictures would take a megabyte each, all at once.
    """

    def __init__(self, pictures: Sequence[Image.Image], size: tuple[int, int], fades: int) -> None:
        super().__init__()
        self._pictures, self._step, self._at = pictures, fades + 1, 0
        self._near: dict[int, Image.Image] = {}
        self.n_frames = (len(pictures) - 1) * self._step + 1
        self._mode, self._size = "RGB", size
        self.seek(0)

    def seek(self, frame: int) -> None:
        """Become that frame. Raises EOFError behind the last."""
        if not 0 <= frame < self.n_frames:
            raise EOFError
        index, fade = divmod(frame, self._step)
        shown = self._framed(index)
        if fade:
            shown = Image.blend(shown, self._framed(index + 1), fade / self._step)
        self.im, self._at = shown.im, frame

    def tell(self) -> int:
        """The number of the frame."""
        return self._at

    def _framed(self, index: int) -> Image.Image:
        if index not in self._near:
            self._near = {near: kept for near, kept in self._near.items() if near == index - 1}
            self._near[index] = _framed(self._pictures[index], self._size)
        return self._near[index]
