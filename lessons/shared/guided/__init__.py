"""The lesson on guidance, part by part: the maps of one run, seven scales, sixteen seeds, two twists."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

STYLES = (Path(__file__).with_name("guided.css"), Path(__file__).parents[1] / "run_line.css")

Labels = Mapping[str, str]


def style() -> None:
    """The style sheets, once a page."""
    for sheet in STYLES:
        st.html(sheet)


def percent(share: float) -> str:
    """A share as a reader writes it: 0.2%, 14%."""
    return f"{100 * share:.0f}%" if share >= 0.0995 else f"{100 * share:.1f}%"
