"""Discord's REST in front of SimCord's routes.

What SimCord leaves to its callers is done here: the token, files and their limits, nonces that
are enforced, rate limits and other faults on command, and answers as `application/json` exactly.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from simcord.backend.errors import BackendError
from simcord.http import routes
from simcord.http.router import RouteNotImplemented, UnsupportedField, dispatch

from bot.standins.discord import forms
from bot.standins.discord.faults import Fault, Faults
from bot.standins.discord.limits import RateLimits
from bot.standins.discord.stamps import Stamps
from bot.standins.discord.world import World

assert routes  # importing them registers them
BASE = "/api/v10"
NONCE_LIFE_S = 180.0  # documented: «the past few minutes»
WITHOUT_TOKEN = ("/gateway", "/interactions/", "/webhooks/")


@dataclass(slots=True)
class Call:
    """One REST call as it arrived. `status` is 0 while it has no answer, or when it was cut."""

    method: str
    path: str
    query: dict[str, str]
    json: Any = field(default=None, repr=False)
    files: tuple[tuple[str, int], ...] = ()
    """Names and sizes in bytes."""
    status: int = 0
    at_s: float = 0.0  # Unix time of arrival
    took_s: float = 0.0

    @property
    def name(self) -> str:
        """What patterns of faults are compared with."""
        return f"{self.method} {self.path}"


class Rest:
    """Answers REST calls. `calls` holds all of them, `gaps` what SimCord does not implement."""

    def __init__(
        self, world: World, faults: Faults, stamps: Stamps, token: str, limit_bytes: int
    ) -> None:
        self.limits = RateLimits()
        self.calls: list[Call] = []
        self.gaps: list[str] = []
        self.limit_bytes = limit_bytes
        self.gateway_address = ""
        self._world = world
        self._faults = faults
        self._stamps = stamps
        self._token = token
        self._nonces: dict[str, tuple[float, dict[str, Any]]] = {}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        path = request.path.removeprefix(BASE)
        call = Call(request.method, path, dict(request.query), at_s=time.time())
        self.calls.append(call)
        began = time.monotonic()
        within, headers = self.limits.count(call.name)
        try:
            answer = await self._answer(request, call) if within else _too_many(headers)
        except BackendError as error:
            if isinstance(error, RouteNotImplemented | UnsupportedField):
                self.gaps.append(str(error))
            answer = _json(error.to_json(), error.status)
        except (KeyError, TypeError, ValueError) as error:  # a handler read what is not there
            answer = _json({"code": 50035, "message": f"Invalid Form Body: {error!r}"}, 400)
        call.took_s = time.monotonic() - began
        if answer is None:
            return _cut(request)
        answer.headers.update(headers)
        call.status = answer.status
        return answer

    async def _answer(self, request: web.Request, call: Call) -> web.Response | None:
        body = await forms.read(request)
        call.json = body.json
        call.files = tuple((file.filename, len(file.data)) for file in body.files)
        self._authorize(request, call)
        fault = self._faults.strike(call.name)
        if fault is not None and not fault.late and await fault.strikes():
            return _instead(fault)
        answer = self._effect(request, call, body)
        if fault is not None and fault.late and await fault.strikes():
            return _instead(fault)
        return answer

    def _effect(self, request: web.Request, call: Call, body: forms.Body) -> web.Response:
        if call.name == "GET /gateway":
            return _json({"url": self.gateway_address})
        if call.name == "GET /gateway/bot":
            limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
            return _json({"url": self.gateway_address, "shards": 1, "session_start_limit": limit})
        forms.check(body, self.limit_bytes)
        nonce = _nonce(call)
        if nonce is not None and (known := self._known(nonce)) is not None:
            return _json(known)
        result = dispatch(
            self._world.backend,
            call.method,
            call.path,
            json=body.json,
            params=dict(call.query),
            files=list(body.files),
            reason=request.headers.get("X-Audit-Log-Reason"),
        )
        self._stamps.note(call.path, files=bool(body.files))
        if nonce is not None:
            result = {**result, "nonce": nonce}
            self._nonces[nonce] = (time.monotonic(), result)
        if call.method == "POST" and not _wants_answer(call):
            result = None
        return web.Response(status=204) if result is None else _json(result)

    def _known(self, nonce: str) -> dict[str, Any] | None:
        """The message that was created with this nonce a moment ago, as it is now."""
        oldest = time.monotonic() - NONCE_LIFE_S
        while self._nonces and next(iter(self._nonces.values()))[0] < oldest:
            del self._nonces[next(iter(self._nonces))]
        _, message = self._nonces.get(nonce, (0.0, None))
        if message is None:
            return None
        path = f"/channels/{message['channel_id']}/messages/{message['id']}"
        return {**dispatch(self._world.backend, "GET", path), "nonce": nonce}

    def _authorize(self, request: web.Request, call: Call) -> None:
        given = request.headers.get("Authorization")
        if given is None and call.path.startswith(WITHOUT_TOKEN):
            return
        if given != f"Bot {self._token}":
            raise BackendError(401, 0, "401: Unauthorized")


def _nonce(call: Call) -> str | None:
    if call.method != "POST" or not call.path.endswith("/messages"):
        return None
    asked = forms.mapping(call.json)
    nonce = asked.get("nonce") if asked.get("enforce_nonce") else None
    return None if nonce is None else str(nonce)


def _wants_answer(call: Call) -> bool:
    """Whether the answer to a callback or a follow-up is asked for; it is to all other calls."""
    word = {"interactions": "with_response", "webhooks": "wait"}.get(call.path.split("/")[1])
    return word is None or call.query.get(word) in {"1", "true"}


def _instead(fault: Fault) -> web.Response | None:
    """The answer that a fault gives in place of the right one; None: the connection ends."""
    if fault.cut or (fault.hold is not None and fault.hold.dropped):
        return None
    if fault.status != 429:
        return _json({"code": fault.code, "message": fault.message}, fault.status)
    return _limited(fault.retry_after_s, is_global=fault.is_global)


def _too_many(headers: Mapping[str, str]) -> web.Response:
    return _limited(float(headers["X-RateLimit-Reset-After"]), is_global=False)


def _limited(wait_s: float, *, is_global: bool) -> web.Response:
    said = {"message": "You are being rate limited.", "retry_after": wait_s, "global": is_global}
    answer = _json(said, 429)
    # discord.py takes a 429 without «Via» for a ban by Cloudflare.
    answer.headers.update({"Via": "1.1 google", "Retry-After": f"{wait_s:.3f}"})
    return answer


def _json(body: Any, status: int = 200) -> web.Response:
    # As text, aiohttp would add a charset, and discord.py would hand the answer on unparsed.
    return web.Response(
        status=status, body=json.dumps(body).encode(), content_type="application/json"
    )


def _cut(request: web.Request) -> web.StreamResponse:
    """End the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
