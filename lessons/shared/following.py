"""Work as it comes: draw a part of the page again and again while something goes on, then the whole page once.

    def draw() -> bool:
        …                     # show how it stands
        return still_going

    follow("mine", going, draw)

The browser asks for the next look only when it has the last one (Streamlit's own run_every asks by the clock, whether
answers come or not), and the later the more the class has under way, though not later than the runs should be over.
So a crowded server is asked less often instead of being buried in questions.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

import streamlit as st

from lessons.shared.mount import MOUNT
from lessons.shared.studio import engines, runs, turnstile

POLL = 0.05  # seconds from an answer to the next question: about five looks a second, as far as the server keeps up
CROWD = 0.02  # seconds more for each run of the class that is under way: looks take time from the class's pages
# Seconds without an answer, after which the browser asks again: a crowded server may lose one. It then waits twice as
# long each time: asked every four seconds, a server that needs five would never get to an end.
PATIENCE = 4.0
KEY = "beaker-clock"

_CLOCK = """
const BEAT = 20;  // ms
// Asked before the page has run to its end, Streamlit may begin a second run of it and forget the rest of the first.
const running = () =>
  /^(running|rerunRequested)$/.test(document.querySelector("[data-testid=stApp]")?.dataset.testScriptState);
const QUIET = 2000;  // ms after a press on a link to another page: a question then may cost the learner that page
let left = -Infinity;
document.addEventListener("click", ({ target }) => {
  const link = target.closest?.("a[href]");
  if (link?.origin === location.origin && link.pathname !== location.pathname) left = performance.now();
}, true);

export default function ({ data, parentElement, setTriggerValue }) {
  return mount(parentElement, () => {
    const ask = () => performance.now() - left > QUIET && setTriggerValue("tick", true);
    let patience = data.patience;
    let waited = 0;
    let next = data.going && setTimeout(function again() {
      if (running() && waited < data.patience) {
        waited += BEAT;
        next = setTimeout(again, BEAT);
        return;
      }
      waited = data.patience; // from now on what runs may be a run that got lost
      ask();
      next = setTimeout(again, patience);
      patience *= 2; // a crowded server drops the answer under way when it is asked anew: it is given more time
    }, data.every);
    return () => clearTimeout(next);
  });
}
"""
_clock = st.components.v2.component("beaker_clock", html='<i aria-hidden="true"></i>', js=MOUNT + _CLOCK)


def follow(
    key: str, going: bool, draw: Callable[[], bool], every: float = POLL, over: Callable[[], bool] = lambda: False
) -> None:
    """Call `draw` now and, while `going`, so many seconds after each answer; it says whether the work still goes on.

    When that changes the whole page runs: it has something to say of the outcome, and the asking begins or ends.
    A browser that asks although nothing goes on has missed that page, and is sent it once more.
    over: whether the work has come to its end, where that is known without drawing: the page draws it then, once.
    """
    looks = itertools.count()

    @st.fragment
    def show() -> None:
        if next(looks) and going and over():
            st.rerun()
        with turnstile.PAGES.turn():
            still = draw()
        crowded = every + CROWD * max(0, engines.engine().load - 1)
        pause = min(crowded, max(every, crowded / 4, runs.time_left())) if going else every
        told = {
            "going": going,
            "every": 1000 * pause,
            "patience": 1000 * max(PATIENCE, 2 * pause),
            "look": time.monotonic_ns(),  # each is a new one, so that the browser's clock starts anew
        }
        asked = _clock(data=told, key=f"{KEY}-{key}", on_tick_change=lambda: None).tick
        if still != going or (asked and not going):
            st.rerun()

    show()
