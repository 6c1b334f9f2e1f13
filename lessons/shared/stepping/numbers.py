"""Errors and what they say, in numbers and in the names of a guess's options."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lessons.shared.stepping.pixels import edges

MORE = 1.25  # so many times as wrong counts as a difference
THIRDS = ("little", "middle", "much")


def fine(value: float, signed: bool = False) -> str:
    """A number as a reader writes it, with a real minus sign: 0.053, −1.83, 0.0021."""
    digits = 2 if abs(value) >= 0.995 or signed else 3 if abs(value) >= 0.0095 else 4
    text = f"{value:.{digits}f}"
    return text.replace("-", "−") if float(text) else "0"


def where_wrong(x0: np.ndarray, squared: np.ndarray) -> tuple[str, float, float]:
    """("edges", "flat" or "alike", mean squared error along edges, elsewhere) of one picture."""
    mask = edges(x0)
    there, elsewhere = float(squared[mask].mean()), float(squared[~mask].mean())
    ratio = there / max(elsewhere, 1e-12)
    return ("edges" if ratio > MORE else "flat" if ratio < 1 / MORE else "alike"), there, elsewhere


def hardest(t: Sequence[int], errors: Sequence[float], T: int) -> tuple[str, int]:
    """(in which third of the noise levels the largest of the errors lies, at which level)."""
    level = int(t[int(np.argmax(errors))])
    return THIRDS[min(3 * (level - 1) // T, 2)], level


def learned(batch: tuple[float, float], test: tuple[float, float]) -> str:
    """What the second error did while the first changed, each (before, after): "nothing", "alike", "less", "grew"."""
    fell, other = (1 - after / max(before, 1e-12) for before, after in (batch, test))
    if fell < 0.1:
        return "nothing"
    return "grew" if other < -0.02 else "less" if other < fell / 2 else "alike"
