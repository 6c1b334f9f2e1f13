"""Blocks of the prompt workshop: eight pictures with their marks, what the judge saw, repairs, tallies, a table."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lessons.shared import run_line

STYLE = Path(__file__).with_name("workshop.css")


def style() -> None:
    """The style sheets, once a page."""
    st.html(run_line.STYLE)  # the line above the pictures is the one above the player
    st.html(STYLE)
