"""The player's own view of the colour cube, without perspective: red goes right, green up, blue to the front."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

AXES = np.array([[0.814, 0.215], [0.0, -0.929], [-0.581, 0.302]])  # one unit of R, G, B on the page (x, y)
CORNERS = [(i & 1, i >> 1 & 1, i >> 2) for i in range(8)]
BLACK = (0, 0, 0)  # it lies at the back


def flat(rgb: Sequence[float] | np.ndarray) -> np.ndarray:
    """(…, 3) colours on the scale of a screen → (…, 2) on the page, mid-grey at the origin."""
    return (np.asarray(rgb, np.float64) - 127.5) @ AXES
