"""Schedules and forgetting: how long the best possible guesser can tell which of 64 known pictures was noised.

The guesser is exact: it knows the 64 pictures and the schedule, and weighs each picture by how likely it is to
have become the static that it sees. Curves and pictures need NumPy alone; torch is loaded when a run is live.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from diffusion_core.schedules import Schedule
from diffusion_core.world.dataset import example
from lessons.shared.studio import cached

if TYPE_CHECKING:
    from torch import Tensor

KNOWN, WORLD_SEED = 64, 64  # how many pictures the guesser knows, and which 64 they are
PICTURE, SEED = 21, 3  # the true one (from 1) and the noise, when the page opens
FRAMES = 50  # moments at which the picture is shown, evenly spread over the T steps

YOURS, OTHER = Schedule("linear"), Schedule("cosine")  # on show when the page opens
COMPARISONS: dict[str, dict] = {
    "cosine": {"kind": "cosine"},
    "linear": {"kind": "linear"},
    "sigmoid": {"kind": "sigmoid"},
    "Stable Diffusion": {"kind": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012},
    "too gentle": {"kind": "linear", "beta_end": 0.002},
}


@dataclass(frozen=True)
class Fading:
    """A picture on its way into noise under one schedule, and what the best guesser makes of it."""

    times: np.ndarray  # (N,) t, from 0 to T
    x_t: np.ndarray  # (N, 32, 32, 3) the picture at each time, always with the same noise
    guess: np.ndarray  # (N, 32, 32, 3) the guesser's average over the 64, weighted by how probable each is
    noise: np.ndarray  # (32, 32, 3) that noise
    sure: np.ndarray  # (N,) the probability that it gives to the true picture
    step: int | None  # first step at which it is under one half; None if it never is
    badge: str  # live or cached


PARTS = ("times", "x_t", "guess", "sure", "noise")


def comparison(name: str, steps: int) -> Schedule:
    """A schedule to compare with, over as many steps."""
    return Schedule(T=steps, **COMPARISONS[name])


@lru_cache(maxsize=1)
def known_pictures() -> np.ndarray:
    """The pictures that the guesser knows: uint8 (64, 32, 32, 3), drawn by the picture world."""
    pictures = np.stack([example(WORLD_SEED, index)[1] for index in range(KNOWN)])
    pictures.setflags(write=False)
    return pictures


def pixels(x: np.ndarray) -> np.ndarray:
    """Values with −1 … 1 for the colours as uint8; what lies outside is shown at the nearest colour."""
    return np.clip((x + 1) * 127.5 + 0.5, 0, 255).astype(np.uint8)


def fading(schedule: Schedule, picture: int = PICTURE, seed: int = SEED) -> Fading:
    """The picture (1 to 64) and the guesser under a schedule; shipped for what the page opens with."""
    if (picture, seed) == (PICTURE, SEED) and schedule in (YOURS, OTHER):
        try:
            return _shipped(schedule.kind)
        except cached.PrecomputedMissing:
            pass  # then it is computed, as everything else is
    return _compute(schedule, picture, seed)


@lru_cache(maxsize=2)
def _shipped(kind: str) -> Fading:
    arrays, settings = cached.load("forget")
    parts = {name: arrays[f"{kind}_{name}"] for name in PARTS}
    return Fading(**parts, step=settings[f"{kind}_step"], badge="cached")


def make_default() -> cached.Result:
    """Both schedules that the page opens with, for `python -m lessons.precompute`."""
    arrays, settings = {}, {"picture": PICTURE, "seed": SEED}
    for schedule in (YOURS, OTHER):
        made = _compute.__wrapped__(schedule, PICTURE, SEED)
        settings[f"{schedule.kind}_step"] = made.step
        arrays.update({f"{schedule.kind}_{name}": getattr(made, name) for name in PARTS})
    return arrays, settings


@st.cache_data(max_entries=32, show_spinner=False)
def _compute(schedule: Schedule, picture: int, seed: int) -> Fading:
    import torch

    from diffusion_core.denoiser import exact_dataset

    pictures = torch.from_numpy(known_pictures() / np.float32(127.5) - 1).permute(0, 3, 1, 2)  # (64, 3, 32, 32)
    guesser, x0 = exact_dataset(pictures), pictures[picture - 1]
    noise = torch.randn(x0.shape, generator=torch.Generator().manual_seed(seed))
    times = np.array(schedule.times(min(FRAMES, schedule.T))[::-1])
    x_t = _noised(x0, noise, schedule, times)
    guess = guesser(x_t, schedule.log_snr(torch.from_numpy(times))).x0_hat

    def sure(at: np.ndarray) -> np.ndarray:
        levels = schedule.log_snr(torch.from_numpy(at))
        return guesser.posterior(_noised(x0, noise, schedule, at), levels)[:, picture - 1].numpy()

    pixel_last = (0, 2, 3, 1)  # (N, 3, H, W) → (N, H, W, 3)
    moving = [np.ascontiguousarray(x.numpy().transpose(pixel_last)) for x in (x_t, guess, noise[None])]
    return Fading(times, moving[0], moving[1], moving[2][0], sure(times), _first_under_half(times, sure), "live")


def _noised(x0: Tensor, noise: Tensor, schedule: Schedule, times: np.ndarray) -> Tensor:
    """x_t at each time, always with the same noise: (N, 3, 32, 32)."""
    import torch

    from diffusion_core.process import add_noise

    alpha_bar = schedule.alpha_bar(torch.from_numpy(times)).float()
    return add_noise(x0.expand(len(times), *x0.shape), alpha_bar, noise)


def _first_under_half(times: np.ndarray, sure: Callable[[np.ndarray], np.ndarray]) -> int | None:
    """The first step at which `sure` is under one half: found among `times`, then among the steps in between."""
    under = np.flatnonzero(sure(times) < 0.5)
    if not len(under):
        return None
    between = np.arange(times[max(under[0] - 1, 0)], times[under[0]] + 1)
    return int(between[np.argmax(sure(between) < 0.5)])
