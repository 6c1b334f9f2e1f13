"""Work as it comes: draw a part of the page again and again while something goes on, then the whole page once.

    def draw() -> bool:
        …                     # show how it stands
        return still_going

    follow(going, draw)
"""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

POLL = 0.2  # seconds between two looks
LATE = 3  # looks in quick succession that nobody should be asking for any more


def follow(going: bool, draw: Callable[[], bool], every: float = POLL) -> None:
    """Call `draw` now and, while `going`, every so many seconds; it says whether the work still goes on.

    When that changes the whole page runs: it has something to say of the outcome, and the asking begins or ends.
    A crowded server may lose the answer that tells a browser to stop asking. It then goes on asking, so a page that
    is asked again and again although nothing goes on is sent once more.
    """
    drawn: list[float] = []

    @st.fragment(run_every=every if going else None)
    def show() -> None:
        still = draw()
        drawn.append(time.monotonic())
        hurried = len(drawn) > LATE and drawn[-1] - drawn[-1 - LATE] < LATE * max(1.0, 2 * every)
        if still != going or (not going and hurried):
            st.rerun()

    show()
