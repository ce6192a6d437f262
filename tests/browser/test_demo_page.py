"""The demo as a person sees it: a real Chromium on the page that `easel demo` serves."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import Page, expect

from tests.browser.driving import (
    brightness,
    differ,
    last_message,
    pictures,
    reply,
    seen,
    shows,
    type_imagine,
)

pytestmark = pytest.mark.browser


def test_draw_reply_edit_and_attach(page: Page, tmp_path: Path) -> None:
    type_imagine(page, "a red kite over a harbour")
    page.keyboard.press("Enter")
    shows(page, 1)
    expect(pictures(page).last).to_have_attribute("alt", "a red kite over a harbour")
    first = seen(pictures(page).last)

    reply(last_message(page), "make it night")
    shows(page, 2)
    night = seen(pictures(page).last)
    assert differ(first, night)
    assert brightness(night) < brightness(first)

    last_message(page).get_by_role("button", name="Edit", exact=True).click()
    form = page.locator("#modal-root")
    form.locator("textarea").fill("add snow")
    form.get_by_role("button", name="Submit").click()
    shows(page, 3)
    assert differ(night, seen(pictures(page).last))

    photo = tmp_path / "photo.png"
    Image.new("RGB", (300, 300), "lime").save(photo)
    type_imagine(page, "as a stamp")
    page.locator(".command-ghost").click()
    page.locator(".command-popup").get_by_text("image", exact=True).click()
    page.locator("input.command-file-input").set_input_files(photo)
    page.locator("#send-message").click()
    shows(page, 4)
    shown = seen(pictures(page).last)
    width, height = shown.size
    middle = shown.crop((width * 3 // 8, height * 3 // 8, width * 5 // 8, height * 5 // 8))
    red, green, blue = ImageStat.Stat(middle).mean
    assert green > red, shown.size
    assert green > blue
