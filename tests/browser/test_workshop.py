"""Prompt workshop in a real browser, with the shipped weights: guess, run, compare; repair a prompt; a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

URL = "prompt-workshop"
READY = (".pw-grid img",)


@pytest.fixture(autouse=True)
def patience(page) -> None:
    page.set_default_timeout(90_000)  # eight guided pictures are heavy where other tests share the cores


def grid(page):
    return page.locator(".pw-grid").first


def test_guess_run_and_look_closer(lesson, settled):
    page = lesson("?steps=4")
    assert grid(page).get_attribute("data-marked") == "no"
    page.get_by_role("button", name="horse in space").click()
    page.get_by_text("these two were never shown together").wait_for(state="detached")
    settled(page)
    page.get_by_role("button", name="Run eight").click()
    page.get_by_text("these two were never shown together").wait_for()  # said of the run, before it is over
    page.get_by_text("Eight pictures, one prompt, eight seeds").wait_for()
    page.get_by_role("button", name="That is my guess").first.click()
    page.wait_for_selector('.pw-grid[data-marked="yes"] .pw-tick')
    settled(page)
    expect(grid(page).locator("img")).to_have_count(8)
    assert re.search(r"The judge counts\s+\d of 8", page.locator("[class*=bk-reveal-workshop-right]").inner_text())
    page.locator(".st-key-look").get_by_text("3", exact=True).click()
    page.wait_for_selector(".pw-grid figure:nth-child(3).pw-chosen")
    expect(page).to_have_url(re.compile("look=3"))
    expect(page).to_have_url(re.compile("run=1"))
    rows = page.locator(".pw-saw tbody tr")
    assert rows.count() >= 6 and "headband" in rows.filter(has_text="what it wears").inner_text()


def test_a_better_prompt_moves_the_count(lesson, settled):
    page = lesson("?mine0=a+yellow+bird+in+the+snow&repair=1")
    page.get_by_text("Your prompt, the same eight seeds").wait_for()
    settled(page)
    moved = page.get_by_text(re.compile(r"^From \d")).inner_text()
    before, after = map(int, re.findall(r"\d", moved)[:2])
    assert after > before, "a specific prompt scores higher than 'something nice'"


def test_a_phone_shows_the_grid_without_sideways_scrolling_and_a_run_comes_into_sight(lesson, page):
    page.set_viewport_size({"width": 390, "height": 844})
    lesson("?steps=1&prompt=%3Cimg+src%3Dx+onerror%3Ddocument.title%3D1%3E+a+red+cat")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = grid(page).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["y"] + box["height"] < 844
    button = page.get_by_role("button", name="Run eight")
    button.scroll_into_view_if_needed()
    page.locator("[data-testid=stMain]").evaluate("main => main.scrollBy(0, 400)")
    button.click()
    page.wait_for_function("document.querySelector('.pw-grid').getBoundingClientRect().top > -40")
    assert page.title() != "1"
