from __future__ import annotations

import time
from pathlib import Path

import pytest
from PIL import Image

from bot.errors import PictureError
from bot.media import sanitize
from bot.media.sanitize import MAX_INPUT_BYTES, Cleaned, clean
from tests.media.pictures import (
    BLUE,
    GREEN,
    RED,
    SECRET,
    SHARED,
    WHITE,
    alike,
    assert_bare,
    corner_colours,
    corners,
    data_of,
    exif,
    opened,
    photo,
    shared,
    srgb_profile,
    written,
)

SIDE, BYTES = 2048, 2_000_000


def cleaned(data: bytes, side: int = SIDE, limit: int = BYTES) -> Cleaned:
    """`clean`, with everything checked that holds for every result."""
    result = clean(data, max_side_px=side, max_bytes=limit)
    image = opened(result.data)
    assert image.mode == "RGB"
    assert image.get_format_mimetype() == result.media_type
    assert image.size == (result.width_px, result.height_px)
    assert min(image.size) >= 64
    assert max(image.size) <= max(side, 64)
    assert len(result.data) <= limit
    assert_bare(result.data)
    return result


def error_of(data: bytes) -> PictureError:
    with pytest.raises(PictureError) as caught:
        clean(data, max_side_px=SIDE, max_bytes=BYTES)
    return caught.value


@pytest.mark.parametrize("path", shared("photos"), ids=lambda path: path.name)
def test_photos(path: Path):
    data = data_of(path)
    match path.name:
        case "hopper.heif":
            assert error_of(data).values == {"format": "HEIC"}
        case "exif_gps.jpg":
            assert error_of(data).values == {"width": 8, "height": 8, "minimum": 64}
        case _:
            cleaned(data)


READABLE = {
    "decompression_bomb_extents.gif",  # its second frame is the bomb; only the first is read
    "hopper_bad_exif.jpg",
    "invalid-exif.jpg",
    "truncated_app14.jpg",
}


@pytest.mark.parametrize("path", shared("hostile"), ids=lambda path: path.name)
def test_hostile(path: Path):
    data = data_of(path)
    started = time.thread_time()
    if path.name in READABLE:
        cleaned(data)
    else:
        assert error_of(data).key in {
            "picture_broken",
            "picture_format",
            "picture_too_many_pixels",
        }
    assert time.thread_time() - started < 2


def test_a_picture_turned_by_its_container():
    data = data_of(SHARED / "photos" / "rot1mir0.avif")
    result = cleaned(data)
    assert (result.width_px, result.height_px) == (640, 427)  # stored as 427 × 640
    sky_left, sky_right, grass_left, grass_right = corner_colours(opened(result.data))
    for red, _, blue in (sky_left, sky_right):
        assert blue > red
    for _, green, blue in (grass_left, grass_right):
        assert green > blue


