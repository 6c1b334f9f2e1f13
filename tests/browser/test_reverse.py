"""Lesson 3 in a real browser, with the shipped weights: runs as they come, cancel, links, two learners, odd prompts."""

from __future__ import annotations

import contextlib
import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

URL = "out-of-static"
READY = (".player[data-index]",)

SIZE = {"width": 1440, "height": 900}
SEEN = """() => {
  window.seen = [];
  const player = () => document.querySelector("[data-testid=stMain]").querySelectorAll("*");
  const find = () => [...player()].map((e) => (e.shadowRoot || e).querySelector?.(".player")).find(Boolean);
  window.watching = setInterval(() => {
    const { received, index, run } = find()?.dataset || {};
    const last = window.seen.at(-1);
    if (received && (!last || last[0] !== received || last[1] !== index)) window.seen.push([received, index, run]);
  }, 20);
}"""


def state(page) -> dict:
    return page.eval_on_selector(".player", "root => ({...root.dataset})")


def run(page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()


def wait_done(page, steps: int, timeout: float = 60_000) -> None:
    """All frames have come, and the cursor has followed them to the last."""
    page.wait_for_selector(f'.player[data-running="false"][data-index="{steps}"]', timeout=timeout)
    page.get_by_text(re.compile(r"steps? computed in")).wait_for(timeout=10_000)


def test_a_fifty_step_run_delivers_every_step_and_shows_several_on_the_way(lesson):
    page = lesson("?steps=50")
    page.evaluate(SEEN)
    run(page)
    wait_done(page, 50)
    seen = [(int(received), int(index)) for received, index, name in page.evaluate("window.seen") if name != "shipped"]
    assert seen[-1] == (51, 50)
    shown = [index for _, index in seen]
    assert shown == sorted(shown) and len(set(shown)) >= 15, "the cursor follows the run, at a pace an eye can follow"
    assert parse_qs(urlsplit(page.url).query)["run"] == ["1"]
    assert "live" in page.locator(".badge").inner_text()


def test_the_view_survives_a_run_and_a_second_run(lesson):
    page = lesson("?steps=8")
    page.locator("canvas.cloud").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.locator("canvas[data-panel=x_t]").click()
    page.wait_for_selector('.player[data-pixel]:not([data-pixel=""])')  # a busy machine draws late
    before = state(page)
    for _ in range(2):
        run(page)
        page.wait_for_selector('.player[data-running="true"]')
        wait_done(page, 8)
        after = state(page)
        assert (after["camera"], after["pixel"]) == (before["camera"], before["pixel"])
    assert after["run"] != before["run"]


def test_cancel_stops_a_long_run_keeps_what_came_and_the_next_run_begins(lesson):
    page = lesson("?steps=200")
    stopped = 0
    for _ in range(6):  # two hundred steps take about two seconds: a slow hand may come too late now and then
        run(page)
        with contextlib.suppress(PlaywrightTimeout):
            page.get_by_role("button", name="Cancel").click(timeout=5_000)
        page.get_by_text(re.compile("Stopped after|computed in")).wait_for()
        page.wait_for_selector('.player[data-running="false"]')
        if page.get_by_text("Stopped after").count():
            stopped += 1
            assert int(state(page)["received"]) < 120
    assert stopped >= 2
    assert page.locator(".player").count() == 1, "the page is drawn once, in its own place"


def test_a_link_that_was_run_opens_the_same_settings_and_the_same_picture(lesson, browser):
    page = lesson(f"?prompt={quote('a red cat')}&seed=11&steps=6&guidance=2.5&sampler=DDIM")
    run(page)
    wait_done(page, 6)
    link, made = page.url, page.locator(".badge").inner_text()
    picture = page.locator("canvas[data-panel=x_t]").evaluate("canvas => canvas.toDataURL()")
    other = browser.new_context(viewport=SIZE).new_page()
    other.goto(link)
    wait_done(other, 6)
    assert other.locator(".badge").inner_text() == made
    assert other.get_by_label("Your prompt").input_value() == "a red cat"
    assert other.locator("canvas[data-panel=x_t]").evaluate("canvas => canvas.toDataURL()") == picture
    asked, came = (parse_qs(urlsplit(url).query) for url in (link, other.url))
    assert {k: asked[k] for k in asked if k != "at"} == {k: came[k] for k in came if k != "at"}
    other.context.close()


def test_two_learners_at_once_both_get_their_pictures(lesson, browser):
    ann = lesson("?steps=30&prompt=a+red+cat")
    ben = lesson("?steps=30&prompt=a+blue+fish&seed=5", browser.new_context(viewport=SIZE).new_page())
    run(ann)
    run(ben)
    wait_done(ann, 30)
    wait_done(ben, 30)
    titles = [page.locator(".title").inner_text() for page in (ann, ben)]
    assert titles == ["a red cat", "a blue fish"] and "seed 5" in ben.locator(".badge").inner_text()
    assert state(ann)["run"] != state(ben)["run"]
    ben.context.close()


@pytest.mark.parametrize("prompt", ["<img src=x onerror=window.harm=1><b>cat</b>", "قطة حمراء في الثلج", "🐢🕶️🏀"])
def test_an_odd_prompt_does_no_harm(lesson, prompt):
    page = lesson("?steps=2")
    box = page.get_by_label("Your prompt")
    box.fill(prompt)
    box.press("Enter")
    page.get_by_text("Until then you see the shipped run").wait_for()
    run(page)
    wait_done(page, 2)
    assert page.locator(".title").inner_text() == prompt
    assert page.evaluate("window.harm") is None


def test_a_prompt_of_ten_thousand_characters_is_cut_and_stays_inside_the_page(lesson):
    page = lesson(f"?steps=2&run=1&prompt={'x' * 10_000}")
    wait_done(page, 2)
    assert page.locator(".title").inner_text() == "x" * 200
    page.get_by_text("10000 characters long").wait_for()
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
