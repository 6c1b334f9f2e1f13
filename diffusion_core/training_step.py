"""One training step, taken apart: noise some pictures, ask for the noise, measure the mistake, make it smaller.

Training repeats this with other pictures, other noise and other noise levels; `training.fit` is the same step in
a loop that saves itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from diffusion_core.denoiser import Prediction
from diffusion_core.process import add_noise, rates_from_log_snr, v_from


@dataclass(frozen=True)
class Batch:
    """Training examples, one a row: pictures (B, 3, H, W), the noise for each, and each one's noise level (B,)."""

    x0: Tensor
    eps: Tensor
    log_snr: Tensor

    @property
    def x_t(self) -> Tensor:
        """What the network sees: x_t = √ᾱ_t·x0 + √(1 − ᾱ_t)·eps (DDPM eq. 4), (B, 3, H, W)."""
        return add_noise(self.x0, torch.sigmoid(self.log_snr), self.eps)

    @property
    def v(self) -> Tensor:
        """What the network should answer: v = √ᾱ·eps − √(1 − ᾱ)·x0 (Salimans & Ho 2022), (B, 3, H, W)."""
        return v_from(self.x0, self.eps, *rates_from_log_snr(self.log_snr))


def squared_errors(batch: Batch, answer: Prediction) -> tuple[Tensor, Tensor]:
    """(eps_hat − eps)² and (x0_hat − x0)², each (B, 3, H, W).

    Their sum is (v̂ − v)²: a wrong v̂ is split into ᾱ parts of wrong noise and 1 − ᾱ parts of wrong picture.
    """
    return (answer.eps_hat - batch.eps).square(), (answer.x0_hat - batch.x0).square()


def training_step(
    predict_v: Callable[[Tensor, Tensor], Tensor], optimiser: torch.optim.Optimizer, batch: Batch
) -> float:
    """One step of the optimiser against the mean of |v̂ − v|²; returns that mean as it was before the step.

    predict_v: (x_t, log_snr) → v̂. The target is all the noise between x0 and x_t, not a last bit of it.
    """
    v_hat = predict_v(batch.x_t, batch.log_snr)
    loss = (v_hat - batch.v).square().mean()
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
    return loss.item()
