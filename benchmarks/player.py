"""How many frames a second the player reaches in a headless browser without a GPU.

    python -m benchmarks.player
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import BROWSER_ARGS, ROOT, find_browser, start_server, stop_server

PAGE = ROOT / "tests/browser/player_page.py"
CASES = {
    "60 frames × 1,024 points, all panels": "case=all&count=60",
    "60 frames × 1,024 points, pictures, cloud and curve": "case=one&count=60",
    "two tracks of 60 frames × 1,024 points": "case=two&count=60",
    "60 frames × 4,096 points": "case=one&count=60&size=64",
}
# move the cursor (or the camera) once each animation frame, and note how long each frame's work took
MEASURE = """async ([turning, rounds]) => {
  const host = [...document.querySelectorAll("*")].find((e) => e.shadowRoot?.querySelector(".player"));
  const [slider, cloud] = ["input", "canvas.cloud"].map((s) => host.shadowRoot.querySelector(s));
  const next = () => new Promise(requestAnimationFrame);
  const move = (k) => {
    if (turning) return cloud.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
    slider.value = k % 60;
    return slider.dispatchEvent(new Event("input"));
  };
  const work = [];
  await next();
  const start = performance.now();
  for (let k = 0; k < rounds; k += 1) {
    move(k);
    const began = await next(); // the player's own callback came first: now it has drawn
    work.push(performance.now() - began);
  }
  const seconds = (performance.now() - start) / 1000;
  work.sort((a, b) => a - b);
  return [rounds / seconds, work[rounds >> 1], work[Math.floor(rounds * 0.95)]];
}"""


def measure(page: Page, address: str, rounds: int) -> None:
    """Print frames a second and milliseconds of work a frame, for scrubbing and for turning."""
    for name, query in CASES.items():
        page.goto(f"{address}/?{query}")
        page.wait_for_selector(".player[data-index]")
        page.wait_for_timeout(1000)
        for act, turning in (("scrub", False), ("turn", True)):
            rate, median, slow = page.evaluate(MEASURE, [turning, rounds])
            print(f"{name:55} {act:6} {rate:5.1f} frames/s   work {median:5.1f} ms median {slow:5.1f} ms p95")


def main() -> None:
    """Serve the test page, open it, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=180, help="moves measured in each case")
    rounds = parser.parse_args().rounds
    if (browser_path := find_browser()) is None:
        raise SystemExit("no Chromium, Chrome or Edge found: install one or set BEAKER_BROWSER to its path")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server, address = start_server(PAGE, Path(folder) / "streamlit.log")
        try:
            browser = playwright.chromium.launch(executable_path=browser_path,
                                                 args=[*BROWSER_ARGS, "--disable-gpu"])
            measure(browser.new_page(viewport={"width": 1440, "height": 900}), address, rounds)
            browser.close()
        finally:
            stop_server(server)


if __name__ == "__main__":
    main()
