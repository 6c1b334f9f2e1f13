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
CHANNELS = (("red", "#C8402F", "#F08A76"), ("green", "#2E7D4F", "#7CC98F"), ("blue", "#2C5FA8", "#8AB4F0"))
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
    log: bool = False,
    marker: float | None = None,
    colours: Sequence[str] | None = None,
    height: int = 260,
) -> go.Figure:
    """Named lines over x, labelled at their ends; `marker` draws the cursor as a coral line."""
    ink = palette(dark)
    hues = colours or (ink.data, ink.predicted, ink.noise, ink.you)
    figure = go.Figure()
    for place, (name, y) in enumerate(lines.items()):
        line = {"color": hues[place % len(hues)], "width": 2.5, "dash": DASHES[place % len(DASHES)]}
        figure.add_trace(go.Scatter(x=x, y=y, name=name, mode="lines", line=line))
    if marker is not None:
        figure.add_vline(x=marker, line={"color": ink.you, "width": 2})
    frame(figure, ink, x_title, y_title, height, legend=len(lines) > 1)
    figure.update_yaxes(type="log" if log else "linear", exponentformat="power" if log else "none")
    return figure


def beta_curve(t: np.ndarray, beta: Mapping[str, np.ndarray], **look) -> go.Figure:
    """β per step: how much noise each step adds."""
    return curves(t, beta, x_title="step t", y_title="β, variance added by the step", **look)


def alpha_bar_curve(t: np.ndarray, alpha_bar: Mapping[str, np.ndarray], **look) -> go.Figure:
    """ᾱ per step: the share of the picture's variance that is left."""
    figure = curves(t, alpha_bar, x_title="step t", y_title="ᾱ, share of the picture left", **look)
    return figure.update_yaxes(range=[-0.02, 1.05])


def snr_curve(t: np.ndarray, snr: Mapping[str, np.ndarray], **look) -> go.Figure:
    """Signal-to-noise ratio ᾱ/(1−ᾱ) on a logarithmic axis."""
    clear = {name: np.where(values > 0, values, np.nan) for name, values in snr.items()}
    return curves(t, clear, x_title="step t", y_title="signal to noise, ᾱ/(1−ᾱ)", log=True, **look)


def histogram(
    pixels: np.ndarray, *, bell: bool = True, bins: int = 48, dark: bool = False, height: int = 240
) -> go.Figure:
    """Values of each colour channel, x_t of shape (3, H, W) or (H, W, 3), with the bell curve N(0, 1)."""
    values = pixels if pixels.shape[0] == 3 else np.moveaxis(pixels, -1, 0)
    edges = np.linspace(-4, 4, bins + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    ink, figure = palette(dark), go.Figure()
    for channel, dash, (name, light, shade) in zip(values, DASHES, CHANNELS, strict=False):
        share, _ = np.histogram(channel.ravel(), bins=edges)
        density = share / max(channel.size, 1) / (edges[1] - edges[0])
        line = {"color": shade if dark else light, "shape": "hvh", "width": 2, "dash": dash}
        figure.add_trace(go.Scatter(x=middle, y=density, name=name, mode="lines", line=line))
    if bell:
        normal = np.exp(-(middle**2) / 2) / np.sqrt(2 * np.pi)
        line = {"color": ink.noise, "width": 5}
        figure.add_trace(go.Scatter(x=middle, y=normal, name="bell curve", mode="lines", line=line, opacity=0.45))
    return frame(figure, ink, "value of the channel", "density", height)


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
