"""What the training lesson draws: examples beside answers, error maps, falling curves. Arrays in, HTML out."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

STYLE = Path(__file__).with_name("stepping.css")


def style() -> None:
    """The lesson's style sheet, once a page."""
    st.html(STYLE)


def show(cells: str) -> None:
    """Put pictures on the page."""
    st.html(cells)


def draw(drawing: str) -> None:
    """Put a drawing on the page: st.html would take SVG out, Markdown keeps it as long as it is one block."""
    st.markdown(f'<div class="ts">{drawing}</div>'.replace("\n", " "), unsafe_allow_html=True)
