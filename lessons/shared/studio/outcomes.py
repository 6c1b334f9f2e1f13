"""What a run turned out to be, in numbers a learner can read: differences in shades of 0…255.

Pictures are (H, W, 3) in [−1, 1] units, as in a player's frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lessons.shared.player import Frame

SHADES = 127.5  # shades of 0…255 in one unit of [−1, 1]
NEAR = 16.0  # shades: closer than this, on average, two pictures show the same thing
ALIKE = 0.5  # correlation of brightness from which two pictures share a layout


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference between two pictures over all their colour values, in shades of 0…255."""
    return float(np.abs(np.clip(one, -1, 1) - np.clip(other, -1, 1)).mean() * SHADES)


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Correlation of brightness between two pictures: 1 same light and dark places, 0 nothing in common."""
    a, b = (np.clip(p, -1, 1).mean(-1).ravel() for p in (one, other))
    if min(a.std(), b.std()) < 1e-6:  # an even picture has no layout
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def settled_at(pictures: Sequence[np.ndarray], end: np.ndarray, near: float = NEAR) -> int:
    """The first place from which on every picture stays within `near` shades of `end`."""
    far = [i for i, picture in enumerate(pictures) if apart(picture, end) > near]
    return far[-1] + 1 if far else 0


def settling(frames: Sequence[Frame], near: float = NEAR) -> dict[str, int]:
    """At which step the prediction settled, at which the picture itself did, and of how many steps."""
    end = frames[-1].x_t
    return {
        "prediction": settled_at([f.x0_hat for f in frames], end, near),
        "picture": settled_at([f.x_t for f in frames], end, near),
        "steps": len(frames) - 1,
    }


@dataclass(frozen=True)
class Comparison:
    """Two finished pictures that began with the same noise; share: words, layout or none."""

    share: str
    shades: float
    likeness: float

    @property
    def numbers(self) -> dict[str, str]:
        """Both measures as a reader writes them."""
        return {"shades": f"{self.shades:.0f}", "likeness": f"{self.likeness:.2f}".replace("-", "−")}


def comparison(one: np.ndarray, other: np.ndarray) -> Comparison:
    """How far apart two pictures are, and what that says they share."""
    shades, like = apart(one, other), likeness(one, other)
    share = "words" if shades < 0.5 else "layout" if like >= ALIKE else "none"
    return Comparison(share, shades, like)
