"""The line charts of the training lesson: from zero up, three numbers on each axis."""

from __future__ import annotations

from collections.abc import Sequence

from lessons.shared import line_chart as charts
from lessons.shared.line_chart import Line


def line_chart(
    lines: Sequence[Line],
    x_end: float,
    x_title: str,
    y_title: str,
    told: str,
    most: float = float("inf"),
    size: tuple[float, float] = (460, 250),
) -> str:
    """The lines from 0 to x_end, y from 0 to the highest value; `told` says in words what they show.

    The chart ends soon after `most`: what climbs higher is cut off at the top.
    """
    highest = max((max(line.y) for line in lines if len(line.y)), default=1.0)
    top = _nice(min(highest, most))
    across = charts.Axis(x_title, 0, x_end, (0, x_end / 2, x_end), grid=False)
    up = charts.Axis(y_title, 0, top, (0, top / 2, top))
    return charts.line_chart(charts.Chart(lines, across, up, told, size=size))


def _nice(highest: float) -> float:
    """The round number at or above the highest value."""
    return next((n for n in (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5, 2, 4, 10) if n >= highest), highest)
