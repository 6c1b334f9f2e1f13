"""A drop in the beaker: what the core says about each scene, as numbers that a browser can go on with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from diffusion_core.particles import REACH, Drop, expected_spread, variance_at

WATER = (8.0, 9.0)  # cm: a small beaker
LAST = 10.0  # s: when the clock has run out
TICK = 1 / 60  # s: one step of the physics
SLOWEST, FASTEST, USUAL = 0.05, 1.0, 0.25  # D in cm²/s; in a real beaker dye needs weeks
COUNTS = (500, 4000, 2000)  # fewest, most, usual
MOMENTS = 61  # points of the exact curve


@dataclass(frozen=True)
class Setting:
    """A liquid and the drop that falls into it."""

    look: str  # the colours of the browser's beaker: "dye" or "coffee"
    drop: Drop


SCENES: dict[str, Setting] = {  # name in the address → what falls into what
    "red dye": Setting("dye", Drop(centre=(4.0, 7.4), spread=0.4, walls=WATER)),
    "milk in coffee": Setting("coffee", Drop(centre=(2.6, 5.8), spread=0.65, walls=WATER)),
}


@lru_cache(maxsize=64)
def setup(scene: str, diffusivity: float) -> dict[str, Any]:
    """The numbers of a scene for the browser: drop, clock, exact spread at each moment. Shared: do not change it."""
    setting = SCENES[scene]
    t = np.linspace(0, LAST, MOMENTS)
    spread = [expected_spread(setting.drop, variance_at(setting.drop, diffusivity, moment)) for moment in t]
    return {
        "look": setting.look,
        "drop": {
            "centre": setting.drop.centre,
            "spread": setting.drop.spread,
            "walls": setting.drop.walls,
            "rate": 2 * diffusivity,
            "reach": REACH,
        },
        "dt": TICK,
        "last": LAST,
        "curve": {"t": t.round(4).tolist(), "spread": np.round(spread, 4).tolist()},
        "even": even_spread(),
    }


def even_spread() -> float:
    """The spread of dye that is the same everywhere: √((W² + H²)/12), in cm."""
    return float(np.hypot(*WATER) / np.sqrt(12))
