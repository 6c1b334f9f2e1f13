"""How much can it bring back, in a real browser: a cat by mouse, a run by keyboard, and a phone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

URL = "how-much-can-it-bring-back"
READY = ('h2:has-text("Check yourself")',)

FINISHED = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const going = all("button").some((button) => button.textContent.includes("Cancel"));
  return !going && all(".bk-live").length && all(".rs-five img").length === 6 && all(".rs-map img").length;
}"""


def test_the_cat_opens_after_a_guess_and_runs_again_under_another_level_by_keyboard(lesson, settled):
    page = lesson()
    expect(page.locator(".rs-three img")).to_have_count(3)
    expect(page.locator(".rs-five img")).to_have_count(0)
    page.get_by_role("radio", name="tabby cat").click()
    page.get_by_text("noise level 600", exact=False).first.wait_for()
    page.get_by_text("What is in the picture").click()
    page.get_by_role("button", name="That is my guess").first.click()
    page.locator(".rs-map img").wait_for()
    expect(page.locator(".rs-five img")).to_have_count(6)
    expect(page.locator(".rs-bars tbody tr")).to_have_count(4)
    stage = page.locator(".rs-five").bounding_box()
    assert stage["y"] + stage["height"] <= 900, "all pictures stand above the fold"
    for image in page.locator(".rs-three img").all():
        assert image.bounding_box()["width"] == 224, "pixels stay whole"

    page.locator(".st-key-level input").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("location.search.includes('level=601')")
    page.get_by_role("button", name="Run", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_function(FINISHED, timeout=120_000)
    settled(page)
    expect(page).to_have_url(re.compile("run=1"))


def test_nothing_sticks_out_on_a_phone(lesson, page):
    page.set_viewport_size({"width": 390, "height": 844})
    lesson("?test=tabby+cat&level=600")
    page.get_by_role("button", name="Skip").first.click()
    page.locator(".rs-map img").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for row in (".rs-three", ".rs-five", ".rs-bars"):
        box = page.locator(row).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390, row
