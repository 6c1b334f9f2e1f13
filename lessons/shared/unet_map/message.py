"""A pass as bytes for the browser: a JSON header, then one byte a number.

4 bytes   length of the header, little endian
header    UTF-8 JSON; each block says where its maps begin
bytes     the two pictures as 0…255, then maps; each map runs from its smallest value (0) to its largest (255)
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lessons.shared.studio.inside import Block, Look


def message(
    look: Look, *, skips: Mapping[str, str], off: Sequence[str], dark: bool, labels: Mapping[str, str]
) -> bytes:
    """What the component is told."""
    parts: list[bytes] = []
    pictures = {name: _put(parts, to_bytes(getattr(look, name))) for name in ("x_t", "x0_hat")}
    blocks = [_block(parts, block) for block in look.blocks]
    letters = {name: letter for letter, name in skips.items()}
    header = {"blocks": blocks, "pictures": pictures, "side": look.x_t.shape[0], "letters": letters,
              "off": list(off), "dark": dark, "labels": dict(labels)}  # fmt: skip
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join([struct.pack("<I", len(text)), text, *parts])


def _block(parts: list[bytes], block: Block) -> dict[str, Any]:
    return {"name": block.name, "shape": block.shape, "heeds": block.heeds, "channels": block.channels,
            "ranges": block.ranges, "at": _put(parts, block.maps)}  # fmt: skip


def to_bytes(picture: np.ndarray) -> np.ndarray:
    """[−1, 1] units as 0…255, clipped as a screen clips."""
    return np.clip(np.rint((picture + 1) * 127.5), 0, 255).astype(np.uint8)


def _put(parts: list[bytes], array: np.ndarray) -> int:
    at = sum(map(len, parts))
    parts.append(np.ascontiguousarray(array).tobytes())
    return at


def unpack(told: bytes) -> tuple[dict[str, Any], np.ndarray]:
    """The inverse of `message`: (header, bytes). For tests: the browser has its own."""
    (size,) = struct.unpack_from("<I", told)
    return json.loads(told[4 : 4 + size]), np.frombuffer(told, dtype=np.uint8, offset=4 + size)
