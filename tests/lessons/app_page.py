"""Driving a page of the application without a browser, as the tests of all lessons do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from lessons.shared.page import FOLD

ROOT = Path(__file__).parents[2]


def run(work: Coroutine) -> Any:
    """Run what is asynchronous, on a thread of its own: Playwright has a loop on this one after tests in a browser."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


def open_page(page: str, **query: str) -> AppTest:
    """The application with that page on show ("lessons/reverse.py"), opened with these values in its address."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    at.switch_page(page)
    for key, value in query.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception
    return at


def finish(at: AppTest, seconds: float = 60.0) -> AppTest:
    """Ask again, as the browser does, until nothing is going any more."""
    end = time.monotonic() + seconds
    while any(button.label == "Cancel" for button in at.button):
        assert time.monotonic() < end, "the run does not end"
        time.sleep(0.02)
        at.run()
    assert not at.exception
    return at


def press(at: AppTest, label: str, place: int = 0) -> AppTest:
    """Press a button; `place` counts those of the same label."""
    [button for button in at.button if button.label == label][place].click().run()
    assert not at.exception
    return at


def unfold(at: AppTest) -> AppTest:
    """Open all that is folded below the lesson: maths, code, papers."""
    for key in [key for key in at.session_state._state.filtered_state if key.startswith(FOLD)]:
        at.session_state[key] = True
    at.run()
    assert not at.exception
    return at


def said(at: AppTest) -> str:
    """All that the page says."""
    return " ".join(str(e.value) for kind in (at.markdown, at.caption, at.info, at.html, at.code) for e in kind)
