"""The forward process: chain and jump are one distribution; x0, eps and v are one thing in three words."""

from __future__ import annotations

import math

import pytest
import torch
from torch.testing import assert_close

from diffusion_core.process import (
    add_noise,
    eps_from_v,
    eps_from_x0,
    forward_step,
    per_row,
    rates_from_log_snr,
    trajectory,
    v_from,
    x0_from_eps,
    x0_from_v,
)
from diffusion_core.schedules import SCHEDULES, Schedule


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("kind", SCHEDULES)
def test_chain_equals_jump_in_distribution(kind: str) -> None:
    """After t single steps: mean √ᾱ_t·x0, variance 1 − ᾱ_t, as one jump has (DDPM eq. 4)."""
    schedule, n = Schedule(kind, T=200), 20_000
    x0 = torch.full((n,), 0.8, dtype=torch.float64)
    for t, x_t, _ in trajectory(x0, schedule, generator(), times=(10, 100, 200)):
        mean, variance = 0.8 * schedule.signal_rate(t), 1 - schedule.alpha_bar(t)
        # five standard errors of a mean and of a variance over n draws
        assert abs(x_t.mean() - mean) < 5 * math.sqrt(variance / n)
        assert abs(x_t.var() - variance) < 5 * variance * math.sqrt(2 / n)


def test_jump_has_its_mean_and_variance_exactly() -> None:
    """With eps = ±1 in equal parts, sample mean and variance are the formula's: nothing is left to luck."""
    schedule = Schedule()
    for t in (1, 300, 1000):
        x_t = add_noise(torch.tensor([0.8, 0.8]).double(), schedule.alpha_bar(t), torch.tensor([-1.0, 1.0]))
        assert_close(x_t.mean().item(), 0.8 * schedule.signal_rate(t))
        assert_close(x_t.var(correction=0).item(), 1 - schedule.alpha_bar(t))


def test_trajectory_is_the_steps_it_says() -> None:
    schedule, x0 = Schedule(T=50), torch.linspace(-1, 1, 12).reshape(1, 3, 2, 2)
    steps = list(trajectory(x0, schedule, generator(3)))
    assert [step.t for step in steps] == list(range(1, 51))
    before = x0
    for t, x_t, eps in steps:
        assert_close(x_t, forward_step(before, schedule.betas[t - 1], eps), rtol=0, atol=0)
        before = x_t
    kept = list(trajectory(x0, schedule, generator(3), times={7, 50}))
    assert [step.t for step in kept] == [7, 50]
    assert torch.equal(kept[1].x_t, steps[-1].x_t)


def test_stick_figure_takes_the_step_in_the_story() -> None:
    """Red (255, 0, 0) becomes (253, 2, 0) by one true step at β = 10⁻⁴."""
    red = torch.tensor([255.0, 0.0, 0.0]) / 127.5 - 1
    x1 = forward_step(red, 1e-4, torch.tensor([-1.569, 1.569, 0.0]))
    assert ((x1 + 1) * 127.5).round().int().tolist() == [253, 2, 0]


def test_without_shrinking_the_variance_grows() -> None:
    """Var = 1 + Σβ: 11 on the default linear schedule; with √(1 − β) unit variance stays 1."""
    shrunk = grown = torch.randn(20_000, generator=generator(), dtype=torch.float64)
    fresh = generator(1)
    for beta in Schedule("linear", T=100).betas.tolist():
        eps = torch.randn(20_000, generator=fresh, dtype=torch.float64)
        shrunk, grown = forward_step(shrunk, beta, eps), forward_step(grown, beta, eps, shrink=False)
    assert shrunk.var() == pytest.approx(1, rel=0.05)
    assert grown.var() == pytest.approx(1 + Schedule("linear", T=100).betas.sum(), rel=0.05)
    assert 1 + Schedule("linear").betas.sum() == pytest.approx(11.05)


def test_three_names_say_the_same_thing_and_rows_keep_their_own_level() -> None:
    log_snr = torch.tensor([-24.0, -3.0, 0.0, 5.0, 14.0], dtype=torch.float64)
    x0, eps = torch.randn(2, 5, 3, 4, 4, generator=generator(), dtype=torch.float64)
    rates = rates_from_log_snr(log_snr)
    x_t = add_noise(x0, torch.sigmoid(log_snr), eps)
    assert_close(x_t, per_row(rates[0], x0) * x0 + per_row(rates[1], x0) * eps)
    v = v_from(x0, eps, *rates)
    assert_close(x0_from_v(x_t, v, *rates), x0)
    assert_close(eps_from_v(x_t, v, *rates), eps)
    assert_close(eps_from_x0(x_t, x0, *rates), eps)
    assert_close(x0_from_eps(x_t, eps, *rates), x0)
    one = v_from(x0[1:2], eps[1:2], rates[0][1].item(), rates[1][1].item())
    assert_close(one, v[1:2])


def test_rates_are_those_of_the_schedule() -> None:
    schedule, t = Schedule("linear"), torch.arange(1, 1001)
    signal_rate, noise_rate = rates_from_log_snr(schedule.log_snr(t))
    assert_close(signal_rate, schedule.signal_rate(t))
    assert_close(noise_rate, schedule.noise_rate(t))


def test_rates_in_float32_keep_the_small_one() -> None:
    """1 − sigmoid(14) would have one digit left in float32; sigmoid(−14) has all of them."""
    signal_rate, noise_rate = rates_from_log_snr(torch.tensor([14.0, -40.0]))
    assert_close(noise_rate[0].item(), 1 / math.sqrt(1 + math.exp(14)), rtol=1e-6, atol=0)
    assert_close(signal_rate[1].item(), 1 / math.sqrt(1 + math.exp(40)), rtol=1e-6, atol=0)


def test_float32_stays_float32() -> None:
    x0, eps = torch.zeros(2, 1, 3, 4, 4)
    level = Schedule().alpha_bar(torch.tensor([500]))  # float64, one a row
    assert add_noise(x0, level, eps).dtype == forward_step(x0, 0.1, eps).dtype == torch.float32
