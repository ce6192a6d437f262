"""What the tests of the demo's page have in common."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Generator

import pytest
from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests of this folder where there is no browser."""
    absent = pytest.mark.skip(reason="no Chromium: install Debian's package chromium")
    for item in items:
        if CHROMIUM is None and item.get_closest_marker("browser") is not None:
            item.add_marker(absent)


@pytest.fixture
def address() -> Generator[str]:
    """The address that the demo prints on a line of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    demo = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", str(port), "--no-open"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert demo.stdout is not None
    lines = iter(demo.stdout.readline, "")
    found = next((line.strip() for line in lines if line.startswith("http")), None)
    try:
        assert found is not None, "the demo printed no address"
        assert f":{port}/" in found
        yield found
    finally:
        demo.send_signal(signal.SIGINT)
        assert demo.wait(20) in (0, 130)
        demo.stdout.close()


@pytest.fixture
def page(address: str) -> Generator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        yield page
        browser.close()
