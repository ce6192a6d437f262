"""`easel doctor` on providers and routes, for nothing and paid."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aiohttp import web
from discord.http import Route

from bot.domain.jobs import State
from bot.domain.pricing import dollars
from bot.standins.provider import Fault, Kind, ProviderServer
from bot.storage import jobs
from bot.storage.database import Database
from tests.providers.serving import KEY as OTHER_KEY
from tests.providers.serving import Server, always, serving
from tests.storage.samples import job
from tests.terminal.examined import TOKEN, discord, examine
from tests.terminal.settings import KEY, settings

MODEL = "gemini-2.5-flash-image"


@pytest.fixture(autouse=True)
def base_of_discord(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", Route.BASE)  # and back again after the test


@pytest.mark.parametrize(
    ("route", "fault", "line", "level", "phrase"),
    [
        ("models", Fault(Kind.STATUS, status=401, err_code=-10002), "302ai key", "fail", "key"),
        ("models", Fault(Kind.STATUS, status=503, err_code=-10008), "302ai model", "fail", "pro"),
        ("models", Fault(Kind.STATUS, status=502, err_code=-10003), "302ai key", "fail", "502"),
        ("models", Fault(Kind.HTML), "302ai key", "fail", "EASEL_API_BASE"),
        ("models", Fault(Kind.CUT_AFTER), "302ai key", "fail", "302.AI"),
        (
            "balance",
            Fault(Kind.STATUS, status=403, err_code=-10003),
            "302ai balance",
            "warn",
            "may",
        ),
        ("balance", Fault(Kind.NOT_JSON), "302ai balance", "warn", "JSON"),
    ],
)
async def test_what_free_calls_tell(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    route: str,
    fault: Fault,
    line: str,
    level: str,
    phrase: str,
) -> None:
    async with ProviderServer(key=KEY) as server, discord() as front:
        server.faults.always(fault, route=route)
        more = {"DISCORD_TOKEN": TOKEN, "EASEL_DISCORD_API": front.url}
        report = await examine(capsys, settings(server, tmp_path, **more), timeout_s=3)
        assert server.billed_usd_micros == 0
    assert report.level(line) == level
    assert phrase in report.said(line)
    assert report.level("route chat") == level or level == "warn"
    assert KEY not in report.text


async def test_wrong_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with ProviderServer(key="another") as server:
        report = await examine(capsys, settings(server, tmp_path))
    assert report.level("302ai key") == "fail"
    assert "EASEL_API_KEY" in report.said("302ai key")
    assert "302ai model" not in report.lines
    assert "302ai balance" not in report.lines
    assert KEY not in report.text


@pytest.mark.parametrize(
    ("balance", "level"), [("0.01", "fail"), (0.5, "warn"), ("25", "ok"), ("?", "warn")]
)
async def test_balance(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], balance: str, level: str
) -> None:
    async with ProviderServer() as server:
        server.balance = balance
        report = await examine(capsys, settings(server, tmp_path))
    assert report.level("302ai balance") == level


async def test_model_that_is_not_listed_is_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with ProviderServer() as server:
        server.models -= {MODEL}
        config = settings(server, tmp_path)
        report = await examine(capsys, config)
        assert report.level("302ai model") == "warn"
        assert "may be missing" in report.said("302ai model")
        assert report.level("route chat") == "ok"
        report = await examine(capsys, config, pay=True)
        assert server.billed_usd_micros == 0
    for line in ("paid chat", "paid gemini-chat"):
        assert report.level(line) == "fail"
        assert f"no longer serves {MODEL}" in report.said(line)
        assert "gemini-3.1-flash-image, gemini-3-pro-image" in report.said(line)
    assert "$0.0000" in report.said("paid")


async def test_other_providers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def google(request: web.Request, number: int) -> web.StreamResponse:
        assert request.path == f"/v1beta/models/{MODEL}"
        return web.json_response({"name": f"models/{MODEL}"})

    async def openrouter(request: web.Request, number: int) -> web.StreamResponse:
        data = {"label": "sk"} if request.path == "/key" else [{"id": f"google/{MODEL}"}]
        return web.json_response({"data": data})

    own = tmp_path / "own.toml"
    async with (
        ProviderServer() as server,
        serving(google) as one,
        serving(openrouter) as two,
        serving(always({}, 404)) as three,
    ):
        own.write_text(_addresses(google=one, openrouter=two))
        config = settings(
            server,
            tmp_path,
            EASEL_CATALOGUE=str(own),
            EASEL_API_KEY="",
            EASEL_GOOGLE_KEY=OTHER_KEY,
            EASEL_OPENROUTER_KEY=OTHER_KEY,
            EASEL_OPENAI_BASE=three.url,
            EASEL_ROUTES="google openrouter openai-compatible",
        )
        report = await examine(capsys, config)
        assert server.calls == []
    assert report.troubles == {"discord": "fail", "openai-compatible key": "warn"}
    assert f"serves google/{MODEL}" in report.said("openrouter model")
    assert "its free call answered" in report.said("route google")
    assert "no free call of its own" in report.said("route openrouter")
    assert OTHER_KEY not in report.text


async def test_google_refuses_the_model_or_the_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = {"error": {"code": 404, "message": f"models/{MODEL} is not found for v1beta"}}
    invalid = {"error": {"code": 400, "message": f"API key not valid: {OTHER_KEY}"}}
    own = tmp_path / "own.toml"
    found: list[str] = []
    for body, status in ((unknown, 404), (invalid, 400)):
        async with ProviderServer() as server, serving(always(body, status)) as one:
            own.write_text(_addresses(google=one))
            more = {"EASEL_CATALOGUE": str(own), "EASEL_GOOGLE_KEY": OTHER_KEY}
            config = settings(server, tmp_path, EASEL_ROUTES="google", **more)
            report = await examine(capsys, config)
        assert OTHER_KEY not in report.text
        assert report.level("route google") == "fail"
        found += [f"{name}: {text}" for name, text in report.lines.items() if "fail" in text]
    assert [line.partition(":")[0] for line in found if line.startswith("google")] == [
        "google model",
        "google key",
    ]
    assert any("EASEL_GOOGLE_KEY" in line for line in found)


def _addresses(**servers: Server) -> str:
    rows = ((name, json.dumps(server.url)) for name, server in servers.items())
    return "".join(f"[providers.{name}]\naddress = {address}\n" for name, address in rows)


async def test_what_happened_lately_stands_beside_the_route(
    tmp_path: Path, database: Database, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    withdrawn = job(1, route="chat", state=State.FAILED, error_key="model_withdrawn")
    async with database.transaction() as conn:
        await jobs.insert(conn, withdrawn)
    async with ProviderServer() as server:
        config = settings(server, tmp_path, EASEL_DATABASE_URL=database_url)
        report = await examine(capsys, config)
    assert report.level("route chat") == "warn"
    assert "0 of 1, newest: model_withdrawn" in report.said("route chat")


async def test_pay_draws_by_each_route_and_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with ProviderServer(key=KEY, picture_bytes=40_000) as server, discord() as front:
        more = {"DISCORD_TOKEN": TOKEN, "EASEL_DISCORD_API": front.url}
        config = settings(server, tmp_path, EASEL_ROUTES="cheapest", **more)
        report = await examine(capsys, config, pay=True)
        drawn = [one.route for one in server.said if one.route != "upload"]
        billed = server.billed_usd_micros
    assert report.well, report.text
    names = {name.removeprefix("paid ") for name in report.lines if name.startswith("paid ")}
    assert len(names) == 11  # the eleven without the polling half, and chat-async
    assert len(drawn) == 11
    assert report.said("paid") == dollars(billed)


async def test_paid_call_whose_end_is_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with ProviderServer() as server:
        server.faults.always(Fault(Kind.CUT_AFTER), route="chat")
        server.faults.always(Fault(Kind.REFUSE_PROMPT), route="original-image")
        config = settings(server, tmp_path, EASEL_ROUTES="chat original-image per-call-image")
        report = await examine(capsys, config, pay=True)
        assert len([call for call in server.calls if call.route == "chat"]) == 1
    assert not report.well
    assert report.level("paid chat") == "fail"
    assert "may be billed" in report.said("paid chat")
    assert report.level("paid original-image") == "fail"
    assert report.level("paid per-call-image") == "ok"
    assert report.level("paid") == "warn"
    assert "2 more calls" in report.said("paid")


async def test_nothing_is_paid_where_the_key_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with ProviderServer(key="another") as server:
        report = await examine(capsys, settings(server, tmp_path), pay=True)
        assert {call.route for call in server.calls} == {"models", "balance"}
    assert report.said("paid") == "$0.0000"
