"""A line chart as SVG: pure, light enough to be drawn five times a second, in the theme's own colours.

Values show where the pointer rests (or a finger taps) by CSS alone: unseen strips, each with its own numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from itertools import pairwise
from pathlib import Path

import numpy as np
import streamlit as st

from lessons.shared.drift.svg import disc, minus, path, svg, text

STYLE = Path(__file__).with_suffix(".css")
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 30, 40  # room for numbers, names and titles
LOOKS = {"noise": "1 5", "data": "7 4", "predicted": "", "you": ""}  # colour by meaning → dashes: colour is not all
LEAST = 1e-5  # what is nearer to zero is written as less than this


@dataclass(frozen=True)
class Axis:
    """What lies between `low` and `high`; on a logarithmic axis these and the ticks are powers of ten."""

    title: str
    low: float
    high: float
    ticks: Sequence[float]
    log: bool = False
    grid: bool = True
    names: Mapping[float, str] = field(default_factory=dict)  # of values that are not called by their number

    def share(self, value: float) -> float:
        """How far along the axis a value lies, from 0 to 1; NaN for what has no logarithm."""
        if self.log:
            value = float(np.log10(value)) if value > 0 else float("nan")
        return (value - self.low) / (self.high - self.low)

    def label(self, tick: float) -> str:
        """The number at a tick, or its name, as SVG."""
        if tick in self.names:
            return escape(self.names[tick])
        if self.log and tick:
            return f'10<tspan class="power" dy="-5">{minus(f"{tick:g}")}</tspan>'
        return minus(f"{1 if self.log else tick:,g}")


@dataclass(frozen=True)
class Line:
    """A named line; `dots` marks each point, as where the points are all that was measured.

    `spread` holds the interval of each point, low and high, and is drawn as bars.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    look: str
    dots: bool = False
    short: str = ""  # its name beside a value
    dash: str = ""  # of its own, where lines of one look lie side by side
    spread: Sequence[tuple[float, float]] = ()

    @property
    def dashes(self) -> str:
        """Its pattern, as SVG wants it."""
        return self.dash or LOOKS[self.look] or "none"


@dataclass(frozen=True)
class Dot:
    """A moment of its own on a line; its label goes below to the left, or above to the right."""

    x: float
    y: float
    look: str
    label: str = ""
    above: bool = False


