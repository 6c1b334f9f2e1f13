"""Break it in a real browser: guess, see both runs, mend, run live; and a phone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

URL = "break-it"
READY = ('h2:has-text("Check yourself")', ".player[data-index]")


def pictures(page) -> list[str]:
    return [canvas.evaluate("canvas => canvas.toDataURL()") for canvas in page.locator("canvas[data-panel=x_t]").all()]


def two_tracks(page) -> None:
    page.wait_for_function(
        """() => [...document.querySelectorAll("*")].some(
            (e) => (e.shadowRoot || e).querySelectorAll?.("canvas[data-panel=x_t]").length === 2)"""
    )


def test_a_guess_uncovers_the_broken_run_mending_makes_both_one_and_a_run_is_live(lesson, settled):
    page = lesson("?fault=Guidance+20")
    assert len(pictures(page)) == 1, "the broken run waits for the guess"
    page.get_by_text("Hard colours at their limits", exact=True).click()
    page.get_by_role("button", name="That is my guess").click()
    page.locator(".st-key-bk-reveal-g-broken-loud").wait_for()
    two_tracks(page)
    settled(page)
    faulty, right = pictures(page)
    assert faulty != right
    page.locator(".st-key-mend").get_by_text("Mend it").click()
    page.get_by_text("with the fault off").wait_for()
    page.wait_for_function("() => location.search.includes('mend=true')")
    settled(page)
    faulty, right = pictures(page)
    assert faulty == right
    page.locator(".st-key-mend").get_by_text("Mend it").click()
    page.get_by_text("with the fault off").wait_for(state="detached")
    settled(page)
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Both runs are done").wait_for(timeout=60_000)
    assert [text.split()[0] for text in page.locator(".badge").all_inner_texts()] == ["live", "live"]
    expect(page).to_have_url(re.compile("run=1"))


def test_on_a_phone_by_keyboard_nothing_scrolls_sideways(lesson, page, settled):
    page.set_viewport_size({"width": 390, "height": 844})
    lesson("?fault=No+fresh+noise")
    page.get_by_role("button", name="Skip").focus()
    page.keyboard.press("Enter")
    page.locator(".st-key-bk-reveal-g-broken-bare").wait_for()
    page.locator(".bk-strip img").nth(5).wait_for()
    settled(page)
    expect(page.locator(".bk-strip img")).to_have_count(6)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
