"""The drop in the beaker: Brownian motion between walls, its density and score, and the way back."""

from __future__ import annotations

import math

import numpy as np
import pytest

from diffusion_core.particles import (
    Drop,
    density,
    expected_spread,
    flow_step,
    forward_step,
    marginal,
    marginal_score,
    reflect,
    reverse_step,
    sample_drop,
    score,
    spread_of,
    variance_at,
    walk_back,
)

DROP = Drop(centre=(4.0, 7.4), spread=0.4, walls=(8.0, 9.0))
VAST = Drop(centre=(5e4, 5e4), spread=0.4, walls=(1e5, 1e5))  # no wall within reach
COUNT = 20_000


def spread_out(drop: Drop, grown: float, steps: int, rng: np.random.Generator, count: int = COUNT) -> np.ndarray:
    """Particles of the drop after their variance has grown by `grown`, in `steps` steps."""
    x = sample_drop(drop, count, rng)
    for _ in range(steps):
        x = forward_step(x, grown / steps, rng.standard_normal(x.shape), drop.walls)
    return x


def test_variance_of_free_particles_grows_as_2dt():
    rng = np.random.default_rng(0)
    for t in (1.0, 4.0):
        x = spread_out(VAST, 2 * 0.5 * t, 20, rng)
        expected = variance_at(VAST, 0.5, t)
        assert expected == pytest.approx(0.16 + t)
        # the variance of N draws is itself uncertain by √(2/N): five of these
        np.testing.assert_allclose(x.var(axis=0), expected, rtol=5 * math.sqrt(2 / COUNT))


def test_reflection_is_a_mirror_at_both_walls():
    x = np.array([[-1.0, 10.0], [17.0, -19.0], [3.0, 9.0], [8.0, 0.0]])
    np.testing.assert_allclose(reflect(x, (8.0, 9.0)), [[1, 8], [1, 1], [3, 9], [8, 0]])
    np.testing.assert_allclose(reflect(x + 16, (8.0, 8.0)), reflect(x, (8.0, 8.0)))


@pytest.mark.parametrize("variance", [0.16, 1.0, 6.0, 50.0])
def test_density_integrates_to_one_and_does_not_leak_through_the_walls(variance):
    x, dx = np.linspace(0, 9, 4001, retstep=True)
    p = marginal(x, 7.4, variance, 9.0)
    assert np.trapezoid(p, dx=dx) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(marginal_score(np.array([0.0, 9.0]), 7.4, variance, 9.0), 0, atol=1e-9)


@pytest.mark.parametrize("grown", [0.5, 6.0])
def test_density_matches_a_histogram_of_reflected_particles(grown):
    x = spread_out(DROP, grown, 200, np.random.default_rng(1))
    for axis, bins in ((0, 16), (1, 18)):
        counts, edges = np.histogram(x[:, axis], bins=bins, range=(0, DROP.walls[axis]))
        fine = np.linspace(0, DROP.walls[axis], bins * 50 + 1)
        p = marginal((fine[1:] + fine[:-1]) / 2, DROP.centre[axis], DROP.spread**2 + grown, DROP.walls[axis])
        share = p.reshape(bins, 50).mean(1) * (edges[1] - edges[0])
        sigma = np.sqrt(share * (1 - share) / COUNT)
        assert np.all(np.abs(counts / COUNT - share) < 5 * sigma + 2e-3)  # 2e-3: the walk takes finite steps


@pytest.mark.parametrize("variance", [0.16, 2.0, 30.0])
def test_sum_of_images_is_the_cosine_series(variance):
    """The other way to write reflected diffusion: 1/L·(1 + 2Σ cos(kπc/L)·cos(kπx/L)·exp(−σ²(kπ/L)²/2))."""
    x, k = np.linspace(0, 9, 50), np.arange(1, 400)[:, None]
    modes = np.cos(k * np.pi * 7.4 / 9) * np.cos(k * np.pi * x / 9) * np.exp(-variance * (k * np.pi / 9) ** 2 / 2)
    np.testing.assert_allclose(marginal(x, 7.4, variance, 9.0), (1 + 2 * modes.sum(0)) / 9, atol=1e-10)


