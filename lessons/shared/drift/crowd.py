"""A crowd of copies of one pixel: where single steps lead (above) and where one jump leads (below)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from html import escape

import numpy as np

from lessons.shared.drift.svg import CHANNELS, Words, minus, path, svg, text

WIDTH, HALF, TOP, GAP, FOOT = 240, 108, 30, 22, 14  # px of a drawing: a half's height, room above, the axis, room below
UPPER, LOWER, END = TOP + HALF, TOP + HALF + GAP, TOP + 2 * HALF + GAP
LOW, HIGH = -325.0, 580.0  # the value axis: −3.55 … 3.55 on the scale of a screen


def panels(
    counts: np.ndarray, edges: np.ndarray, mean: Sequence[float], spread: float, t: int, words: Words
) -> str:
    """One drawing a channel. counts: (2, 3, bins), or (1, 3, bins) while the jump waits for a guess.

    edges, mean (3,) and spread are on the scale of a screen.
    """
    said, cells = told(words, t), []
    for channel in range(3):
        bell = bell_counts(edges, mean[channel], spread, int(counts[0, channel].sum()))
        cells.append(f"<div>{panel(counts[:, channel], edges, bell, channel, said)}</div>")
    return '<div class="ad-three">' + "".join(cells) + "</div>"


def told(words: Words, t: int) -> Words:
    return {**words, "stepped": words["stepped"].format(t=f"{t:,}")}


def bell_counts(edges: np.ndarray, mean: float, spread: float, copies: int) -> np.ndarray:
    """How many of `copies` a bell curve puts into each bin."""
    if spread == 0:
        return np.histogram([mean], edges)[0] * float(copies)
    below = np.array([0.5 * (1 + math.erf((edge - mean) / (spread * math.sqrt(2)))) for edge in edges])
    return np.diff(below) * copies


def panel(counts: np.ndarray, edges: np.ndarray, bell: np.ndarray, channel: int, words: Words) -> str:
    """One channel: its crowd by single steps above the axis, by one jump below it."""
    hue, name = CHANNELS[channel], words["RGB"[channel]]
    tall = HALF / max(float(counts.max()), float(bell.max()))
    parts = [*axis(), text((0, 14), name, f"name {hue}")]
    parts += [bars(counts[0], edges, UPPER, -tall, f"bar {hue}"), smooth(bell, edges, UPPER, -tall)]
    if len(counts) == 1:
        parts.append(text((WIDTH / 2, LOWER + HALF / 2 + 14), "?", "shut mid"))
    else:
        parts += [bars(counts[1], edges, LOWER, tall, f"bar hollow {hue}"), smooth(bell, edges, LOWER, tall)]
    if channel == 0:  # red alone leaves room on the left
        parts += [text((0, TOP + 10), words["stepped"], "soft"), text((0, END - 2), words["jumped"], "soft")]
    return svg(WIDTH, END + FOOT, parts, f"{name}: {words['crowd']}")


def axis() -> list[str]:
    """The value axis between the halves, with the cube's two ends."""
    parts = [path([(0, y), (WIDTH, y)], "hair") for y in (UPPER, LOWER)]
    for value in (0, 255):
        parts.append(path([(across(value), TOP), (across(value), END)], "hair", stroke_dasharray="2 4"))
        parts.append(text((across(value), UPPER + 15), str(value), "num soft mid halo"))
    return parts


def across(value: float) -> float:
    """px from the left."""
    return (value - LOW) / (HIGH - LOW) * WIDTH


def bars(counts: np.ndarray, edges: np.ndarray, base: float, tall: float, look: str) -> str:
    """A histogram as one outline that starts and ends on its base line."""
    first, last = np.flatnonzero(counts)[[0, -1]]
    outline = [(across(edges[first]), base)]
    for count, (left, right) in list(zip(counts, itertools.pairwise(edges), strict=True))[first : last + 1]:
        y = base + float(count) * tall
        outline += [(across(left), y), (across(right), y)]
    return path([*outline, (across(edges[last + 1]), base)], look, close=True)


def smooth(bell: np.ndarray, edges: np.ndarray, base: float, tall: float) -> str:
    """The bell curve of the formula."""
    middles = (edges[1:] + edges[:-1]) / 2
    return path([(across(x), base + float(n) * tall) for x, n in zip(middles, bell, strict=True)], "bell")


def table(
    mean: np.ndarray, spread: np.ndarray, true_mean: Sequence[float], true_spread: float, t: int, words: Words
) -> str:
    """Middle ± spread of each channel: of the crowds (1 or 2, 3), and by the formula."""
    said = told(words, t)
    rows = [(said[name], *pair) for name, *pair in zip(("stepped", "jumped"), mean, spread, strict=False)]
    rows.append((said["formula"], true_mean, [true_spread] * 3))
    head = "".join(f'<th class="{c}">{escape(words[n])}</th>' for c, n in zip(CHANNELS, "RGB", strict=True))
    body = ""
    for name, middles, spreads in rows:
        pairs = zip(middles, spreads, strict=True)
        cells = "".join(f"<td>{minus(f'{m:.1f}')} <span>± {s:.1f}</span></td>" for m, s in pairs)
        body += f"<tr><th>{escape(name)}</th>{cells}</tr>"
    return f"<table><thead><tr><th>{escape(words['mean_spread'])}</th>{head}</tr></thead><tbody>{body}</tbody></table>"
