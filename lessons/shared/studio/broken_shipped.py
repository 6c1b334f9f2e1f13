"""What the lesson "Break it" ships for its first paint: all six pairs for one prompt and seed."""

from __future__ import annotations

import numpy as np

from diffusion_core.world.prompts import read_prompt
from lessons.shared.player import Frame
from lessons.shared.studio import breaking, broken, cached, engines, runs
from lessons.shared.studio.broken import FAULTS, Asked, Pair, Side
from lessons.shared.studio.schedules import pixels

NAME = "broken"
PROMPT, SEED = runs.DEFAULT_PROMPT, 5
STRENGTH = {"few": 1, "short": 30, "never": 0.003, "grow": 0.0, "bare": 0.0, "loud": 20.0}
DEFAULTS = {fault: Asked(fault, read_prompt(PROMPT).words, SEED, STRENGTH[fault]) for fault in FAULTS}


def load(fault: str) -> Pair:
    """The shipped pair of a fault. Raises PrecomputedMissing."""
    arrays, told = cached.load(NAME)
    names = told["sides"][fault]
    frames = tuple(_frames(arrays, name) for name in names)
    ends = tuple(arrays[f"{name}_end"] for name in names)
    right = tuple(tuple(each) for each in told["right"][fault])
    return Pair(DEFAULTS[fault], PROMPT, "cached", frames, ends, right)


def _frames(arrays: dict[str, np.ndarray], name: str) -> list[Frame]:
    parts = (arrays[f"{name}_t"], arrays[f"{name}_x_t"], arrays[f"{name}_x0_hat"])
    return [Frame(int(t), x_t, x0.astype(np.float32) / 127.5 - 1, None) for t, x_t, x0 in zip(*parts, strict=True)]


def make_shipped() -> cached.Result:
    """Run and judge all six, for `python -m lessons.precompute`. A run that several pairs share is kept once."""
    model = engines.load_model("unet")
    arrays: dict[str, np.ndarray] = {}
    names: dict[Side, str] = {}
    told: dict[str, dict] = {"sides": {}, "right": {}}
    for fault, asked in DEFAULTS.items():
        pair, problem = breaking.with_judge(breaking.all_at_once(asked, PROMPT, model))
        if problem:
            raise RuntimeError(problem)
        both = broken.sides(asked)
        for i, side in enumerate(both):
            if side not in names:
                names[side] = f"run{len(names)}"
                arrays |= _arrays(names[side], pair.frames[i], pair.ends[i])
        told["sides"][fault], told["right"][fault] = [names[side] for side in both], pair.right
    return arrays, {**told, "prompt": PROMPT, "seed": SEED}


def _arrays(name: str, frames: list[Frame], end: np.ndarray) -> dict[str, np.ndarray]:
    return {
        f"{name}_t": np.array([frame.t for frame in frames]),
        f"{name}_x_t": np.stack([frame.x_t for frame in frames]),
        f"{name}_x0_hat": pixels(np.stack([frame.x0_hat for frame in frames])),
        f"{name}_end": end,
    }
