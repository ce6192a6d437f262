from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import BadAnswer, Billed, PictureError
from bot.providers.fetch import DISCORD_HOSTS, RESULT_ATTEMPTS, Fetcher, is_public

from .serving import PNG, Server, always, cut_inside, hang, in_turn, serving

URL = "https://cdn.discordapp.com/attachments/1/2/a.png"


class Names(AbstractResolver):
    """Answers from a list, one entry a question; stands in for the network's name server."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host, host=one, port=port, family=socket.AF_INET, proto=0, flags=0
            )
            for one in found
        ]

    async def close(self) -> None:
        pass


async def fetch(
    url: str,
    *,
    allowed: Sequence[str] = (),
    resolver: AbstractResolver | None = None,
    limit: int = 1 << 20,
    timeout_s: float = 3,
    hosts: Sequence[str] = DISCORD_HOSTS,
) -> bytes:
    async with Fetcher(allowed, resolver=resolver, timeout_s=timeout_s) as fetcher:
        return await fetcher.fetch(url, limit_bytes=limit, hosts=hosts)


async def refused(url: str, key: str = "picture_host_not_allowed", **settings: object) -> None:
    with pytest.raises(PictureError) as caught:
        await fetch(url, **settings)  # pyright: ignore[reportArgumentType] -- the settings above
    assert caught.value.key == key, caught.value


def here(server: Server) -> list[str]:
    return [f"127.0.0.1:{server.port}"]


async def test_bytes_come_unchanged_from_a_configured_host() -> None:
    async with serving(always(PNG)) as server:
        assert await fetch(f"{server.url}/a.png?x=%2F", allowed=here(server)) == PNG
        assert await fetch(f"{server.url}/a.png", allowed=["127.0.0.1"]) == PNG
        name = f"http://localhost:{server.port}/a.png"
        assert await fetch(name, allowed=[f"LocalHost:{server.port}"]) == PNG
        assert server.calls[0].query == {"x": "/"}
        assert "Authorization" not in server.calls[0].headers


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com:8443/a.png",
        "https://evil.example/a.png",
        "https://cdn.discordapp.com.evil.example/a.png",
        "https://cdn.discordapp.com@evil.example/a.png",
        "https://user:pass@cdn.discordapp.com/a.png",
        "https://127.0.0.1/a.png",
        "https://[::1]/a.png",
        "ftp://cdn.discordapp.com/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "cdn.discordapp.com/a.png",
        "",
        "https:///a.png",
    ],
)
async def test_addresses_that_are_not_asked(url: str) -> None:
    names = Names(["93.184.216.34"])
    await refused(url, resolver=names)
    assert names.asked == []


async def test_a_broken_address_is_a_failure() -> None:
    await refused("https://[cdn/a.png", "picture_fetch_failed")


async def test_another_port_of_a_configured_host_is_refused() -> None:
    async with serving(always(PNG)) as server:
        await refused(f"{server.url}/a.png", allowed=[f"127.0.0.1:{server.port - 1}"])
        await refused(f"{server.url}/a.png")
        assert server.calls == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.5.5",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 -- an address to refuse, not to bind
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "nonsense",
    ],
)
async def test_names_that_lead_inside_are_refused(address: str) -> None:
    assert not is_public(address)
    await refused(URL, resolver=Names([address]))
    # One public address beside it does not help.
    await refused(URL, resolver=Names(["93.184.216.34", address]))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822", "::ffff:8.8.8.8"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


async def test_a_name_that_changes_its_answer_gains_nothing() -> None:
    async with serving(always(PNG)) as server:
        hosts = ["pictures.example"]
        # Public first (nothing listens there under this name), then the loopback.
        names = Names(["203.0.113.1"], ["127.0.0.1"])
        assert not is_public("203.0.113.1")  # a documentation address: refused as well
        await refused("https://pictures.example/a", resolver=names, hosts=hosts)
        await refused("https://pictures.example/a", resolver=names, hosts=hosts)
        assert names.asked == ["pictures.example", "pictures.example"]
        # The operator's word is what lets it through.
        assert (
            await fetch(
                f"http://pictures.example:{server.port}/a",
                resolver=Names(["127.0.0.1"]),
                allowed=[f"pictures.example:{server.port}"],
            )
            == PNG
        )


async def test_each_redirect_is_checked() -> None:
    async with serving(always(PNG)) as inside:
        for target in (f"{inside.url}/secret", "https://evil.example/x", "//evil.example/x"):
            there = always(b"", 302, {"Location": target})
            async with serving(there) as server:
                await refused(f"{server.url}/a.png", allowed=here(server))
                assert len(server.calls) == 1
        assert inside.calls == []


async def test_three_redirects_are_followed_and_not_four() -> None:
    async def hop(request: web.Request, number: int) -> web.StreamResponse:
        left = int(request.path.removeprefix("/"))
        if not left:
            return web.Response(body=PNG)
        return web.Response(status=307, headers={"Location": f"/{left - 1}"})

    async with serving(hop) as server:
        assert await fetch(f"{server.url}/3", allowed=here(server)) == PNG
        assert len(server.calls) == 4
        await refused(f"{server.url}/4", "picture_fetch_failed", allowed=here(server))
        assert len(server.calls) == 8


@pytest.mark.parametrize(
    ("status", "key"),
    [
        (403, "picture_link_expired"),
        (404, "picture_link_expired"),
        (410, "picture_link_expired"),
        (204, "picture_fetch_failed"),
        (500, "picture_fetch_failed"),
    ],
)
async def test_statuses(status: int, key: str) -> None:
    async with serving(always(b"", status)) as server:
        await refused(f"{server.url}/a.png", key, allowed=here(server))


async def test_the_size_cap_with_and_without_a_length() -> None:
    async def chunked(request: web.Request, number: int) -> web.StreamResponse:
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        for _ in range(50):
            await response.write(b"x" * 100_000)
        return response

    for answer in (always(b"x" * 1_000_001), chunked):
        async with serving(answer) as server:
            url = f"{server.url}/a.png"
            await refused(url, "picture_too_large", allowed=here(server), limit=1_000_000)
    async with serving(always(b"x" * 1_000_000)) as server:
        found = await fetch(f"{server.url}/a", allowed=here(server), limit=1_000_000)
        assert len(found) == 1_000_000


async def test_time_out_cut_and_packed_answers() -> None:
    async with serving(hang) as server:
        url = f"{server.url}/a.png"
        await refused(url, "picture_fetch_failed", allowed=here(server), timeout_s=0.2)
    async with serving(cut_inside) as server:
        await refused(f"{server.url}/a.png", "picture_fetch_failed", allowed=here(server))
    async with serving(always(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})) as server:
        await refused(f"{server.url}/a.png", "picture_fetch_failed", allowed=here(server))


async def test_https_is_not_stepped_down() -> None:
    """A listener that speaks no TLS is a failure, not a picture: https is never stepped down."""

    async def hello(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hello, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await refused(
            f"https://127.0.0.1:{port}/a", "picture_fetch_failed", allowed=[f"127.0.0.1:{port}"]
        )


async def result(server: Server, **settings: object) -> bytes:
    async with Fetcher(here(server), pause_s=0.01) as fetcher:
        found = await fetcher.fetch_result(f"{server.url}/r.png", limit_bytes=1000, hosts=())
        return found.read()


async def test_a_paid_result_is_fetched_again() -> None:
    late = in_turn(always(b"", 404), always(b"", 502), cut_inside, always(PNG))
    async with serving(late) as server:
        assert await result(server) == PNG
        assert len(server.calls) == 4


async def test_a_result_that_cannot_be_fetched(caplog: pytest.LogCaptureFixture) -> None:
    async with serving(always(b"", 404)) as server:
        with pytest.raises(BadAnswer) as caught:
            await result(server)
        assert caught.value.key == "result_fetch_failed"
        assert caught.value.billed is Billed.MAYBE
        assert server.url in caught.value.detail
        assert server.url in caplog.text, "so that the operator can fetch it"
        assert len(server.calls) == RESULT_ATTEMPTS
    async with serving(always(b"x" * 1001)) as server:
        with pytest.raises(BadAnswer) as caught:
            await result(server)
        assert caught.value.key == "result_too_large"
        assert len(server.calls) == 1
    async with Fetcher() as fetcher:
        with pytest.raises(BadAnswer) as caught:
            await fetcher.fetch_result("https://evil.example/a", limit_bytes=9, hosts=("a.b",))
        assert caught.value.key == "result_host_not_allowed"
        assert caught.value.values == {"host": "evil.example"}
