"""What a file is, by its first bytes; its name and declared type are never believed.

A table of our own and no library: those at hand (filetype, puremagic, libmagic) know hundreds
of types we refuse anyway and still take HEIC and AVIF, which share a container, for one another
or for video. The formats Easel reads are five; the others are here only to be called by name.
Signatures: the PNG, GIF, RIFF and ISO BMFF (ISO 14496-12) specifications, RFC 9649 (WebP).
"""

from __future__ import annotations

import re

from bot.errors import PictureError

_READ = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)

_NAMED = (
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"8BPS", "PSD"),
    (b"%PDF-", "PDF"),
    (b"%!PS", "PostScript"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"gimp xcf", "XCF"),
    (b"qoif", "QOI"),
    (b"\x1aE\xdf\xa3", "WebM"),
)

# Brands of ISO BMFF files, the container of AVIF, HEIC and MP4.
_AVIF = {b"avif", b"avis"}
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_VIDEO = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"qt  "}

# Size of the DIB header behind BMP's 14 bytes: «BM» alone begins many a text.
_BMP_HEADERS = {12, 16, 40, 52, 56, 64, 108, 124}

_SVG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml|<!--|<!DOCTYPE svg|<svg)")
_SVG_WITHIN_BYTES = 4096


def sniff(data: bytes) -> str:
    """The media type of a picture Easel reads: jpeg, png, webp, gif or avif.

    Raises PictureError: `picture_format` (value `format`, a name for people) for another
    known format, `picture_not_a_picture` for anything else.
    """
    for magic, media_type in _READ:
        if data.startswith(magic):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    brands = _brands(data)
    if brands & _AVIF:
        return "image/avif"
    if name := _name(data, brands):
        raise PictureError("picture_format", format=name)
    raise PictureError("picture_not_a_picture")


def _brands(data: bytes) -> set[bytes]:
    """The major and the compatible brands of an ISO BMFF file, or none.

    A file whose major brand is the general `mif1` says only among the others what it holds.
    """
    if data[4:8] != b"ftyp":
        return set()
    box = data[: min(int.from_bytes(data[:4], "big"), 256)]
    return {data[8:12], *(box[at : at + 4] for at in range(16, len(box) - 3, 4))}


def _name(data: bytes, brands: set[bytes]) -> str | None:
    for magic, name in _NAMED:
        if data.startswith(magic):
            return name
    if brands & _HEIC:
        return "HEIC"
    if brands & {b"mif1", b"msf1"}:
        return "HEIF"
    if brands & _VIDEO:
        return "MP4"
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADERS:
        return "BMP"
    head = data[:_SVG_WITHIN_BYTES]
    if _SVG.match(head) and b"<svg" in head:
        return "SVG"
    return None
