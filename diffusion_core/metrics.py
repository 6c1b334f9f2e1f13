"""What many pictures have in common, and what too much guidance does to colours: plain sums over pixels.

Pictures are NumPy arrays (N, H, W, 3) in [−1, 1] units; this file needs nothing else.
"""

from __future__ import annotations

import numpy as np

SHADES = 127.5  # shades of 0…255 in one unit of [−1, 1]
EDGE = 1e-3  # a value this near the end is not beyond it: an eighth of a shade


def diversity(pictures: np.ndarray) -> float:
    """How little pictures agree: 1 − mean of r(x_i, x_j) over all pairs i < j.

    r is the correlation of two pictures over their colour values, so neither brightness nor contrast counts: 0 is
    one picture N times, 1 is as unlike as chance. pictures: (N, H, W, 3), N ≥ 2, as shown (clipped). A picture of
    one even colour agrees with none.
    """
    shown = _several(pictures)
    centred = shown - shown.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    rows = np.divide(centred, length, out=np.zeros_like(centred), where=length > 1e-9)
    return 1 - _mean_of_pairs(rows @ rows.T)


def distance(pictures: np.ndarray) -> float:
    """Mean difference between two of the pictures, in shades: 127.5 · mean of |x_i − x_j| over pairs and values.

    Strong colours lie farther apart than pale ones, so it grows with contrast as well as with diversity.
    """
    shown = _several(pictures)
    gaps = np.array([np.abs(shown - one).mean(axis=1) for one in shown])  # (N, N)
    return SHADES * _mean_of_pairs(gaps)


def clipped(pictures: np.ndarray) -> float:
    """The share of colour values beyond the ends, |x| > 1: a screen can only show them as the end itself.

    pictures: any shape, before clipping.
    """
    return float((np.abs(pictures) > 1 + EDGE).mean())


def _several(pictures: np.ndarray) -> np.ndarray:
    """One row a picture, (N, H·W·3), clipped to what a screen shows."""
    if len(pictures) < 2:
        raise ValueError("pictures are compared with each other: give at least two")
    return np.clip(np.asarray(pictures, dtype=np.float64), -1, 1).reshape(len(pictures), -1)


def _mean_of_pairs(table: np.ndarray) -> float:
    """The mean above the diagonal of a symmetric (N, N)."""
    return float(table[np.triu_indices(len(table), 1)].mean())
