"""Three pixels adrift: the stick figure and its numbers, and their ways through the colour cube."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from lessons.shared.drift.lens import lens
from lessons.shared.drift.svg import CHANNELS, NAMES, Point, Words, colour, disc, minus, path, svg, text, triple
from lessons.shared.drift.view import BLACK, CORNERS, flat

CUBE, MARGIN = 300, 16  # px of the cube's drawing; room for a disc and its name
SQUARE, LEFT, TOP = 84, 52, 8  # px of one pixel; where the three begin

Place = Callable[[Sequence[float]], Point]


def stage(chain: np.ndarray, jump: np.ndarray | None = None, *, t: int, words: Words) -> str:
    """The picture of three pixels, the cube with their ways so far, the last step of the head under a lens.

    chain, jump: (T + 1, 3 pixels, 3 channels), on the scale of a screen.
    """
    _, scale = fitted(chain, t, jump)
    panels = (figure(chain[t], words), cube(chain, t, words, jump), lens(chain[:, 0], t, scale, words))
    return '<div class="ad-row">' + "".join(f"<div>{panel}</div>" for panel in panels) + "</div>"


def figure(now: np.ndarray, words: Words) -> str:
    """The stick figure beside its three pixels (3, 3), each with its numbers."""
    parts = stick_man(22, TOP)
    for row, (name, values) in enumerate(zip(NAMES, now, strict=True)):
        y, right = TOP + row * SQUARE, LEFT + SQUARE
        square = [(LEFT, y), (right, y), (right, y + SQUARE), (LEFT, y + SQUARE)]
        parts.append(path(square, "hair", close=True, fill=colour(values)))
        parts.append(text((right + 10, y + 24), words[name]))
        for line, value in enumerate(values):
            spot = (right + 10, y + 41 + 15 * line)
            parts.append(text(spot, "RGB"[line], f"num {CHANNELS[line]}"))
            parts.append(text((right + 24, spot[1]), minus(f"{value:.0f}"), "num"))
    return svg(190, 2 * TOP + 3 * SQUARE, parts, f"{words['figure']}: {_told(now, words)}")


def stick_man(x: float, top: float) -> list[str]:
    """Which pixel is head, body and legs: one line drawing as tall as the three of them."""
    neck, hip, feet = top + SQUARE * 0.82, top + SQUARE * 2, top + SQUARE * 2.86
    arms = [(x - 16, neck + 62), (x, neck + 22), (x + 16, neck + 62)]
    legs = [(x - 15, feet), (x, hip), (x + 15, feet)]
    body = [path(points, "ink limb") for points in ([(x, neck), (x, hip)], arms, legs)]
    return [disc((x, neck - 17), 17, "ink limb"), *body]


def cube(chain: np.ndarray, t: int, words: Words, jump: np.ndarray | None = None) -> str:
    """Red, green and blue as three directions; each pixel's way from a ring to a disc of its own colour."""
    place, _ = fitted(chain, t, jump)
    parts = edges(place)
    for pixel in (2, 1, 0):  # the head last, on top
        way = [place(values) for values in chain[sampled(t), pixel]]
        kind = "you" if pixel == 0 else "other"
        parts += [path(way, kind), disc(way[0], 3.5, kind)]
        if jump is not None:
            parts += landing(way[0], place(jump[t, pixel]), colour(jump[t, pixel]))
        parts.append(disc(way[-1], 7, "you" if pixel == 0 else "ink", colour(chain[t, pixel])))
        parts.append(text((way[-1][0] + 9, way[-1][1] - 9), words[NAMES[pixel]], "halo"))
    return svg(CUBE, CUBE, parts, f"{words['cube']}: {_told(chain[t], words)}")


def landing(start: Point, end: Point, fill: str) -> list[str]:
    """A jump: a dashed line straight to a diamond."""
    x, y = end
    diamond = [(x, y - 8), (x + 8, y), (x, y + 8), (x - 8, y)]
    return [path([start, end], "ink", stroke_dasharray="3 4"), path(diamond, "ink", close=True, fill=fill)]


def fitted(chain: np.ndarray, t: int, jump: np.ndarray | None = None) -> tuple[Place, float]:
    """A projection of (r, g, b), and its px per unit: the cube is as large as the ways so far allow."""
    seen = chain[: t + 1] if jump is None else np.concatenate([chain[: t + 1], jump[t : t + 1]])
    reach = float(np.abs(flat(seen.reshape(-1, 3))).max())
    # at 1.58 the cube itself and its letters fit; beyond 2.7 a way may stick out, for the cube's sake
    unit = (CUBE / 2 - MARGIN) / 127.5 / min(max(reach / 127.5, 1.58), 2.7)
    return lambda rgb: flat(rgb) * unit + CUBE / 2, unit


def edges(place: Place) -> list[str]:
    """The twelve edges of the cube; those from black carry the axes."""
    parts = []
    for start in CORNERS:
        for axis in (axis for axis in range(3) if not start[axis]):
            end = tuple(1 if i == axis else v for i, v in enumerate(start))
            look = f"{CHANNELS[axis]} axis" if start == BLACK else "hair"
            parts.append(path([place(np.array(start) * 255), place(np.array(end) * 255)], look))
            if start == BLACK:
                x, y = place(np.array(end) * 285)
                parts.append(text((x, y + 4), "RGB"[axis], f"num mid {CHANNELS[axis]}"))
    return parts


def sampled(t: int, most: int = 160) -> np.ndarray:
    """At most `most` of the steps 0 … t, first and last among them."""
    return np.unique(np.linspace(0, t, min(t + 1, most)).round().astype(int))


def _told(now: np.ndarray, words: Words) -> str:
    return "; ".join(f"{words[name]} {triple(values)}" for name, values in zip(NAMES, now, strict=True))
