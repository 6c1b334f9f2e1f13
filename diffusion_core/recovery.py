"""How much of a known picture comes back out of noise, and what was made up instead: plain sums over pixels.

A restoration starts from x_t = √ᾱ_t·x0 + √(1−ᾱ_t)·eps and goes down to a picture x̂. Under other draws of eps the
same x0 comes back as other x̂: what they agree on was in x_t, what they differ in was drawn by the network.
An honest draw misses x0 by more than the blurred average does, in mean square twice as far: Blau & Michaeli 2018,
"The Perception-Distortion Tradeoff", section 4. Pictures are uint8 (H, W, 3); results are in shades of 0…255.
"""

from __future__ import annotations

import numpy as np


def miss(pictures: np.ndarray, x0: np.ndarray, area: np.ndarray | None = None) -> np.ndarray:
    """How far each picture is from the truth: the mean of |x̂ − x0| over pixels and colours, (N,).

    pictures: (N, H, W, 3); x0: (H, W, 3); area: bool (H, W), where to look, everywhere by default.
    """
    if pictures.shape[1:] != x0.shape:
        raise ValueError(f"pictures of shape {pictures.shape[1:]} have no truth of shape {x0.shape}: give one alike")
    gaps = np.abs(pictures.astype(np.float64) - x0.astype(np.float64)).mean(axis=-1)  # (N, H, W)
    return gaps.mean(axis=(1, 2)) if area is None else gaps[:, area].mean(axis=1)


def spread(pictures: np.ndarray) -> np.ndarray:
    """Where restorations differ: √(mean over pictures and colours of (x̂ − their average)²), (H, W).

    pictures: (N, H, W, 3), N ≥ 2. Zero where all of them agree.
    """
    if len(pictures) < 2:
        raise ValueError("restorations are compared with each other: give at least two")
    apart = pictures.astype(np.float64) - pictures.astype(np.float64).mean(axis=0)
    return np.sqrt(np.square(apart).mean(axis=(0, 3)))


def lost_from(levels: np.ndarray, missed: np.ndarray, limit: float) -> float | None:
    """The lowest level from which on `missed` stays above `limit`, on straight lines between what was measured.

    levels, missed: (N,), levels ascending. None where it ends at or below the limit.
    """
    over = np.asarray(missed) > limit
    if not over[-1]:
        return None
    first = len(over) - int(np.argmin(over[::-1])) if not over.all() else 0
    if first == 0:
        return float(levels[0])
    (a, b), (low, high) = levels[first - 1 : first + 1], missed[first - 1 : first + 1]
    return float(a + (b - a) * (limit - low) / (high - low))
