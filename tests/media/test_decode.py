"""Attacks on the reader: each has to end at once, with the error that names it."""

from __future__ import annotations

import io
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image, ImageFile

from bot.errors import PictureError
from bot.media import decode, scans
from bot.media.decode import open_picture, scaled_size
from tests.media.pictures import photo, png_chunk, png_header, written


def read(data: bytes, max_pixels: int) -> Image.Image:
    _, image = open_picture(data, max_pixels=max_pixels)
    return decode.decode(image, max_pixels=max_pixels, max_side_px=2048)


def error_of(data: bytes, max_pixels: int = 50_000_000) -> PictureError:
    started = time.thread_time()
    with pytest.raises(PictureError) as caught:
        read(data, max_pixels)
    assert time.thread_time() - started < 2
    return caught.value


def scans_of(data: bytes) -> list[bytes]:
    """Each scan of a JPEG with its tables before it."""
    starts = [at for at in range(len(data)) if data[at : at + 2] == b"\xff\xda"]
    return [
        data[start:end] for start, end in zip(starts, [*starts[1:], len(data) - 2], strict=True)
    ]


@pytest.mark.parametrize("size", [(7072, 7072), (12_000, 12_000), (65_000, 65_000)])
def test_pixels_are_counted_before_they_are_decoded(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
):
    def never(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", never)
    error = error_of(png_header(*size))
    assert error.key == "picture_too_many_pixels"
    assert error.values == {"limit_megapixels": 50}


def test_a_webp_that_claims_a_huge_canvas():
    data = bytearray(written(Image.new("RGBA", (64, 64), (1, 2, 3, 4)), "WEBP", exif=b"Exif\0\0"))
    assert data[12:16] == b"VP8X"
    data[24:30] = b"\xfe\x3f\0\xfe\x3f\0"  # 16,383 × 16,383
    assert error_of(bytes(data)).key in {"picture_too_many_pixels", "picture_broken"}


def test_a_jpeg_of_endless_scans():
    grey = Image.new("L", (4000, 4000), 128)
    data = written(grey, "JPEG", progressive=True)
    empty = min(scans_of(data), key=len)
    error = error_of(data[:-2] + empty * 500 + b"\xff\xd9")
    assert error.key == "picture_broken"
    assert "scans" in error.detail


def test_a_sequential_jpeg_of_endless_scans():
    data = written(Image.new("RGB", (64, 64)), "JPEG")
    start = data.index(b"\xff\xda")
    one_component = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" + b"\0" * 8
    error = error_of(data[:start] + one_component * 100 + b"\xff\xd9")
    assert "scans" in error.detail


def test_ordinary_progressive_jpegs_pass():
    data = written(photo(), "JPEG", progressive=True)
    assert 1 < len(scans_of(data)) <= scans.MAX_SCANS / 2
    assert open_picture(data, max_pixels=50_000_000)[0] == "image/jpeg"


def test_scans_of_an_embedded_second_picture_do_not_count():
    one = written(photo(), "JPEG", progressive=True)
    assert open_picture(one + one * 20, max_pixels=50_000_000)[0] == "image/jpeg"


def test_a_jpeg_of_endless_empty_segments():
    data = written(photo(), "JPEG")
    error = error_of(data[:2] + b"\xff\xfe\0\2" * 1_000_000 + data[2:])
    assert error.key == "picture_broken"
    assert "segments" in error.detail


def test_a_png_of_endless_empty_chunks():
    data = written(photo(), "PNG")
    error = error_of(data[:33] + png_chunk(b"ruBb", b"") * 400_000 + data[33:])
    assert error.key == "picture_broken"
    assert "reads" in error.detail


def test_no_other_format_is_opened(monkeypatch: pytest.MonkeyPatch):
    asked: list[object] = []
    original = Image.open

    def spy(fp: io.BytesIO, **options: object) -> object:
        asked.append(options["formats"])
        return original(fp, formats=["JPEG"])

    monkeypatch.setattr(Image, "open", spy)
    open_picture(written(photo(), "JPEG"), max_pixels=50_000_000)
    assert asked == [["JPEG"]]


def test_pillow_does_not_forgive_truncated_files():
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_the_same_bytes_give_the_same_error():
    data = b"\x89PNG\r\n\x1a\n" + png_chunk(b"nope", b"")
    first, second = error_of(data), error_of(data)
    assert (first.key, first.values, first.detail) == (second.key, second.values, second.detail)
    assert "0x" not in first.detail


@pytest.mark.parametrize(
    ("size", "side", "scaled"),
    [
        ((100, 50), 100, (100, 50)),
        ((4000, 3000), 2000, (2000, 1500)),
        ((3000, 4000), 1000, (750, 1000)),
        ((50_000, 10), 100, (100, 1)),
    ],
)
def test_sizes_scale_in_proportion(size: tuple[int, int], side: int, scaled: tuple[int, int]):
    assert scaled_size(size, side) == scaled


@pytest.mark.parametrize(("large_pixels", "at_a_time"), [(1000, 1), (1_000_000, 3)])
def test_large_pictures_are_decoded_one_at_a_time(
    large_pixels: int, at_a_time: int, monkeypatch: pytest.MonkeyPatch
):
    inside: list[int] = []
    most: list[int] = []
    original = ImageFile.ImageFile.load

    def slow_load(image: ImageFile.ImageFile) -> object:
        if not image.tile:  # loaded before: Pillow asks at every turn
            return original(image)
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.03)
        inside.pop()
        return original(image)

    monkeypatch.setattr(decode, "LARGE_PIXELS", large_pixels)
    monkeypatch.setattr(ImageFile.ImageFile, "load", slow_load)
    data = written(photo(), "PNG")
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(read, [data] * 3, [50_000_000] * 3))
    assert max(most) == at_a_time
