"""What one does after the first picture, on the page that `easel demo` serves.

The page closes a menu whose place moves while the pictures above it are shown anew, so all of the
conversation has to fit in the window.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driving import (
    PICTURE_MS,
    choose_command,
    choose_more,
    differ,
    last_message,
    pictures,
    reply,
    seen,
    shows,
    type_imagine,
)

pytestmark = pytest.mark.browser


def message(page: Page, number: int) -> Locator:
    return page.locator("article.channel-message").nth(number)


def drawn(page: Page, alt: str) -> Locator:
    """The last picture with an alternative text, when it is really shown."""
    picture = page.locator(f"img.gallery-image[alt^='{alt}']").last
    expect(picture).to_be_visible(timeout=PICTURE_MS)
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    return picture


@pytest.mark.nightly
def test_vary_tree_region_and_history(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 7000})
    type_imagine(page, "a red kite over a harbour")
    page.keyboard.press("Enter")
    shows(page, 1)
    reply(last_message(page), "make it night")
    shows(page, 2)
    night = seen(pictures(page).last)

    form = page.locator("#modal-root")
    last_message(page).get_by_role("button", name="Vary").click()
    expect(form.get_by_text("How many variations?")).to_be_visible()
    form.get_by_role("button", name="Submit").click()
    shows(page, 3)
    assert differ(night, seen(pictures(page).last))

    choose_more(message(page, 0), "Tree")
    tree = drawn(page, "A tree of 3 pictures.")
    assert tree.evaluate("picture => picture.naturalWidth") > 500
    expect(last_message(page)).to_contain_text("Only you can see this")

    choose_more(message(page, 0), "Edit region")
    drawn(page, "The picture with a grid")
    last_message(page).get_by_role("button", name="Choose cells").click()
    form.locator("input").fill("B2–C3")
    form.locator("textarea").fill("make it snow")
    form.get_by_role("button", name="Submit").click()
    drawn(page, "make it snow")

    choose_command(page, "history")
    page.locator("#send-message").click()
    drawn(page, "Numbered pictures. 1. make it snow")
