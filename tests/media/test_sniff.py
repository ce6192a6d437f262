from __future__ import annotations

import pytest
from PIL import Image

from bot.domain.images import EXTENSIONS
from bot.errors import PictureError
from bot.media.sniff import sniff
from tests.media.pictures import SHARED, data_of, written

FORMS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/avif": "AVIF",
}


def test_every_type_easel_reads_is_known():
    assert set(FORMS) == set(EXTENSIONS)


@pytest.mark.parametrize("media_type", FORMS)
def test_reads_what_pillow_writes(media_type: str):
    assert sniff(written(Image.new("RGB", (64, 64)), FORMS[media_type])) == media_type


@pytest.mark.parametrize("form", ["BMP", "TIFF", "PDF", "ICO"])
def test_names_formats_it_does_not_read(form: str):
    with pytest.raises(PictureError) as caught:
        sniff(written(Image.new("RGB", (64, 64)), form))
    assert caught.value.key == "picture_format"
    assert caught.value.values == {"format": form}


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1miaf", "HEIF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "MP4"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- drawn --><svg/>", "SVG"),
        (b"8BPS\0\1", "PSD"),
        (b"\xff\x0a\0", "JPEG XL"),
        (b"\x1aE\xdf\xa3", "WebM"),
    ],
)
def test_names_by_signature(data: bytes, name: str):
    with pytest.raises(PictureError) as caught:
        sniff(data)
    assert caught.value.values == {"format": name}


def test_avif_in_the_general_container():
    assert sniff(b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf") == "image/avif"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG",
        b"RIFF\0\0\0\0WAVE",
        b"BM is how this text begins",
        b"<?xml version='1.0'?><note/>",
        b"<!doctype html><svg>",
        b"\0\0\0\x10ftypcrx ",
        b"PK\3\4",
    ],
)
def test_anything_else_is_not_a_picture(data: bytes):
    with pytest.raises(PictureError) as caught:
        sniff(data)
    assert caught.value.key == "picture_not_a_picture"


def test_a_phone_picture_is_named():
    with pytest.raises(PictureError) as caught:
        sniff(data_of(SHARED / "photos" / "hopper.heif"))
    assert caught.value.values == {"format": "HEIC"}
