"""The keyboard keeps its place: when the control in focus goes away, what took its place gets the focus.

Streamlit swaps a button for what its press brought (a guess for "Guess again", a run for its result), and a browser
then drops the focus to the top of the page.
"""

from __future__ import annotations

import streamlit as st

from lessons.shared.mount import MOUNT

_KEEP = """
const USABLE = "button:not(:disabled), a[href], input:not(:disabled), textarea, select, [tabindex='0']";
const SETTLED = 150;  // ms without a change, by when what comes instead is there

// The first usable control in here that is to be seen, also inside a component's shadow.
function first(room) {
  for (const element of room.querySelectorAll("*")) {
    if (element.matches(USABLE) && element.getClientRects().length) return element;
    const within = element.shadowRoot && first(element.shadowRoot);
    if (within) return within;
  }
  return null;
}

export default ({ parentElement }) => mount(parentElement, () => {
  let rooms = [], held = null, timer = 0;
  const remember = ({ target }) => {
    held = target.matches(":focus-visible") ? target : null; // whoever points has not lost a place
    rooms = [];
    for (let box = target.closest("[class*='st-key-']"); box; box = box.parentElement?.closest("[class*='st-key-']"))
      rooms.push(box);
  };
  const mend = () => {
    if (!held || held.isConnected || document.activeElement !== document.body) return;
    held = null;
    for (const room of rooms.filter((box) => box.isConnected)) {
      const next = first(room);
      if (next) return next.focus({ preventScroll: true });
    }
  };
  const watch = new MutationObserver(() => {
    if (!held || held.isConnected) return;
    clearTimeout(timer);
    timer = setTimeout(mend, SETTLED);
  });
  document.addEventListener("focusin", remember);
  watch.observe(document.body, { childList: true, subtree: true });
  return () => {
    document.removeEventListener("focusin", remember);
    watch.disconnect();
    clearTimeout(timer);
  };
});
"""
_keep = st.components.v2.component("beaker_focus", html='<i aria-hidden="true"></i>', js=MOUNT + _KEEP)


def keep_focus() -> None:
    """Watch over the focus; app.py calls this on every page."""
    _keep(key="beaker-focus")
