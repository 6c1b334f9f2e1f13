"""Distance to the end point against the number of steps, both axes logarithmic: a straight line is a power law."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from lessons.shared import figures
from lessons.shared.studio.outcomes import SHADES
from lessons.shared.studio.runs import SAMPLER_NAMES

STEADY = 5  # steps from which on a line is fitted: before, the picture is another one
LOWEST = 0.03  # shades: what ships is kept in half precision, and coarser than this


def distance_curve(
    distances: Mapping[str, Mapping[int, float]], near: float, guessed: int | None = None, dark: bool = False
) -> go.Figure:
    """Sampler → steps → shades, with a line at `near` and, coral, at the number of steps that was guessed."""
    ink, made = figures.palette(dark), go.Figure()
    looks = {"ddim": (ink.data, "dash", "square"), "dpmpp_2m": (ink.predicted, "solid", "circle")}
    for sampler, far in distances.items():
        hue, dash, symbol = looks[sampler]
        shown = {n: d for n, d in far.items() if d > 0}
        made.add_scatter(
            x=list(shown), y=list(shown.values()), name=SAMPLER_NAMES[sampler], mode="lines+markers",
            line={"color": hue, "width": 2.5, "dash": dash}, marker={"size": 9, "symbol": symbol},
            hovertemplate="%{y:.2f} shades",
        )  # fmt: skip
    made.add_hline(y=near, line={"color": ink.noise, "width": 1.5, "dash": "dot"})
    if guessed:
        made.add_vline(x=guessed, line={"color": ink.you, "width": 2})
    figures.frame(made, ink, "steps", "shades away from the end point", 320)
    counts = sorted({n for far in distances.values() for n in far} | {1, 50})
    made.update_xaxes(type="log", tickvals=counts, ticktext=[f"{n:,}" for n in counts], range=_span(counts))
    values = [d for far in distances.values() for d in far.values()]
    ticks = [0.03, 0.1, 0.3, 1, 3, 10, 30, 100]
    low, high = min([1.0, *values]), max([near, *values])
    span = [np.log10(max(low, LOWEST)) - 0.1, np.log10(min(high, 2 * SHADES)) + 0.15]
    return made.update_yaxes(type="log", tickvals=ticks, ticktext=[f"{t:g}" for t in ticks], range=span)


def _span(counts: list[int]) -> list[float]:
    return [np.log10(counts[0]) - 0.08, np.log10(counts[-1]) + 0.08]


def halving(far: Mapping[int, float]) -> float | None:
    """What twice the steps divide the distance by: 2^k of the line d ∝ N^−k fitted to N ≥ STEADY."""
    fitted = {n: d for n, d in far.items() if n >= STEADY and d > 0}
    if len(fitted) < 3:
        return None
    slope, _ = np.polyfit(np.log(list(fitted)), np.log(list(fitted.values())), 1)
    return float(2**-slope)


def near_from(far: Mapping[int, float], near: float) -> int | None:
    """The first number of steps from which on the distance stays within `near`; None if it never does."""
    counts = sorted(far)
    outside = [i for i, n in enumerate(counts) if far[n] > near]
    first = outside[-1] + 1 if outside else 0
    return counts[first] if first < len(counts) else None
