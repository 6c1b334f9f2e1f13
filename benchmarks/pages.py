"""How long a page of the course takes from opening to complete, on a warm server: python -m benchmarks.pages

Complete: title and controls drawn, every control usable, nothing running, every component drawn. Each page is opened
in a fresh browser session, which has to load Streamlit first; in a new tab of a browser that has seen the course; and
by a press in the sidebar, as a learner mostly comes to it. The first round warms the server, and what that browser
keeps, and is not counted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.window import SIZE, complete, course
from lessons.catalog import LESSONS, WELCOME, Lesson

WAYS = ("fresh", "tab", "turned")
PAGES = {lesson.title: lesson for lesson in (WELCOME, *LESSONS)}
TURNED = """before => {
  const titles = [...document.querySelectorAll("[data-testid=stMain] h1")];
  return titles.length === 1 && titles[0].innerText !== before
    && !document.querySelector("[data-testid=stMain] [data-stale=true]");
}"""


def scripts(browser: Browser, address: str) -> int:
    """How many scripts a fresh browser session fetches for it."""
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    fetched: list[str] = []
    page.on("request", lambda asked: fetched.append(asked.url) if asked.resource_type == "script" else None)
    page.goto(address)
    complete(page)
    context.close()
    return len(fetched)


def opened(context: BrowserContext, address: str) -> float:
    """Seconds until the page at `address` is complete, in a new tab of this browser session."""
    page = context.new_page()
    began = time.time()
    page.goto(address)
    seconds = complete(page) - began
    page.close()
    return seconds


def opened_fresh(browser: Browser, address: str) -> float:
    """The same in a browser that has seen none of it."""
    context = browser.new_context(viewport=SIZE)
    seconds = opened(context, address)
    context.close()
    return seconds


def turned_to(page: Page, lesson: Lesson) -> float:
    """Seconds from a press in the sidebar until that page is complete."""
    before, link = page.locator("h1").inner_text(), page.locator("[data-testid=stSidebarNav] a", has_text=lesson.title)
    began = time.time()
    link.click()
    page.wait_for_function(TURNED, arg=before)
    page.evaluate("delete window.completeSince")
    return complete(page) - began


def measure(pages: Sequence[Lesson], rounds: int) -> dict[str, dict[str, Any]]:
    """These pages, in turn, `rounds` times after one that is not counted."""
    found: dict[str, dict[str, list[float]]] = {lesson.title: defaultdict(list) for lesson in pages}
    with course() as (browser, address):
        one = browser.new_context(viewport=SIZE).new_page()
        one.goto(f"{address}/{next(lesson for lesson in LESSONS if lesson != pages[0]).url}")
        complete(one)
        for _ in range(1 + rounds):
            for lesson in pages:
                found[lesson.title]["fresh"].append(opened_fresh(browser, f"{address}/{lesson.url}"))
            for lesson in pages:
                found[lesson.title]["tab"].append(opened(one.context, f"{address}/{lesson.url}"))
            for lesson in pages:
                found[lesson.title]["turned"].append(turned_to(one, lesson))
        counts = {lesson.title: scripts(browser, f"{address}/{lesson.url}") for lesson in pages}
    return {
        title: {how: row(seconds[1:]) for how, seconds in each.items()} | {"scripts": counts[title]}
        for title, each in found.items()
    }


def row(seconds: Sequence[float]) -> dict[str, float]:
    """What is said of one page and one way to come to it."""
    return {"median": statistics.median(seconds), "most": max(seconds)}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each page is opened")
    parser.add_argument("--json", type=Path, help="write the seconds here, too")
    parser.add_argument("--only", nargs="+", metavar="TITLE", choices=PAGES, help="two pages or more, not all")
    options = parser.parse_args()
    if options.only and len(set(options.only)) < 2:
        parser.error("--only wants two pages or more, for a press in the sidebar leads from one to another")
    rows = measure([PAGES[title] for title in options.only or PAGES], options.rounds)
    for title, each in rows.items():
        ways = (f"{how} {each[how]['median']:.2f} s (at most {each[how]['most']:.2f})" for how in WAYS)
        print(f"{title:28s} {', '.join(ways)}; {each['scripts']} scripts")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
