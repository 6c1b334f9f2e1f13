"""Geometry of meaning: how alike vectors are, what lies nearest, sums of words, and the view along few axes.

All in NumPy, on vectors that some encoder has made (see nn/text.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


def unit(vectors: np.ndarray) -> np.ndarray:
    """Each vector at length 1: v / ‖v‖. A vector of zeros stays zero. (…, D) → (…, D)"""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(length > 0, length, 1)


def cosine(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cosine of the angle, a·b / (‖a‖‖b‖), of every a with every b: (N, D), (M, D) → (N, M), in [−1, 1].

    1 is the same direction, 0 a right angle. Raises ValueError when the dimensions differ.
    """
    a, b = np.atleast_2d(a), np.atleast_2d(b)
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"vectors of {a.shape[1]} and {b.shape[1]} numbers cannot be compared: use one encoder")
    return np.clip(unit(a) @ unit(b).T, -1, 1)


def nearest(query: np.ndarray, vectors: np.ndarray, count: int) -> list[tuple[int, float]]:
    """The `count` rows of `vectors` (N, D) with the largest cosine to `query` (D,): (row, cosine), best first."""
    alike = cosine(query, vectors)[0]
    return [(int(row), float(alike[row])) for row in np.argsort(-alike, kind="stable")[:count]]


def analogy(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """a − b + c: start at a, take the step that leads from b to c (Mikolov, Yih & Zweig 2013, section 5)."""
    return a - b + c


@dataclass(frozen=True)
class Axes:
    """A view of many-dimensional points along few axes, looked at from their mean."""

    mean: np.ndarray  # (D,)
    directions: np.ndarray  # (K, D) unit vectors at right angles, the widest first
    share: np.ndarray  # (K,) of the variance that each axis keeps

    def project(self, vectors: np.ndarray) -> np.ndarray:
        """Coordinates along the axes: (v − mean)·direction. (…, D) → (…, K)"""
        return (vectors - self.mean) @ self.directions.T


def principal_axes(vectors: np.ndarray, count: int = 3) -> Axes:
    """The `count` directions along which `vectors` (N, D) vary most (principal component analysis).

    They are the right singular vectors of the centred vectors; the squared singular values are the variance
    along each. Signs are settled so that the largest entry is positive, and the view the same everywhere.
    """
    mean = vectors.mean(axis=0)
    _, widths, directions = np.linalg.svd(vectors - mean, full_matrices=False)  # (min(N, D),), (min(N, D), D)
    directions = directions[:count]
    largest = np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, None], axis=1)
    variance = widths**2
    share = variance[:count] / max(float(variance.sum()), np.finfo(float).tiny)
    return Axes(mean, directions * np.sign(largest), share)
