"""With and without in a real browser: two runs under one cursor, a change of words, and a phone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

URL = "with-and-without"
READY = ('h2:has-text("Check yourself")',)


def run(page) -> None:
    """Press Run and wait for the last picture of just this run, not of what stood there before."""
    before = page.locator(".player").get_attribute("data-run")
    page.get_by_role("button", name="Run", exact=True).click()
    done = '.player[data-running="false"][data-index="20"]'
    page.wait_for_selector(f'{done}:not([data-run="{before}"])', timeout=60_000)
    page.get_by_text(re.compile("computed in")).wait_for()


def picture(page, track: int) -> str:
    return page.locator("canvas[data-panel=x_t]").nth(track).evaluate("canvas => canvas.toDataURL()")


def test_one_noise_then_new_words_halfway_each_run_live_and_differ_only_after_the_change(lesson, settled):
    page = lesson()
    assert picture(page, 0) == picture(page, 1), "both begin with the same static"
    page.get_by_text("A scene of its own", exact=True).first.click()
    page.get_by_role("button", name="That is my guess").click()
    page.locator(".st-key-bk-reveal-g-alone").wait_for()
    run(page)
    assert page.locator(".badge").all_inner_texts()[0].startswith("live")
    expect(page).to_have_url(re.compile("run=1"))
    assert picture(page, 0) != picture(page, 1)

    page.locator(".st-key-part").get_by_text("New words", exact=True).click()
    page.get_by_label("Then these").wait_for()
    settled(page)
    run(page)
    assert picture(page, 0) != picture(page, 1)
    cursor = page.locator(".player input[type=range]").first
    cursor.focus()
    page.keyboard.press("Home")
    page.wait_for_selector('.player[data-index="0"]')
    assert picture(page, 0) == picture(page, 1)
    for _ in range(8):  # the words change at step 8: what it starts from is still the same
        page.keyboard.press("ArrowRight")
    page.wait_for_selector('.player[data-index="8"]')
    assert picture(page, 0) == picture(page, 1)
    page.keyboard.press("ArrowRight")
    page.wait_for_selector('.player[data-index="9"]')
    assert picture(page, 0) != picture(page, 1)


def test_on_a_phone_the_pictures_open_after_the_guess_and_nothing_scrolls_sideways(lesson, page, settled):
    page.set_viewport_size({"width": 390, "height": 844})
    lesson("?part=Twenty-four&show=without+words")
    expect(page.locator(".tw-grid")).to_have_count(0)
    page.get_by_role("button", name="Skip").click()
    page.locator(".tw-counts").wait_for()
    settled(page)
    expect(page.locator(".tw-grid img")).to_have_count(24)
    assert page.locator(".tw-grid img").first.get_attribute("alt").startswith("seed 5: ")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".st-key-part").get_by_text("New words", exact=True).click()
    page.get_by_role("button", name="Skip").click()
    page.locator(".tw-rows").wait_for()
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
