"""Ten moments of one training, side by side, under two sliders: training time and generation time.

    growing(growth, key="grow", opened=told.open, running=False, labels=labels, made="seed 5 · …")

Both sliders move in the browser alone; where they stand is written into the page's address.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from lessons.shared.growing.message import message
from lessons.shared.studio.grow import Growth
from lessons.shared.theming import is_dark

HERE = Path(__file__).resolve().parent
# one module scope, in this order: what a file uses stands in the files before it
SCRIPTS = (HERE.parent / "player" / "values.js", HERE / "parts.js", HERE / "growing.js")

_MOUNT = st.components.v2.component(
    "beaker_growing",
    html='<div class="growing"></div>',
    css=(HERE / "growing.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS),
)


def growing(growth: Growth, *, key: str, opened: bool, running: bool, labels: Mapping[str, str], made: str) -> None:
    """Show a growth. `opened`: whether the moments between the first and the last are shown; `made`: for the badge."""
    data = message(growth, opened=opened, running=running, labels=labels, made=made)
    _MOUNT(data={**data, "dark": is_dark()}, key=key)
