"""Forward noising: three pixels, a crowd of copies of one, and whole pictures, walked by the core.

The shipped seed needs no torch; every other seed is walked when asked for. Values are −1 … 1 as in the core;
`to_255` turns them into the 0 … 255 of a screen, not clipped.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np
import streamlit as st

from diffusion_core.schedules import Schedule
from diffusion_core.world.drawing import draw
from diffusion_core.world.vocabulary import NOTHING, Figure, Scene
from lessons.shared.player import Frame
from lessons.shared.studio import cached

SCHEDULE = Schedule(kind="linear", T=1000)  # DDPM's own: β from 10⁻⁴ to 0.02
T, SHIPPED_SEED, SHIPPED = SCHEDULE.T, 3, "adrift"
KEPT = tuple(range(0, T + 1, 10))  # the steps of a whole picture that the player gets

STICK = np.array([[[255, 0, 0]], [[30, 80, 255]], [[0, 190, 90]]], np.uint8)  # (3, 1, 3): head, body, legs
FIRST_EPS = (-1.569, 1.569, 0.0)  # for the head's first step: noise of (−2, 2, 0) on a screen's scale

COPIES = 4000
EDGES = np.linspace(-3.55, 3.55, 72)  # black (−1) and full (1) fall into the middle of a bin

SCENES: dict[str, tuple[Scene, int]] = {  # name in the address → what is drawn, and from which seed
    "tabby cat": (Scene((Figure("tabby cat", "orange", NOTHING),), "flower", "room", None), 3),
    "turtle": (Scene((Figure("turtle", "green", "sunglasses"),), "basketball", "beach", "day"), 0),
    "goldfish": (Scene((Figure("fish", "orange", NOTHING),), NOTHING, "underwater", None), 3),
    "bird": (Scene((Figure("bird", "yellow", NOTHING),), "apple", "forest", "day"), 0),
    "robot": (Scene((Figure("robot", "grey", "headband"),), NOTHING, "space", None), 1),
    "house": (Scene((Figure("house", "red", NOTHING),), NOTHING, "snow", "night"), 7),
}


def to_255(values: np.ndarray) -> np.ndarray:
    """−1 … 1 → 0 … 255; what lies outside stays outside."""
    return (np.asarray(values, np.float64) + 1) * 127.5


def from_255(pixels: np.ndarray) -> np.ndarray:
    """0 … 255 → −1 … 1."""
    return pixels.astype(np.float32) / 127.5 - 1


def kind(seed: int) -> str:
    """The badge of what is shown: "cached" for the shipped seed, else "live"."""
    return "cached" if seed == SHIPPED_SEED else "live"


def made(seed: int) -> str:
    """How it was made, for a badge."""
    return f"seed {seed} · linear schedule · T = {T:,}"


# --- three pixels ------------------------------------------------------------------------------------------


class Stick(NamedTuple):
    """Three pixels at t = 0 … T, each (T + 1, 3 pixels, 3 channels): by single steps, and by one jump each."""

    chain: np.ndarray
    jump: np.ndarray


class Step(NamedTuple):
    """One step of one pixel on the scale of a screen, (3,) each: before + shrink + noise = after."""

    before: np.ndarray
    shrink: np.ndarray  # what the factor √(1 − β) takes off
    noise: np.ndarray  # √β·eps
    after: np.ndarray


def stick(seed: int) -> Stick:
    """The three pixels' way, from the shelf for the shipped seed, else walked now."""
    if seed != SHIPPED_SEED:
        return _walked_stick(seed)
    arrays, _ = cached.load(SHIPPED)
    return Stick(*(arrays[f"stick_{name}"].reshape(T + 1, 3, 3) for name in Stick._fields))


@st.cache_data(max_entries=32, show_spinner=False)
def _walked_stick(seed: int) -> Stick:
    return walk_stick(seed)


def walk_stick(seed: int) -> Stick:
    """T single steps and T + 1 jumps. Only the head's first noise is picked by hand; the rest is drawn."""
    import torch

    from diffusion_core.process import add_noise, forward_step

    generator = torch.Generator().manual_seed(seed)
    x0 = torch.from_numpy(from_255(STICK[:, 0]))  # (3 pixels, 3 channels)
    states = [x0]
    for t, beta in enumerate(SCHEDULE.betas.tolist(), start=1):
        eps = torch.randn(x0.shape, generator=generator)
        if t == 1:
            eps[0] = torch.tensor(FIRST_EPS)
        states.append(forward_step(states[-1], beta, eps))
    eps = torch.randn(x0.shape, generator=generator)  # one draw serves the jumps to every t
    alpha_bars = torch.from_numpy(SCHEDULE.alpha_bars.copy())
    jumps = add_noise(x0.expand(T + 1, 3, 3), alpha_bars, eps)
    return Stick(torch.stack(states).numpy(), jumps.numpy())


def step_of(chain: np.ndarray, t: int) -> Step:
    """Take step t (1 … T) of one pixel's chain (T + 1, 3) apart, in units of a screen."""
    kept = np.sqrt(1 - SCHEDULE.betas[t - 1])
    before, after = chain[t - 1].astype(np.float64), chain[t].astype(np.float64)
    return Step(to_255(before), 127.5 * (kept - 1) * before, 127.5 * (after - kept * before), to_255(after))


# --- a crowd of copies of one pixel ------------------------------------------------------------------------


class Crowd(NamedTuple):
    """Where COPIES copies of the head are at t = 0 … T. First axis: by single steps, by one jump."""

    counts: np.ndarray  # (2, T + 1, 3 channels, bins) copies in each bin of EDGES
    mean: np.ndarray  # (2, T + 1, 3)
    spread: np.ndarray  # (2, T + 1, 3) standard deviation


