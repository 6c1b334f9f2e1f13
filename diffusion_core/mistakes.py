"""Two mistakes that are easy to make, each written out so that it can be run beside the right way.

The forward one leaves out √(1 − β); the reverse one leaves out the fresh noise. Neither belongs in SAMPLERS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from diffusion_core.denoiser import Prediction
from diffusion_core.process import ChainStep, forward_step
from diffusion_core.samplers import Previous
from diffusion_core.schedules import Level, Schedule


def ddpm_without_noise(
    x_t: Tensor, here: Level, there: Level, prediction: Prediction, previous: Previous | None, noise: Callable
) -> Tensor:
    """The mean of q(x_s | x_t, x0_hat) alone: DDPM eq. 7 without the σ·z of its algorithm 2.

    The mistake: x_s then varies less than pictures at s should, and each step adds to what is missing.
    Shaped like x_t.
    """
    kept = here.signal_rate / there.signal_rate  # √(1 − β)
    beta = 1 - kept**2
    shrink = (there.noise_rate / here.noise_rate) ** 2
    return there.signal_rate * beta / here.noise_rate**2 * prediction.x0_hat + kept * shrink * x_t


def chain(x0: Tensor, schedule: Schedule, generator: torch.Generator, shrink: bool = True) -> Iterator[ChainStep]:
    """Walk the forward chain t = 1 … T, with √(1 − β) or, shrink=False, by mistake without it.

    Then x_t = x0 + Σ√β·eps, so its variance is Var(x0) + Σβ: about 11 on the linear schedule, instead of 1.
    """
    x_t = x0
    for t, beta in enumerate(schedule.betas.tolist(), start=1):
        eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
        x_t = forward_step(x_t, beta, eps, shrink)
        yield ChainStep(t, x_t, eps)
