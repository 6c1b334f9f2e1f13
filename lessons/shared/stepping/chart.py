"""A small line chart as SVG: pure, quick enough to be drawn five times a second, in the theme's own colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lessons.shared.drift.svg import disc, path, svg, text

WIDTH, HEIGHT = 460, 250
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 30, 40  # room for numbers, names and titles
LOOKS = {"noise": "1 5", "data": "7 4", "predicted": ""}  # colour by meaning → dashes, so that colour is not all


@dataclass(frozen=True)
class Line:
    """A named line; `dots` marks each point, as where the points are all that was measured."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    look: str
    dots: bool = False


def line_chart(
    lines: Sequence[Line], x_end: float, x_title: str, y_title: str, told: str, ticks: Sequence[float] = ()
) -> str:
    """The lines from 0 to x_end, y from 0 up; `told` says in words what they show."""
    top = _nice(max((max(line.y) for line in lines if len(line.y)), default=1.0))

    def place(x: float, y: float) -> tuple[float, float]:
        across, up = x / x_end, min(y / top, 1.05)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    parts = [*_grid(place, x_end, top, ticks), text((LEFT, 12), y_title, "title")]
    parts.append(text((WIDTH - RIGHT, HEIGHT - 6), x_title, "title end"))
    for line in lines:
        points = [place(x, y) for x, y in zip(line.x, line.y, strict=True)]
        if len(points) > 1:
            parts.append(path(points, f"line {line.look}", stroke_dasharray=LOOKS[line.look] or "none"))
        if points:
            dots = points if line.dots else points[-1:]
            parts += [disc(at, 3.5, f"dot {line.look}", "currentColor") for at in dots]
    return f'<figure class="ts-chart">{_legend(lines)}{svg(WIDTH, HEIGHT, parts, told)}</figure>'


def _legend(lines: Sequence[Line]) -> str:
    keys = "".join(
        f'<li class="{line.look}"><svg viewBox="0 0 26 8" width="26" height="8" aria-hidden="true">'
        f'<path class="line {line.look}" d="M1 4H25" style="stroke-dasharray:{LOOKS[line.look] or "none"}"/></svg>'
        f"{line.name}</li>"
        for line in lines
    )
    return f'<ul class="ts-legend">{keys}</ul>'


def _grid(place, x_end: float, top: float, ticks: Sequence[float]) -> list[str]:
    parts = []
    for share in (0, 0.5, 1):
        y = share * top
        parts.append(path([place(0, y), place(x_end, y)], "grid"))
        x_at, y_at = place(0, y)
        parts.append(text((x_at - 7, y_at + 4), f"{y:g}", "tick end"))
    for x in ticks or (0, x_end / 2, x_end):
        x_at, y_at = place(x, 0)
        parts.append(text((x_at, y_at + 16), f"{x:,.0f}", "tick middle" if x < x_end else "tick end"))
    return parts


def _nice(highest: float) -> float:
    """The round number at or above the highest value."""
    return next((n for n in (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5, 2, 4, 10) if n >= highest), highest)
