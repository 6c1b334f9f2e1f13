"""One step or many in a real browser, with the shipped weights: guess and compare, a run, cancel."""

from __future__ import annotations

from playwright.sync_api import expect

from lessons.shared import following
from lessons.shared.many_steps import live

URL = "one-step-or-many"
READY = ('h2:has-text("Where next")',)

# When each message goes to the server.
COUNT = """() => {
  window.sent = [];
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...message) {
    window.sent.push(performance.now());
    return send.apply(this, message);
  };
}"""


def test_the_guess_opens_distances_and_curve_of_the_shipped_run(lesson):
    page = lesson()
    expect(page.locator(".ms-cell img")).to_have_count(24)
    expect(page.locator(".ms-cell em")).to_have_count(0)
    page.locator(".bk-badge.bk-cached").first.wait_for()
    page.get_by_text("10 steps", exact=True).click()
    page.get_by_role("button", name="That is my guess").first.click()
    page.locator(".bk-you dd").get_by_text("10 steps").wait_for()
    page.locator(".js-plotly-plot .scatterlayer .point").first.wait_for()
    expect(page.locator(".js-plotly-plot .shapelayer path"), "the threshold, and the guess").to_have_count(2)
    expect(page.locator(".ms-cell em"), "two solvers, eight counts, all but the end point").to_have_count(15)


def test_a_run_fills_the_grid_and_cancel_keeps_what_came(lesson):
    page = lesson("?upto=1000&prompt=a+red+cat")
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator(".bk-badge.bk-live").first.wait_for()
    page.wait_for_function("document.querySelectorAll('.ms-cell img').length >= 6", timeout=60_000)
    page.get_by_text("steps a second").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("were finished stay").wait_for()
    assert page.locator(".ms-cell img").count() >= 6 and page.locator(".ms-empty").count() >= 1
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_looks_come_one_after_another_and_end_with_the_run(lesson):
    page = lesson("?upto=1000&prompt=a+red+bird&guidance=1")
    page.evaluate(COUNT)
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_function("window.sent.length > 12", timeout=60_000)
    gaps = page.evaluate("window.sent.slice(1).map((at, i) => at - window.sent[i])")
    assert sorted(gaps)[len(gaps) // 2] > 1000 * live.POLL, "one clock asks, and waits for its answer"
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("were finished stay").wait_for()
    page.evaluate("window.sent.length = 0")
    page.wait_for_timeout(1000 * following.PATIENCE + 500)
    assert page.evaluate("window.sent.length") == 0, "no clock of an earlier look goes on"
