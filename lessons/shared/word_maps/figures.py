"""Pictures beside each other that say where: under a veil, and as differences. Arrays in, arrays and HTML out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diffusion_core.attention import enlarged
from lessons.shared.pictures import picture_html
from lessons.shared.word_maps.message import to_bytes

VEIL, DIMMEST = np.array([16.0, 20.0, 24.0]), 0.82  # as in veil.js
TEAL = np.array([92, 196, 190], dtype=np.uint8)  # predicted, as on slate: it lies on black
CELL = 8  # screen pixels for each of the picture's


@dataclass(frozen=True)
class Shown:
    """One picture of a row."""

    array: np.ndarray
    caption: str
    alt: str
    scale: int = 5
    label: str = ""  # HTML of its badge


def row(shown: Sequence[Shown]) -> str:
    """Pictures in a row that wraps; each with its caption."""
    cells = "".join(picture_html(s.array, s.scale, s.caption, s.label, s.alt) for s in shown)
    return f'<div class="wm-row">{cells}</div>'


def plain(picture: np.ndarray) -> np.ndarray:
    """A picture in [−1, 1] as it is."""
    return to_bytes(picture)


def spotlight(picture: np.ndarray, heard: np.ndarray) -> np.ndarray:
    """The picture (32, 32, 3) under a veil that is thin where a map (16, 16) is strong: uint8."""
    share = enlarged(heard / max(float(heard.max()), 1e-9), picture.shape[0])[..., None]
    veil = DIMMEST * (1 - share)
    return np.rint((1 - veil) * to_bytes(picture) + veil * VEIL).astype(np.uint8)


def difference(shades: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Shades of change (32, 32), black none and white the largest, with chosen cells framed: uint8 (256, 256, 3)."""
    grey = np.rint(255 * shades / max(float(shades.max()), 1e-9)).astype(np.uint8)
    large = enlarged(grey, CELL * len(grey))[..., None].repeat(3, axis=2)
    large[_edges(enlarged(cells, len(large)))] = TEAL
    return large


def _edges(inside: np.ndarray, wide: int = 2) -> np.ndarray:
    """The rim, `wide` pixels, of a region: where a pixel inside has a neighbour that is not."""
    padded = np.pad(inside, wide)
    kept = inside.copy()
    for move in range(1, wide + 1):
        for axis in (0, 1):
            for way in (move, -move):
                kept &= np.roll(padded, way, axis)[wide:-wide, wide:-wide]
    return inside & ~kept
