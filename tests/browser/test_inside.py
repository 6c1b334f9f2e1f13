"""Inside the U-Net in a real browser: blocks by mouse and keyboard, a connection cut, what a link and a phone show."""

from __future__ import annotations

import re

from playwright.sync_api import expect

URL = "inside-the-u-net"
MAP = ".unet[data-block]"
READY = (MAP,)


def opened(page, block: str) -> None:
    page.wait_for_selector(f'.unet[data-block="{block}"]')


def test_a_block_opens_by_mouse_and_keyboard_without_the_server_and_stands_in_the_link(lesson):
    page = lesson()
    stage = page.locator(".unet").bounding_box()
    assert stage["y"] + stage["height"] <= 900, "the U is above the fold"
    first = page.locator(".unet").get_attribute("data-sum")
    page.locator('[data-block="down8_1"]').click()
    opened(page, "down8_1")
    assert page.locator(".unet").get_attribute("data-shape") == "128,8,8"
    assert page.locator(".unet").get_attribute("data-sum") != first
    expect(page.locator(".panel .maps canvas")).to_have_count(12)
    page.keyboard.press("ArrowDown")
    opened(page, "down4_0")
    page.keyboard.press("ArrowRight")
    opened(page, "up4_0")
    page.keyboard.press("ArrowUp")
    opened(page, "up8_1")
    page.wait_for_function("location.search.includes('block=up8_1')")


def test_after_a_guess_a_cut_shows_in_the_drawing_and_beside_the_truth(lesson, settled):
    page = lesson()
    expect(page.locator(".in-row").first.locator(".in-cell")).to_have_count(2)
    page.get_by_role("button", name="Skip").first.click()
    page.get_by_text("One connection cut at a time").wait_for()
    settled(page)
    page.locator('[data-testid="stCheckbox"]', has_text="D · 8 × 8").locator("label").click()
    page.wait_for_selector('.unet[data-off="up8_1"]')
    expect(page.locator(".link.cut")).to_have_count(1)
    page.wait_for_selector(".in-row >> nth=0 >> .in-cell >> nth=2")
    expect(page).to_have_url(re.compile("skip_D=false"))


def test_on_a_phone_nothing_is_wider_than_the_page(lesson, page):
    page.set_viewport_size({"width": 390, "height": 844})
    lesson("?block=down4_0")
    opened(page, "down4_0")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".drawn").evaluate("drawn => drawn.scrollWidth <= drawn.clientWidth")
