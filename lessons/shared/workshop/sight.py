"""A new run brings its pictures into sight: on a phone they stand a screen above the Run button."""

from __future__ import annotations

import streamlit as st

_JS = """
const seen = new WeakMap();  // what each mount was last told, so that opening the page scrolls nowhere
export default function ({ parentElement, data }) {
  const before = seen.get(parentElement);
  seen.set(parentElement, data.run);
  if (before === undefined || before === data.run || !data.run) return;
  const mark = parentElement.querySelector("i");
  const { top } = mark.getBoundingClientRect();
  if (top >= 0 && top < window.innerHeight / 2) return;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  mark.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
}
"""
_CSS = "i { display: block; height: 1px; scroll-margin-top: 5rem; }"
_sight = st.components.v2.component("beaker_sight", html='<i aria-hidden="true"></i>', css=_CSS, js=_JS)


def bring(key: str, run_id: str) -> None:
    """Place it above the pictures; a run_id that it has not seen before scrolls there."""
    with st.container(key=f"bk-sight-{key}"):
        _sight(key=f"{key}-sight", data={"run": run_id}, height="content")
