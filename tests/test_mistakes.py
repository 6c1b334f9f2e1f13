"""Mistakes on purpose: what each costs is known exactly, and the right way beside it costs nothing."""

from __future__ import annotations

import pytest
import torch
from torch.testing import assert_close

from diffusion_core.denoiser import exact_gaussian
from diffusion_core.mistakes import chain, ddpm_without_noise
from diffusion_core.process import trajectory
from diffusion_core.samplers import SAMPLERS, ddpm, sample
from diffusion_core.schedules import Schedule

STD = 0.5


@pytest.mark.parametrize("start", [0.0, 1.0])
def test_without_shrinking_the_variance_is_the_start_plus_the_sum_of_beta(start: float) -> None:
    schedule, rng = Schedule("linear"), torch.Generator().manual_seed(0)
    x0 = start * torch.randn(20_000, 1, generator=rng)
    *_, last = chain(x0, schedule, rng, shrink=False)
    assert float(last.x_t.var()) == pytest.approx(start + schedule.betas.sum(), rel=0.03)
    assert schedule.betas.sum() + 1 == pytest.approx(11.05, abs=0.01)  # "about 11" on the default schedule


def test_with_shrinking_a_variance_of_one_stays_one_and_the_chain_is_the_forward_process() -> None:
    schedule, x0 = Schedule("linear", T=200), torch.randn(20_000, 1, generator=torch.Generator().manual_seed(1))
    *_, mine = chain(x0, schedule, torch.Generator().manual_seed(2))
    *_, theirs = trajectory(x0, schedule, torch.Generator().manual_seed(2))
    assert_close(mine.x_t, theirs.x_t, rtol=0, atol=0)
    assert float(mine.x_t.var()) == pytest.approx(1.0, rel=0.03)


def test_without_fresh_noise_results_vary_far_less_than_the_data() -> None:
    """With the exact denoiser DDPM ends in N(0.3, STD²); without its noise nearly all ends at the mean."""
    schedule, mean = Schedule("cosine", T=400), 0.3
    x_T = torch.randn(20_000, 1, generator=torch.Generator().manual_seed(0))
    ends = {}
    for sampler in (ddpm, ddpm_without_noise):
        rng = torch.Generator().manual_seed(1)
        *_, last = sample(exact_gaussian(mean, STD), sampler, x_T, schedule, schedule.times(400), rng)
        ends[sampler] = last.x_t
        assert float(last.x_t.mean()) == pytest.approx(mean, abs=0.02)
    assert float(ends[ddpm].std()) == pytest.approx(STD, rel=0.03)
    assert float(ends[ddpm_without_noise].std()) < 0.2 * STD


def test_the_mistake_is_the_mean_of_the_right_step() -> None:
    schedule, x_t = Schedule(), torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(3))
    here, there = schedule.level(600), schedule.level(550)
    prediction = exact_gaussian(0.0, STD)(x_t, torch.full((2,), here.log_snr))
    silent = ddpm(x_t, here, there, prediction, None, lambda: torch.zeros_like(x_t))
    assert_close(ddpm_without_noise(x_t, here, there, prediction, None, torch.zeros), silent)


def test_no_widget_offers_it() -> None:
    assert ddpm_without_noise not in SAMPLERS.values()
