from __future__ import annotations

import io
import itertools
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageOps

from bot.errors import PictureError
from bot.media.phash import ALIKE, distance, phash
from bot.standins.provider.painter import paint
from tests.media.pictures import data_of, opened, photo, shared, written

WORDS = ("a red fox in the snow", "a lighthouse by the sea", "a robot at night", "abstract tiles")
SKIPPED = {"hopper.heif", "exif_gps.jpg"}  # not read; too small


def painted(words: str) -> bytes:
    return paint(words, 1, [], (640, 512), 1)


def again(data: bytes) -> list[bytes]:
    """The picture as other people post it: re-encoded, resized, in other formats and modes."""
    image = opened(data).convert("RGB")
    third = image.resize((max(1, image.width // 3), max(1, image.height // 3)))
    wider = image.resize((round(image.width * 1.3), round(image.height * 1.2)))
    return [
        written(image, "JPEG", quality=60),
        written(third, "JPEG", quality=60),
        written(wider, "WEBP", quality=60),
        written(image.quantize(64), "PNG"),
        written(image.quantize(64), "GIF"),
        written(image.convert("RGBA"), "PNG"),
        written(image.convert("L"), "PNG"),
    ]


@pytest.mark.parametrize(
    "path", [p for p in shared("photos") if p.name not in SKIPPED], ids=lambda path: path.name
)
def test_the_same_photo_again(path: Path):
    data = data_of(path)
    # What `again` writes has no mark for the direction any more.
    data = written(ImageOps.exif_transpose(opened(data)).convert("RGB"), "PNG")
    known = phash(data)
    assert 0 <= known < 2**63
    assert max(distance(known, phash(other)) for other in again(data)) <= ALIKE


@pytest.mark.parametrize("words", WORDS)
def test_the_same_drawing_again(words: str):
    data = painted(words)
    assert max(distance(phash(data), phash(other)) for other in again(data)) <= ALIKE


def test_different_pictures_differ():
    hashes = [phash(painted(words)) for words in WORDS]
    names = [path for path in shared("photos") if path.name in {"hopper.jpg", "flower2.jpg"}]
    hashes += [phash(data_of(path)) for path in names if path.is_file()]
    assert min(distance(a, b) for a, b in itertools.combinations(hashes, 2)) > 16


def test_an_animation_is_its_first_frame():
    first = opened(painted(WORDS[0])).convert("RGB")
    second = Image.effect_noise(first.size, 90).convert("RGB")
    buffer = io.BytesIO()
    first.save(buffer, "WEBP", save_all=True, append_images=[second], duration=100, quality=90)
    assert distance(phash(buffer.getvalue()), phash(written(first, "PNG"))) <= ALIKE


@pytest.mark.parametrize("colour", ["black", "white", "red"])
def test_a_picture_of_one_colour_has_none(colour: str):
    assert phash(written(Image.new("RGB", (300, 200), colour), "PNG")) == 0


def test_a_small_mark_changes_little():
    image = opened(painted(WORDS[0])).convert("RGB")
    marked = image.copy()
    ImageDraw.Draw(marked).text((20, 20), "made by me", fill="white", font_size=24)
    assert distance(phash(written(image, "PNG")), phash(written(marked, "PNG"))) <= ALIKE


def test_distance_counts_bits():
    assert distance(0b1011, 0b0010) == 2
    assert distance(2**62, 0) == 1


def test_what_is_broken_has_no_hash():
    with pytest.raises(PictureError):
        phash(written(photo(), "PNG")[:500])