@pytest.mark.parametrize("variance", [0.16, 3.0, 20.0])
def test_score_is_the_slope_of_the_log_density(variance):
    grid = np.stack(np.meshgrid(np.linspace(2.5, 5.5, 13), np.linspace(5.2, 8.8, 17)), -1)  # (17, 13, 2)
    h = 1e-5
    for axis in (0, 1):
        step = h * np.eye(2)[axis]
        slope = np.log(density(grid + step, DROP, variance) / density(grid - step, DROP, variance)) / (2 * h)
        np.testing.assert_allclose(score(grid, DROP, variance)[..., axis], slope, rtol=1e-5, atol=1e-6)


def test_score_far_from_a_tight_drop_is_still_a_number():
    s = score(np.array([[0.01, 0.01], [7.9, 0.01]]), Drop((4.0, 7.4), 0.05, (8.0, 9.0)), 0.05**2)
    assert np.all(np.isfinite(s)) and np.all(s[:, 1] > 0)


def test_steps_back_of_any_length_are_exact_far_from_walls():
    """One leap from σ² = 4 to the drop: mean and variance of the Gaussian come out right, with dice and without."""
    rng = np.random.default_rng(2)
    drop, before = VAST, VAST.spread**2
    x = np.asarray(drop.centre) + 2.0 * rng.standard_normal((COUNT, 2))
    for back in (reverse_step(x, drop, 4.0, before, rng.standard_normal(x.shape)), flow_step(x, drop, 4.0, before)):
        np.testing.assert_allclose(back.mean(0), drop.centre, atol=5 * drop.spread / math.sqrt(COUNT))
        np.testing.assert_allclose(back.var(0), before, rtol=5 * math.sqrt(2 / COUNT))


@pytest.mark.parametrize("dice", [True, False])
def test_the_score_brings_the_drop_back_and_blind_steps_do_not(dice):
    rng = np.random.default_rng(3)
    grown, steps = 6.0, 300
    x = spread_out(DROP, grown, steps, rng, count=4000)
    there = spread_of(x)
    variances = DROP.spread**2 + np.linspace(grown, 0, steps + 1)
    *_, home = walk_back(x, DROP, variances, rng if dice else None)
    fresh = spread_of(sample_drop(DROP, 4000, rng))
    assert there > 4 * fresh
    assert spread_of(home) == pytest.approx(fresh, rel=0.08)
    np.testing.assert_allclose(home.mean(0), DROP.centre, atol=0.06)
    for _ in range(steps):
        x = forward_step(x, grown / steps, rng.standard_normal(x.shape), DROP.walls)
    assert spread_of(x) > 1.03 * there


def test_the_drop_comes_back_but_no_particle_does():
    """Where a particle lay in the old drop says nothing about where it lies in the new one."""
    rng = np.random.default_rng(4)
    start = sample_drop(DROP, 4000, rng)
    x = start
    for _ in range(200):
        x = forward_step(x, 0.05, rng.standard_normal(x.shape), DROP.walls)
    *_, home = walk_back(x, DROP, DROP.spread**2 + np.linspace(10, 0, 201), rng)
    for axis in (0, 1):
        assert abs(np.corrcoef(start[:, axis], home[:, axis])[0, 1]) < 0.1


def test_expected_spread_runs_from_the_drop_to_an_even_beaker():
    assert expected_spread(Drop((4, 4.5), 0.4, (8, 9)), 0.16) == pytest.approx(math.sqrt(2) * 0.4, rel=1e-4)
    assert expected_spread(DROP, 1e3) == pytest.approx(math.sqrt((64 + 81) / 12), rel=1e-4)
    x = spread_out(DROP, 6.0, 200, np.random.default_rng(5))
    assert spread_of(x) == pytest.approx(expected_spread(DROP, 6.16), rel=0.02)


def test_a_drop_outside_the_water_is_refused():
    with pytest.raises(ValueError, match="move it inside"):
        Drop((9.0, 1.0), 0.4, (8.0, 9.0))
    with pytest.raises(ValueError, match="above 0"):
        Drop((4.0, 1.0), 0.0, (8.0, 9.0))
