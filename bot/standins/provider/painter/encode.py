"""PNG files, written fast, and as large as a benchmark wants them."""

from __future__ import annotations

import hashlib
import random
import struct
import zlib

from PIL import Image, ImageChops

from bot.standins.provider.painter.pil import mapped

HEAD = b"\x89PNG\r\n\x1a\n"
SIGNATURE_BYTES = 12 + len("Comment ") + 64  # a chunk's own, a keyword's, a hash's
ROW_MINUS_ABOVE = b"\x02"  # the filter type «Up» of the PNG specification


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG file."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(picture: Image.Image) -> bytes:
    """An RGB picture as PNG.

    Pillow tries five filters on every row, 50 ms for a megapixel; one filter and run-length
    coding take 15 ms, and flat colours come out small all the same.
    """
    width, height = picture.size
    above = Image.new("RGB", picture.size)
    above.paste(picture, (0, 1))
    rows = ImageChops.subtract_modulo(picture, above).tobytes()
    length = 3 * width
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS, 8, zlib.Z_RLE)
    filtered = b"".join(
        [ROW_MINUS_ABOVE + rows[start : start + length] for start in range(0, len(rows), length)]
    )
    data = packer.compress(filtered) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return HEAD + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def png_of(picture: Image.Image, size_bytes: int, chance: random.Random) -> bytes:
    """The picture with as much film grain as fits, padded to exactly `size_bytes`.

    A picture that is larger than that without any grain stays as it is.
    """
    width, height = picture.size
    grain = Image.frombytes("RGB", picture.size, chance.randbytes(3 * width * height))
    file = png(picture)
    for bits in range(1, 9):
        noisy = ImageChops.add(picture, mapped(grain, lambda value, bits=bits: value >> (8 - bits)))
        noisier = png(noisy)
        if len(noisier) > size_bytes:
            break
        file = noisier
    left = size_bytes - len(file) - 12  # a chunk's own length
    if left < 0:
        return file
    end = len(file) - 12  # IEND is the last chunk and has no data
    # A private chunk that readers skip: its letters say «ancillary, private, safe to copy».
    return file[:end] + chunk(b"eaSl", chance.randbytes(left)) + file[end:]


def signed(file: bytes, words: str) -> bytes:
    """A PNG file, longer by SIGNATURE_BYTES, that no other words give."""
    digest = hashlib.sha256(words.encode()).hexdigest().encode()
    end = len(file) - 12
    return file[:end] + chunk(b"tEXt", b"Comment\0" + digest) + file[end:]
