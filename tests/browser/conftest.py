"""Fixtures for tests that drive a real browser: find one, serve an app, open a page."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
         "microsoft-edge", "microsoft-edge-stable", "msedge")
INSTALLED = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "{PROGRAMFILES}/Google/Chrome/Application/chrome.exe",
    "{PROGRAMFILES(X86)}/Google/Chrome/Application/chrome.exe",
    "{LOCALAPPDATA}/Google/Chrome/Application/chrome.exe",
    "{PROGRAMFILES(X86)}/Microsoft/Edge/Application/msedge.exe",
    "{PROGRAMFILES}/Microsoft/Edge/Application/msedge.exe",
)
BROWSER_ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update",
                "--no-first-run", "--disable-sync"]
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
# Streamlit fetches each kind of control when it is first needed, and shows a grey bar till then
USABLE = "document.querySelectorAll('[data-testid=stSkeleton]').length === 0"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder carries the `browser` mark, so `-m "not browser"` leaves it out."""
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)


def find_browser() -> str | None:
    """Path of any Chromium, Chrome or Edge on this machine; `BEAKER_BROWSER` names one by hand."""
    for name in (os.environ.get("BEAKER_BROWSER", ""), *NAMES):
        if name and (found := shutil.which(name)):
            return found
    for template in INSTALLED:
        with contextlib.suppress(KeyError):  # the variable exists on Windows only
            if Path(path := template.format_map(os.environ)).is_file():
                return path
    return None


def _without(reason: str) -> NoReturn:
    """A missing browser skips on a laptop, but must not pass unseen under CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """One headless browser for the whole session."""
    path = find_browser()
    if path is None:
        _without("no Chromium, Chrome or Edge found: install one or set BEAKER_BROWSER to its path")
    try:
        from playwright.sync_api import expect, sync_playwright
    except ImportError:
        _without("playwright is not installed: pip install -r requirements-dev.txt")
    expect.set_options(timeout=30_000)  # a busy machine draws late
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser) -> Iterator:
    """A fresh page, 1440×900; its console errors and uncaught exceptions are in `page.console_errors`, and what it
    told the server in `page.sent`."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    opened.console_errors, opened.sent = [], []
    opened.on("websocket", lambda socket: socket.on("framesent", lambda frame: opened.sent.append(frame)))
    opened.on("console", lambda message: _note_error(opened, message))
    opened.on("pageerror", lambda error: opened.console_errors.append(str(error)))
    yield opened
    context.close()


def _note_error(page, message) -> None:
    if message.type == "error":
        page.console_errors.append(f"{message.text} ({message.location.get('url', '')})")


@pytest.fixture(scope="session")
def settled() -> Callable:
    """settled(page): wait until the script has run, nothing is running, and every control is drawn."""

    def wait(page, timeout: float = 60_000) -> None:
        page.wait_for_selector(SETTLED, timeout=timeout)
        page.wait_for_function(USABLE, timeout=timeout)

    return wait


@pytest.fixture
def lesson(request, page, serve, settled) -> Iterator[Callable]:
    """lesson("?steps=50"): the lesson that the test file's URL names, its READY (selectors) drawn, the server quiet.

    Afterwards the browser's console must hold no error.
    """

    def opened(query: str = "", page=page):
        page.goto(f"{serve('app.py')}/{request.module.URL}{query}")
        for selector in request.module.READY:
            page.wait_for_selector(selector, timeout=60_000)
        settled(page)
        return page

    yield opened
    # Streamlit looks for its server beside the page's own path first
    assert [error for error in page.console_errors if "/_stcore/" not in error] == []


@pytest.fixture(scope="session")
def serve(tmp_path_factory) -> Iterator[Callable[[str | Path], str]]:
    """serve(path): the address of a Streamlit server of that script, started once per path."""
    servers: dict[Path, tuple[subprocess.Popen, str]] = {}
    logs = tmp_path_factory.mktemp("streamlit")

    def start(path: str | Path) -> str:
        script = (ROOT / path).resolve()
        if script not in servers:
            servers[script] = start_server(script, logs / f"{len(servers)}-{script.stem}.log")
        return servers[script][1]

    yield start
    for process, _ in servers.values():
        stop_server(process)


def start_server(script: Path, log: Path, port: int | None = None) -> tuple[subprocess.Popen, str]:
    """A Streamlit server of that script: its process and address, once it answers."""
    port = port or _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}",
               "--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none",
               "--browser.gatherUsageStats=false"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("w") as sink:  # run in ROOT, where .streamlit/config.toml lies
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sink, stderr=sink)
    address = f"http://127.0.0.1:{port}"
    _wait_for_health(process, address, log)
    return process, address


def _wait_for_health(process: subprocess.Popen, address: str, log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
            return
        time.sleep(0.1)
    stop_server(process)
    pytest.fail(f"the Streamlit server did not start; its log ends with:\n{log.read_text()[-2000:]}")


def stop_server(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
