"""One training step in a real browser: ask by keyboard, train and cancel, reload in the middle, a phone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

URL = "one-training-step"
READY = (".ts-one",)


def test_asking_by_keyboard_fills_the_stage_above_the_fold(lesson):
    page = lesson("?t=350")
    expect(page.locator(".ts-one img")).to_have_count(3)
    expect(page.locator(".ts-empty")).to_have_count(4)
    page.get_by_role("button", name="Ask the network").focus()
    page.keyboard.press("Enter")
    page.locator(".ts-sum .total dd").wait_for(timeout=60_000)
    expect(page.locator(".ts-one img")).to_have_count(7)
    number = page.locator(".ts-tile strong").inner_text()
    assert number == page.locator(".ts-sum .total dd").inner_text() and 0 < float(number) < 1
    for image in page.locator(".ts-one img").all():
        assert image.bounding_box()["width"] == 160, "pixels stay whole"
    stage = page.locator(".ts-sum").bounding_box()
    assert stage["y"] + stage["height"] <= 900
    expect(page).to_have_url(re.compile("run=1"))
    expect(page).to_have_url(re.compile("t=350"))


def test_fifty_steps_come_alive_cancel_keeps_them_and_a_reload_brings_them_back(lesson, page, settled):
    lesson()
    page.get_by_role("button", name="Fifty steps").click()
    page.locator(".bk-chart").first.wait_for(timeout=60_000)
    page.get_by_role("button", name="Cancel").click(timeout=30_000)
    page.get_by_text(re.compile(r"After \d+ steps?")).wait_for(timeout=30_000)
    steps = re.search(r"After (\d+) step", page.locator("[data-testid=stMain]").inner_text()).group(1)
    assert int(steps) < 50
    page.wait_for_function(f"location.search.includes('trained={steps}')")
    page.reload()
    page.get_by_text(re.compile(rf"After {steps} steps?")).wait_for(timeout=60_000)


def test_leaving_in_the_middle_leaves_nothing_running(lesson, page, settled):
    lesson("?trained=300")
    page.locator(".bk-chart").first.wait_for(timeout=60_000)
    page.get_by_role("link", name="Pixels adrift").first.click()
    page.wait_for_selector(".ad-sum")
    settled(page)
    page.go_back()
    page.get_by_text("Nothing learned yet").wait_for(timeout=30_000)


def test_nothing_sticks_out_on_a_phone(lesson, page):
    page.set_viewport_size({"width": 390, "height": 844})
    lesson("?run=1&asked=1")
    page.locator(".ts-sum").wait_for(timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".ts-many").first.scroll_into_view_if_needed()
    assert page.locator(".ts-many").first.evaluate("e => e.scrollWidth > e.clientWidth"), "the row of ten scrolls"
