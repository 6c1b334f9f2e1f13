"""How fast to forget: a schedule says how much of the picture is left at each time t.

t runs from 0 (the picture itself) to T (noise). Step t mixes in a share beta_t of fresh noise, and the share
of the picture that is left after it is alpha_bar_t = (1 − β_1)·…·(1 − β_t) (DDPM, arXiv 2006.11239, eq. 4).
This file needs NumPy alone, so a page can draw its curves before torch is loaded.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

# The noise levels that the networks are trained on. With the default β every kind stays inside for every T
# from 50 to 4,000: log-SNR falls from 11.5 (cosine, T = 4,000, t = 1) to −22.6 (the same, t = T). The room
# above serves β start down to 10⁻⁵. Beyond either end a network is told the end.
LOG_SNR_MIN, LOG_SNR_MAX = -24.0, 14.0

# log-SNR is +∞ at t = 0, and −∞ at T with zero terminal SNR. Formulas need a number: at ±40 the smaller of
# the two rates is 2·10⁻⁹, below what float32 can add to 1, and still not zero.
LOG_SNR_FINITE = 40.0

MIN_BETA = 1e-6  # less would drown in rounding
MAX_BETA = 0.999  # as in Nichol & Dhariwal 2021: a step that keeps nothing could not be undone
T_MIN, T_MAX = 2, 4000


class Level(NamedTuple):
    """One noise level: x_t = signal_rate·x0 + noise_rate·eps, with signal_rate² + noise_rate² = 1."""

    signal_rate: float
    noise_rate: float

    @property
    def log_snr(self) -> float:
        """log(signal_rate²/noise_rate²): +∞ for a clean picture, −∞ for pure noise."""
        if 0 in self:
            return math.inf if self.noise_rate == 0 else -math.inf
        return 2 * math.log(self.signal_rate / self.noise_rate)


@dataclass(frozen=True)
class Schedule:
    """A schedule as a plain record; equal records share their arrays.

    kind: a name in SCHEDULES. T: number of steps. beta_start, beta_end: β_1 and β_T at T = 1,000, for the
    kinds given by β. curve: the bend of "custom". rescale: multiply β by 1000/T, so that the chain ends as
    noisy. zero_terminal_snr: shift the curve so that nothing of the picture is left at T.
    Raises ValueError for a value out of range.
    """

    kind: str = "cosine"
    T: int = 1000
    beta_start: float = 1e-4
    beta_end: float = 0.02
    curve: float = 1.0
    rescale: bool = True
    zero_terminal_snr: bool = False

    def __post_init__(self) -> None:
        if self.kind not in SCHEDULES:
            raise ValueError(f"no schedule is called {self.kind!r}; choose one of {', '.join(SCHEDULES)}")
        if not isinstance(self.T, int) or not T_MIN <= self.T <= T_MAX:
            raise ValueError(f"T must be a whole number from {T_MIN} to {T_MAX}, not {self.T}")
        if not MIN_BETA <= self.beta_start <= self.beta_end <= MAX_BETA:
            given = f"{self.beta_start} and {self.beta_end}"
            raise ValueError(f"β must satisfy {MIN_BETA} ≤ start ≤ end ≤ {MAX_BETA}, not {given}")
        if not 0 < self.curve <= 20:
            raise ValueError(f"curve must be above 0 and at most 20, not {self.curve}")
        if self.alpha_bars[-2] < 1e-280:  # ᾱ would reach 0 before T, and from there no step leads back
            raise ValueError(f"{self.T} steps with β up to {self.beta_end} forget too much; lower β end or T")

    @property
    def betas(self) -> np.ndarray:
        """β_1 … β_T, shape (T,), float64, read-only."""
        return _arrays(self)[0]

    @property
    def alpha_bars(self) -> np.ndarray:
        """ᾱ_0 = 1, ᾱ_1 … ᾱ_T, shape (T + 1,), float64, read-only."""
        return _arrays(self)[1]

    # Each of these takes t as an int, or as an array or tensor of integers from 0 to T, and answers in kind:
    # a float, or float64 of the same shape.

    def alpha_bar(self, t: Any) -> Any:
        """ᾱ_t, the share of the picture in the variance of x_t."""
        return self._at(t, np.positive)

    def signal_rate(self, t: Any) -> Any:
        """√ᾱ_t, the picture's share of x_t."""
        return self._at(t, np.sqrt)

    def noise_rate(self, t: Any) -> Any:
        """√(1 − ᾱ_t), the noise's share of x_t."""
        return self._at(t, lambda alpha_bar: np.sqrt(1 - alpha_bar))

    def snr(self, t: Any) -> Any:
        """ᾱ_t/(1 − ᾱ_t), signal to noise; infinite at t = 0."""
        return self._at(t, _snr)

    def log_snr(self, t: Any) -> Any:
        """log(ᾱ_t/(1 − ᾱ_t)), kept within ±LOG_SNR_FINITE so that it is always a number."""
        return self._at(t, _finite_log_snr)

    def level(self, t: int) -> Level:
        """Both rates at time t, as float64."""
        alpha_bar = self.alpha_bar(t)
        return Level(math.sqrt(alpha_bar), math.sqrt(1 - alpha_bar))

    def times(self, steps: int, start: int | None = None) -> tuple[int, ...]:
        """steps + 1 descending times, from `start` (T, unless it is given) to 0, equally far apart up to rounding.

        From T this is "trailing" spacing (Lin et al. 2023, arXiv 2305.08891, table 2): it always visits T, where the
        noise that a run starts from belongs.
        """
        first, name = (self.T, "T") if start is None else (start, "the start")
        if not 1 <= first <= self.T:
            raise ValueError(f"a run starts between t = 1 and T = {self.T}, not at {first}")
        if not 1 <= steps <= first:
            raise ValueError(f"steps must be from 1 to {name} = {first}, not {steps}")
        return tuple(round(first * left / steps) for left in range(steps, -1, -1))

    def _at(self, t: Any, formula: Callable[[np.ndarray], np.ndarray]) -> Any:
        index = np.asarray(t.cpu() if hasattr(t, "cpu") else t)
        if not np.issubdtype(index.dtype, np.integer) or np.any((index < 0) | (index > self.T)):
            raise ValueError(f"t must be a whole number from 0 to T = {self.T}, not {t}")
        values = formula(self.alpha_bars[index])
        if hasattr(t, "cpu"):
            import torch  # a tensor came in, so torch is loaded already

            return torch.from_numpy(np.asarray(values)).to(t.device)
        return values if index.ndim else float(values)


