"""What a person does on the demo's page, and what they see there."""

from __future__ import annotations

import io
import time

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Locator, Page, expect

PICTURE_MS = 20_000
PAINTED_MS = 300  # Chromium decodes large pictures after it has laid out the page


def pictures(page: Page) -> Locator:
    return page.locator("img.gallery-image")


def shows(page: Page, count: int) -> None:
    """Wait until there are so many pictures.

    The page gives an action five seconds, and then shows nothing new before it is loaded again,
    although the action goes on: on a busy machine a person would do that, too.
    """
    until_s = time.monotonic() + PICTURE_MS / 1000
    given_up = page.get_by_text("did not settle before its deadline")
    while pictures(page).count() != count and time.monotonic() < until_s:
        if given_up.count():
            page.reload()
        page.wait_for_timeout(100)
    expect(pictures(page)).to_have_count(count)


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


def choose_command(page: Page, name: str) -> None:
    """Begin a command in the composer."""
    composer = page.locator("#channel-composer-input")
    composer.click()
    composer.type(f"/{name}")
    expect(page.locator(".command-popup")).to_be_visible()
    page.keyboard.press("Enter")


def type_imagine(page: Page, words: str) -> None:
    """Write a wish, without sending it."""
    choose_command(page, "imagine")
    field = page.locator("input[data-option=prompt]")
    expect(field).to_be_visible()
    field.fill(words)


def reply(message: Locator, words: str) -> None:
    """Reply to a message."""
    message.hover()
    message.get_by_role("button", name="Reply").click()
    message.page.locator("#channel-composer-input").fill(words)
    message.page.keyboard.press("Enter")


def choose_more(message: Locator, label: str) -> None:
    """Choose from the menu below a picture."""
    menu = message.locator(".preview-select")
    menu.locator(".select-trigger").click()
    menu.locator(".select-option").filter(
        has=message.page.locator(f".option-label:text-is('{label}')")
    ).click()
