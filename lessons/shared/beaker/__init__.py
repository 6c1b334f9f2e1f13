"""The beaker: dye that spreads and gathers in the browser, by the core's closed forms.

    beaker(setup, key="drop", count=2000, seed=3, words=labels, open_acts={"blind": True, "score": False})
    ended = runs("drop").get("blind")

Python hands over the numbers of diffusion_core/particles.py; physics.js evaluates the same formulas once a frame.
Nothing moves until a button is pressed, and the server hears of a run only when it has ended.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import streamlit as st

from lessons.shared.theming import is_dark

HERE = Path(__file__).resolve().parent
# one module scope, in this order: what a file uses stands in the files before it
SCRIPTS = ("physics.js", "dye.js", "glass.js", "charts.js", "beaker.js")
ACTS = ("forward", "blind", "score")


@dataclass(frozen=True)
class Ended:
    """A way back that has reached the start of the clock, as the browser measured it."""

    before: float  # spread when the clock was turned, in cm
    after: float  # spread at the end, in cm
    apart: float  # mean distance of the particles from where they began, in cm
    fresh: float  # spread of the drop when it had just fallen, in cm


def source(*names: str) -> str:
    """The component's scripts, joined."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names or SCRIPTS)


_MOUNT = st.components.v2.component(
    "beaker_drop",
    html=(HERE / "beaker.html").read_text(encoding="utf-8"),
    css=(HERE / "beaker.css").read_text(encoding="utf-8"),
    js=source(),
)


def beaker(
    setup: Mapping[str, Any],
    *,
    key: str,
    count: int,
    seed: int,
    words: Mapping[str, str],
    open_acts: Mapping[str, bool],
    **shown: bool,
) -> None:
    """Show the instrument. `setup` comes from studio.drop; `shown` are arrows, path and dice."""
    data = {**setup, "count": count, "seed": seed, "words": dict(words), "open": dict(open_acts), **shown}
    _MOUNT(data={**data, "dark": is_dark()}, key=key, on_ended_change=lambda: keep(key))


def runs(key: str) -> dict[str, Ended]:
    """The last run of each way back, "blind" or "score", that has ended in this session."""
    return st.session_state.setdefault(f"{key}:runs", {})


def keep(key: str) -> None:
    """Note what the browser reports; anything that is not a whole report is dropped."""
    told = st.session_state[key].get("ended")
    if not isinstance(told, Mapping) or told.get("act") not in ACTS:
        return
    with contextlib.suppress(KeyError, TypeError, ValueError):
        measured = (float(told[field.name]) for field in fields(Ended))
        runs(key)[told["act"]] = Ended(*measured)
