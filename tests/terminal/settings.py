"""Settings and pictures for the commands of the terminal."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from bot.config import Config, load
from bot.standins.provider import ProviderServer

KEY = "sk-of-302ai-1234567890"


def environ(server: ProviderServer, folder: Path, **more: str) -> dict[str, str]:
    return {
        "EASEL_API_BASE": server.base,
        "EASEL_API_KEY": KEY,
        "EASEL_ALLOWED_HOSTS": server.file_host,
        "EASEL_DATA_DIR": str(folder / "data"),
        **more,
    }


def settings(server: ProviderServer, folder: Path, **more: str) -> Config:
    return load(environ(server, folder, **more), None)


def photo(path: Path, size: tuple[int, int] = (320, 200)) -> Path:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Alice"
    Image.new("RGB", size, "teal").save(path, exif=exif)
    return path
