"""The drawings of lesson 1: pure functions from the core's numbers (0 … 255, unclipped) to SVG and tables.

Colours are the theme's own variables, so light and dark need no second drawing; words come from the prose.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

STYLE = Path(__file__).with_name("drift.css")


def style() -> None:
    """The drawings' style sheet, once a page."""
    st.html(STYLE)


def show(drawing: str) -> None:
    """Put a drawing on the page: st.html would take SVG out, Markdown keeps it as long as it is one block."""
    st.markdown(f'<div class="ad">{drawing}</div>'.replace("\n", " "), unsafe_allow_html=True)
