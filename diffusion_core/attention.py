"""Reading attention maps: which word a place heeds, by layer size or all together, and whether a change fell there.

Maps are as StepRecord.attention gives them: by layer, ".words" (H, W, L) and ".self" (H, W, H·W), averaged over
heads. Each place's weights sum to 1: they say how that place divides its heed. NumPy only.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

SHADES = 127.5  # shades of 0…255 in one unit of [−1, 1]
QUARTER = 0.25  # of all cells: the strongest of a map
WORDS, SELF = "words", "self"


def by_size(layers: Mapping[str, np.ndarray], kind: str = WORDS) -> dict[int, np.ndarray]:
    """The mean map of the layers of each size, largest first: {16: (16, 16, L), 8: (8, 8, L), 4: (4, 4, L)}.

    A_size = 1/n · Σ A_layer over the n layers of that size (averaging heads and layers as in Hertz et al. 2022,
    "Prompt-to-Prompt", section 3).
    """
    found: dict[int, list[np.ndarray]] = {}
    for name, weights in layers.items():
        if name.endswith(f".{kind}"):
            found.setdefault(weights.shape[0], []).append(weights)
    return {size: np.mean(found[size], axis=0) for size in sorted(found, reverse=True)}


def together(sizes: Mapping[int, np.ndarray]) -> np.ndarray:
    """Maps of several sizes as one, on the largest grid: each cell is repeated, never smoothed; (H, W, L).

    A = 1/k · Σ A_size over the k sizes, so that each size counts the same.
    """
    finest = max(sizes)
    return np.mean([enlarged(weights, finest) for weights in sizes.values()], axis=0)


def enlarged(weights: np.ndarray, size: int) -> np.ndarray:
    """A map (h, w, …) with each cell repeated, to (size, size, …)."""
    times = size // weights.shape[0]
    return weights.repeat(times, axis=0).repeat(times, axis=1)


def strongest(weights: np.ndarray, share: float = QUARTER) -> np.ndarray:
    """The cells of one map (H, W) that hold its largest weights: bool (H, W), `share` of all cells."""
    chosen = np.zeros(weights.size, dtype=bool)
    count = max(1, round(share * weights.size))
    chosen[np.argsort(-weights, axis=None, kind="stable")[:count]] = True
    return chosen.reshape(weights.shape)


def change(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How far two pictures (H, W, 3) in [−1, 1] differ at each pixel, mean over colours, in shades: (H, W)."""
    return np.abs(np.clip(one, -1, 1) - np.clip(other, -1, 1)).mean(-1) * SHADES


def share_inside(amount: np.ndarray, cells: np.ndarray) -> float:
    """The share of an amount (H, W) that lies inside chosen cells (h, w): Σ_inside / Σ.

    Nothing anywhere counts as spread evenly, which is the share of cells chosen.
    """
    inside = enlarged(cells, amount.shape[0])
    total = float(amount.sum())
    return float(amount[inside].sum()) / total if total > 0 else float(cells.mean())


def share_left(weights: np.ndarray) -> float:
    """The share of a map (H, W) in its left half."""
    total = float(weights.sum())
    return float(weights[:, : weights.shape[1] // 2].sum()) / total if total > 0 else 0.5
