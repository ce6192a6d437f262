"""The one client that calls providers: time-outs, size cap, retries, redaction.

A call is repeated only when nothing can have been billed: after 429 or when no connection
came about. A call that costs nothing (`free`) is also repeated when its end is unknown.
Redirects are not followed: a POST that is paid is never sent twice.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace, TracebackType
from typing import Self

import aiohttp

from bot.clock import Clock, SystemClock
from bot.domain.routes import Profile
from bot.errors import BadAnswer, OutcomeUnknown, ProviderBusy, ProviderError, ProviderRejected
from bot.providers import errors
from bot.providers.base import HttpAnswer, HttpRequest, Provider
from bot.providers.lift import Lifter
from bot.providers.sending import Sending
from bot.spool import Received, Spool

log = logging.getLogger(__name__)

ANSWER_LIMIT_BYTES = 64 * 1024 * 1024
ERROR_LIMIT_BYTES = 64 * 1024
CONNECT_TIMEOUT_S = 15.0
RETRY_AFTER_LIMIT_S = 120.0

AUTHS: dict[str, tuple[str, str]] = {
    "bearer": ("Authorization", "Bearer {}"),
    "goog": ("x-goog-api-key", "{}"),
}
"""The header and its value for each way a route may name the key."""

EXCEPTIONS: tuple[tuple[type[Exception], type[ProviderError], str], ...] = (
    # No connection came about, so nothing was sent.
    (aiohttp.ClientConnectorError, ProviderBusy, "provider_unreachable"),
    (aiohttp.ConnectionTimeoutError, ProviderBusy, "provider_unreachable"),
    (aiohttp.InvalidURL, ProviderRejected, "provider_address"),
    # Everything else may have happened after the request was sent.
    (aiohttp.ClientError, OutcomeUnknown, "outcome_unknown"),
    (TimeoutError, OutcomeUnknown, "outcome_unknown"),
    (OSError, OutcomeUnknown, "outcome_unknown"),
    (EOFError, OutcomeUnknown, "outcome_unknown"),
)
"""What an exception of the client means; the first row that fits. Complete by test."""


def of_exception(error: Exception, detail: str, *, sent: bool = True) -> ProviderError:
    """The error that an exception of the client means; `sent` is whether any byte went out."""
    for kind, meaning, key in EXCEPTIONS:
        if isinstance(error, kind):
            if meaning is OutcomeUnknown and not sent:
                return ProviderBusy("provider_unreachable", detail=detail)
            return meaning(key, detail=detail)
    raise AssertionError("not an exception of the client") from error


def _tracing() -> aiohttp.TraceConfig:
    """Marks in a call's own list that its request went out."""
    config = aiohttp.TraceConfig()

    async def sent(
        session: aiohttp.ClientSession,  # noqa: ARG001 -- the signal's form
        context: SimpleNamespace,
        params: aiohttp.TraceRequestHeadersSentParams,  # noqa: ARG001 -- the signal's form
    ) -> None:
        context.trace_request_ctx.append(True)

    config.on_request_headers_sent.append(sent)
    return config


@dataclass(slots=True)
class Budget:
    """How often and how long one job may be tried in all, whatever routes it takes.

    `attempts` counts the repetitions left, of which `kept` are not for the present route;
    waits end before `ends_at` (monotonic seconds) and are no longer than `most_s`. `sending` is
    what the job's cancel looks at.
    """

    ends_at: float
    attempts: int = 4
    kept: int = 0
    most_s: float = RETRY_AFTER_LIMIT_S
    waits: int = field(default=0, init=False)
    sending: Sending = field(default_factory=Sending)

    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.ends_at

    def left_s(self) -> float:
        """Seconds until the end, at least a hundredth so that time-outs stay time-outs."""
        return max(0.01, self.ends_at - time.monotonic())

    def pause_s(self, asked_s: float | None, jitter: Callable[[], float]) -> float | None:
        """How long to wait before the next try, or None when there is no next try.

        A provider that asks for more than that is not waited for.
        """
        if self.attempts <= max(0, self.kept):
            return None
        if asked_s is not None and asked_s > self.most_s:
            return None
        pause = 0.5 * 2**self.waits * (0.5 + jitter()) if asked_s is None else asked_s + jitter()
        if time.monotonic() + pause >= self.ends_at:
            return None
        self.attempts -= 1
        self.waits += 1
        return pause


def budget(timeout_s: float, attempts: int = 4) -> Budget:
    """A budget that starts now."""
    return Budget(time.monotonic() + timeout_s, attempts)


