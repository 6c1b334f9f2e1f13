"""Which of the two themes is on, one way to show a figure in it, and a page that follows its browser."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from lessons.shared.mount import MOUNT

QUIET = {"displayModeBar": False, "scrollZoom": False, "responsive": True}

# Streamlit does not rerun the script when the theme is switched, so figures and the logo would keep the old
# ink. An unseen element takes the theme's text colour through a 1 ms transition, and its start says so.
# Nor does it rerun when a browser finds a restarted server, which knows no callback of the page yet: the first press
# of a button would be lost. The application's element says when the connection is there again.
_WATCH = """
export default function ({ parentElement, setTriggerValue }) {
  return mount(parentElement, () => {
    const probe = parentElement.querySelector("i"), app = document.querySelector("[data-test-connection-state]");
    const tell = () => setTriggerValue("switched", true);
    let lost = false;
    const connection = new MutationObserver(() => {
      const there = app.dataset.testConnectionState === "CONNECTED";
      if (lost && there) tell();
      lost = !there;
    });
    probe.addEventListener("transitionend", tell);
    if (app) connection.observe(app, { attributeFilter: ["data-test-connection-state"] });
    return () => {
      probe.removeEventListener("transitionend", tell);
      connection.disconnect();
    };
  });
}
"""
_PROBE = "i { position: absolute; color: var(--st-text-color); transition: color 1ms; }"
_watch = st.components.v2.component("beaker_theme", html='<i aria-hidden="true"></i>', css=_PROBE, js=MOUNT + _WATCH)


def is_dark() -> bool:
    """True for chalk on slate."""
    return st.context.theme.type == "dark"


def follow_theme() -> None:
    """Run the script again when the theme is switched or a lost server is found; app.py calls this on every page."""
    _watch(key="beaker-theme", on_switched_change=lambda: None)


def show_figure(figure: go.Figure, key: str, alt: str) -> None:
    """Draw a figure as it is, without Streamlit's own template; `alt` says in words what it shows."""
    st.plotly_chart(figure, key=key, theme=None, config=QUIET, alt=alt)
