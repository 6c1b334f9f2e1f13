"""A link to exactly this: the page's address as it stands, copied by one press. Works without a network."""

from __future__ import annotations

import streamlit as st

_COPY = """
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  const said = parentElement.querySelector("output");
  const field = parentElement.querySelector("input");
  button.querySelector("span").textContent = data.label;
  button.onclick = async () => {
    field.value = window.location.href;
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = data.done;
    } catch {  // plain http on a classroom server: no clipboard, so show the address, ready to copy
      field.hidden = false;
      field.focus();
      field.select();
      said.textContent = data.manual;
    }
  };
}
"""
_HTML = """
<button type="button"><svg viewBox="0 0 24 24" width="16" height="16" fill="none" stroke="currentColor"
  stroke-width="2" stroke-linecap="round" aria-hidden="true"><path d="M10 14a4.5 4.5 0 0 0 6.4 0l3.2-3.2a4.5
  4.5 0 0 0-6.4-6.4L12 5.6M14 10a4.5 4.5 0 0 0-6.4 0l-3.2 3.2a4.5 4.5 0 0 0 6.4 6.4l1.2-1.2"/></svg>
  <span></span></button><input hidden readonly aria-label="Address of this page"><output aria-live="polite"></output>
"""
_CSS = """
button { all: unset; display: inline-flex; gap: 0.5em; align-items: center; cursor: pointer; min-height: 32px;
  font: 500 0.9rem var(--st-font); color: var(--st-link-color); border-radius: 4px; }
button:hover span { text-decoration: underline; text-underline-offset: 0.2em; }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 3px; }
input { width: 100%; box-sizing: border-box; font: 0.8rem var(--st-code-font); color: inherit;
  background: transparent; border: 1px solid var(--st-border-color); border-radius: 4px; padding: 4px 8px; }
output { margin-left: 0.75em; font: 0.85rem var(--st-font); color: var(--st-text-color); }
"""
_copy_link = st.components.v2.component("beaker_copy_link", html=_HTML, css=_CSS, js=_COPY)


def copy_link(label: str = "Copy a link to exactly this", key: str = "copy-link") -> None:
    """A button that copies the page's address; every control and `run=1` are in it."""
    manual = "Press Ctrl+C (⌘C) to copy."
    _copy_link(key=key, data={"label": label, "done": "Copied.", "manual": manual}, height="content")
