"""Three curves against the guidance scale, as pure functions."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from lessons.shared.figures import frame, palette

HEIGHT = 230


def against_scale(
    scales: Sequence[float],
    values: Sequence[float],
    *,
    name: str,
    top: float,
    unit: str = "",
    yours: float | None = None,
    limit: float | None = None,
    dark: bool = False,
) -> go.Figure:
    """One measure at each scale, from 0 to `top`; `yours` is a coral line, `limit` a dotted one, the best there is."""
    ink, figure = palette(dark), go.Figure()
    line = {"color": ink.predicted, "width": 2.5}
    spot = {"size": 8, "color": ink.predicted, "line": {"color": ink.paper, "width": 1.5}}
    says = f"w = %{{x:g}}: %{{y:.3~g}}{unit}<extra></extra>"
    figure.add_trace(go.Scatter(x=list(scales), y=list(values), mode="lines+markers", line=line, marker=spot,
                                hovertemplate=says))  # fmt: skip
    if limit is not None:
        figure.add_hline(y=limit, line={"color": ink.noise, "width": 1.5, "dash": "dot"})
    if yours is not None:
        figure.add_vline(x=yours, line={"color": ink.you, "width": 2})
    frame(figure, ink, "scale w", name, HEIGHT, legend=False)
    figure.update_xaxes(tickvals=list(scales), range=[-0.4, max(scales) + 0.6])
    figure.update_yaxes(range=[0, top], ticksuffix=unit, rangemode="tozero")
    return figure.update_layout(hovermode="closest")
