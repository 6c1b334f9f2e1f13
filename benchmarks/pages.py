"""How long a page of the course takes from opening to complete, on a warm server: python -m benchmarks.pages

Complete: title and controls drawn, every control usable, nothing running, every component drawn. Each page is opened
in a fresh browser session; the first round warms the server and is not counted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.window import SIZE, USABLE, course
from lessons.catalog import LESSONS, WELCOME
from tests.browser.conftest import SETTLED

DRAWN = """() => {
  const frames = [...document.querySelectorAll("[data-testid=stBidiComponentRegular], [data-testid=stPlotlyChart]")];
  const pictures = [...document.querySelectorAll("[data-testid=stMain] img")];
  return frames.every(frame => frame.getBoundingClientRect().height > 0) && pictures.every(picture => picture.complete);
}"""


def opened(browser: Browser, address: str) -> float:
    """Seconds until the page at `address` is complete."""
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("h1")
    page.wait_for_selector(SETTLED)
    page.wait_for_function(USABLE)
    page.wait_for_function(DRAWN)
    seconds = time.perf_counter() - began
    context.close()
    return seconds


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """Every page, in turn, `rounds` times after one that is not counted."""
    pages = {lesson.title: lesson.url for lesson in (WELCOME, *LESSONS)}
    times: dict[str, list[float]] = {title: [] for title in pages}
    with course() as (browser, address):
        for _ in range(1 + rounds):
            for title, url in pages.items():
                times[title].append(opened(browser, f"{address}/{url}"))
    return {title: {"median": statistics.median(t[1:]), "most": max(t[1:])} for title, t in times.items()}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each page is opened")
    parser.add_argument("--json", type=Path, help="write the seconds here, too")
    options = parser.parse_args()
    rows = measure(options.rounds)
    for title, row in rows.items():
        print(f"{title:30s} {row['median']:5.2f} s   (at most {row['most']:.2f} s)")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
