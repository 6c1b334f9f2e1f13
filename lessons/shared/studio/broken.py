"""Six ways to break it: what is run for each, with the fault and without, and what came of it in numbers.

Both runs of a pair share words, noise and weights; one thing differs. Importing this needs no torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from diffusion_core.schedules import Schedule
from lessons.shared.player import Frame
from lessons.shared.studio import runs
from lessons.shared.studio.outcomes import SHADES, apart

FAULTS = {"few": "Too few steps", "short": "T too small", "never": "Never noise",
          "grow": "No shrinking", "bare": "No fresh noise", "loud": "Guidance 20"}  # fmt: skip
SEEDS = {"bare": 3}  # pictures side by side, where only several show the fault
LINEAR = Schedule("linear")
STEPS, DDPM_STEPS, SCALE = 20, 50, 3.0
WITHOUT_NOISE = "ddpm_without_noise"
STATIC, FAINT = 1.5, 0.6  # ratios of fine detail: from here it is static, up to here hardly any is left
SOFT, DULL, SAME = 0.88, 0.9, 8.0  # ratios of sharpness and of contrast; shades between two pictures that are alike
LIMIT, HARD = 0.95, 0.15  # a value this far out is at its limit; the share of them from which colours are hard
ALIKE = 0.75  # the seeds differ by less than this share of what they should


@dataclass(frozen=True)
class Asked:
    """A fault and what it is tried on. `strength` is the number the fault turns; faults without one ignore it."""

    fault: str
    words: tuple[str, ...]
    seed: int
    strength: float = 0.0


@dataclass(frozen=True)
class Side:
    """One run of a pair. `chain`: it starts from a drawing walked into noise, "shrunk" or by mistake "grown"."""

    seeds: tuple[int, ...]
    schedule: Schedule = LINEAR
    steps: int = STEPS
    sampler: str = "dpmpp_2m"
    scale: float = SCALE
    chain: str = ""

    def describe(self) -> str:
        """What made the picture, for its badge."""
        named = "ddpm" if self.sampler == WITHOUT_NOISE else self.sampler
        request = runs.Request((), self.seeds, self.steps, named, self.scale, self.schedule)
        said = runs.describe(request)
        if self.sampler == WITHOUT_NOISE:
            said = said.replace("DDPM", "DDPM without fresh noise", 1)
        return f"{said} · from a noised drawing" if self.chain else said


@dataclass(frozen=True)
class Pair:
    """Both runs so far, with the fault and without: frames of the first picture, and all finished pictures."""

    asked: Asked
    prompt: str  # as it was typed
    badge: str  # live or cached
    frames: tuple[list[Frame], list[Frame]]
    ends: tuple[np.ndarray | None, np.ndarray | None]  # (pictures, H, W, 3), once finished
    right: tuple[tuple[int, int], tuple[int, int]] | None = None  # judge: right, of how many; None: not asked yet

    @property
    def done(self) -> bool:
        return all(end is not None for end in self.ends)


@dataclass(frozen=True)
class Numbers:
    """A pair in numbers: of the picture with the fault first, then of the one without."""

    detail: tuple[float, float]  # shades between a pixel and the average of its neighbours
    contrast: tuple[float, float]  # spread of the values, in shades
    limits: tuple[float, float]  # share of values at or beyond the ends of their range
    variance: tuple[float, float]  # of the picture that the run starts from
    spread: tuple[float, float]  # shades between the pictures of different seeds; 0 with one seed
    apart: float  # shades between the two

    @property
    def sharpness(self) -> tuple[float, float]:
        """Fine detail as a share of contrast: edges that a stronger contrast does not bring."""
        one, other = (d / max(c, 1e-6) for d, c in zip(self.detail, self.contrast, strict=True))
        return one, other


def sides(asked: Asked) -> tuple[Side, Side]:
    """The run with the fault, and the run without it."""
    mended = Side(tuple(range(asked.seed, asked.seed + SEEDS.get(asked.fault, 1))))
    strength = asked.strength
    if asked.fault == "few":
        return replace(mended, steps=int(strength)), mended
    if asked.fault == "short":
        T = int(strength)
        return replace(mended, schedule=Schedule("linear", T=T, rescale=False), steps=min(STEPS, T)), mended
    if asked.fault == "never":
        return replace(mended, schedule=Schedule("linear", beta_end=strength)), mended
    if asked.fault == "grow":
        return replace(mended, chain="grown"), replace(mended, chain="shrunk")
    if asked.fault == "bare":
        mended = replace(mended, sampler="ddpm", steps=DDPM_STEPS)
        return replace(mended, sampler=WITHOUT_NOISE), mended
    if asked.fault == "loud":
        return replace(mended, scale=strength), mended
    raise ValueError(f"no fault is called {asked.fault!r}; choose one of {', '.join(FAULTS)}")


def measure(pair: Pair) -> Numbers:
    """The numbers of a finished pair."""
    ends = pair.ends
    return Numbers(
        detail=_both(detail, ends),
        contrast=_both(lambda end: float(np.clip(end, -1, 1).std(axis=(1, 2, 3)).mean() * SHADES), ends),
        limits=_both(lambda end: float((np.abs(end) >= LIMIT).mean()), ends),
        variance=tuple(float(frames[0].x_t.var()) for frames in pair.frames),
        spread=_both(spread, ends),
        apart=apart(ends[0], ends[1]),
    )


def kind(fault: str, n: Numbers) -> str:
    """What the faulty pictures turned out to be beside the others; a name in the lesson's words."""
    sharper, paler = n.detail[0] / max(n.detail[1], 1e-6), n.contrast[0] / max(n.contrast[1], 1e-6)
    if fault == "loud" and n.limits[0] > max(HARD, 2 * n.limits[1]):
        return "hard"
    if sharper > STATIC:
        return "static"
    if fault == "bare":
        return "one" if n.spread[0] < ALIKE * n.spread[1] else "varied"
    if n.apart < SAME:
        return "same"
    if n.sharpness[0] < SOFT * n.sharpness[1] or sharper < FAINT:
        return "soft"
    return "dull" if paler < DULL else "other"


def detail(pictures: np.ndarray) -> float:
    """How far a pixel lies from the mean of its four neighbours, on average, in shades: edges, or static."""
    x = np.clip(pictures, -1, 1)
    around = (x[:, :-2, 1:-1] + x[:, 2:, 1:-1] + x[:, 1:-1, :-2] + x[:, 1:-1, 2:]) / 4
    return float(np.abs(x[:, 1:-1, 1:-1] - around).mean() * SHADES)


def spread(pictures: np.ndarray) -> float:
    """Mean difference between two of the pictures, in shades."""
    pairs = [(i, j) for i in range(len(pictures)) for j in range(i)]
    return float(np.mean([apart(pictures[i], pictures[j]) for i, j in pairs])) if pairs else 0.0


def variances(schedule: Schedule = LINEAR, start: float = 0.3) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """t, and the variance of x_t at each t: Var(x0) + Σβ without the factor, Var(x0)·ᾱ + 1 − ᾱ with it."""
    t = np.arange(schedule.T + 1)
    grown = start + np.concatenate([[0.0], np.cumsum(schedule.betas)])
    alpha_bar = schedule.alpha_bar(t)
    return t, {"without √(1−β)": grown, "with √(1−β)": start * alpha_bar + 1 - alpha_bar}


def _both(of, ends: Sequence[np.ndarray]) -> tuple[float, float]:
    return of(ends[0]), of(ends[1])
