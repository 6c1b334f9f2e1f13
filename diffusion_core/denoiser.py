"""What a denoiser is: a function (x, log_snr) → Prediction, and three of them.

Samplers, guidance and lessons see only this. A trained network, the exact answer for a Gaussian and the exact
answer for a finite set of pictures are interchangeable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from diffusion_core.process import eps_from_v, eps_from_x0, per_row, rates_from_log_snr, x0_from_v
from diffusion_core.schedules import LOG_SNR_MAX, LOG_SNR_MIN


@dataclass(frozen=True)
class Prediction:
    """A guess at what x_t is made of, signal_rate·x0_hat + noise_rate·eps_hat; both shaped like x_t."""

    x0_hat: Tensor
    eps_hat: Tensor

    def __getitem__(self, rows: slice | Tensor) -> Prediction:
        """The prediction for some rows of the batch."""
        return Prediction(self.x0_hat[rows], self.eps_hat[rows])


# (x: (B, C, H, W) or (B, D), log_snr: (B,)) → Prediction, each row at its own noise level
Denoiser = Callable[[Tensor, Tensor], Prediction]


def from_v_network(network: Callable[[Tensor, Tensor], Tensor]) -> Denoiser:
    """A denoiser from a network (x, log_snr) → v.

    The network is told a level within the range it was trained on; the rates that turn v into a clean picture
    and noise are those of the level asked for.
    """

    def denoise(x: Tensor, log_snr: Tensor) -> Prediction:
        v = network(x, log_snr.to(x.dtype).clamp(LOG_SNR_MIN, LOG_SNR_MAX)).to(x.dtype)
        rates = rates_from_log_snr(log_snr)
        return Prediction(x0_from_v(x, v, *rates), eps_from_v(x, v, *rates))

    return denoise


def exact_gaussian(mean: float | Tensor, std: float | Tensor) -> Denoiser:
    """The best possible denoiser when x0 ~ N(mean, std²), each value by itself.

    x0_hat = E[x0 | x_t] = mean + √ᾱ·std²·r and eps_hat = √(1 − ᾱ)·r, with
    r = (x_t − √ᾱ·mean)/(ᾱ·std² + 1 − ᾱ) (Bishop 2006, eq. 2.116).
    """

    def denoise(x: Tensor, log_snr: Tensor) -> Prediction:
        signal_rate, noise_rate = (per_row(rate, x) for rate in rates_from_log_snr(log_snr))
        residual = (x - signal_rate * mean) / (signal_rate**2 * std**2 + noise_rate**2)
        return Prediction(mean + signal_rate * std**2 * residual, noise_rate * residual)

    return denoise


class ExactDataset:
    """The best possible denoiser when x0 is one of N known pictures, each as likely as the others.

    x0_hat is their average, weighted by how likely each is to have become x_t. It can only ever give back
    pictures that it holds.
    """

    def __init__(self, pictures: Tensor) -> None:
        """pictures: (N, C, H, W) or (N, D)."""
        flat = pictures.reshape(len(pictures), -1)  # (N, D)
        # Weights depend on differences between pictures; about their mean the numbers stay small.
        self.mean = flat.mean(0)
        self.offsets = flat - self.mean
        self.squares = self.offsets.square().sum(1)  # (N,)

    def __call__(self, x: Tensor, log_snr: Tensor) -> Prediction:
        x0_hat = (self.mean + self.posterior(x, log_snr) @ self.offsets).reshape(x.shape)
        return Prediction(x0_hat, eps_from_x0(x, x0_hat, *rates_from_log_snr(log_snr)))

    def posterior(self, x: Tensor, log_snr: Tensor) -> Tensor:
        """How probable each picture is, (B, N): p(n | x_t) ∝ exp(−‖x_t − √ᾱ·x0_n‖²/(2·(1 − ᾱ))).

        The square is multiplied out, so that a batch costs one matrix product. ‖x_t‖² is the same for every
        picture and falls out; softmax subtracts the largest exponent, so nothing overflows.
        """
        signal_rate, noise_rate = rates_from_log_snr(log_snr.to(x.dtype)[:, None])  # (B, 1)
        centred = x.reshape(len(x), -1) - signal_rate * self.mean  # (B, D)
        agreement = centred @ self.offsets.T - signal_rate * self.squares / 2  # (B, N)
        return torch.softmax(agreement * signal_rate / noise_rate**2, dim=1)


def exact_dataset(pictures: Tensor) -> ExactDataset:
    """The exact denoiser for a finite data set, pictures (N, C, H, W) or (N, D)."""
    if len(pictures) == 0:
        raise ValueError("an exact data-set denoiser needs at least one picture")
    return ExactDataset(pictures)
