"""Two pages with a control of the same name, which they are slow to draw, for tests."""

from __future__ import annotations

import time

import streamlit as st

from lessons.shared import controls

SLOW = 0.5  # seconds: longer than the next press takes


def one() -> None:
    draw("One", 3)


def two() -> None:
    draw("Two", 8)


def draw(title: str, seed: int) -> None:
    controls.start_page(title)
    st.title(title)
    time.sleep(SLOW)
    st.write(f"seed {controls.seed(default=seed)}")


st.navigation([st.Page(one), st.Page(two)]).run()