TURNS = {  # how EXIF's eight orientations have to be stored to be seen upright
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", TURNS)
def test_every_orientation_is_turned_upright(orientation: int, form: str):
    turn = TURNS[orientation]
    stored = corners() if turn is None else corners().transpose(turn)
    result = cleaned(written(stored, form, exif=exif(orientation)))
    assert (result.width_px, result.height_px) == (160, 96)
    for found, expected in zip(
        corner_colours(opened(result.data)), (RED, GREEN, BLUE, WHITE), strict=True
    ):
        assert alike(found, expected)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("image", [photo(), corners()], ids=["photo", "drawing"])
def test_place_profile_and_words_are_gone(form: str, image: Image.Image):
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    data = written(image, form, exif=exif(), xmp=xmp, icc_profile=srgb_profile())
    assert SECRET in data
    assert opened(data).getexif().get_ifd(0x8825)
    result = cleaned(data)
    assert SECRET not in result.data
    assert not opened(result.data).getexif()


def test_comments_are_gone():
    assert SECRET not in cleaned(written(photo(), "JPEG", comment=SECRET)).data
    assert SECRET not in cleaned(written(photo().quantize(32), "GIF", comment=SECRET)).data


def test_broken_metadata_does_not_spoil_a_picture():
    data = written(photo(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01" * 40)
    cleaned(data)
    cleaned(written(photo(), "JPEG", icc_profile=b"no profile at all"))
    cleaned(written(photo(), "PNG", icc_profile=srgb_profile()[:200]))


def test_a_profile_is_applied():
    # A profile of swapped primaries: what it calls red is sRGB's green.
    profile = srgb_profile()
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    swapped = bytearray(profile)
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    image = Image.new("RGB", (64, 64), (255, 0, 0))
    result = opened(cleaned(written(image, "PNG", icc_profile=bytes(swapped))).data)
    assert alike(corner_colours(result)[0], (0, 255, 0))


def test_sixteen_bits():
    image = Image.new("I;16", (128, 64), 32_768)
    image.paste(65_535, (64, 0, 128, 64))
    left, right, *_ = corner_colours(opened(cleaned(written(image, "PNG")).data))
    assert alike(left, (128, 128, 128), by=1)
    assert alike(right, (255, 255, 255), by=1)


def test_cmyk():
    image = corners().convert("CMYK")
    found = corner_colours(opened(cleaned(written(image, "JPEG", quality=95)).data))
    for one, other in zip(found, (RED, GREEN, BLUE, WHITE), strict=True):
        assert alike(one, other)


@pytest.mark.parametrize("form", ["PNG", "GIF"])
def test_palette_with_transparency_is_laid_on_white(form: str):
    image = Image.new("P", (128, 64), 0)
    image.putpalette([*RED, *BLUE])
    image.paste(1, (64, 0, 128, 64))
    result = cleaned(written(image, form, transparency=1))
    assert result.media_type == "image/png"
    assert corner_colours(opened(result.data))[:2] == [RED, (255, 255, 255)]


def test_what_was_erased_does_not_come_back():
    image = photo().convert("RGBA")
    image.putalpha(0)
    assert opened(cleaned(written(image, "PNG")).data).getcolors() == [(320 * 240, (255, 255, 255))]


def test_light_drawings_are_laid_on_black():
    image = Image.new("RGBA", (128, 64), (0, 0, 0, 0))
    image.paste((255, 255, 255, 255), (64, 0, 128, 64))
    found = corner_colours(opened(cleaned(written(image, "PNG")).data))
    assert found[:2] == [(0, 0, 0), (255, 255, 255)]


@pytest.mark.parametrize("form", ["GIF", "WEBP", "AVIF"])
def test_of_animations_the_first_frame(form: str):
    frames = [Image.new("RGB", (64, 64), colour) for colour in (RED, GREEN, BLUE)]
    data = written(frames[0], form, save_all=True, append_images=frames[1:], duration=100)
    assert alike(corner_colours(opened(cleaned(data).data))[0], RED)


def test_few_colours_stay_sharp():
    result = cleaned(written(corners(), "PNG"))
    assert result.media_type == "image/png"
    assert corner_colours(opened(result.data)) == [RED, GREEN, BLUE, WHITE]


def test_large_pictures_are_scaled_down():
    result = cleaned(written(photo(1200, 900), "PNG"), side=400)
    assert (result.width_px, result.height_px) == (400, 300)
    result = cleaned(written(photo(900, 1200), "JPEG"), side=200)
    assert (result.width_px, result.height_px) == (150, 200)


def test_small_pictures_keep_their_size():
    result = cleaned(written(photo(100, 64), "PNG"))
    assert (result.width_px, result.height_px) == (100, 64)


def test_narrow_pictures_keep_the_least_side_and_their_shape():
    result = cleaned(written(Image.new("RGB", (2000, 64), RED), "PNG"), side=500)
    assert (result.width_px, result.height_px) == (500, 64)
    image = opened(result.data)
    assert image.getpixel((250, 32)) == RED
    assert image.getpixel((250, 5)) == (255, 255, 255)


def test_narrow_pictures_keep_the_least_side_when_bytes_are_short():
    noise = Image.merge("RGB", [Image.effect_noise((640, 64), 90) for _ in range(3)])
    result = cleaned(written(noise, "PNG"), limit=6000)
    assert result.width_px < 640
    assert result.height_px == 64


@pytest.mark.parametrize("size", [(63, 64), (64, 63), (1, 1), (2000, 10)])
def test_too_small(size: tuple[int, int]):
    error = error_of(written(Image.new("RGB", size), "PNG"))
    assert error.key == "picture_too_small"
    assert error.values == {"width": size[0], "height": size[1], "minimum": 64}


def test_too_large_a_file():
    error = error_of(b"\xff\xd8\xff" + bytes(MAX_INPUT_BYTES))
    assert (error.key, error.values) == ("picture_too_large", {"limit_bytes": MAX_INPUT_BYTES})


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_cut_files_are_broken(form: str):
    data = written(photo(), form)
    assert error_of(data[: len(data) * 2 // 3]).key == "picture_broken"


@pytest.mark.parametrize("limit", [40_000, 8_000, 2_000])
def test_the_result_fits_its_limit(limit: int):
    noise = Image.merge("RGB", [Image.effect_noise((512, 384), 90) for _ in range(3)])
    cleaned(written(noise, "PNG"), limit=limit)


def test_a_drawing_too_large_for_a_png_becomes_a_jpeg():
    image = Image.effect_noise((400, 400), 90).quantize(8).convert("RGB")
    assert cleaned(written(image, "PNG")).media_type == "image/png"
    assert cleaned(written(image, "PNG"), limit=20_000).media_type == "image/jpeg"


def test_a_limit_for_nothing_is_a_fault_of_ours():
    with pytest.raises(ValueError, match="no picture fits"):
        clean(written(photo(), "PNG"), max_side_px=100, max_bytes=10)


def test_what_is_clean_stays_clean():
    once = cleaned(written(photo(), "JPEG"))
    twice = cleaned(once.data)
    assert (twice.width_px, twice.height_px) == (once.width_px, once.height_px)


def test_least_side_is_the_provider_s():
    assert sanitize.MIN_SIDE_PX == 64
