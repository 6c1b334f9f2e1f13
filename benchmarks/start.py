"""From nothing to the first live picture: python -m benchmarks.start

A new server each time, and a browser that knows nothing of it: seconds from the start of the server until it answers,
until its first page is complete, and, from a press of Run right then and again later, until the first snapshot.
"""

from __future__ import annotations

import argparse
import statistics
import time

from benchmarks.window import SIZE, complete, course, stopwatch

SHOWN = "find('.player').some(p => p.dataset.run !== 'shipped' && p.dataset.received >= 1)"
LATER = 15.0  # seconds, after which the network has surely been loaded


def start() -> dict[str, float]:
    """One new server."""
    found, began = {}, time.time()
    with course() as (browser, address):
        found["server answers, browser started"] = time.time() - began
        page = browser.new_context(viewport=SIZE).new_page()
        page.goto(f"{address}/out-of-static?seed=1")
        found["first page complete"] = complete(page, steady=0) - began
        found["first snapshot after Run at once"] = stopwatch(page, "Run", SHOWN)
        page.context.close()
    with course() as (browser, address):
        page = browser.new_context(viewport=SIZE).new_page()
        page.goto(f"{address}/out-of-static?seed=2")
        page.wait_for_timeout(1000 * LATER)
        found["first snapshot after Run, once warm"] = stopwatch(page, "Run", SHOWN)
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = [start() for _ in range(parser.parse_args().rounds)]
    for name in rounds[0]:
        times = [each[name] for each in rounds]
        print(f"{name:40s} {statistics.median(times):5.2f} s   (at most {max(times):.2f} s)")


if __name__ == "__main__":
    main()
