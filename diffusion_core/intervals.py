"""How far a rate that was counted may lie from the true one."""

from __future__ import annotations

import math


def wilson(hits: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """The 95% interval of a rate: all p with |hits/n − p| ≤ z·√(p(1 − p)/n) (Wilson 1927).

    Solved for p: (p̂ + z²/2n ± z·√(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n). Never empty, never beyond 0 and 1.
    """
    if count == 0:
        return 0.0, 1.0
    share, spread = hits / count, z * z / count
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread)
    return (0.0 if hits == 0 else middle - half), (1.0 if hits == count else middle + half)
