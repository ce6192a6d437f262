"""A plain client of the stand-in provider, as a person with curl would use it."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from json import dumps
from typing import Any

import aiohttp
from PIL import Image

from bot.standins.provider import ProviderServer

KEY = "sk-test"
MODEL = "gemini-2.5-flash-image"


@dataclass(frozen=True)
class Answer:
    """Status, headers and body; `json` is Any on purpose: the tests look into it freely."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    json: Any


@dataclass
class Client:
    server: ProviderServer
    session: aiohttp.ClientSession

    async def post(self, path: str, json: object, *, auth: str = "bearer", **more: Any) -> Answer:
        headers = {"Authorization": f"Bearer {KEY}"} if auth == "bearer" else {}
        if auth == "goog":
            headers["x-goog-api-key"] = KEY
        headers |= {"Content-Type": "application/json"} | more.pop("headers", {})
        url = self.server.base + path
        data = io.BytesIO(dumps(json).encode())  # aiohttp warns of large bodies in one piece
        async with self.session.post(url, data=data, headers=headers, **more) as answer:
            return await _read(answer)

    async def get(self, path: str, *, key: str = KEY) -> Answer:
        url = path if path.startswith("http") else self.server.base + path
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with self.session.get(url, headers=headers, allow_redirects=False) as answer:
            return await _read(answer)

    async def chat(self, *messages: object, **more: Any) -> Answer:
        """Chat with user messages given as text or parts, or with whole messages."""
        turns = [
            one if isinstance(one, dict) and "role" in one else {"role": "user", "content": one}
            for one in messages
        ]
        body: dict[str, Any] = {"model": MODEL, "messages": turns, **more}
        return await self.post("/v1/chat/completions", body)


async def _read(answer: aiohttp.ClientResponse) -> Answer:
    body = await answer.read()
    is_json = answer.content_type == "application/json"
    return Answer(answer.status, answer.headers, body, await answer.json() if is_json else None)


@asynccontextmanager
async def opened(**settings: Any) -> AsyncGenerator[Client]:
    timeout = aiohttp.ClientTimeout(total=10)
    async with (
        ProviderServer(key=KEY, **settings) as server,
        aiohttp.ClientSession(timeout=timeout) as session,
    ):
        yield Client(server, session)


async def eventually(is_so: Callable[[], object], within_s: float = 10) -> None:
    """Wait until something is so; fail when it does not come."""
    async with asyncio.timeout(within_s):
        while not is_so():  # noqa: ASYNC110 -- the server under test has no event for it
            await asyncio.sleep(0.01)


def flat(width: int = 96, height: int = 96, colour: str = "#3050c0", form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, form)
    return out.getvalue()


def uri(data: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def image_part(data: bytes, media_type: str = "image/png") -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": uri(data, media_type)}}


def text_part(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}