class Transport:
    """Open it with `async with`. One is enough for all providers."""

    def __init__(
        self,
        *,
        answer_limit_bytes: int = ANSWER_LIMIT_BYTES,
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
        jitter: Callable[[], float] = random.random,
        clock: Clock | None = None,
    ) -> None:
        self._limit = answer_limit_bytes
        self._connect_s = connect_timeout_s
        self._jitter = jitter
        self._clock = clock or SystemClock()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        # Connections are not kept: when a server closes a kept one just as a request goes out,
        # nobody can tell whether a paid call was made. A new one costs little beside a picture.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, force_close=True),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=True,
            headers={"User-Agent": "Easel", "Accept-Encoding": "identity"},
            trace_configs=[_tracing()],
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(
        self,
        provider: Provider,
        auth: str,
        request: HttpRequest,
        profile: Profile,
        limits: Budget,
        *,
        free: bool = False,
        sending: Sending | None = None,
        spool: Spool | None = None,
    ) -> HttpAnswer:
        """Send a request; the answer has a status of 2xx. Its pictures go into `spool`.

        Raises the ProviderError that the map has for anything else. `free` says that the call
        costs nothing and may be repeated when its end is unknown. `sending` is asked before each
        try of a call that a cancel has to know of.
        """
        spool = spool or Spool()  # in memory
        while True:
            if sending is not None:
                sending.begin()
            try:
                return await self._once(provider, auth, request, profile, limits.left_s(), spool)
            except ProviderBusy as busy:
                if sending is not None:
                    sending.not_billed()
                pause = limits.pause_s(busy.retry_after_s, self._jitter)
                if pause is None:
                    raise
                reason = busy.key
            except OutcomeUnknown as unknown:
                pause = limits.pause_s(None, self._jitter) if free else None
                if pause is None:
                    raise
                reason = unknown.key
            log.info("%s: %s, again in %.1f s", provider.name, reason, pause)
            await asyncio.sleep(pause)

    async def _once(
        self,
        provider: Provider,
        auth: str,
        request: HttpRequest,
        profile: Profile,
        timeout_s: float,
        spool: Spool,
    ) -> HttpAnswer:
        assert self._session is not None, "open the transport with `async with`"
        headers: dict[str, str] = {}
        if provider.key and auth in AUTHS:
            name, form = AUTHS[auth]
            headers[name] = form.format(provider.key)
        data: bytes | aiohttp.FormData | None = None
        if request.json is not None:
            data = json.dumps(request.json, ensure_ascii=False).encode("utf-8", "replace")
            headers["Content-Type"] = "application/json"
        elif request.file is not None:
            data = aiohttp.FormData()
            data.add_field(
                request.file.name,
                request.file.data,
                filename=request.file.filename,
                content_type=request.file.media_type,
            )
        began = time.monotonic()
        request_id = ""
        sent: list[bool] = []
        try:
            async with self._session.request(
                request.method,
                provider.address + request.path,
                params=request.query,
                data=data,
                headers=headers,
                allow_redirects=False,
                trace_request_ctx=sent,
                timeout=aiohttp.ClientTimeout(total=timeout_s, sock_connect=self._connect_s),
            ) as response:
                good = 200 <= response.status < 300
                request_id = response.headers.get("request-id", "")
                size, body, runs = await self._read(response, spool, good=good)
                answer = HttpAnswer(
                    response.status,
                    {name.lower(): value for name, value in response.headers.items()},
                    _redacted(body, provider.key),
                    runs,
                )
        except (aiohttp.ClientError, TimeoutError, OSError, EOFError) as error:
            detail = redact(f"{type(error).__name__}: {error}", provider.key)
            # Without its cause: aiohttp's exceptions hold the request's headers, key included.
            known = of_exception(error, detail[: errors.DETAIL_CHARACTERS], sent=bool(sent))
            known.request_id = request_id
            raise known from None
        log.info(
            "%s: %s %s: %d, %d bytes in %.2f s, request-id %s",
            provider.name,
            request.method,
            request.path,
            answer.status,
            size,
            time.monotonic() - began,
            answer.request_id or "none",
        )
        if good:
            return answer
        raise errors.of_answer(answer, profile, now=self._clock.now())

    async def _read(
        self, response: aiohttp.ClientResponse, spool: Spool, *, good: bool
    ) -> tuple[int, bytes, tuple[Received, ...]]:
        """The body's size up to the cap, and the body with its pictures taken out."""
        limit = self._limit if good else ERROR_LIMIT_BYTES
        lifter, size = Lifter(spool.picture), 0
        async for chunk in response.content.iter_any():
            size += len(chunk)
            if size > limit:
                response.close()
                if good:
                    raise BadAnswer(
                        "answer_too_large",
                        detail=f"more than {limit} bytes",
                        request_id=response.headers.get("request-id", ""),
                    )
                break
            lifter.feed(chunk)
            await spool.flush()
        body, runs = lifter.finish()
        await spool.finish()
        return size, body, runs


def redact(text: str, key: str) -> str:
    """A text without the key."""
    return text.replace(key, "[key]") if key else text


def _redacted(body: bytes, key: str) -> bytes:
    """A small body without the key, should the provider repeat it in an error."""
    if not key or len(body) > ERROR_LIMIT_BYTES:
        return body
    return body.replace(key.encode(), b"[key]")
