"""Classifier-free guidance: a denoiser that wraps two others and exaggerates what the prompt changes."""

from __future__ import annotations

import torch
from torch import Tensor

from diffusion_core.denoiser import Denoiser, Prediction
from diffusion_core.process import per_row

Interval = tuple[float, float]  # log-SNR from, to


def combine(cond: Prediction, uncond: Prediction, guidance_scale: float | Tensor) -> Prediction:
    """eps_hat = eps_uncond + scale·(eps_cond − eps_uncond) (Ho & Salimans 2022, arXiv 2207.12598, eq. 6).

    Their weight is w = scale − 1. x_t = √ᾱ·x0_hat + √(1 − ᾱ)·eps_hat holds for both predictions, so the same
    line through both x0_hat keeps it true of the result. guidance_scale: one for all, or (B,).
    """
    scale = per_row(guidance_scale, cond.x0_hat)
    # lerp is the line above, written so that scale 0 and scale 1 give back their end to the last bit
    return Prediction(
        torch.lerp(uncond.x0_hat, cond.x0_hat, scale), torch.lerp(uncond.eps_hat, cond.eps_hat, scale)
    )


def cfg(
    cond: Denoiser, uncond: Denoiser, scale: float | Tensor, interval: Interval | None = None
) -> Denoiser:
    """Guide with two denoisers. Scale 1 is cond, 0 is uncond, above 1 goes past cond.

    interval guides only between two log-SNRs and follows cond outside (Kynkäänniemi et al. 2024,
    arXiv 2404.07724). A negative prompt is an uncond that was given that prompt.
    """

    def denoise(x: Tensor, log_snr: Tensor) -> Prediction:
        return combine(cond(x, log_snr), uncond(x, log_snr), scale_within(scale, log_snr, interval))

    return denoise


def cfg_one_pass(denoise_both: Denoiser, scale: float | Tensor, interval: Interval | None = None) -> Denoiser:
    """cfg in one call: denoise_both answers B pictures with 2B rows, first with the prompt, then without."""

    def denoise(x: Tensor, log_snr: Tensor) -> Prediction:
        both = denoise_both(x, log_snr)  # (2B, …)
        return combine(both[: len(x)], both[len(x) :], scale_within(scale, log_snr, interval))

    return denoise


def scale_within(scale: float | Tensor, log_snr: Tensor, interval: Interval | None) -> float | Tensor:
    """The scale of each row: as given inside the interval, 1 outside; unchanged without an interval."""
    if interval is None:
        return scale
    low, high = interval
    inside = (low <= log_snr) & (log_snr <= high)
    return torch.where(inside, scale, torch.ones_like(log_snr))
