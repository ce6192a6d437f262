"""The demo as a person sees it: a real Chromium on the page that `easel demo` serves."""

from __future__ import annotations

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Locator, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PICTURE_MS = 20_000
PAINTED_MS = 300  # Chromium decodes large pictures after it has laid out the page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install Debian's package chromium"),
]


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


def pictures(page: Page) -> Locator:
    return page.locator("img.gallery-image")


def last_message(page: Page) -> Locator:
    return page.locator("article.channel-message").last


def seen(picture: Locator) -> Image.Image:
    """The picture as the page shows it."""
    expect(picture).not_to_have_js_property("naturalWidth", 0)  # until then its alt text is shown
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_in_viewport(ratio=0.5)
    picture.page.wait_for_timeout(PAINTED_MS)
    return Image.open(io.BytesIO(picture.screenshot())).convert("RGB")


def differ(one: Image.Image, other: Image.Image) -> bool:
    box = ImageChops.difference(one, other.resize(one.size)).getbbox()
    return box is not None


def brightness(picture: Image.Image) -> float:
    return sum(ImageStat.Stat(picture).mean)


def type_imagine(page: Page, words: str) -> None:
    composer = page.locator("#channel-composer-input")
    composer.click()
    composer.type("/imagine")
    expect(page.locator(".command-popup")).to_be_visible()
    page.keyboard.press("Enter")
    field = page.locator("input[data-option=prompt]")
    expect(field).to_be_visible()
    field.fill(words)


def test_draw_reply_edit_and_attach(page: Page, tmp_path: Path) -> None:
    type_imagine(page, "a red kite over a harbour")
    page.keyboard.press("Enter")
    expect(pictures(page)).to_have_count(1, timeout=PICTURE_MS)
    expect(pictures(page).last).to_have_attribute("alt", "a red kite over a harbour")
    first = seen(pictures(page).last)

    last_message(page).hover()
    last_message(page).get_by_role("button", name="Reply").click()
    page.locator("#channel-composer-input").fill("make it night")
    page.keyboard.press("Enter")
    expect(pictures(page)).to_have_count(2, timeout=PICTURE_MS)
    night = seen(pictures(page).last)
    assert differ(first, night)
    assert brightness(night) < brightness(first)

    last_message(page).get_by_role("button", name="Edit", exact=True).click()
    form = page.locator("#modal-root")
    form.locator("textarea").fill("add snow")
    form.get_by_role("button", name="Submit").click()
    expect(pictures(page)).to_have_count(3, timeout=PICTURE_MS)
    assert differ(night, seen(pictures(page).last))

    photo = tmp_path / "photo.png"
    Image.new("RGB", (300, 300), "lime").save(photo)
    type_imagine(page, "as a stamp")
    page.locator(".command-ghost").click()
    page.locator(".command-popup").get_by_text("image", exact=True).click()
    page.locator("input.command-file-input").set_input_files(photo)
    page.locator("#send-message").click()
    expect(pictures(page)).to_have_count(4, timeout=PICTURE_MS)
    shown = seen(pictures(page).last)
    width, height = shown.size
    middle = shown.crop((width * 3 // 8, height * 3 // 8, width * 5 // 8, height * 5 // 8))
    red, green, blue = ImageStat.Stat(middle).mean
    assert green > red, shown.size
    assert green > blue
