from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest
from PIL import Image

from bot import terminal
from bot.config import Config, load
from bot.errors import (
    CommandError,
    ConfigError,
    EaselError,
    OutcomeUnknown,
    ProviderRefused,
    ProviderRejected,
    RequestError,
)
from bot.standins.provider import Fault, Kind, ProviderServer, Shape


def settings(server: ProviderServer, **more: str) -> Config:
    return load(
        {
            "EASEL_API_BASE": server.base,
            "EASEL_API_KEY": "k-1234",
            "EASEL_ALLOWED_HOSTS": server.file_host,
            **more,
        },
        None,
    )


def order(folder: Path, words: str = "a red kite", *images: Path, **more: object) -> terminal.Order:
    fields: dict[str, object] = {"aspect": None, "route": None, "force": False, **more}
    return terminal.Order(words, images, output=folder / "out.png", **fields)  # pyright: ignore[reportArgumentType] -- the test's own words


def files(folder: Path) -> dict[str, int]:
    """The names in a folder and their permissions."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def photo(path: Path) -> Path:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Alice"
    Image.new("RGB", (320, 200), "teal").save(path, exif=exif)
    return path


@pytest.mark.parametrize("shape", [Shape.MARKDOWN_LINK, Shape.MARKDOWN_DATA])
async def test_file_holds_the_providers_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], shape: Shape
) -> None:
    async with ProviderServer(shape=shape) as server:
        await terminal.draw(settings(server), order(tmp_path, aspect="16:9"))
        (said,) = server.said
    assert (tmp_path / "out.png").read_bytes() == said.pictures[0].data
    assert set(files(tmp_path)) == {"out.png"}
    told = capsys.readouterr()
    assert told.out == ""
    assert "$0.03" in told.err
    assert "red kite" not in told.err


async def test_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    async with ProviderServer() as server:
        await terminal.draw(settings(server), order(tmp_path))
    modes = files(tmp_path)
    assert modes["out.png"] == modes["usual"]


async def test_input_pictures_go_out_cleaned_and_in_order(tmp_path: Path) -> None:
    first, second = photo(tmp_path / "1.jpg"), tmp_path / "2.png"
    Image.new("RGB", (100, 400), "red").save(second)
    async with ProviderServer() as server:
        await terminal.draw(settings(server), order(tmp_path, "make it night", first, second))
        (call,) = [call for call in server.calls if call.route == "chat"]
    assert [one.width_px for one in call.pictures] == [320, 100]
    sent = call.pictures[0].data
    assert b"Alice" not in sent
    assert not Image.open(io.BytesIO(sent)).getexif()


async def test_what_is_wrong_here_is_found_before_the_paid_call(tmp_path: Path) -> None:
    there = tmp_path / "out.png"
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n nothing")
    picture = photo(tmp_path / "1.jpg")
    wrong: list[tuple[terminal.Order, type[EaselError]]] = [
        (order(tmp_path, "  "), RequestError),
        (order(tmp_path, "x", tmp_path / "none.png"), CommandError),
        (order(tmp_path, "x", tmp_path), CommandError),
        (order(tmp_path, "x", broken), CommandError),
        (order(tmp_path, "x", *[picture] * 4), CommandError),
        (order(tmp_path, "x", aspect="1:99"), CommandError),
        (order(tmp_path, "x", route="chaat"), ConfigError),
        (order(tmp_path / "no folder"), CommandError),
        (order(tmp_path / "1.jpg"), CommandError),
    ]
    async with ProviderServer() as server:
        for one, kind in wrong:
            with pytest.raises(kind):
                await terminal.draw(settings(server), one)
        there.mkdir()
        with pytest.raises(CommandError, match="not a file"):
            await terminal.draw(settings(server), order(tmp_path, force=True))
        with pytest.raises(ConfigError, match="EASEL_API_KEY"):
            await terminal.draw(settings(server, EASEL_API_KEY=""), order(tmp_path))
        assert server.calls == []


async def test_file_is_overwritten_by_force_alone_and_never_by_a_failure(tmp_path: Path) -> None:
    there = tmp_path / "out.png"
    there.write_text("kept")
    async with ProviderServer() as server:
        with pytest.raises(CommandError, match="--force"):
            await terminal.draw(settings(server), order(tmp_path))
        assert server.calls == []
        server.faults.once(Fault(Kind.REFUSE_TEXT))
        with pytest.raises(ProviderRefused):
            await terminal.draw(settings(server), order(tmp_path, force=True))
        assert there.read_text() == "kept"
        await terminal.draw(settings(server), order(tmp_path, force=True))
        assert there.read_bytes() == server.said[-1].pictures[0].data
    assert set(files(tmp_path)) == {"out.png"}


async def test_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "out.png").symlink_to(tmp_path / "target.png")
    async with ProviderServer() as server:
        await terminal.draw(settings(server), order(tmp_path, force=True))
    assert (tmp_path / "out.png").is_symlink()
    assert (tmp_path / "target.png").stat().st_size > 1000


@pytest.mark.parametrize(
    ("fault", "kind", "phrase"),
    [
        (Fault(Kind.STATUS, status=401, err_code=-10001), ProviderRejected, "key"),
        (Fault(Kind.CUT_AFTER), OutcomeUnknown, ""),
        (Fault(Kind.PICTURE_TEXT), EaselError, ""),
    ],
)
async def test_failure_leaves_no_file(
    tmp_path: Path, fault: Fault, kind: type[EaselError], phrase: str
) -> None:
    async with ProviderServer() as server:
        server.faults.always(fault)
        with pytest.raises(kind) as caught:
            await terminal.draw(settings(server), order(tmp_path))
    assert phrase in terminal.sentence(caught.value)
    assert files(tmp_path) == {}


def test_sentence_is_plain_text() -> None:
    words = "I can't draw *that*: see <https://example.com> @everyone"
    text = terminal.sentence(ProviderRefused(reason="text", words=words))
    assert words in text
    assert "limit" not in terminal.sentence(RequestError("picture_broken"))
