"""Taking the picture out of a base64 answer: time and memory against the budget.

    python bench/wires.py

Time is compared with `json.loads` and `base64.b64decode` of the same body. Memory is the peak
of a process of its own (the kernel's count) that gets the answer over a real socket, above
what it took before the call. Budget: 1.5 times the time, 2.5 times the picture's bytes.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

TIME_BUDGET, MEMORY_BUDGET = 1.5, 2.5
SIZES = (2_000_000, 20_000_000)
PIECE = 1 << 16  # as a socket gives them


def body_of(picture: bytes, wire: str) -> bytes:
    text = base64.b64encode(picture).decode()
    if wire == "gemini":
        part = {"inlineData": {"mimeType": "image/png", "data": text}}
        value: object = {"candidates": [{"content": {"parts": [{"text": "Here."}, part]}}]}
    else:
        content = f"Here it is.\n\n![image](data:image/png;base64,{text})\n"
        value = {"choices": [{"message": {"role": "assistant", "content": content}}]}
    return json.dumps(value).encode()


def fastest(*runs: Callable[[], object], times: int = 15) -> list[float]:
    """The best time of each, taken in turns so that a busy moment strikes all alike."""
    best = [float("inf")] * len(runs)
    for _ in range(times):
        for number, run in enumerate(runs):
            began = time.perf_counter()
            run()
            best[number] = min(best[number], time.perf_counter() - began)
    return best


def time_ratio(size: int, wire: str) -> tuple[float, float]:
    from bot.providers.base import Drawn, HttpAnswer, Inline
    from bot.providers.lift import Lifter
    from bot.providers.registry import load_catalogue
    from bot.providers.wires import WIRES

    picture = os.urandom(size)
    body = body_of(picture, wire)
    text = base64.b64encode(picture).decode()
    route = load_catalogue("gemini-2.5-flash-image").route(
        "chat" if wire == "chat" else "gemini-image"
    )
    pieces = [body[at : at + PIECE] for at in range(0, len(body), PIECE)]

    def ours() -> bytes:
        lifter = Lifter()
        for piece in pieces:
            lifter.feed(piece)
        outcome = WIRES[wire].parse(HttpAnswer(200, {}, *lifter.finish()), route)
        assert isinstance(outcome, Drawn)
        assert isinstance(outcome.pictures[0], Inline)
        return outcome.pictures[0].picture.read()

    def plain() -> bytes:
        json.loads(body)
        return base64.b64decode(text)

    assert ours() == picture
    mine, others = fastest(ours, plain)
    return mine, others


def peak_bytes() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no VmHWM")


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def draw_once(url: str, wire: str) -> None:
    """In a process of its own: print the bytes at rest, at the peak, and of the picture."""
    from bot.domain.routes import DrawRequest
    from bot.providers.draw import Painter
    from bot.providers.fetch import Fetcher
    from bot.providers.registry import load_catalogue
    from bot.providers.transport import Transport

    async def run() -> tuple[int, int, int]:
        catalogue = load_catalogue("gemini-2.5-flash-image")
        route = catalogue.route("chat" if wire == "chat" else "gemini-image")
        async with Transport() as transport, Fetcher() as fetcher:
            provider = catalogue.provider("302ai", key="bench", address=url)
            painter = Painter(transport, fetcher, {"302ai": provider})
            request = DrawRequest("a kite")
            # The first answer is small: what it loads and allocates once is not the picture's.
            await painter.draw(route, DrawRequest("small"), timeout_s=60)
            idle = resident_bytes()
            forget_peak()
            result = await painter.draw(route, request, timeout_s=60)
            return idle, peak_bytes(), result.picture.size_bytes

    print(json.dumps(asyncio.run(run())))


def memory_ratio(size: int, wire: str) -> float:
    small, large = body_of(os.urandom(1000), wire), body_of(os.urandom(size), wire)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            body = small if b"small" in sent else large
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base's name
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    done = subprocess.run(  # noqa: S603 -- this file, with an address of its own
        [sys.executable, __file__, url, wire], check=True, capture_output=True, text=True
    )
    server.shutdown()
    idle, peak, picture = json.loads(done.stdout)
    assert picture == size
    return (peak - idle) / size


def main() -> int:
    good = True
    print("wire    picture      time   plain   ratio   memory above idle")
    for wire in ("chat", "gemini"):
        for size in SIZES:
            ours, plain = time_ratio(size, wire)
            memory = memory_ratio(size, wire)
            fits = ours / plain <= TIME_BUDGET and memory <= MEMORY_BUDGET
            good = good and fits
            print(
                f"{wire:6} {size / 1e6:5.0f} MB  {ours * 1e3:6.1f}  {plain * 1e3:6.1f} ms"
                f"   {ours / plain:4.2f}x   {memory:4.2f}x {'' if fits else ' OVER BUDGET'}"
            )
    print(f"budget: {TIME_BUDGET}x the time, {MEMORY_BUDGET}x the picture's bytes")
    return 0 if good else 1


if __name__ == "__main__":
    if len(sys.argv) == 3:
        draw_once(sys.argv[1], sys.argv[2])
    else:
        sys.exit(main())
