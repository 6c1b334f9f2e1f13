"""How many frames a second the beaker reaches in a headless browser without a GPU, and how soon it is there.

    python -m benchmarks.beaker
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import BROWSER_ARGS, ROOT, SETTLED, find_browser, start_server, stop_server

URL = "a-drop-in-the-beaker"
COUNTS = (500, 2000, 4000)
KEYS = {"forward": "Let it spread", "blind": "Back, blind", "score": "Back, with arrows"}
SHOWN = "[...document.querySelectorAll('*')].some((host) => host.shadowRoot?.querySelector('.beaker[data-drawn]'))"
DRAWN = "root => Number(root.dataset.drawn)"


def rate(page: Page, act: str, seconds: float) -> float:
    """Frames drawn a second while one way runs."""
    page.get_by_role("button", name=KEYS[act], exact=True).click()
    page.wait_for_selector(f'.beaker[data-act="{act}"][data-running="true"]')
    page.wait_for_timeout(500)
    first, began = page.eval_on_selector(".beaker", DRAWN), time.perf_counter()
    page.wait_for_timeout(1000 * seconds)
    return (page.eval_on_selector(".beaker", DRAWN) - first) / (time.perf_counter() - began)


def measure(page: Page, address: str, seconds: float) -> None:
    """Print frames a second for each way and number of particles."""
    for count in COUNTS:
        began = time.perf_counter()
        page.goto(f"{address}/{URL}?count={count}&speed=0.5")
        page.wait_for_function(SHOWN)  # which is looked at in every frame, a selector far less often
        opened = time.perf_counter() - began
        page.wait_for_selector(SETTLED)
        for guess in ("drop-blind", "drop-score"):
            page.locator(f".st-key-{guess}-skip button").click()
            page.wait_for_selector(f".st-key-{guess}-again")
        page.wait_for_timeout(500)
        rates = {act: rate(page, act, seconds) for act in KEYS}
        shown = "   ".join(f"{act} {frames:5.1f}" for act, frames in rates.items())
        print(f"{count:5,} particles   opened in {opened:4.2f} s   frames/s: {shown}")


def main() -> None:
    """Serve the application, open the lesson, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="seconds measured for each way")
    seconds = parser.parse_args().seconds
    if (browser_path := find_browser()) is None:
        raise SystemExit("no Chromium, Chrome or Edge found: install one or set BEAKER_BROWSER to its path")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server, address = start_server(ROOT / "app.py", Path(folder) / "streamlit.log")
        try:
            browser = playwright.chromium.launch(executable_path=browser_path, args=[*BROWSER_ARGS, "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(address)  # the first page of a new server pays for its imports
            page.wait_for_selector(SETTLED)
            measure(page, address, seconds)
            browser.close()
        finally:
            stop_server(server)


if __name__ == "__main__":
    main()
