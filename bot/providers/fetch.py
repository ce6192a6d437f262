"""Fetching pictures by address: attachments from Discord, results from a provider's file host.

An address comes from outside, so it is checked before each hop: the scheme, the host against
the hosts of this purpose and those the operator configured, and the addresses the name stands
for. The last check is in the resolver that the connection itself uses, so that a name which
answers differently the second time gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import random
import socket
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.errors import BadAnswer, PictureError
from bot.spool import Received, Spool

log = logging.getLogger(__name__)

DISCORD_HOSTS = ("cdn.discordapp.com", "media.discordapp.net")
MAX_REDIRECTS = 3
TIMEOUT_S = 60.0
CONNECT_TIMEOUT_S = 15.0
RESULT_ATTEMPTS, RESULT_PAUSE_S = 7, 0.25
"""For a picture that is paid, a quarter of a minute in all: each pause is twice the last."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class _NotPublic(Exception):
    """A name stands for an address that is not on the public network."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network, looking into IPv4 within IPv6."""
    try:
        ip = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class _Guard(AbstractResolver):
    """Resolves names, and refuses those that lead inside unless the operator named them."""

    def __init__(self, inner: AbstractResolver, trusted: Callable[[str, int], bool]) -> None:
        self._inner = inner
        self._trusted = trusted

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not self._trusted(host, port) and not all(is_public(one["host"]) for one in found):
            raise _NotPublic(host)
        return found

    async def close(self) -> None:
        await self._inner.close()


class Fetcher:
    """Open it with `async with`.

    `allowed_hosts` are the operator's (`EASEL_ALLOWED_HOSTS`): `host`, or `host:port` for that
    port alone. They may also be reached by http and on private addresses.
    """

    def __init__(
        self,
        allowed_hosts: Iterable[str] = (),
        *,
        resolver: AbstractResolver | None = None,
        timeout_s: float = TIMEOUT_S,
        jitter: Callable[[], float] = random.random,
        pause_s: float = RESULT_PAUSE_S,
    ) -> None:
        self._allowed = frozenset(host.lower().rstrip(".") for host in allowed_hosts)
        self._resolver = resolver
        self._timeout_s = timeout_s
        self._jitter = jitter
        self._pause_s = pause_s
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        guard = _Guard(self._resolver or aiohttp.ThreadedResolver(), self._trusted)
        self._session = aiohttp.ClientSession(
            # No cache of names and no kept connections: each hop is checked by the resolver.
            connector=aiohttp.TCPConnector(
                limit=0, force_close=True, use_dns_cache=False, resolver=guard
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            headers={"User-Agent": "Easel", "Accept-Encoding": "identity"},
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

    def _trusted(self, host: str, port: int) -> bool:
        host = host.lower().rstrip(".")
        if ":" in host:
            host = f"[{host}]"
        return host in self._allowed or f"{host}:{port}" in self._allowed

    def _check(self, url: URL, hosts: Sequence[str]) -> None:
        """Raises PictureError (`picture_host_not_allowed`) for an address not to be asked."""
        host, port = (url.host or "").lower().rstrip("."), url.port or 0
        if url.scheme in {"http", "https"} and self._trusted(host, port) and not url.user:
            return
        good = url.scheme == "https" and port == 443 and not url.user and host in hosts
        if not good or (_is_ip(host) and not is_public(host)):
            raise PictureError("picture_host_not_allowed", host=host or "?")

    async def fetch(self, url: str, *, limit_bytes: int, hosts: Sequence[str]) -> bytes:
        """The bytes behind an address on one of `hosts` or on a configured host.

        Raises PictureError: `picture_link_expired` (403, 404, 410), `picture_host_not_allowed`
        (value `host`), `picture_too_large` (value `limit_bytes`) or `picture_fetch_failed`.
        """
        return (await self._fetch(url, limit_bytes, hosts, Spool())).read()

    async def _fetch(
        self, url: str, limit_bytes: int, hosts: Sequence[str], spool: Spool
    ) -> Received:
        assert self._session is not None, "open the fetcher with `async with`"
        try:
            at = URL(url)
            async with asyncio.timeout(self._timeout_s):
                for _ in range(MAX_REDIRECTS + 1):
                    self._check(at, hosts)
                    found = await self._hop(self._session, at, limit_bytes, spool)
                    if isinstance(found, Received):
                        return found
                    at = at.join(found)
        except _NotPublic as error:
            raise PictureError("picture_host_not_allowed", host=str(error)) from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise PictureError(
                "picture_fetch_failed", detail=f"{type(error).__name__}: {error}"[:300]
            ) from None
        raise PictureError("picture_fetch_failed", detail="too many redirects")

    async def _hop(
        self, session: aiohttp.ClientSession, url: URL, limit_bytes: int, spool: Spool
    ) -> Received | URL:
        """One request: the file, or the address it redirects to."""
        async with session.get(
            url,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=self._timeout_s, sock_connect=CONNECT_TIMEOUT_S),
        ) as response:
            if response.status in {301, 302, 303, 307, 308}:
                return URL(response.headers.get("location", ""))
            if response.status in {403, 404, 410}:
                raise PictureError("picture_link_expired", detail=str(response.status))
            coding = response.headers.get("content-encoding", "identity")
            if response.status != 200 or coding != "identity":
                raise PictureError("picture_fetch_failed", detail=f"{response.status} {coding}")
            picture = spool.picture()
            too_large = (response.content_length or 0) > limit_bytes
            while not too_large and (chunk := await response.content.readany()):
                picture.add(chunk)
                too_large = picture.size_bytes > limit_bytes
                await spool.flush()
            if too_large:
                response.close()
                raise PictureError("picture_too_large", limit_bytes=limit_bytes)
            await spool.finish()
            return picture

    async def fetch_result(
        self, url: str, *, limit_bytes: int, hosts: Sequence[str], spool: Spool | None = None
    ) -> Received:
        """A paid result, in `spool`. Fetching is free, so it is tried again for some time.

        Raises BadAnswer: `result_host_not_allowed` (value `host`), `result_too_large`, or
        `result_fetch_failed`; the address is in `detail` so that the operator can fetch it.
        """
        last = ""
        for attempt in range(RESULT_ATTEMPTS):
            try:
                return await self._fetch(url, limit_bytes, hosts, spool or Spool())
            except PictureError as error:
                if error.key == "picture_host_not_allowed":
                    host = str(error.values["host"])
                    raise BadAnswer("result_host_not_allowed", host=host) from None
                if error.key == "picture_too_large":
                    raise BadAnswer("result_too_large", detail=url[:500]) from None
                log.info("a result was not fetched: %s, %s", error.key, error.detail)
                last = error.detail
                if attempt + 1 < RESULT_ATTEMPTS:
                    await asyncio.sleep(self._pause_s * 2**attempt * (0.5 + self._jitter()))
        # The address is all that is left of what was paid.
        log.warning("a paid result cannot be fetched: %s, %s", last, url[:500])
        raise BadAnswer("result_fetch_failed", detail=f"{last} {url}"[:500])


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
