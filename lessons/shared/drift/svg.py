"""Pieces that the drawings of lesson 1 share: numbers and colours as text, marks, and the SVG around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

Words = Mapping[str, str]  # from the lesson's prose
Point = Sequence[float]

CHANNELS = ("r", "g", "b")
NAMES = ("head", "body", "legs")


def minus(text: str) -> str:
    """A real minus sign, and no minus zero."""
    return text.lstrip("-+") if not text.strip("-+0.") else text.replace("-", "−")


def triple(values: Sequence[float]) -> str:
    """Three values rounded as a reader writes them: (253, 2, 0)."""
    return "(" + ", ".join(minus(f"{value:.0f}") for value in values) + ")"


def colour(values: Sequence[float]) -> str:
    """What a screen can show of them: each value clipped to 0 … 255."""
    return "rgb(" + " ".join(str(round(min(max(float(v), 0), 255))) for v in values) + ")"


def path(points: Sequence[Point], look: str, close: bool = False, **style: object) -> str:
    """A line through points."""
    way = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if close else "")
    return f'<path class="{look}" d="{way}" style="{_style(style)}"/>'


def disc(at: Point, radius: float, look: str, fill: str = "none") -> str:
    x, y = at
    return f'<circle class="{look}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" style="fill:{fill}"/>'


def text(at: Point, said: str, look: str = "") -> str:
    x, y = at
    return f'<text class="{look}" x="{x:.1f}" y="{y:.1f}">{escape(said)}</text>'


def svg(width: float, height: float, parts: Sequence[str], told: str) -> str:
    """The drawing; `told` says in words what it shows."""
    return f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(told)}">{"".join(parts)}</svg>'


def _style(style: Mapping[str, object]) -> str:
    return ";".join(f"{name.replace('_', '-')}:{value}" for name, value in style.items())
