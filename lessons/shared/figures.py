"""Arrays → plotly figures in Beaker's look. The same meaning keeps the same colour in every lesson.

Figures are transparent and carry no global state; `dark` picks chalk on slate instead of ink on paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

SANS, MONO = "Commissioner, system-ui, sans-serif", "JetBrains Mono, ui-monospace, monospace"


@dataclass(frozen=True)
class Palette:
    """What each colour means."""

    data: str  # ink or chalk: what is there
    noise: str  # grey: what was added
    predicted: str  # teal water: what the network says
    you: str  # coral dye: your guess, your pixel, your cursor
    faint: str  # grid lines
    paper: str  # the page itself


LIGHT = Palette("#23272E", "#696D73", "#0E7478", "#C8402F", "#E4DACA", "#FBF7F0")
DARK = Palette("#EDE8DE", "#9AA3AC", "#5CC4BE", "#F08A76", "#333C46", "#1A1F25")
DASHES = ("solid", "dash", "dot", "dashdot")  # colour is never the only difference


def palette(dark: bool) -> Palette:
    """The palette of the page's theme."""
    return DARK if dark else LIGHT


def curves(
    x: np.ndarray,
    lines: Mapping[str, np.ndarray],
    *,
    x_title: str,
    y_title: str,
    dark: bool = False,
    colours: Sequence[str] | None = None,
    height: int = 260,
) -> go.Figure:
    """Named lines over x, in colours and dashes of their own."""
    ink = palette(dark)
    hues = colours or (ink.data, ink.predicted, ink.noise, ink.you)
    figure = go.Figure()
    for place, (name, y) in enumerate(lines.items()):
        line = {"color": hues[place % len(hues)], "width": 2.5, "dash": DASHES[place % len(DASHES)]}
        figure.add_trace(go.Scatter(x=x, y=y, name=name, mode="lines", line=line))
    frame(figure, ink, x_title, y_title, height, legend=len(lines) > 1)
    return figure.update_yaxes(exponentformat="none")


def frame(figure: go.Figure, ink: Palette, x_title: str, y_title: str, height: int, legend: bool = True) -> go.Figure:
    """Beaker's plot: transparent, hairline grid, no box, legend above, numbers in the mono face."""
    axis = {
        "gridcolor": ink.faint,
        "zeroline": False,
        "automargin": True,
        "tickfont": {"family": MONO, "size": 11, "color": ink.noise},
    }
    title = {"font": {"family": SANS, "size": 13, "color": ink.data}, "standoff": 8}
    # one layout at once: a chain of update_… calls takes plotly ten times as long
    drawn = figure.layout.to_plotly_json()
    figure.layout = {
        **drawn,
        "xaxis": drawn.get("xaxis", {}) | axis | {"title": title | {"text": x_title}},
        "yaxis": drawn.get("yaxis", {}) | axis | {"title": title | {"text": y_title}},
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 28 if legend else 8, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": SANS, "color": ink.data},
        "showlegend": legend,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"},
        "hovermode": "x unified",
        "dragmode": False,
    }
    return figure