def linear(schedule: Schedule) -> np.ndarray:
    """β grows in a straight line (DDPM, Ho et al. 2020, section 4)."""
    return _rescaled(np.linspace(schedule.beta_start, schedule.beta_end, schedule.T), schedule)


def scaled_linear(schedule: Schedule) -> np.ndarray:
    """√β grows in a straight line (latent diffusion and Stable Diffusion, Rombach et al. 2022)."""
    roots = np.linspace(math.sqrt(schedule.beta_start), math.sqrt(schedule.beta_end), schedule.T)
    return _rescaled(roots**2, schedule)


def custom(schedule: Schedule) -> np.ndarray:
    """β = start + (end − start)·u^curve, with u from 0 to 1: linear at curve 1, late at 3, early at ⅓."""
    u = np.linspace(0, 1, schedule.T)
    span = schedule.beta_end - schedule.beta_start
    return _rescaled(schedule.beta_start + span * u**schedule.curve, schedule)


def cosine(schedule: Schedule) -> np.ndarray:
    """ᾱ = f(u)/f(0), f(u) = cos²((u + 0.008)/1.008 · π/2) (Nichol & Dhariwal, arXiv 2102.09672, eq. 17)."""
    u = np.linspace(0, 1, schedule.T + 1)
    return _betas_between(np.cos((u + 0.008) / 1.008 * math.pi / 2) ** 2)


def sigmoid(schedule: Schedule) -> np.ndarray:
    """ᾱ = sigmoid(3 … −3), stretched to run from 1 to 0 (Jabri et al. 2022, arXiv 2212.11972)."""
    u = np.linspace(-3, 3, schedule.T + 1)
    falling = 1 / (1 + np.exp(u))
    return _betas_between((falling - falling[-1]) / (falling[0] - falling[-1]))


SCHEDULES: dict[str, Callable[[Schedule], np.ndarray]] = {
    "linear": linear,
    "scaled_linear": scaled_linear,
    "cosine": cosine,
    "sigmoid": sigmoid,
    "custom": custom,
}


def _rescaled(betas: np.ndarray, schedule: Schedule) -> np.ndarray:
    """β·1000/T: fewer steps must each forget more. Σβ, and with it ᾱ_T ≈ exp(−Σβ), stays where it was."""
    return betas * (1000 / schedule.T if schedule.rescale else 1.0)


def _betas_between(alpha_bars: np.ndarray) -> np.ndarray:
    """β_t = 1 − ᾱ_t/ᾱ_{t−1}."""
    return 1 - alpha_bars[1:] / alpha_bars[:-1]


def _with_zero_terminal_snr(betas: np.ndarray) -> np.ndarray:
    """Shift and stretch √ᾱ so that it ends at 0 and starts where it did (Lin et al. 2023, algorithm 1)."""
    root = np.sqrt(np.cumprod(1 - betas))
    root = (root - root[-1]) * (root[0] / (root[0] - root[-1]))
    return _betas_between(np.concatenate([[1.0], root**2]))


@lru_cache(maxsize=64)
def _arrays(schedule: Schedule) -> tuple[np.ndarray, np.ndarray]:
    """(β, ᾱ) of a schedule."""
    betas = np.minimum(SCHEDULES[schedule.kind](schedule), MAX_BETA)
    if schedule.zero_terminal_snr:
        betas = _with_zero_terminal_snr(betas)
    alpha_bars = np.concatenate([[1.0], np.cumprod(1 - betas)])
    for array in (betas, alpha_bars):
        array.setflags(write=False)  # shared by all equal schedules
    return betas, alpha_bars


def _snr(alpha_bar: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return alpha_bar / (1 - alpha_bar)


def _finite_log_snr(alpha_bar: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.clip(np.log(_snr(alpha_bar)), -LOG_SNR_FINITE, LOG_SNR_FINITE)
