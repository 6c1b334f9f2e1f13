"""A drop of dye in a beaker: Brownian motion between walls, its exact density, its score, and the way back.

This is a variance-exploding process: dx = √(d[σ²]/dt)·dw with σ²(t) = spread² + 2Dt (Song et al. 2021, "Score-
Based Generative Modeling through Stochastic Differential Equations", arXiv 2011.13456, eq. 9). Positions are in
centimetres, x to the right and y up from the bottom; `variance` stands for σ²(t), in cm². NumPy alone.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

REACH = 7.0  # an image further than 7σ weighs less than 3·10⁻¹¹ of one at hand


@dataclass(frozen=True)
class Drop:
    """A round drop, a bell curve of standard deviation `spread` about `centre`, in water of size `walls`."""

    centre: tuple[float, float]
    spread: float
    walls: tuple[float, float]  # width, height

    def __post_init__(self) -> None:
        if not all(0 <= c <= wall for c, wall in zip(self.centre, self.walls, strict=True)):
            raise ValueError(f"the drop's centre {self.centre} lies outside the water {self.walls}: move it inside")
        if not self.spread > 0:
            raise ValueError(f"the drop's spread must be above 0, not {self.spread}")


def variance_at(drop: Drop, diffusivity: float, t: float | np.ndarray) -> float | np.ndarray:
    """σ²(t) = spread² + 2Dt along each axis (Einstein 1905, Ann. Phys. 322:549); D in cm²/s, t in s."""
    return drop.spread**2 + 2 * diffusivity * t


def reflect(x: np.ndarray, walls: Sequence[float]) -> np.ndarray:
    """Fold positions (N, 2) back into the water, as mirrors at 0 and at each wall would."""
    wall = np.asarray(walls)
    return wall - np.abs(wall - np.mod(x, 2 * wall))


def sample_drop(drop: Drop, count: int, rng: np.random.Generator) -> np.ndarray:
    """`count` particles of the fresh drop, shape (count, 2)."""
    eps = rng.standard_normal((count, 2))
    return reflect(np.asarray(drop.centre) + drop.spread * eps, drop.walls)


def forward_step(x: np.ndarray, grown: float, eps: np.ndarray, walls: Sequence[float]) -> np.ndarray:
    """One Brownian step between walls: x_t = x_s + √(σ²_t − σ²_s)·eps, reflected (Song et al. 2021, eq. 8).

    `grown` = σ²_t − σ²_s. Backwards in time *without* knowledge is this very step: −eps is as likely as eps.
    """
    return reflect(x + math.sqrt(grown) * eps, walls)


def image_count(variance: float, wall: float) -> int:
    """How many n to sum on either side: the first image left out lies 2nL or more from any x between the walls."""
    return math.ceil(REACH * math.sqrt(variance) / (2 * wall))


def marginal(x: np.ndarray, centre: float, variance: float, wall: float) -> np.ndarray:
    """Density along one axis, in 1/cm: p(x) = Σₙ N(x; 2nL + c, σ²) + N(x; 2nL − c, σ²), L = `wall`.

    A wall acts as a mirror: each image of the drop spreads as if there were no wall (method of images;
    Chandrasekhar 1943, Rev. Mod. Phys. 15:1, chapter I, sections 2 and 5).
    """
    away = _away(x, centre, variance, wall)  # (..., images)
    return np.exp(-(away**2) / (2 * variance)).sum(-1) / math.sqrt(2 * math.pi * variance)


def marginal_score(x: np.ndarray, centre: float, variance: float, wall: float) -> np.ndarray:
    """d log p/dx along one axis, in 1/cm: the images pull with −(x − image)/σ², each by its share of p(x)."""
    away = _away(x, centre, variance, wall)  # (..., images)
    exponent = -(away**2) / (2 * variance)
    share = np.exp(exponent - exponent.max(-1, keepdims=True))  # shifted: far from a tight drop p(x) underflows
    return -(share * away).sum(-1) / share.sum(-1) / variance


def density(x: np.ndarray, drop: Drop, variance: float) -> np.ndarray:
    """p(x) at positions (..., 2), in 1/cm²: the axes spread independently, so it is a product."""
    return np.prod([marginal(x[..., i], drop.centre[i], variance, drop.walls[i]) for i in (0, 1)], axis=0)


def score(x: np.ndarray, drop: Drop, variance: float) -> np.ndarray:
    """∇ log p(x) at positions (..., 2), in 1/cm: the arrow towards where the dye is denser."""
    axes = [marginal_score(x[..., i], drop.centre[i], variance, drop.walls[i]) for i in (0, 1)]
    return np.stack(axes, axis=-1)


def reverse_step(x: np.ndarray, drop: Drop, variance: float, before: float, eps: np.ndarray) -> np.ndarray:
    """One step back in time, from σ²_t = `variance` to σ²_s = `before`, with the score:

    x_s = x_t + (σ²_t − σ²_s)·∇log p_t(x_t) + √(σ²_s(σ²_t − σ²_s)/σ²_t)·eps, reflected (ancestral sampling, Song
    et al. 2021, appendix F). For small steps this is dx = −g²·∇log p·dt + g·dw̄ (Anderson 1982, "Reverse-time
    diffusion equation models", Stoch. Proc. Appl. 12:313; Song et al. eq. 6). Far from walls it is exact at any step.
    """
    shrunk = variance - before
    drift = shrunk * score(x, drop, variance)
    return reflect(x + drift + math.sqrt(before * shrunk / variance) * eps, drop.walls)


def flow_step(x: np.ndarray, drop: Drop, variance: float, before: float) -> np.ndarray:
    """The same way back without dice: x_s = x_t + (σ²_t − σ_t·σ_s)·∇log p_t(x_t), reflected.

    For small steps the factor is ½(σ²_t − σ²_s): the probability flow dx = −½g²·∇log p·dt (Song et al. eq. 13).
    """
    drift = (variance - math.sqrt(variance * before)) * score(x, drop, variance)
    return reflect(x + drift, drop.walls)


def walk_back(
    x: np.ndarray, drop: Drop, variances: Sequence[float], rng: np.random.Generator | None
) -> Iterator[np.ndarray]:
    """Positions after each step back along falling `variances`; without `rng`, along the probability flow."""
    for variance, before in itertools.pairwise(variances):
        if rng is None:
            x = flow_step(x, drop, variance, before)
        else:
            x = reverse_step(x, drop, variance, before, rng.standard_normal(x.shape))
        yield x


def spread_of(x: np.ndarray) -> float:
    """How far particles (N, 2) lie from their middle: the root of their mean square distance, in cm."""
    return float(np.sqrt(x.var(axis=0).sum()))


def expected_spread(drop: Drop, variance: float, points: int = 400) -> float:
    """The spread of the exact density: √(2σ²) for a tight drop, at last √((W² + H²)/12) for an even one."""
    return math.sqrt(sum(_axis_variance(drop.centre[i], variance, drop.walls[i], points) for i in (0, 1)))


def _axis_variance(centre: float, variance: float, wall: float, points: int) -> float:
    """Variance along one axis, by the midpoint rule over the water."""
    x = (np.arange(points) + 0.5) * wall / points
    share = marginal(x, centre, variance, wall) * wall / points
    mean = share @ x
    return float(share @ (x - mean) ** 2)


def _away(x: np.ndarray, centre: float, variance: float, wall: float) -> np.ndarray:
    """x minus each image of the centre, at 2nL + c and 2nL − c: shape (..., 4·count + 2)."""
    count = image_count(variance, wall)
    mirrors = 2 * wall * np.arange(-count, count + 1)
    return np.asarray(x)[..., None] - np.concatenate([mirrors + centre, mirrors - centre])