@dataclass(frozen=True)
class Chart:
    """Lines over a common axis; `told` says in words what they show, `read` holds the x whose values can be read."""

    lines: Sequence[Line]
    across: Axis
    up: Axis
    told: str
    dots: Sequence[Dot] = ()
    dots_mean: str = ""  # what a dot marks, for the legend
    level: float | None = None  # a value worth a line of its own
    moment: float | None = None  # a place on the common axis worth one
    read: Sequence[float] = ()
    x_name: str = ""  # of a value that is read
    size: tuple[float, float] = (460, 250)

    @cached_property
    def plot(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what the axes enclose."""
        return LEFT, TOP, self.size[0] - RIGHT, self.size[1] - BOTTOM

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies on the drawing."""
        left, top, right, bottom = self.plot
        return left + self.across.share(x) * (right - left), bottom - self.up.share(y) * (bottom - top)

    def holds(self, y: float) -> bool:
        """Whether a height is one that the chart shows."""
        return 0 <= self.up.share(y) <= 1


def style() -> None:
    """The style sheet of charts, once a page."""
    st.html(STYLE)


def draw(*drawings: str) -> None:
    """Put drawings on the page: st.html would take SVG out, Markdown keeps it as long as it is one block."""
    block = "".join(drawings).replace("\n", " ")
    st.markdown(f'<div class="bk-charts">{block}</div>', unsafe_allow_html=True)


def line_chart(chart: Chart) -> str:
    """The chart as HTML: legend and drawing."""
    width, height = chart.size
    parts = [*_grid(chart), text((LEFT, 12), chart.up.title, "title")]
    parts.append(text((width - RIGHT, height - 6), chart.across.title, "title end x-title"))
    parts += [_lines(chart), *_dots(chart), *_strips(chart)]
    return f'<figure class="bk-chart">{_legend(chart)}{svg(width, height, parts, chart.told)}</figure>'


def even(low: float, high: float, most: int = 5, whole: bool = False) -> list[float]:
    """Round numbers from low to high at one distance, in at most so many intervals."""
    wanted = (high - low) / most
    size = 10.0 ** np.floor(np.log10(wanted))
    step = next(n * size for n in (1, 2, 2.5, 5, 10) if n * size >= wanted * (1 - 1e-9))
    step = max(1.0, np.ceil(step)) if whole else step
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    return [float(f"{n * step:.12g}") for n in np.arange(first, last + 1)]


def plain(value: float) -> str:
    """Three digits as a reader writes them, never an exponent: 9,999 · 0.0147 · < 0.00001."""
    if 0 < value < LEAST:
        return f"< {np.format_float_positional(LEAST)}"
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if rounded >= 100 else np.format_float_positional(rounded, trim="-")


def _legend(chart: Chart) -> str:
    keys = "".join(
        f'<li class="{line.look}"><svg viewBox="0 0 26 8" width="26" height="8" aria-hidden="true">'
        f'<path class="line {line.look}" d="M1 4H25" style="stroke-dasharray:{line.dashes}"/></svg>'
        f"{escape(line.name)}</li>"
        for line in chart.lines
    )
    if chart.dots and chart.dots_mean:
        first, *others = {dot.look for dot in chart.dots}  # ink stands for several colours
        keys += f'<li class="{"" if others else first}">'
        keys += '<svg viewBox="0 0 26 10" width="26" height="10" aria-hidden="true">'
        keys += f"{disc((13, 5), 4.5, '', 'currentColor')}</svg>{escape(chart.dots_mean)}</li>"
    return f'<ul class="bk-legend">{keys}</ul>'


def _grid(chart: Chart) -> list[str]:
    left, top, right, bottom = chart.plot
    parts = []
    for tick in chart.up.ticks:
        y = bottom - (tick - chart.up.low) / (chart.up.high - chart.up.low) * (bottom - top)
        parts.append(path([(left, y), (right, y)], "grid"))
        parts.append(f'<text class="tick end" x="{left - 7}" y="{y + 4:.1f}">{chart.up.label(tick)}</text>')
    for tick in chart.across.ticks:
        x = left + chart.across.share(tick) * (right - left)
        if chart.across.grid:
            parts.append(path([(x, top), (x, bottom)], "grid"))
        anchor = "end" if tick >= chart.across.high else "middle"
        parts.append(text((x, bottom + 16), chart.across.label(tick), f"tick {anchor}"))
    if chart.level is not None:
        parts.append(path([chart.place(chart.across.low, chart.level), chart.place(chart.across.high, chart.level)],
                          "level", stroke_dasharray="1 4"))  # fmt: skip
    if chart.moment is not None:
        parts.append(path([chart.place(chart.moment, end) for end in (chart.up.low, chart.up.high)],
                          "level", stroke_dasharray="6 4"))  # fmt: skip
    return parts


def _lines(chart: Chart) -> str:
    """The lines in a window of their own, which cuts off what leaves the chart."""
    parts, ends = [], []
    for line in chart.lines:
        bars = zip(line.x, line.spread, strict=False)
        parts += [path([chart.place(x, low), chart.place(x, high)], f"spread {line.look}") for x, (low, high) in bars]
        points = [chart.place(x, y) for x, y in zip(line.x, line.y, strict=True)]
        points = [point for point in points if np.isfinite(point).all()]
        if len(points) > 1:
            parts.append(path(points, f"line {line.look}", stroke_dasharray=line.dashes))
        # a line that is still growing ends in a dot, one to be read by its values does not
        dots = points if line.dots else [] if chart.read else points[-1:]
        ends += [disc(at, 3.5, f"dot {line.look}", "currentColor") for at in dots]
    left, top, right, bottom = chart.plot
    x, y, width, height = left - 2, top - 2, right - left + 4, bottom - top + 4
    box = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" viewBox="{x:g} {y:g} {width:g} {height:g}"'
    return f'<svg class="window" {box}>{"".join(parts)}</svg>{"".join(ends)}'


def _dots(chart: Chart) -> list[str]:
    parts = []
    for dot in chart.dots:
        if not chart.holds(dot.y):
            continue
        x, y = chart.place(dot.x, dot.y)
        parts.append(disc((x, y), 5.5, f"mark {dot.look}", "currentColor"))
        if dot.label:
            room = 7.5 * len(dot.label)
            at = (min(x + 9, chart.plot[2] - room), y - 9) if dot.above else (x - 9, y + 17)
            parts.append(text(at, dot.label, f"label {dot.look}" + ("" if dot.above else " end")))
    return parts


def _strips(chart: Chart) -> list[str]:
    """For each x to be read: a strip that the pointer finds, and the values that it brings up."""
    if not len(chart.read):
        return []
    left, top, right, bottom = chart.plot
    centres = [left + chart.across.share(x) * (right - left) for x in chart.read]
    edges = [left, *((a + b) / 2 for a, b in pairwise(centres)), right]
    values = [dict(zip(line.x, line.y, strict=True)) for line in chart.lines]
    parts = []
    for x, centre, (start, end) in zip(chart.read, centres, pairwise(edges), strict=True):
        hits = [(line, each[x]) for line, each in zip(chart.lines, values, strict=True) if x in each]
        seen = "".join(
            disc((centre, chart.place(x, y)[1]), 3.5, line.look, "currentColor") for line, y in hits if chart.holds(y)
        )
        place = escape(f"{chart.x_name} {chart.across.names.get(x, format(x, ',g'))}".strip())
        said = "".join(f'<tspan class="{line.look}" dx="9">{_value(line, y)}</tspan>' for line, y in hits)
        parts.append(
            f'<g class="at"><rect x="{start:.1f}" y="{top}" width="{end - start:.1f}" height="{bottom - top:g}"/>'
            f'<path d="M{centre:.1f} {top}V{bottom:g}"/>{seen}'
            f'<text x="{left}" y="{chart.size[1] - 6:g}">{place}{said}</text></g>'
        )
    return parts


def _value(line: Line, y: float) -> str:
    return escape(f"{line.short or line.name} {plain(float(y))}")
