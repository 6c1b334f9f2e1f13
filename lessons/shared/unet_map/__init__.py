"""The network drawn as a U of its own blocks: press one, and see what it made of the picture.

    unet_map(look, key="inside-map", skips={"A": "up16_0"}, off=(), labels=labels)

Blocks, shapes and connections are those that the pass recorded, so the drawing cannot disagree with the network.
Which block is open is chosen without a message to the server, and stands in the page's address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from lessons.shared.studio.inside import Look
from lessons.shared.theming import is_dark
from lessons.shared.unet_map.message import message

HERE = Path(__file__).resolve().parent
# one module scope, in this order: what a file uses stands in the files before it
SCRIPTS = (HERE.parent / "player" / "values.js", HERE / "paper.js", HERE / "plan.js", HERE / "unet_map.js")

_MOUNT = st.components.v2.component(
    "beaker_unet_map",
    html='<div class="unet"></div>',
    css=(HERE / "unet_map.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS),
)


def unet_map(look: Look, *, key: str, skips: Mapping[str, str], off: Sequence[str], labels: Mapping[str, str]) -> None:
    """Show a pass. `skips`: letter → name of the block a connection leads to; `off`: the names that are cut."""
    _MOUNT(data=message(look, skips=skips, off=off, dark=is_dark(), labels=labels), key=key)