def crowd(seed: int) -> Crowd:
    """The crowd, from the shelf for the shipped seed, else walked now."""
    if seed != SHIPPED_SEED:
        return _walked_crowd(seed)
    arrays, _ = cached.load(SHIPPED)
    mean, spread = (arrays[f"crowd_{name}"].reshape(2, T + 1, 3) for name in ("mean", "spread"))
    return Crowd(arrays["crowd_counts"], mean, spread)


@st.cache_data(max_entries=8, show_spinner="Walking 4,000 copies through 1,000 steps …")
def _walked_crowd(seed: int) -> Crowd:
    return walk_crowd(seed)


def walk_crowd(seed: int) -> Crowd:
    """COPIES copies of the head: each walks its own chain; as many others jump straight to each t."""
    import torch

    from diffusion_core.process import add_noise, trajectory

    generator = torch.Generator().manual_seed(seed)
    x0 = torch.from_numpy(from_255(STICK[0])).repeat(COPIES, 1)  # (copies, 3)
    chain = [x0, *(step.x_t for step in trajectory(x0, SCHEDULE, generator))]
    eps = torch.randn(x0.shape, generator=generator)
    tallies = [tally(x_t.numpy()) for x_t in chain]
    tallies += [tally(add_noise(x0, alpha_bar, eps).numpy()) for alpha_bar in SCHEDULE.alpha_bars.tolist()]
    counts, mean, spread = (np.stack(part).reshape(2, T + 1, *part[0].shape) for part in zip(*tallies, strict=True))
    return Crowd(counts, mean, spread)


def tally(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts in EDGES (channels, bins), mean and spread (channels,), of values (copies, channels)."""
    counts = np.stack([np.histogram(channel, EDGES)[0] for channel in values.T]).astype(np.uint16)
    return counts, values.mean(0), values.std(0)


def expected(t: int) -> tuple[np.ndarray, float]:
    """Mean (3,) and spread of a copy of the head at time t, by the formula, on the scale of a screen."""
    level = SCHEDULE.level(t)
    return to_255(level.signal_rate * from_255(STICK[0, 0])), 127.5 * level.noise_rate


# --- whole pictures ----------------------------------------------------------------------------------------


def scene_picture(name: str) -> np.ndarray:
    """A scene as uint8 (32, 32, 3)."""
    return draw(*SCENES[name])


def frames(pixels: np.ndarray, seed: int, key: str = "") -> list[Frame]:
    """A picture (32, 32, 3) on its way to noise, every tenth step. `key`: sha256 of an uploaded picture.

    Scenes under the shipped seed come from the shelf: the chain is linear in x0, so the walk of a mid-grey
    picture (x0 = 0) holds all the noise, and x_t = √ᾱ_t·x0 + that noise.
    """
    if seed == SHIPPED_SEED and not key:
        rates = SCHEDULE.signal_rate(np.array(KEPT)).astype(np.float32)
        states = rates[:, None, None, None] * from_255(pixels) + cached.load(SHIPPED)[0]["noise"]
    else:
        states = _walked_picture(pixels.tobytes(), key or hashlib.sha256(pixels.tobytes()).hexdigest(), seed)
    return [Frame(t, x_t) for t, x_t in zip(KEPT, states, strict=True)]


@st.cache_data(max_entries=24, show_spinner="Walking 1,000 steps …")
def _walked_picture(_pixels: bytes, key: str, seed: int) -> np.ndarray:
    return walk_picture(from_255(np.frombuffer(_pixels, np.uint8).reshape(32, 32, 3)), seed)


def walk_picture(x0: np.ndarray, seed: int) -> np.ndarray:
    """x0 (H, W, 3) walked once through all T steps: its states at KEPT, (101, H, W, 3)."""
    import torch

    from diffusion_core.process import trajectory

    start = torch.from_numpy(x0).movedim(-1, 0)[None]  # (1, 3, H, W)
    steps = trajectory(start, SCHEDULE, torch.Generator().manual_seed(seed), times=set(KEPT))
    states = torch.cat([start, *(step.x_t for step in steps)])  # (101, 3, H, W)
    return states.movedim(1, -1).contiguous().numpy()


def outside(seed: int) -> float:
    """The share of a noised picture's values that lie outside 0 … 255 at t = T."""
    last = frames(scene_picture("turtle"), seed)[-1].x_t
    return float((np.abs(last) > 1).mean())


def half_way() -> int:
    """The first step after which noise outweighs the picture: ᾱ_t < ½."""
    return int(np.argmax(SCHEDULE.alpha_bars < 0.5))


def curve() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(t, signal rate, noise rate) at the kept steps, for the player's curve."""
    t = np.array(KEPT)
    return t, SCHEDULE.signal_rate(t), SCHEDULE.noise_rate(t)


def make_shipped() -> cached.Result:
    """Everything for the first paint, for `python -m lessons.precompute`.

    Three pixels, means and spreads are kept flat: flat arrays stay float32, and the page shows their decimals.
    """
    sticks, many = walk_stick(SHIPPED_SEED), walk_crowd(SHIPPED_SEED)
    arrays = {f"stick_{name}": array.ravel() for name, array in sticks._asdict().items()}
    arrays |= {"crowd_counts": many.counts, "crowd_mean": many.mean.ravel(), "crowd_spread": many.spread.ravel()}
    arrays["noise"] = walk_picture(np.zeros((32, 32, 3), np.float32), SHIPPED_SEED)
    return arrays, {"made": f"seed {SHIPPED_SEED}, linear schedule, {T:,} steps, {COPIES:,} copies"}
