from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import CommandError, ConfigError, OutcomeUnknown, ProviderRefused
from bot.standins.provider import Fault, Kind, ProviderServer
from bot.terminal.describing import describe
from tests.terminal.settings import photo, settings


async def test_four_prompts_one_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = photo(tmp_path / "1.jpg")
    async with ProviderServer() as server:
        await describe(settings(server, tmp_path), picture, None)
        (call,) = server.calls
    assert call.route == "gemini-chat"
    assert b"Alice" not in call.pictures[0].data
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert len(lines) == 4
    assert all(line.startswith("a wide picture in shades of") for line in lines)
    assert told.err.startswith(str(picture))
    assert "$0.00" in told.err


async def test_a_route_of_ones_own_order_comes_first(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    picture = photo(tmp_path / "1.jpg")
    async with ProviderServer() as server:
        own.write_text(f'[providers.google]\naddress = "{server.google_base}"\n')
        more = {"EASEL_GOOGLE_KEY": "g", "EASEL_CATALOGUE": str(own)}
        config = settings(server, tmp_path, EASEL_ROUTES="chat google", **more)
        await describe(config, picture, None)
        await describe(config, picture, "gemini-chat")
        assert [call.route for call in server.calls] == ["google", "gemini-chat"]


async def test_what_is_wrong_here_is_found_before_the_paid_call(tmp_path: Path) -> None:
    picture = photo(tmp_path / "1.jpg")
    async with ProviderServer() as server:
        config = settings(server, tmp_path)
        with pytest.raises(CommandError, match="cannot be read"):
            await describe(config, tmp_path / "none.png", None)
        with pytest.raises(CommandError, match="not a picture"):
            await describe(config, Path(__file__), None)
        with pytest.raises(CommandError, match="words"):
            await describe(config, picture, "chat")
        with pytest.raises(ConfigError, match="did you mean gemini-chat"):
            await describe(config, picture, "gemini-chatt")
        keyless = settings(server, tmp_path, EASEL_API_KEY="")
        with pytest.raises(ConfigError, match="EASEL_API_KEY"):
            await describe(keyless, picture, None)
        assert server.calls == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(Fault(Kind.REFUSE_PROMPT), ProviderRefused), (Fault(Kind.CUT_AFTER), OutcomeUnknown)],
)
async def test_failure_prints_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: Fault, kind: type[Exception]
) -> None:
    picture = photo(tmp_path / "1.jpg")
    async with ProviderServer() as server:
        server.faults.always(fault)
        with pytest.raises(kind, match="words_"):
            await describe(settings(server, tmp_path), picture, None)
    assert capsys.readouterr() == ("", "")
