"""Guidance: scale 0 and 1 are the two denoisers to the last bit; between and beyond is one line."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

from diffusion_core.denoiser import Prediction, exact_gaussian
from diffusion_core.guidance import cfg, cfg_one_pass
from diffusion_core.process import per_row, rates_from_log_snr, x0_from_eps

COND, UNCOND = exact_gaussian(0.5, 0.1), exact_gaussian(0.0, 0.7)
X = torch.randn(4, 3, 4, 4, generator=torch.Generator().manual_seed(0))
LOG_SNR = torch.tensor([-3.0, -1.0, 1.0, 3.0])


def both(x: Tensor, log_snr: Tensor) -> Prediction:
    """One network that answers with the prompt first, then without."""
    parts = COND(x, log_snr), UNCOND(x, log_snr)
    return Prediction(*(torch.cat([getattr(p, name) for p in parts]) for name in ("x0_hat", "eps_hat")))


def assert_same(a: Prediction, b: Prediction) -> None:
    assert torch.equal(a.x0_hat, b.x0_hat) and torch.equal(a.eps_hat, b.eps_hat)


@pytest.mark.parametrize("scale, expected", [(1.0, COND), (0.0, UNCOND)])
def test_scale_one_is_conditional_and_zero_unconditional(scale: float, expected) -> None:
    assert_same(cfg(COND, UNCOND, scale)(X, LOG_SNR), expected(X, LOG_SNR))
    assert_same(cfg(COND, UNCOND, torch.full((4,), scale))(X, LOG_SNR), expected(X, LOG_SNR))


def test_guided_noise_is_the_formula_and_the_picture_follows_from_it() -> None:
    guided, cond, uncond = (d(X, LOG_SNR) for d in (cfg(COND, UNCOND, 3.0), COND, UNCOND))
    assert_close(guided.eps_hat, uncond.eps_hat + 3 * (cond.eps_hat - uncond.eps_hat))
    rates = rates_from_log_snr(LOG_SNR)
    assert_close(guided.x0_hat, x0_from_eps(X, guided.eps_hat, *rates), rtol=1e-4, atol=1e-5)
    signal_rate, noise_rate = (per_row(rate, X) for rate in rates)
    assert_close(signal_rate * guided.x0_hat + noise_rate * guided.eps_hat, X, rtol=0, atol=2e-6)


def test_guiding_a_denoiser_with_itself_changes_nothing() -> None:
    assert_close(cfg(COND, COND, 7.5)(X, LOG_SNR).eps_hat, COND(X, LOG_SNR).eps_hat)


def test_each_row_has_its_own_scale() -> None:
    scales = [0.0, 1.0, 3.0, 8.0]
    together = cfg(COND, UNCOND, torch.tensor(scales))(X, LOG_SNR)
    for row, scale in enumerate(scales):
        alone = cfg(COND, UNCOND, scale)(X[row : row + 1], LOG_SNR[row : row + 1])
        assert_close(alone.eps_hat, together[row : row + 1].eps_hat)


def test_one_pass_equals_two() -> None:
    for scale in (0.0, 3.0, torch.tensor([0.0, 1.0, 3.0, 8.0])):
        assert_same(cfg_one_pass(both, scale)(X, LOG_SNR), cfg(COND, UNCOND, scale)(X, LOG_SNR))


@pytest.mark.parametrize("scale", [3.0, torch.tensor([3.0, 3.0, 3.0, 3.0])])
def test_interval_guides_inside_and_follows_the_prompt_outside(scale: float | Tensor) -> None:
    part, full, cond = (
        d(X, LOG_SNR)
        for d in (cfg(COND, UNCOND, scale, interval=(-2.0, 2.0)), cfg(COND, UNCOND, scale), COND)
    )
    assert_close(part.eps_hat[1:3], full.eps_hat[1:3])
    assert torch.equal(part.eps_hat[[0, 3]], cond.eps_hat[[0, 3]])
