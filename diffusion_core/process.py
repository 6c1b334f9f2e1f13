"""The forward process: from picture to noise, step by step or in one jump, and the three names of the noise.

A noise level is a pair of rates: x_t = signal_rate·x0 + noise_rate·eps. A rate is a float, or a tensor (B,)
with one value a row. Pictures are (B, C, H, W), points (B, D).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from diffusion_core.schedules import Schedule

Rate = float | Tensor


def per_row(rate: Rate, x: Tensor) -> Rate:
    """Shape one value a row so that it multiplies x: (B,) → (B, 1, …, 1). A float stays a float."""
    if not isinstance(rate, Tensor) or rate.ndim == 0:
        return rate
    return rate.to(x.dtype).reshape(-1, *[1] * (x.ndim - 1))


def rates_from_log_snr(log_snr: Tensor) -> tuple[Tensor, Tensor]:
    """signal_rate = √sigmoid(log_snr), noise_rate = √sigmoid(−log_snr); same shape as log_snr.

    With log_snr = log(ᾱ/(1 − ᾱ)), sigmoid gives ᾱ back; the second sigmoid gives 1 − ᾱ without subtracting.
    """
    return torch.sigmoid(log_snr).sqrt(), torch.sigmoid(-log_snr).sqrt()


# --- there: adding noise -----------------------------------------------------------------------------------


def forward_step(x_prev: Tensor, beta: float, eps: Tensor, shrink: bool = True) -> Tensor:
    """One step of the chain: x_t = √(1 − β)·x_{t−1} + √β·eps (DDPM eq. 2).

    shrink=False leaves out √(1 − β), as a lesson on mistakes does: the variance then grows without end.
    """
    kept = math.sqrt(1 - beta) if shrink else 1.0
    return kept * x_prev + math.sqrt(beta) * eps


def add_noise(x0: Tensor, alpha_bar: Rate, eps: Tensor) -> Tensor:
    """Jump from x0 straight to time t: x_t = √ᾱ_t·x0 + √(1 − ᾱ_t)·eps (DDPM eq. 4)."""
    return per_row(alpha_bar**0.5, x0) * x0 + per_row((1 - alpha_bar) ** 0.5, x0) * eps


class ChainStep(NamedTuple):
    """x_t after step t of the chain, and the fresh noise eps that this step mixed in."""

    t: int
    x_t: Tensor
    eps: Tensor


def trajectory(
    x0: Tensor, schedule: Schedule, generator: torch.Generator, times: Collection[int] | None = None
) -> Iterator[ChainStep]:
    """Walk the whole chain t = 1 … T with noise from one generator.

    times keeps only those steps; the walk still takes each one, so a seed has one path whatever is kept.
    """
    x_t = x0
    for t, beta in enumerate(schedule.betas.tolist(), start=1):
        eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
        x_t = forward_step(x_t, beta, eps)
        if times is None or t in times:
            yield ChainStep(t, x_t, eps)


# --- three names for one prediction: x0, eps, v ------------------------------------------------------------


def eps_from_x0(x_t: Tensor, x0: Tensor, signal_rate: Rate, noise_rate: Rate) -> Tensor:
    """eps = (x_t − signal_rate·x0)/noise_rate."""
    return (x_t - per_row(signal_rate, x_t) * x0) / per_row(noise_rate, x_t)


def x0_from_eps(x_t: Tensor, eps: Tensor, signal_rate: Rate, noise_rate: Rate) -> Tensor:
    """x0 = (x_t − noise_rate·eps)/signal_rate; ill-conditioned near pure noise, where v is not."""
    return (x_t - per_row(noise_rate, x_t) * eps) / per_row(signal_rate, x_t)


def v_from(x0: Tensor, eps: Tensor, signal_rate: Rate, noise_rate: Rate) -> Tensor:
    """v = √ᾱ·eps − √(1 − ᾱ)·x0 (Salimans & Ho 2022, arXiv 2202.00512, appendix D)."""
    return per_row(signal_rate, x0) * eps - per_row(noise_rate, x0) * x0


def x0_from_v(x_t: Tensor, v: Tensor, signal_rate: Rate, noise_rate: Rate) -> Tensor:
    """x0 = √ᾱ·x_t − √(1 − ᾱ)·v: (x_t, v) is (x0, eps) turned by an angle, so nothing is divided."""
    return per_row(signal_rate, x_t) * x_t - per_row(noise_rate, x_t) * v


def eps_from_v(x_t: Tensor, v: Tensor, signal_rate: Rate, noise_rate: Rate) -> Tensor:
    """eps = √(1 − ᾱ)·x_t + √ᾱ·v."""
    return per_row(noise_rate, x_t) * x_t + per_row(signal_rate, x_t) * v
