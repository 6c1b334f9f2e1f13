"""How much comes back at each noise level: lines measured beforehand, and the learner's own run as a point."""

from __future__ import annotations

import plotly.graph_objects as go

from lessons.shared.figures import frame, palette
from lessons.shared.studio.back_shipped import SOLD_SHORT, Curve


def comes_back(curve: Curve, labels: dict[str, str], dark: bool, point: tuple[int, float] | None) -> go.Figure:
    """Distance to the truth over the noise level; `point`: (level, shades) of the run on the page."""
    ink, figure = palette(dark), go.Figure()
    lines = [("line_noisy", curve.noisy, ink.noise, "dot"), ("line_missed", curve.missed, ink.predicted, "solid")]
    if len(curve.stripes):
        lines.append(("line_stripes", curve.stripes, ink.data, "dash"))
    for name, y, hue, dash in lines:
        line = {"color": hue, "width": 2.5, "dash": dash}
        figure.add_trace(go.Scatter(x=curve.levels, y=y, name=labels[name], mode="lines+markers", line=line,
                                    marker={"size": 5}, hovertemplate="%{y:.0f}"))  # fmt: skip
    if len(curve.stripes):
        # in the legend and not beside the line, where it would lie across the others
        limit, ends = SOLD_SHORT * curve.unstriped, [curve.levels[0], curve.levels[-1]]
        figure.add_trace(go.Scatter(x=ends, y=[limit, limit], name=labels["limit"], mode="lines", hoverinfo="skip",
                                    line={"color": ink.noise, "width": 1, "dash": "longdash"}))  # fmt: skip
    if point is not None:
        look = {"color": ink.you, "size": 13, "symbol": "diamond", "line": {"color": ink.paper, "width": 1.5}}
        figure.add_trace(go.Scatter(x=[point[0]], y=[point[1]], name=labels["yours"], mode="markers", marker=look,
                                    hovertemplate="%{y:.0f}"))  # fmt: skip
    return frame(figure, ink, labels["x_axis"], labels["y_axis"], 360).update_yaxes(rangemode="tozero")
