"""Words as points in three dimensions, on a canvas: turned by hand, and the camera outlives every rerun.

    points = [Point("king", "subject", (0.1, 0.2, 0.3)), …]
    word_space(points, key="words", labels=labels, you=[Point("a king", "you", (…))])

Orbiting, its keys and the canvas helpers are the player's own; what is new here is labels, marks and threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from lessons.shared.theming import is_dark

HERE = Path(__file__).resolve().parent
PLAYER = HERE.parent / "player"
# one module scope, in this order: what a file uses stands in the files before it
SCRIPTS = (*(PLAYER / name for name in ("values.js", "paint.js", "cloud.js", "panels.js")), HERE / "space.js")

Place = tuple[float, float, float]


@dataclass(frozen=True)
class Point:
    """A labelled point. kind: one of the vocabulary's kinds, or "you", "other", "past", "sum"."""

    label: str
    kind: str
    at: Place
    faint: bool = False  # outside what is looked at: a small dot without a name


_MOUNT = st.components.v2.component(
    "beaker_word_space",
    html='<div class="space"></div>',
    css=(HERE / "space.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS),
)


def word_space(points: Sequence[Point], *, key: str, labels: Mapping[str, str], own: Sequence[Point] = (),
               threads: Sequence[tuple[Place, Place]] = (), arrows: Sequence[tuple[Place, Place]] = (),
               tall: int = 400, on_pick: Callable[[str], None] | None = None) -> None:
    """Show points; `own` are the learner's, drawn on top. `on_pick` hears which word was clicked.

    `threads` are thin lines (to true neighbours), `arrows` steps from one place to another. `labels` holds the
    words of the component: what, hint, closer, wider, reset, and the name of each kind, in the legend's order.
    """
    order = _wide_first([p.at for p in points if not p.faint])

    def there(place: Place) -> list[float]:
        return [round(float(place[axis]), 4) for axis in order]

    def told(some: Sequence[Point]) -> list[dict[str, Any]]:
        return [{**asdict(point), "at": there(point.at)} for point in some]

    lines = {"threads": threads, "arrows": arrows}
    data = {"points": told(points), "own": told(own), "words": dict(labels), "tall": tall, "dark": is_dark(),
            "axes": [str(axis + 1) for axis in order],
            **{name: [[there(a), there(b)] for a, b in pairs] for name, pairs in lines.items()}}  # fmt: skip
    names = {point.label for point in points}
    _MOUNT(data=data, key=key, on_word_change=lambda: _picked(key, names, on_pick))


def _wide_first(places: Sequence[Place]) -> tuple[int, int, int]:
    """The axes as (across, up, back): the one with the least reach stands upright, as the canvas is wide."""
    reach = [max(abs(place[axis]) for place in places) for axis in range(3)]
    across, back, up = sorted(range(3), key=lambda axis: -reach[axis])
    return across, up, back


def _picked(key: str, names: set[str], on_pick: Callable[[str], None] | None) -> None:
    """Pass on what the browser reports, if it is one of the words on show."""
    word = st.session_state[key].get("word")
    if on_pick and isinstance(word, str) and word in names:
        on_pick(word)
