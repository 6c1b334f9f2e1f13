"""How soon the course answers a learner, in a real browser on an idle server: python -m benchmarks.actions

From the press of a button to the change on the page, measured inside the page: the first snapshot of a run, its last
step, one training step, one prediction; a run of a thousand steps, how often it shows where it stands, and how soon it
can be stopped.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.window import course, opened, stopwatch

# Each look at the status line that says something new, with its time, while a long run goes. Asked at every change of
# the page, by its text alone: asking at every frame for what is drawn would make the browser lay it out each time.
WATCH = """() => {
  window.looks = [];
  const say = () => {
    const line = document.querySelector(".st-key-bk-now-steps")?.textContent || "";
    if (line.includes(" of 1,000") && line !== window.looks.at(-1)?.[1]) window.looks.push([performance.now(), line]);
  };
  new MutationObserver(say).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""
STATUS = re.compile(r"step ([\d,]+) of 1,000, .*?(\d+) steps a second", re.S)


def run_of_twenty(browser: Browser, address: str, turn: int) -> dict[str, float]:
    """Run on the lesson's defaults with a fresh seed: guided, one picture, 20 steps."""
    page = opened(browser, f"{address}/out-of-static?seed={1000 + turn}")
    shown = "find('.player').some(p => p.dataset.run !== 'shipped' && p.dataset.received >= {})"
    first = stopwatch(page, "Run", shown.format(1))
    page.context.close()
    page = opened(browser, f"{address}/out-of-static?seed={2000 + turn}")
    last = stopwatch(page, "Run", shown.format(21))
    page.context.close()
    return {"first snapshot after Run": first, "20 guided steps computed and delivered": last}


def single_steps(browser: Browser, address: str, turn: int) -> dict[str, float]:
    """One prediction, one training step from the untrained start, and one more."""
    page = opened(browser, f"{address}/one-training-step?seed={turn}")
    asked = stopwatch(page, "Ask the network", "find('.ts-sum .total dd').length > 0")
    trained = stopwatch(page, "One step", "/After 1 step/.test(document.body.innerText)")
    page.wait_for_timeout(1000)
    again = stopwatch(page, "One step", "/After 2 steps/.test(document.body.innerText)")
    page.context.close()
    return {"one prediction": asked, "first training step, network made": trained, "one training step": again}


def thousand_steps(browser: Browser, address: str, turn: int) -> dict[str, float]:
    """The 1,000-step runs of "One step or many?" without guidance: pace, looks a second, and cancelling."""
    page = opened(browser, f"{address}/one-step-or-many?upto=1000&guidance=1&seed={turn}")
    page.get_by_role("button", name="Run", exact=True).click()
    page.evaluate(WATCH)
    page.wait_for_function("window.looks.length > 30", timeout=240_000)
    looks = page.evaluate("window.looks")
    cancelled = stopwatch(page, "Cancel", "/were finished stay/.test(document.body.innerText)")
    page.context.close()
    stood = [(at, STATUS.search(line)) for at, line in looks]
    stood = [(at, int(found[1].replace(",", ""))) for at, found in stood if found]
    (began, low), (ended, high) = stood[0], stood[-1]
    seconds = (ended - began) / 1000
    return {"steps a second of a 1,000-step run": (high - low) / seconds,
            "looks a second while it runs": (len(stood) - 1) / seconds,
            "cancelled after": cancelled}  # fmt: skip


Part = Callable[[Browser, str, int], dict[str, float]]
PARTS: tuple[Part, ...] = (run_of_twenty, single_steps, thousand_steps)
RATES = ("steps a second of a 1,000-step run", "looks a second while it runs")


def measure(rounds: int) -> dict[str, list[float]]:
    """Every part in turn, `rounds` times after one that warms the server and is not counted."""
    found: dict[str, list[float]] = {}
    with course() as (browser, address):
        for turn in range(1 + rounds):
            for part in PARTS:
                for name, value in part(browser, address, turn).items():
                    found.setdefault(name, []).append(value)
    return {name: values[1:] for name, values in found.items()}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    options = parser.parse_args()
    found = measure(options.rounds)
    for name, values in found.items():
        if name in RATES:
            print(f"{name:44s} {statistics.median(values):6.1f}       (at least {min(values):.1f})")
        else:
            print(f"{name:44s} {1000 * statistics.median(values):6.0f} ms    (at most {1000 * max(values):.0f} ms)")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
