"""Damaged files: an error of ours or a clean picture, never anything else."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadAnswer, PictureError
from bot.media.fit import probe
from bot.media.sanitize import clean
from tests.media.pictures import assert_bare, exif, opened, photo, srgb_profile, written

SMALL = photo(96, 80)
ORIGINALS = {
    "jpeg": written(SMALL, "JPEG", exif=exif(6), icc_profile=srgb_profile()),
    "progressive": written(SMALL, "JPEG", progressive=True, xmp=b"<x/>", comment=b"words"),
    "cmyk": written(SMALL.convert("CMYK"), "JPEG"),
    "png": written(SMALL, "PNG", exif=exif(3), icc_profile=srgb_profile()),
    "palette": written(SMALL.quantize(16), "PNG", transparency=2),
    "gif": written(SMALL.quantize(16), "GIF", comment=b"words"),
    "webp": written(SMALL, "WEBP", exif=exif(8), icc_profile=srgb_profile()),
    "avif": written(SMALL, "AVIF", speed=10, exif=exif(5)),
}


@dataclass(frozen=True)
class Damage:
    at: float
    cut: int
    insert: bytes

    def of(self, data: bytes) -> bytes:
        at = int(self.at * len(data))
        return data[:at] + self.insert + data[at + self.cut :]


damages = st.lists(
    st.builds(
        Damage,
        at=st.floats(0, 1),
        cut=st.integers(0, 8),
        insert=st.binary(max_size=8),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("name", ORIGINALS)
@settings(max_examples=60, deadline=2000)
@given(damages=damages)
def test_damage_gives_a_clean_picture_or_an_error_of_ours(name: str, damages: list[Damage]):
    data = ORIGINALS[name]
    for damage in damages:
        data = damage.of(data)
    try:
        result = clean(data, max_side_px=72, max_bytes=20_000)
    except PictureError:
        pass
    else:
        assert_bare(result.data)
        assert opened(result.data).size == (result.width_px, result.height_px)
    with contextlib.suppress(BadAnswer):
        probe(data)


@settings(max_examples=100, deadline=2000)
@given(data=st.binary(max_size=200), head=st.sampled_from(sorted(ORIGINALS)))
def test_rubbish_behind_a_true_beginning(data: bytes, head: str):
    with pytest.raises(PictureError):
        clean(ORIGINALS[head][:16] + data, max_side_px=72, max_bytes=20_000)
