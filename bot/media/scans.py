"""How many scans a JPEG has, told from its markers before anything is decoded.

A JPEG may have any number of scans, each over the whole picture, and an empty one takes 75
bytes. With 49 megapixels a scan costs 35 ms to decode (measured), so a file of 10 MB can keep
a thread busy for an hour. Encoders write about ten. libjpeg-turbo leaves the limit to its
callers: issue LJT-01-003 in «Two Issues with the JPEG Standard» (2016),
https://libjpeg-turbo.org/pmwiki/uploads/About/TwoIssueswiththeJPEGStandard.pdf
"""

from __future__ import annotations

import re

from bot.errors import PictureError

MAX_SCANS = 32
MAX_SEGMENTS = 10_000  # a 50 MiB file of nothing but full segments has 800

_SEQUENTIAL = (0xC0, 0xC1)  # start of frame: baseline, extended
_FRAMES = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))
_START_OF_IMAGE, _END_OF_IMAGE, _START_OF_SCAN = 0xD8, 0xD9, 0xDA

# The next marker that is a segment's: neither a stuffed FF 00 nor a restart (D0 to D7).
_MARKER = re.compile(rb"\xff([\xc0-\xcf\xd8-\xfe])")


def check_scans(data: bytes) -> None:
    """Refuse a JPEG of endless scans or segments: PictureError `picture_broken`.

    Says nothing of a file that is broken otherwise; the decoder will.
    """
    position, scans, components, sequential = 2, 0, 0, False
    for _ in range(MAX_SEGMENTS):
        found = _MARKER.search(data, position)
        if found is None:
            return
        marker, position = found[1][0], found.end()
        if marker == _END_OF_IMAGE:
            return
        if marker == _START_OF_IMAGE:
            continue
        segment = data[position : position + 8]
        if marker in _FRAMES:
            sequential, components = marker in _SEQUENTIAL, segment[7] if len(segment) > 7 else 0
        if marker == _START_OF_SCAN:
            scans += 1
            if scans > MAX_SCANS:
                raise PictureError("picture_broken", detail=f"more than {MAX_SCANS} scans")
            if sequential and segment[2:3] == bytes([components]):
                return  # all in this one scan: libjpeg refuses another, and we need not search
        position += int.from_bytes(segment[:2], "big")
    raise PictureError("picture_broken", detail=f"more than {MAX_SEGMENTS} segments")
