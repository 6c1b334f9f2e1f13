"""A warm server and a browser for benchmarks, and a stopwatch inside the page."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import BROWSER_ARGS, ROOT, SETTLED, USABLE, find_browser, start_server, stop_server

SIZE = {"width": 1440, "height": 900}
# Since when, in seconds since the epoch, title and controls have been drawn, every control usable, nothing running,
# every component and picture drawn; looked at every frame, and told once it has been so for a while.
COMPLETE = f"""steady => {{
  const frames = [...document.querySelectorAll("[data-testid=stBidiComponentRegular], [data-testid=stPlotlyChart]")];
  const pictures = [...document.querySelectorAll("[data-testid=stMain] img")];
  const titled = document.querySelector("[data-testid=stMain] h1");
  const drawn = frames.every((frame) => frame.clientHeight > 0) && pictures.every((picture) => picture.complete);
  const complete = document.querySelector({SETTLED!r}) && titled && {USABLE} && drawn;
  const now = (performance.timeOrigin + performance.now()) / 1000;
  window.completeSince = complete ? (window.completeSince ?? now) : null;
  return complete && now - window.completeSince >= steady && window.completeSince;
}}"""
# Milliseconds from a press until an expression holds, looked at every frame: no round trip to this process counts.
STOPWATCH = """([button, holds, patience]) => new Promise((resolve, reject) => {
  const all = function* (root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* all(element.shadowRoot);
    }
  };
  window.find = (selector) => [...all(document)].filter((element) => element.matches(selector));
  const reached = new Function("find", `return ${holds}`);
  const began = performance.now();
  const label = (each) => each.innerText.trim().split("\\n").pop();  // below its icon
  [...document.querySelectorAll("button")].find((each) => label(each) === button).click();
  const look = () => {
    const now = performance.now() - began;
    if (reached(window.find)) resolve(now);
    else if (now > patience) reject(new Error(`not reached: ${holds}`));
    else requestAnimationFrame(look);
  };
  look();
})"""


@contextlib.contextmanager
def course(script: Path = ROOT / "app.py") -> Iterator[tuple[Browser, str]]:
    """A browser, and the address of a server of its own."""
    if (path := find_browser()) is None:
        raise SystemExit("no Chromium, Chrome or Edge found: install one or set BEAKER_BROWSER to its path")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server, address = start_server(script, Path(folder) / "streamlit.log")
        try:
            browser = playwright.chromium.launch(executable_path=path, args=[*BROWSER_ARGS, "--disable-gpu"])
            yield browser, address
            browser.close()
        finally:
            stop_server(server)


def complete(page: Page, steady: float = 0.5) -> float:
    """Since when the page on show has been complete, by `time.time()`, once it has been so for `steady` seconds.

    Playwright looks at a function in every frame, but for a selector only every half second, once it has waited for a
    third of one: no stopwatch may wait for a selector.
    """
    return page.wait_for_function(COMPLETE, arg=steady).json_value()


def opened(browser: Browser, address: str) -> Page:
    """The page at `address` in a fresh browser session, drawn to its end."""
    page = browser.new_context(viewport=SIZE).new_page()
    page.goto(address)
    page.get_by_role("heading", name="Where next").wait_for(timeout=60_000)
    page.wait_for_selector(SETTLED)
    page.wait_for_function(USABLE)
    return page


def stopwatch(page: Page, button: str, holds: str, patience: float = 60.0) -> float:
    """Seconds from a press of the button with that label until the JavaScript `holds` is true.

    `holds` may call find(selector), which looks into components, too.
    """
    return page.evaluate(STOPWATCH, [button, holds, 1000 * patience]) / 1000
