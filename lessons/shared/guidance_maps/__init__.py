"""One step of guidance as maps: noise without the words, with them, the difference, and the sum at any scale.

    guidance_maps("run 3", moments, key="guided", total=20, scale=3.0, running=False)

Moving through the steps and trying other scales stays in the browser: everything needed is there, and the sum is one
line of arithmetic. The server hears only at which scale the learner let go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from lessons.shared.guidance_maps.message import Badge, message
from lessons.shared.guidance_maps.words import WORDS
from lessons.shared.studio.guided import Moment

__all__ = ["WORDS", "Badge", "guidance_maps"]

HERE = Path(__file__).resolve().parent
PLAYER = HERE.parent / "player"
# one module scope, in this order: what a file uses stands in the files before it
SCRIPTS = (*(PLAYER / name for name in ("values.js", "paint.js")),
           *(HERE / name for name in ("colours.js", "parts.js", "maps.js")))  # fmt: skip

_MOUNT = st.components.v2.component(
    "beaker_guidance_maps",
    html='<div class="maps"></div>',
    css=(HERE / "maps.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS),
)


def guidance_maps(run_id: str, moments: Sequence[Moment], *, key: str, total: int, scale: float, badge: Badge,
                  running: bool = False, start: int = 0, chart: bool = True,
                  on_scale: Callable[[float], None] | None = None) -> None:  # fmt: skip
    """Show the steps of one run that are there by now, of `total`.

    `scale` is where the scale's slider stands; a later change moves it. `start`: the step on show at first. `chart`:
    whether to show at which step the words act how much. `on_scale` hears a scale the learner chose in the browser.
    """
    memory = f"{key}:sent"
    name, count = st.session_state.get(memory, ("", 0))
    sent = count if running and name == run_id else 0
    data = message(run_id, moments, sent=sent, total=total, scale=scale, badge=badge, running=running, start=start,
                   chart=chart, words=WORDS)  # fmt: skip
    st.session_state[memory] = (run_id, len(moments))
    _MOUNT(
        data=data,
        key=key,
        on_need_change=lambda: st.session_state.pop(memory, None),
        on_scale_change=lambda: _chosen(st.session_state[key].get("scale"), on_scale),
    )


def _chosen(scale: object, on_scale: Callable[[float], None] | None) -> None:
    """Pass on what the browser reports, if it is a number."""
    if on_scale and isinstance(scale, int | float) and not isinstance(scale, bool):
        on_scale(float(scale))
