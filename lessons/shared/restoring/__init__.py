"""What the lesson "How much can it bring back?" draws: truth, noise and restorations. Arrays in, HTML out."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

STYLE = Path(__file__).with_name("restoring.css")


def style() -> None:
    """The lesson's style sheet, once a page."""
    st.html(STYLE)
