"""What the training lesson draws: examples beside answers, error maps, falling curves. Arrays in, HTML out."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lessons.shared import line_chart

STYLE = Path(__file__).with_name("stepping.css")


def style() -> None:
    """The lesson's style sheets, once a page."""
    st.html(STYLE)
    line_chart.style()


def show(cells: str) -> None:
    """Put pictures on the page."""
    st.html(cells)


draw = line_chart.draw  # of charts
