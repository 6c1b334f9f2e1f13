"""Numbers as pictures: what a screen can show of noise, of a difference, of a squared error."""

from __future__ import annotations

import numpy as np

REACH = 2.5  # noise beyond ± this shows as black or full: 1 draw in 80
LIGHT, MIDDLE, DARK = (np.array(c, float) for c in ((251, 247, 240), (150, 142, 140), (24, 26, 32)))


def picture(x: np.ndarray) -> np.ndarray:
    """A picture in −1 … 1 as uint8; what lies outside shows at the nearest colour."""
    return np.clip((x + 1) * 127.5 + 0.5, 0, 255).astype(np.uint8)


def noise(eps: np.ndarray) -> np.ndarray:
    """Noise, or a difference of noises, as uint8: mid-grey is none."""
    return picture(eps / REACH)


def error(squared: np.ndarray, top: float) -> np.ndarray:
    """A map of squared errors (H, W, 3), mean of the three colours: paper is none, darkest is `top` and more."""
    share = np.clip(squared.mean(-1) / max(top, 1e-9), 0, 1)[..., None]
    low, high = LIGHT + (MIDDLE - LIGHT) * share * 2, MIDDLE + (DARK - MIDDLE) * (share * 2 - 1)
    return np.where(share < 0.5, low, high).astype(np.uint8)


def top_of(squared: np.ndarray) -> float:
    """Where an error map is darkest: the value that one pixel in a hundred exceeds."""
    return float(np.quantile(squared.mean(-1), 0.99))


def worst(squared: np.ndarray) -> tuple[int, int, int]:
    """(row, column, channel) of the largest squared error."""
    row, column, channel = np.unravel_index(int(squared.argmax()), squared.shape)
    return int(row), int(column), int(channel)


def edges(x0: np.ndarray) -> np.ndarray:
    """The quarter of the pixels of a picture (H, W, 3) that differ most from a neighbour, as a mask (H, W)."""
    down, right = np.abs(np.diff(x0, axis=0)).sum(-1), np.abs(np.diff(x0, axis=1)).sum(-1)
    steep = np.zeros(x0.shape[:2])
    for part, change in ((np.s_[1:], down), (np.s_[:-1], down), (np.s_[:, 1:], right), (np.s_[:, :-1], right)):
        steep[part] = np.maximum(steep[part], change)
    chosen = np.zeros(steep.size, bool)
    chosen[np.argsort(steep, axis=None, kind="stable")[-steep.size // 4 :]] = True
    return chosen.reshape(steep.shape)
