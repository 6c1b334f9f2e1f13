"""Maps as bytes for the browser: a JSON header, then one byte a number.

    4 bytes   length of the header, little endian
    header    UTF-8 JSON; each array says where it begins
    bytes     pictures as 0…255; weights as 0…255 of a largest value that the header names

A word's map has a largest value of its own at each look, so a faint word is sent as finely as a loud one.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np

from lessons.shared.studio.attention import START, Maps


def message(
    maps: Maps, *, run: str, total: int, running: bool, word: int, start: int, dark: bool, labels: Mapping[str, str]
) -> bytes:
    """What the component is told. `word` and `start`: the word and the look that it opens with."""
    parts: list[bytes] = []
    pictures = {name: _put(parts, to_bytes(getattr(maps, name))) for name in ("x0_hat", "x_t")}
    cross = {str(size): _words(parts, a) for size, a in maps.cross.items()}
    own = {str(size): _pixels(parts, a) for size, a in maps.own.items()}
    header = {"run": run, "words": [START, *maps.words], "looks": maps.looks, "t": maps.t, "total": total,
              "running": running, "word": word, "start": start, "dark": dark, "labels": dict(labels),
              "side": maps.x_t.shape[1], "pictures": pictures, "cross": cross, "own": own}  # fmt: skip
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join([struct.pack("<I", len(text)), text, *parts])


def to_bytes(picture: np.ndarray) -> np.ndarray:
    """[−1, 1] units as 0…255, clipped as a screen clips."""
    return np.clip(np.rint((picture + 1) * 127.5), 0, 255).astype(np.uint8)


def _words(parts: list[bytes], weights: np.ndarray) -> dict[str, Any]:
    """(looks, n, n, L) as look after look, word after word; a largest value for each of them."""
    moved = np.moveaxis(weights, 3, 1)  # (looks, L, n, n)
    most = moved.max(axis=(2, 3), keepdims=True)
    return {"at": _put(parts, _shares(moved, most)), "most": _short(most[:, :, 0, 0])}


def _pixels(parts: list[bytes], weights: np.ndarray) -> dict[str, Any]:
    """(looks, n, n, n²) as look after look, asking pixel after asking pixel; a largest value for each look."""
    most = weights.max(axis=(1, 2, 3), keepdims=True)
    return {"at": _put(parts, _shares(weights, most)), "most": _short(most[:, 0, 0, 0])}


def _shares(weights: np.ndarray, most: np.ndarray) -> np.ndarray:
    return np.rint(255 * weights / np.maximum(most, 1e-9)).astype(np.uint8)


def _short(numbers: np.ndarray) -> list:
    return np.round(numbers.astype(float), 6).tolist()


def _put(parts: list[bytes], array: np.ndarray) -> int:
    at = sum(map(len, parts))
    parts.append(np.ascontiguousarray(array).tobytes())
    return at


def unpack(told: bytes) -> tuple[dict[str, Any], np.ndarray]:
    """The inverse of `message`: (header, bytes). For tests: the browser has its own."""
    (size,) = struct.unpack_from("<I", told)
    return json.loads(told[4 : 4 + size]), np.frombuffer(told, dtype=np.uint8, offset=4 + size)
