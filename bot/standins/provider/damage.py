"""Pictures that are none, and links that lead astray."""

from __future__ import annotations

import struct
import zlib

from bot.standins.provider.faults import Kind
from bot.standins.provider.painter.encode import HEAD, chunk

FOREIGN = "https://pictures.example.net"
PRIVATE = "http://10.0.0.1/secret.png"
BOMB_SIDE_PX = 40_000


def damaged(data: bytes, kind: Kind | None) -> bytes:
    """The bytes of a picture after a fault; unchanged where the fault is not about them."""
    if kind is Kind.PICTURE_BROKEN:
        return HEAD + bytes(range(256)) * 4
    if kind is Kind.PICTURE_TRUNCATED:
        return data[: len(data) * 6 // 10]
    if kind is Kind.PICTURE_TEXT:
        return b"<!doctype html><title>Not found</title><p>This is no picture."
    if kind is Kind.PICTURE_BOMB:
        return bomb()
    return data


def bomb() -> bytes:
    """A small PNG that claims more pixels than anybody should decode."""
    head = struct.pack(">IIBBBBB", BOMB_SIDE_PX, BOMB_SIDE_PX, 1, 0, 0, 0, 0)
    row = bytes(1 + BOMB_SIDE_PX // 8)
    return (
        HEAD
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(row * 1000, 9))
        + chunk(b"IEND", b"")
    )


def misled(url: str, base: str, kind: Kind | None) -> str:
    """The link that is told instead of `url`."""
    name = url.rpartition("/")[2]
    if kind is Kind.LINK_FOREIGN:
        return f"{FOREIGN}/{name}"
    if kind is Kind.LINK_MISSING:
        return f"{base}/file/gone-{name}"
    if kind is Kind.LINK_PRIVATE:
        return f"{base}/away/private/{name}"
    if kind is Kind.LINK_REDIRECT:
        return f"{base}/away/file/{name}"
    if kind is Kind.LINK_LOOP:
        return f"{base}/away/loop/{name}"
    return url
