"""Attention over the picture: a word and where it acts, a pixel and where it looks; all moved in the browser.

    word_maps(maps, key="attention", run="run 3", total=20, labels=labels)

Word, look, layer size and pixel are chosen without a message to the server, and stand in the page's address.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from lessons.shared.studio.attention import Maps
from lessons.shared.theming import is_dark
from lessons.shared.word_maps.message import message

HERE = Path(__file__).resolve().parent
PLAYER = HERE.parent / "player"
# one module scope, in this order: what a file uses stands in the files before it
SCRIPTS = (*(PLAYER / name for name in ("values.js", "paint.js")),
           *(HERE / name for name in ("weights.js", "veil.js", "board.js", "link.js", "word_maps.js")))  # fmt: skip

_MOUNT = st.components.v2.component(
    "beaker_word_maps",
    html='<div class="maps"></div>',
    css=(HERE / "word_maps.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS),
)


def word_maps(
    maps: Maps,
    *,
    key: str,
    run: str,
    total: int,
    labels: Mapping[str, str],
    word: int = 1,
    start: int = 0,
    running: bool = False,
) -> None:
    """Show a run's maps. `total`: its steps; `word` and `start`: what it opens with, unless the address says more."""
    told = message(maps, run=run, total=total, running=running, word=word, start=start, dark=is_dark(), labels=labels)
    _MOUNT(data=told, key=key)
