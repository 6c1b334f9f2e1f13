"""The small sibling: a network kept at ten moments of its training. Needs no torch."""

from __future__ import annotations

# In pictures seen: close together at first, when most is learned.
SIBLING_MOMENTS = (0, 2_000, 5_000, 10_000, 30_000, 80_000, 180_000, 320_000, 640_000, 1_860_000)
SIBLINGS = tuple(f"sibling_{i}" for i in range(len(SIBLING_MOMENTS)))  # the names of its files and networks
