"""The two curves of a growth over pictures seen: the loss, and how often the pictures are right."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from lessons.shared.figures import frame, palette
from lessons.shared.studio.grow import SEEN
from lessons.shared.studio.grow_shipped import Measured

NOTHING = 1_000.0  # where "nothing seen" stands: a logarithmic axis has no 0
APART = 0.2  # powers of ten between two moments that are named on the axis
HEIGHT = 320


def loss_curve(measured: Measured, labels: Mapping[str, str], marker: int, dark: bool = False) -> go.Figure:
    """The loss at the ten moments and the training's own record; a line at moment `marker`."""
    ink, made = palette(dark), go.Figure()
    if measured.record:
        seen, loss = np.array(measured.record).T
        line = {"color": ink.noise, "width": 2, "dash": "dot"}
        made.add_scatter(x=seen, y=loss, name=labels["record"], mode="lines", line=line, hovertemplate="%{y:.3f}")
    line = {"color": ink.data, "width": 2.5}
    made.add_scatter(x=places(), y=measured.error, name=labels["error"], mode="lines+markers", line=line,
                     marker={"size": 8}, hovertemplate="%{y:.3f}")  # fmt: skip
    made.add_vline(x=places()[marker], line={"color": ink.noise, "width": 1.5, "dash": "dash"})
    frame(made, ink, labels["seen_axis"], labels["loss_axis"], HEIGHT)
    return _by_seen(made).update_yaxes(rangemode="tozero")


def quality_curve(
    measured: Measured, labels: Mapping[str, str], marker: int, guessed: float | None = None, dark: bool = False
) -> go.Figure:
    """Right pictures in per cent: everything named with its 95% interval, and each part on its own."""
    ink, made = palette(dark), go.Figure()
    looks = {"place": ("square", "dash"), "colour": ("diamond", "dot"), "subject": ("triangle-up", "dashdot"),
             "details": ("x", "longdash")}  # fmt: skip
    for part, (symbol, dash) in looks.items():
        made.add_scatter(x=places(), y=percent(measured.right[part]), name=labels[part], mode="lines+markers",
                         line={"color": ink.noise, "width": 1.5, "dash": dash},
                         marker={"size": 7, "symbol": symbol}, hovertemplate="%{y:.0f}%")  # fmt: skip
    whole = percent(measured.right["all"])
    low, high = 100 * np.array(measured.interval).T
    spread = {"type": "data", "symmetric": False, "array": high - whole, "arrayminus": whole - low,
              "thickness": 1.5, "width": 4}  # fmt: skip
    made.add_scatter(x=places(), y=whole, name=labels["all"], mode="lines+markers", error_y=spread,
                     line={"color": ink.predicted, "width": 3.5}, marker={"size": 9},
                     hovertemplate="%{y:.0f}%")  # fmt: skip
    made.add_vline(x=places()[marker], line={"color": ink.noise, "width": 1.5, "dash": "dash"})
    if guessed is not None:
        mark = {"color": ink.you, "size": 13, "symbol": "diamond", "line": {"color": ink.paper, "width": 1.5}}
        made.add_scatter(x=[places()[marker]], y=[guessed], name=labels["guess"], mode="markers", marker=mark,
                         hovertemplate="%{y:.0f}%")  # fmt: skip
    frame(made, ink, labels["seen_axis"], labels["quality_axis"], HEIGHT)
    return _by_seen(made).update_yaxes(range=[-3, 103])


def places() -> list[float]:
    """Where the ten moments stand on the axis."""
    return [float(seen) or NOTHING for seen in SEEN]


def percent(rates: tuple[tuple[int, int], ...]) -> np.ndarray:
    """Shares in per cent; 0 where nothing was named."""
    return np.array([100 * right / named if named else 0.0 for right, named in rates])


def _by_seen(made: go.Figure) -> go.Figure:
    named: list[tuple[float, int]] = []
    for place, seen in reversed(list(zip(places(), SEEN, strict=True))):  # the last moment is always named
        if not named or np.log10(named[-1][0] / place) >= APART:
            named.append((place, seen))
    return made.update_xaxes(type="log", tickvals=[place for place, _ in named], tickangle=0,
                             ticktext=["0" if seen == 0 else f"{seen // 1000}k" for _, seen in named])  # fmt: skip
