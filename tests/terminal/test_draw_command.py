from __future__ import annotations

import io
import stat
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

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
from bot.terminal import drawing
from bot.terminal.saying import sentence
from tests.terminal.settings import photo, settings


def order(folder: Path, words: str = "a red kite", *images: Path, **more: object) -> drawing.Order:
    fields: dict[str, object] = {
        "aspect": None,
        "size": None,
        "route": None,
        "force": False,
        **more,
    }
    return drawing.Order(words, images, output=folder / "out.png", **fields)  # pyright: ignore[reportArgumentType] -- the test's own words


def files(folder: Path) -> dict[str, int]:
    """The names in a folder and their permissions."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


@pytest.mark.parametrize("shape", [Shape.MARKDOWN_LINK, Shape.MARKDOWN_DATA])
async def test_file_holds_the_providers_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], shape: Shape
) -> None:
    async with ProviderServer(shape=shape) as server:
        await drawing.draw(settings(server, tmp_path), order(tmp_path, aspect="16:9"))
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
        await drawing.draw(settings(server, tmp_path), order(tmp_path))
    modes = files(tmp_path)
    assert modes["out.png"] == modes["usual"]


async def test_input_pictures_go_out_cleaned_and_in_order(tmp_path: Path) -> None:
    first, second = photo(tmp_path / "1.jpg"), tmp_path / "2.png"
    Image.new("RGB", (100, 400), "red").save(second)
    async with ProviderServer() as server:
        await drawing.draw(
            settings(server, tmp_path), order(tmp_path, "make it night", first, second)
        )
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
    wrong: list[tuple[drawing.Order, type[EaselError]]] = [
        (order(tmp_path, "  "), RequestError),
        (order(tmp_path, "x", tmp_path / "none.png"), CommandError),
        (order(tmp_path, "x", tmp_path), CommandError),
        (order(tmp_path, "x", broken), CommandError),
        (order(tmp_path, "x", *[picture] * 4), CommandError),
        (order(tmp_path, "x", aspect="1:99"), CommandError),
        (order(tmp_path, "x", size="2K"), CommandError),
        (order(tmp_path, "x", route="chaat"), ConfigError),
        (order(tmp_path, "x", route="google"), ConfigError),
        (order(tmp_path, "x", route="async-result"), ConfigError),
        (order(tmp_path, "x", route="gemini-chat"), CommandError),
        (order(tmp_path, "x", route="gemini-edit"), CommandError),
        (order(tmp_path, "x", picture, route="gemini-image"), CommandError),
        (order(tmp_path / "no folder"), CommandError),
        (order(tmp_path / "1.jpg"), CommandError),
    ]
    async with ProviderServer() as server:
        for one, kind in wrong:
            with pytest.raises(kind):
                await drawing.draw(settings(server, tmp_path), one)
        there.mkdir()
        with pytest.raises(CommandError, match="not a file"):
            await drawing.draw(settings(server, tmp_path), order(tmp_path, force=True))
        with pytest.raises(ConfigError, match="EASEL_API_KEY"):
            await drawing.draw(settings(server, tmp_path, EASEL_API_KEY=""), order(tmp_path))
        assert server.calls == []


async def test_file_is_overwritten_by_force_alone_and_never_by_a_failure(tmp_path: Path) -> None:
    there = tmp_path / "out.png"
    there.write_text("kept")
    async with ProviderServer() as server:
        with pytest.raises(CommandError, match="--force"):
            await drawing.draw(settings(server, tmp_path), order(tmp_path))
        assert server.calls == []
        server.faults.once(Fault(Kind.REFUSE_TEXT))
        with pytest.raises(ProviderRefused):
            await drawing.draw(settings(server, tmp_path), order(tmp_path, force=True))
        assert there.read_text() == "kept"
        await drawing.draw(settings(server, tmp_path), order(tmp_path, force=True))
        assert there.read_bytes() == server.said[-1].pictures[0].data
    assert set(files(tmp_path)) == {"out.png"}


async def test_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "out.png").symlink_to(tmp_path / "target.png")
    async with ProviderServer() as server:
        await drawing.draw(settings(server, tmp_path), order(tmp_path, force=True))
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
            await drawing.draw(settings(server, tmp_path), order(tmp_path))
    assert phrase in sentence(caught.value)
    assert files(tmp_path) == {}


def test_sentence_is_plain_text() -> None:
    words = "I can't draw *that*: see <https://example.com> @everyone"
    text = sentence(ProviderRefused(reason="text", words=words))
    assert words in text
    assert "limit" not in sentence(RequestError("picture_broken"))


async def test_a_route_is_chosen_by_what_the_request_needs(tmp_path: Path) -> None:
    picture = photo(tmp_path / "1.jpg")
    async with ProviderServer() as server:
        config = settings(server, tmp_path, EASEL_ROUTES="gemini-edit chat original-image")
        await drawing.draw(config, order(tmp_path))
        await drawing.draw(config, order(tmp_path, "x", force=True, aspect="16:9"))
        await drawing.draw(config, order(tmp_path, "night", picture, force=True))
        asked = [call.route for call in server.calls if call.route != "file"]
        assert asked == ["chat", "original-image", "gemini-edit"]
        only = settings(server, tmp_path, EASEL_ROUTES="gemini-edit")
        with pytest.raises(CommandError, match="None of EASEL_ROUTES"):
            await drawing.draw(only, order(tmp_path, force=True))


async def test_the_cheapest_or_a_named_route(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[routes.per-call-image]\nprice = { call_usd_micros = 10_000 }\n")
    more = {"EASEL_CATALOGUE": str(own), "EASEL_ROUTES": "cheapest"}
    async with ProviderServer() as server:
        config = settings(server, tmp_path, **more)
        await drawing.draw(config, order(tmp_path))
        await drawing.draw(config, order(tmp_path, force=True, route="async-image"))
        asked = [call.route for call in server.calls if call.route not in {"file", "async-result"}]
    assert asked == ["per-call-image", "async-image"]
    first, second = capsys.readouterr().err.splitlines()
    assert first.endswith("$0.0100, gemini-2.5-flash-image, per-call-image")
    assert second.endswith("$0.0500, gemini-2.5-flash-image, async-image")


async def test_the_next_route_is_asked_only_when_nothing_was_billed(tmp_path: Path) -> None:
    async with ProviderServer() as server:
        config = settings(server, tmp_path, EASEL_ROUTES="chat original-image")
        server.faults.always(Fault(Kind.STATUS, status=401, err_code=-10001), route="chat")
        await drawing.draw(config, order(tmp_path))
        assert [call.route for call in server.calls][:2] == ["chat", "original-image"]
        server.calls.clear()
        server.faults.clear()
        server.faults.always(Fault(Kind.CUT_AFTER), route="chat")
        with pytest.raises(OutcomeUnknown):
            await drawing.draw(config, order(tmp_path, force=True))
        assert [call.route for call in server.calls] == ["chat"]


async def test_size_goes_out_in_its_field(tmp_path: Path) -> None:
    model = "gemini-3.1-flash-image"
    async with ProviderServer() as server:
        config = settings(server, tmp_path, EASEL_MODEL=model, EASEL_ROUTES="original-image")
        await drawing.draw(config, order(tmp_path, size="2K"))
        sent: Any = server.calls[0].body
        assert sent["generationConfig"]["imageConfig"] == {"imageSize": "2K"}
        with pytest.raises(CommandError, match="1K, 512, 2K, 4K"):
            await drawing.draw(config, order(tmp_path, size="8K", force=True))


async def test_any_openai_compatible_server(tmp_path: Path) -> None:
    async with ProviderServer(key="another") as server:
        config = settings(
            server,
            tmp_path,
            EASEL_API_KEY="",
            EASEL_OPENAI_BASE=server.base + "/v1/",
            EASEL_OPENAI_KEY="another",
            EASEL_ROUTES="openai-compatible",
        )
        await drawing.draw(config, order(tmp_path))
        assert (server.calls[0].route, server.calls[0].key) == ("chat", "right")
