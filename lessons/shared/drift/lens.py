"""One step of one pixel under a lens: an arrow, and its parts along red, green and blue."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from lessons.shared.drift.svg import CHANNELS, Point, Words, colour, disc, minus, path, svg, text, triple
from lessons.shared.drift.view import flat

SIZE, FOOT = 230, 22  # px of the drawing; room for its caption
MIDDLE, RADIUS = SIZE / 2, SIZE / 2 - 4
SHIFTS = ((0, -30, 30, -60, 60), (-18, 18, -32, 32, -46, 46))  # px from an end of the step to its numbers


def lens(chain: np.ndarray, t: int, scale: float, words: Words) -> str:
    """Step t of one pixel, magnified. chain: (T + 1, 3); scale: px per unit in the cube beside it."""
    rim = disc((MIDDLE, MIDDLE), RADIUS, "rim")
    if t == 0:
        return svg(SIZE, SIZE + FOOT, [rim, text((MIDDLE, MIDDLE + 4), words["no_step"], "soft mid")], words["no_step"])
    before, after = chain[t - 1], chain[t]
    spots, unit = corners(before, after)
    said = words["lens"].format(t=f"{t:,}", times=f"{unit / scale:.{0 if unit / scale > 9.5 else 1}f}")
    parts = [rim, *legs(spots, after - before), *arrow(spots[0], spots[-1]), *ends(spots, before, after)]
    parts.append(text((MIDDLE, SIZE + 14), said, "soft mid"))
    return svg(SIZE, SIZE + FOOT, parts, f"{said}: {triple(before)} → {triple(after)}")


def corners(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, float]:
    """Where before, +red, +green and +blue = after lie in the lens, (4, 2), as large as fits; px per unit."""
    way = flat(np.cumsum([before, *np.diag(after - before)], axis=0))
    low, high = way.min(0), way.max(0)
    unit = RADIUS / max(float(np.hypot(*(high - low))), 1e-9)
    return (way - (low + high) / 2) * unit + MIDDLE, unit


def ends(spots: np.ndarray, before: np.ndarray, after: np.ndarray) -> list[str]:
    """Both ends of the step with their numbers, at the nearest place where they cover nothing."""
    lines = [*itertools.pairwise(spots), (spots[0], spots[-1])]
    drawn = [start + (end - start) * part for start, end in lines for part in np.linspace(0, 1, 9)]
    sizes, numbers = beside(spots), []
    parts = [disc(spot, 6.5, "ink", colour(values)) for spot, values in ((spots[0], before), (spots[-1], after))]
    for spot, values in ((spots[0], before), (spots[-1], after)):
        places = sorted(itertools.product(*map(inside, spot, SHIFTS)), key=lambda at: math.dist(at, spot))
        free = [room(at, drawn, 52, 11) and room(at, sizes, 72, 15) and room(at, numbers, 104, 15) for at in places]
        x, y = places[free.index(True)] if any(free) else places[0]
        numbers.append((x, y))
        parts.append(text((x, y + 4), triple(values), "num halo mid"))
    return parts


def inside(spot: float, shifts: Sequence[float]) -> list[float]:
    """The places along one axis that keep numbers inside the lens: they are wider than high."""
    edge = 62 if shifts is SHIFTS[0] else 20
    return [min(max(spot + shift, edge), SIZE - edge) for shift in shifts]


def room(at: Point, taken: Sequence[Point], wide: float, high: float) -> bool:
    """Whether nothing taken lies in the box of half that width and height around a place."""
    return all(abs(at[0] - x) >= wide or abs(at[1] - y) >= high for x, y in taken)


def beside(spots: np.ndarray) -> list[np.ndarray]:
    """Where the sizes of the three legs are written: beside each, away from the other lines."""
    middles = [(start + end) / 2 for start, end in itertools.pairwise(spots)]
    outward = [middle - spots.mean(0) for middle in middles]
    return [m + out * 15 / max(float(np.hypot(*out)), 1e-9) for m, out in zip(middles, outward, strict=True)]


def legs(spots: np.ndarray, change: np.ndarray) -> list[str]:
    """The step's parts along each axis, with their sizes; what is too short to see is left out."""
    parts, largest = [], float(np.abs(change).max())
    for axis, ((x, y), way) in enumerate(zip(beside(spots), itertools.pairwise(spots), strict=True)):
        if abs(change[axis]) >= 0.04 * largest:
            parts.append(path(way, CHANNELS[axis], stroke_dasharray="2 4", stroke_width=1.75))
            if all(abs(x - u) >= 24 or abs(y - v) >= 13 for u, v in (spots[0], spots[-1])):  # not under a disc
                parts.append(text((x, y + 4), size(change[axis]), f"num halo mid {CHANNELS[axis]}"))
    return parts


def size(change: float) -> str:
    """+2, −2, +0.4, −13."""
    return minus(f"{change:+.0f}" if abs(change) > 9.5 else f"{change:+.1f}".removesuffix(".0"))


def arrow(start: Point, end: Point) -> list[str]:
    """A coral arrow that stops at the rim of the disc it leads to."""
    (x, y), (u, v) = start, end
    length = max(math.hypot(u - x, v - y), 1e-9)
    dx, dy = (u - x) / length, (v - y) / length
    tip = (u - 8 * dx, v - 8 * dy)
    wings = [(tip[0] - 11 * dx + side * 6 * dy, tip[1] - 11 * dy - side * 6 * dx) for side in (1, -1)]
    return [path([start, tip], "you arrow"), path([wings[0], tip, wings[1]], "you arrow")]
