from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from bot.errors import BadAnswer
from bot.media.fit import fit, probe
from tests.media.pictures import SECRET, SHARED, data_of, opened, photo, png_header, written

NOISE = Image.merge("RGB", [Image.effect_noise((600, 400), 90) for _ in range(3)])


def test_what_fits_is_the_same_object():
    data = written(NOISE, "PNG")
    same, media_type = fit(data, "image/png", len(data))
    assert same is data
    assert media_type == "image/png"


def test_a_byte_too_much_is_written_again_at_its_full_size():
    data = written(NOISE, "PNG")
    smaller, media_type = fit(data, "image/png", len(data) - 1)
    assert media_type == "image/jpeg"
    assert opened(smaller).size == NOISE.size


@pytest.mark.parametrize("limit", [200_000, 60_000, 10_000, 1_000])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_results_fit_the_limit(limit: int, mode: str):
    image = NOISE.convert(mode)
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    smaller, media_type = fit(written(image, "PNG"), "image/png", limit)
    assert len(smaller) <= limit
    assert media_type == ("image/jpeg" if mode == "RGB" else "image/webp")
    result = opened(smaller)
    assert result.mode == mode
    assert result.get_format_mimetype() == media_type
    assert abs(result.width / result.height - 1.5) < 0.2


def test_quality_goes_before_size():
    data = written(NOISE, "PNG")
    full = len(written(NOISE, "JPEG", quality=60))
    assert opened(fit(data, "image/png", full)[0]).size == NOISE.size
    assert opened(fit(data, "image/png", full - 1)[0]).size == (450, 300)


def test_an_alpha_channel_that_hides_nothing_does_not_count():
    _, media_type = fit(written(NOISE.convert("RGBA"), "PNG"), "image/png", 100_000)
    assert media_type == "image/jpeg"


def test_no_limit_of_nothing():
    with pytest.raises(ValueError, match="no picture fits"):
        fit(written(NOISE, "PNG"), "image/png", 20)


def test_a_broken_result_cannot_be_fitted():
    with pytest.raises(BadAnswer) as caught:
        fit(written(NOISE, "PNG")[:5000], "image/png", 4000)
    assert caught.value.key == "bad_picture"


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_probe_tells_type_and_size(form: str):
    image = photo(321, 123)
    assert probe(written(image, form)) == (f"image/{form.lower()}", 321, 123)


def test_probe_of_a_file(tmp_path: Path):
    file = tmp_path / "picture"
    file.write_bytes(written(photo(321, 123), "PNG"))
    assert probe(file) == ("image/png", 321, 123)
    file.unlink()
    with pytest.raises(BadAnswer):
        probe(file)


@pytest.mark.parametrize("at", [0.01, 0.5, 0.9, 0.999])
def test_probe_notices_a_changed_byte_of_a_png(at: float):
    data = bytearray(written(NOISE, "PNG"))
    data[int(len(data) * at)] ^= 1
    with pytest.raises(BadAnswer):
        probe(bytes(data))


@pytest.mark.parametrize("left", [5, 11, 12, 13, 24, 500])
def test_probe_notices_a_png_without_its_end(left: int):
    with pytest.raises(BadAnswer):
        probe(written(NOISE, "PNG")[:-left])


def test_probe_takes_the_smallest():
    assert probe(written(Image.new("RGB", (1, 1)), "JPEG")) == ("image/jpeg", 1, 1)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_probe_notices_what_was_cut(form: str):
    data = written(photo(1000, 800), form)
    with pytest.raises(BadAnswer) as caught:
        probe(data[: len(data) * 3 // 4])
    assert caught.value.key == "bad_picture"


@pytest.mark.parametrize(
    "data", [b"", b"<html>", SECRET, png_header(10_001, 10_000), b"%PDF-1.7"], ids=str
)
def test_probe_takes_no_other_thing(data: bytes):
    with pytest.raises(BadAnswer):
        probe(data)


def test_probe_takes_larger_pictures_than_people_may_send():
    data = written(Image.new("L", (8000, 8000)), "JPEG")
    assert probe(data) == ("image/jpeg", 8000, 8000)


def test_probe_of_a_heif():
    with pytest.raises(BadAnswer):
        probe(data_of(SHARED / "photos" / "hopper.heif"))
