"""The stand-in as a process of its own."""

from __future__ import annotations

import asyncio
import io
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from PIL import Image

from tests.standins.provider_client import MODEL

BODY: dict[str, Any] = {"model": MODEL, "messages": [{"role": "user", "content": "a kite"}]}
HEADERS = {"Authorization": "Bearer anything"}


@asynccontextmanager
async def process(*options: str) -> AsyncGenerator[tuple[str, asyncio.subprocess.Process]]:
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error",
        "-m",
        "bot.standins.provider",
        *options,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert running.stdout is not None
        line = await asyncio.wait_for(running.stdout.readline(), 20)
        yield line.decode().strip(), running
    finally:
        if running.returncode is None:
            running.kill()
        await running.communicate()


async def test_it_serves_tells_and_obeys_from_outside() -> None:
    async with (
        process("--shape", "bare_link", "--picture-bytes", "700000") as (base, running),
        aiohttp.ClientSession() as session,
    ):
        assert base.startswith("http://127.0.0.1:")
        chat = f"{base}/v1/chat/completions"
        async with session.post(chat, json=BODY, headers=HEADERS) as answer:
            link = (await answer.json())["choices"][0]["message"]["content"]
        async with session.get(link) as answer:
            data = await answer.read()
        assert len(data) == 700_000
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
        fault = {"kind": "status", "status": 429, "retry_after_s": 3}
        async with session.post(
            f"{base}/_faults", json={"fault": fault, "route": "chat", "times": 1}
        ) as answer:
            assert answer.status == 200
        async with session.post(f"{base}/_settings", json={"shape": "empty"}) as answer:
            assert answer.status == 200
        statuses: list[int] = []
        contents: list[str] = []
        for _ in range(2):
            async with session.post(chat, json=BODY, headers=HEADERS) as answer:
                statuses.append(answer.status)
                if answer.status == 200:
                    contents.append((await answer.json())["choices"][0]["message"]["content"])
        assert statuses == [429, 200]
        assert contents == [""]
        async with session.get(f"{base}/_calls") as answer:
            told = await answer.json()
        assert [call["route"] for call in told["calls"]] == ["chat", "file", "chat", "chat"]
        assert told["drawn"] == 1
        assert told["billed_usd_micros"] >= 38_700
        running.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(running.communicate(), 10)
        assert (running.returncode, errors) == (0, b"")


async def test_commands_that_make_no_sense_are_refused() -> None:
    async with process() as (base, _), aiohttp.ClientSession() as session:
        wrong: list[tuple[str, object]] = [
            ("/_faults", {"fault": {"kind": "earthquake"}}),
            ("/_faults", {"fault": {"kind": "status", "colour": "red"}}),
            ("/_faults", {}),
            ("/_settings", {"shape": "round"}),
            ("/_settings", {"delay_s": "long"}),
        ]
        for path, body in wrong:
            async with session.post(base + path, json=body) as answer:
                assert answer.status == 400, body
