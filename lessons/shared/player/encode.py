"""Frames as bytes for the browser: a JSON header, then 16-bit fixed-point numbers.

    4 bytes   length of the header, little endian
    header    UTF-8 JSON, padded with spaces so that the numbers start on an even byte
    numbers   int16, little endian; each array says its offset (in numbers) and its scale
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

SCALE = 4096  # numbers per unit: a value is known to 1/8192, and ±8 fits
COARSEST = 64  # the coarsest scale: ±512 fits
MOST_FRAMES = 120
ARRAYS = ("x_t", "x0_hat", "eps_hat")


@dataclass(frozen=True)
class Frame:
    """One step of a track. Pictures are (H, W, 3) with colours 0..255 at −1..1; `t` is the noise level."""

    t: int
    x_t: np.ndarray
    x0_hat: np.ndarray | None = None
    eps_hat: np.ndarray | None = None
    note: str = ""


def fixed_point(values: np.ndarray) -> tuple[np.ndarray, int, int]:
    """Values as int16: (numbers, scale, how many were clipped); value ≈ number / scale.

    The scale is 4096 (error ≤ 1/8192) while ±8 is enough, else the largest power of two that fits,
    down to 64; beyond ±512 values are clipped, and counted.
    """
    values = np.asarray(values)
    values = values if values.dtype == np.float32 else values.astype(np.float64)
    largest, scale = max(values.max(initial=0.0), -values.min(initial=0.0)), SCALE
    if not np.isfinite(largest):
        raise ValueError("a frame holds NaN or infinity: stop the run where its numbers stop being finite")
    while scale > COARSEST and largest * scale > 32767:
        scale //= 2
    numbers, clipped = np.rint(values * scale), 0  # by a power of two: exact
    if largest * scale > 32767:
        clipped = int((np.abs(numbers) > 32767).sum())
        numbers = np.clip(numbers, -32767, 32767)
    return numbers.astype("<i2"), scale, clipped


def stride(total: int, most: int = MOST_FRAMES) -> int:
    """Every how many steps one is kept, so that at most about `most` of `total` remain."""
    return max(1, -(-(total - 1) // (most - 1)))


def thin(frames: Sequence[Frame], first_index: int, total: int) -> list[tuple[int, int, Frame]]:
    """(position, step, frame) of the frames kept: every stride-th step, and the last one always.

    Position depends on step and total only, so frames that come in pieces fall into the same places.
    """
    every, last = stride(total), total - 1
    steps = range(first_index, first_index + len(frames))
    return [(-(-step // every), step, frame) for step, frame in zip(steps, frames, strict=True)
            if step % every == 0 or step == last]


@dataclass
class Numbers:
    """The int16 part of a message while it is being filled."""

    parts: list[np.ndarray] = field(default_factory=list)
    size: int = 0
    clipped: int = 0

    def add(self, pictures: Iterable[np.ndarray]) -> dict[str, int]:
        """Append pictures under one scale; say where they lie."""
        numbers, scale, clipped = fixed_point(np.stack(list(pictures)))
        place = {"at": self.size, "scale": scale}
        self.parts.append(numbers.ravel())
        self.size += numbers.size
        self.clipped += clipped
        return place


def encode_frames(kept: Sequence[tuple[int, int, Frame]], numbers: Numbers,
                  arrays: Sequence[str] = ARRAYS) -> dict:
    """What the header says of one track's frames; their pictures go to `numbers`."""
    frames = [frame for _, _, frame in kept]
    told = {"first": kept[0][0] if kept else 0, "steps": [step for _, step, _ in kept],
            "t": [int(frame.t) for frame in frames], "notes": [frame.note for frame in frames],
            "shape": list(_shape(frames)), "arrays": {}}
    for name in arrays:
        have = [i for i, frame in enumerate(frames) if getattr(frame, name) is not None]
        if have:
            told["arrays"][name] = {"have": have, **numbers.add(getattr(frames[i], name) for i in have)}
    return told


def _shape(frames: Sequence[Frame]) -> tuple[int, int]:
    """Height and width of every picture, which must agree."""
    shapes = {np.shape(picture) for frame in frames for name in ARRAYS
              if (picture := getattr(frame, name)) is not None}
    if not shapes:
        return 0, 0
    shape = shapes.pop()
    if shapes or len(shape) != 3 or shape[2] != 3:
        raise ValueError(f"every picture of a track must be (H, W, 3) and of one size, not {shape}")
    return shape[0], shape[1]


def pack(header: dict, numbers: Numbers) -> bytes:
    """Header and numbers as one message."""
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (len(text) % 2)
    return b"".join([struct.pack("<I", len(text)), text, *(part.tobytes() for part in numbers.parts)])


def unpack(message: bytes) -> tuple[dict, np.ndarray]:
    """The inverse of `pack`: (header, all numbers). For tests: the browser has its own."""
    (size,) = struct.unpack_from("<I", message)
    return json.loads(message[4:4 + size]), np.frombuffer(message, dtype="<i2", offset=4 + size)


def picture(header: dict, numbers: np.ndarray, name: str, frame: int, track: int = 0) -> np.ndarray | None:
    """One picture of a message as float (H, W, 3), or None where that frame has none. For tests."""
    told = header["tracks"][track]
    array, (height, width) = told["arrays"].get(name, {"have": []}), told["shape"]
    if frame not in array["have"]:
        return None
    start = array["at"] + array["have"].index(frame) * height * width * 3
    return numbers[start:start + height * width * 3].reshape(height, width, 3) / array["scale"]
