"""Schedules: what every one of them promises, and what each is by its source."""

from __future__ import annotations

import json
import math
from dataclasses import asdict

import numpy as np
import pytest
import torch

from diffusion_core.schedules import LOG_SNR_MAX, LOG_SNR_MIN, SCHEDULES, Schedule

KINDS = list(SCHEDULES)


@pytest.mark.parametrize("zero_terminal_snr", [False, True])
@pytest.mark.parametrize("T", [2, 3, 10, 100, 1000, 4000])
@pytest.mark.parametrize("kind", KINDS)
def test_picture_only_ever_fades(kind: str, T: int, zero_terminal_snr: bool) -> None:
    schedule = Schedule(kind, T, zero_terminal_snr=zero_terminal_snr)
    betas, alpha_bars = schedule.betas, schedule.alpha_bars
    assert betas.shape == (T,) and alpha_bars.shape == (T + 1,) and alpha_bars[0] == 1
    assert np.all(betas > 0) and np.all(betas <= 1)
    assert np.all(np.diff(alpha_bars) < 0) and alpha_bars[-1] >= 0
    np.testing.assert_allclose(alpha_bars[1:], alpha_bars[:-1] * (1 - betas), rtol=1e-12)
    t = np.arange(T + 1)
    np.testing.assert_allclose(schedule.signal_rate(t) ** 2 + schedule.noise_rate(t) ** 2, 1, rtol=1e-12)
    assert np.all(np.isfinite(schedule.log_snr(t))) and np.all(np.diff(schedule.log_snr(t)) <= 0)


@pytest.mark.parametrize("T", [50, 200, 1000, 4000])
@pytest.mark.parametrize("kind", KINDS)
def test_trained_range_holds_every_offered_level(kind: str, T: int) -> None:
    levels = Schedule(kind, T).log_snr(np.arange(1, T + 1))
    assert levels.min() >= LOG_SNR_MIN and levels.max() <= LOG_SNR_MAX


@pytest.mark.parametrize("kind", ["linear", "scaled_linear", "custom"])
def test_rescaled_chain_ends_where_the_long_one_does(kind: str) -> None:
    ends = [Schedule(kind, T).log_snr(T) for T in (500, 1000, 2000, 4000)]
    np.testing.assert_allclose(ends, ends[1], rtol=0.02)
    short = Schedule(kind, 100, rescale=False)
    assert short.alpha_bar(100) > 0.3  # unscaled, a tenth of the steps leaves most of the picture


def test_linear_and_scaled_linear_are_straight_in_beta_and_in_its_root() -> None:
    linear, scaled = Schedule("linear").betas, Schedule("scaled_linear").betas
    np.testing.assert_allclose(np.diff(linear, 2), 0, atol=1e-15)
    np.testing.assert_allclose(np.diff(np.sqrt(scaled), 2), 0, atol=1e-15)
    for betas in (linear, scaled):
        np.testing.assert_allclose(betas[[0, -1]], [1e-4, 0.02])


def test_cosine_follows_its_formula_until_the_cap() -> None:
    schedule = Schedule("cosine", 1000)
    f = [math.cos((t / 1000 + 0.008) / 1.008 * math.pi / 2) ** 2 for t in range(1000)]
    np.testing.assert_allclose(schedule.alpha_bars[:-1], np.array(f) / f[0], rtol=1e-9)
    assert schedule.betas[-1] == 0.999


def test_sigmoid_forgets_half_at_half_time() -> None:
    schedule = Schedule("sigmoid", 1000)
    assert schedule.alpha_bar(500) == pytest.approx(0.5)
    t = np.arange(1, 1000)  # the curve looks the same upside down
    np.testing.assert_allclose(schedule.alpha_bar(t) + schedule.alpha_bar(1000 - t), 1, rtol=1e-9)


def test_custom_bends_and_is_linear_at_curve_one() -> None:
    np.testing.assert_allclose(Schedule("custom").betas, Schedule("linear").betas)
    half = [Schedule("custom", curve=curve).alpha_bar(500) for curve in (0.3, 1.0, 3.0)]
    assert half == sorted(half)  # a higher curve forgets later


def test_zero_terminal_snr_leaves_nothing_and_keeps_the_start() -> None:
    plain, zero = Schedule("scaled_linear"), Schedule("scaled_linear", zero_terminal_snr=True)
    assert zero.alpha_bar(1000) == 0 and zero.snr(1000) == 0 and math.isfinite(zero.log_snr(1000))
    assert zero.level(1000) == (0, 1) and zero.level(1000).log_snr == -math.inf
    assert zero.alpha_bar(1) == pytest.approx(plain.alpha_bar(1), rel=1e-12)
    assert plain.snr(0) == math.inf and math.isfinite(plain.log_snr(0))


def test_answers_come_in_the_kind_of_the_question() -> None:
    schedule = Schedule()
    t = [0, 3, 1000]
    expected = [schedule.alpha_bar(i) for i in t]
    assert isinstance(expected[0], float) and isinstance(schedule.log_snr(np.int64(3)), float)
    np.testing.assert_array_equal(schedule.alpha_bar(np.array(t)), expected)
    torch.testing.assert_close(
        schedule.alpha_bar(torch.tensor([t])), torch.tensor([expected], dtype=torch.float64)
    )
    assert schedule.alpha_bar(torch.tensor(3)).shape == ()


@pytest.mark.parametrize("T", [2, 7, 50, 1000, 4000])
def test_times_run_from_T_to_0_evenly_and_distinctly(T: int) -> None:
    for steps in {1, 2, min(7, T), T // 2, T - 1, T}:
        times = Schedule(T=T).times(steps)
        assert len(times) == steps + 1 and times[0] == T and times[-1] == 0
        gaps = -np.diff(times)
        assert gaps.min() >= 1 and gaps.max() - gaps.min() <= 1


def test_schedule_is_a_plain_record() -> None:
    schedule = Schedule("custom", 500, curve=2.0)
    assert Schedule(**asdict(schedule)) == schedule == Schedule(**json.loads(json.dumps(asdict(schedule))))
    assert len({schedule, Schedule("custom", 500, curve=2.0)}) == 1
    with pytest.raises(ValueError, match="read-only"):
        schedule.betas[0] = 1


@pytest.mark.parametrize(
    "wrong, says",
    [
        ({"kind": "cubic"}, "choose one of linear"),
        ({"T": 1}, "from 2 to 4000"),
        ({"T": 4001}, "from 2 to 4000"),
        ({"T": 10.5}, "whole number"),
        ({"beta_start": 0.0}, "β must satisfy"),
        ({"beta_start": 0.03}, "β must satisfy"),
        ({"beta_end": 1.0}, "β must satisfy"),
        ({"beta_end": math.nan}, "β must satisfy"),
        ({"curve": 0.0}, "curve must be"),
        ({"kind": "linear", "T": 4000, "beta_end": 0.9, "rescale": False}, "forget too much"),
    ],
)
def test_wrong_values_get_one_sentence(wrong: dict, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Schedule(**wrong)


def test_wrong_times_get_one_sentence() -> None:
    schedule = Schedule(T=10)
    for t in (-1, 11, 2.5, np.array([0, 11])):
        with pytest.raises(ValueError, match="from 0 to T = 10"):
            schedule.alpha_bar(t)
    for steps in (0, 11):
        with pytest.raises(ValueError, match="steps must be from 1 to T = 10"):
            schedule.times(steps)
