"""How long a page of the course takes from opening to complete, on a warm server: python -m benchmarks.pages

Complete: title and controls drawn, every control usable, nothing running, every component drawn. Each page is opened
in a fresh browser session, which has to load Streamlit first, and then once more by a press in the sidebar, as a
learner comes to it. The first round warms the server, and what the sidebar's browser keeps, and is not counted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.window import SIZE, USABLE, course
from lessons.catalog import LESSONS, WELCOME, Lesson
from tests.browser.conftest import SETTLED

TURNED = """before => {
  const titles = [...document.querySelectorAll("[data-testid=stMain] h1")];
  return titles.length === 1 && titles[0].innerText !== before
    && !document.querySelector("[data-testid=stMain] [data-stale=true]");
}"""
DRAWN = """() => {
  const frames = [...document.querySelectorAll("[data-testid=stBidiComponentRegular], [data-testid=stPlotlyChart]")];
  const pictures = [...document.querySelectorAll("[data-testid=stMain] img")];
  return frames.every(frame => frame.getBoundingClientRect().height > 0) && pictures.every(picture => picture.complete);
}"""


def complete(page: Page) -> None:
    """Wait until the page on show is complete."""
    page.wait_for_selector(SETTLED)
    page.wait_for_function(USABLE)
    page.wait_for_function(DRAWN)


def opened(browser: Browser, address: str) -> float:
    """Seconds until the page at `address` is complete, in a browser that has seen none of it."""
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("h1")
    complete(page)
    seconds = time.perf_counter() - began
    context.close()
    return seconds


def turned_to(page: Page, lesson: Lesson) -> float:
    """Seconds from a press in the sidebar until that page is complete."""
    before, link = page.locator("h1").inner_text(), page.locator("[data-testid=stSidebarNav] a", has_text=lesson.title)
    began = time.perf_counter()
    link.click()
    page.wait_for_function(TURNED, arg=before)
    complete(page)
    return time.perf_counter() - began


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """Every page, in turn, `rounds` times after one that is not counted."""
    pages = (WELCOME, *LESSONS)
    fresh: dict[str, list[float]] = {lesson.title: [] for lesson in pages}
    turned: dict[str, list[float]] = {lesson.title: [] for lesson in pages}
    with course() as (browser, address):
        one = browser.new_page(viewport=SIZE)
        one.goto(f"{address}/{LESSONS[-1].url}")
        complete(one)
        for _ in range(1 + rounds):
            for lesson in pages:
                fresh[lesson.title].append(opened(browser, f"{address}/{lesson.url}"))
            for lesson in pages:
                turned[lesson.title].append(turned_to(one, lesson))
    return {title: row(fresh[title][1:]) | {"turned": statistics.median(turned[title][1:])} for title in fresh}


def row(seconds: Sequence[float]) -> dict[str, float]:
    """What is said of one page."""
    return {"median": statistics.median(seconds), "most": max(seconds)}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each page is opened")
    parser.add_argument("--json", type=Path, help="write the seconds here, too")
    options = parser.parse_args()
    rows = measure(options.rounds)
    for title, each in rows.items():
        print(
            f"{title:30s} {each['median']:5.2f} s (at most {each['most']:.2f} s), by the sidebar {each['turned']:.2f} s"
        )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
