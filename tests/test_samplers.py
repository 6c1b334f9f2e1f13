"""Samplers: known end points, known orders, known distributions, and runs that never see each other."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

from diffusion_core.denoiser import Denoiser, exact_dataset, exact_gaussian
from diffusion_core.samplers import (
    SAMPLERS,
    Run,
    Sampler,
    ddim,
    ddpm,
    dpmpp_2m,
    drive,
    initial_noise,
    sample,
    sampler_named,
)
from diffusion_core.schedules import SCHEDULES, Level, Schedule

STD = 0.5
GAUSSIAN = exact_gaussian(0.0, STD)
SHAPE = (3, 8, 8)


def level_at(log_snr: float) -> Level:
    return Level(math.sqrt(1 / (1 + math.exp(-log_snr))), math.sqrt(1 / (1 + math.exp(log_snr))))


def spread(level: Level) -> float:
    """Standard deviation of x_t when x0 ~ N(0, STD²). Along the exact ODE, x_t/spread stays the same."""
    return math.sqrt((level.signal_rate * STD) ** 2 + level.noise_rate**2)


def no_noise() -> Tensor:
    raise AssertionError("this sampler must not draw noise")


def error_on_grid(sampler: Sampler, steps: int) -> float:
    """Distance to the exact end point after steps equal steps in log-SNR, from −8 to 8, in float64."""
    levels = [level_at(-8 + 16 * i / steps) for i in range(steps + 1)]
    x, previous = torch.ones(1, 1, dtype=torch.float64), None
    for here, there in pairwise(levels):
        prediction = GAUSSIAN(x, torch.tensor([here.log_snr], dtype=torch.float64))
        x, previous = sampler(x, here, there, prediction, previous, no_noise), (here, prediction)
    return abs(x.item() - spread(levels[-1]) / spread(levels[0]))


@pytest.mark.parametrize("sampler, order", [(ddim, 1), (dpmpp_2m, 2)])
def test_order_of_convergence(sampler: Sampler, order: int) -> None:
    errors = [error_on_grid(sampler, steps) for steps in (40, 80, 160, 320, 640)]
    orders = [math.log2(coarse / fine) for coarse, fine in pairwise(errors)]
    assert orders == pytest.approx([order] * 4, abs=0.3) and orders[-1] == pytest.approx(order, abs=0.05)


@pytest.mark.parametrize("kind", SCHEDULES)
@pytest.mark.parametrize("sampler, tolerance", [(ddim, 0.02), (dpmpp_2m, 0.002)])
def test_ode_ends_at_the_known_point(sampler: Sampler, tolerance: float, kind: str) -> None:
    """x_0 = x_T·s/√(ᾱ_T·s² + 1 − ᾱ_T), with all 1,000 steps of a schedule."""
    schedule, x_T = Schedule(kind), torch.linspace(-3, 3, 7)[:, None]
    *_, last = sample(GAUSSIAN, sampler, x_T, schedule, schedule.times(1000), torch.Generator())
    assert_close(last.x_t, x_T * STD / spread(schedule.level(1000)), rtol=0, atol=tolerance)


@pytest.mark.parametrize("sampler", [ddpm, sampler_named("ddim", eta=0.5)])
def test_fresh_noise_ends_in_the_known_distribution(sampler: Sampler) -> None:
    schedule, n, mean = Schedule("cosine", T=400), 20_000, 0.3
    rng = torch.Generator().manual_seed(0)
    x_T = torch.randn(n, 1, generator=rng)
    *_, last = sample(exact_gaussian(mean, STD), sampler, x_T, schedule, schedule.times(400), rng)
    x0 = last.x_t.double()
    assert x0.mean().item() == pytest.approx(mean, abs=5 * STD / math.sqrt(n))
    assert x0.std().item() == pytest.approx(STD, rel=0.02)
    assert ((x0 - mean) / STD).pow(4).mean().item() == pytest.approx(
        3, abs=0.15
    )  # a bell, not only its width


def test_two_known_pictures_come_out_equally_often() -> None:
    schedule, pictures = Schedule(), torch.tensor([[1.0, 0.0], [-0.5, 0.8]])
    rng = torch.Generator().manual_seed(1)
    *_, last = sample(
        exact_dataset(pictures), ddpm, torch.randn(4000, 2, generator=rng), schedule, schedule.times(100), rng
    )
    distance = torch.cdist(last.x_t, pictures)
    assert distance.min(1).values.max() < 1e-3
    assert distance.argmin(1).double().mean().item() == pytest.approx(0.5, abs=5 * 0.5 / math.sqrt(4000))


@pytest.mark.parametrize("log_snrs", [(-6.0, -5.0), (-2.0, 1.0), (3.0, 9.0)])
def test_ddpm_is_ddim_with_eta_one(log_snrs: tuple[float, float]) -> None:
    here, there = map(level_at, log_snrs)
    x, z = torch.randn(2, 5, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    prediction = GAUSSIAN(x, torch.full((5,), here.log_snr, dtype=torch.float64))
    expected = ddpm(x, here, there, prediction, None, lambda: z)
    assert_close(ddim(x, here, there, prediction, None, lambda: z, eta=1.0), expected)


def test_first_step_of_2m_is_ddim() -> None:
    here, there, x = level_at(-2), level_at(1), torch.ones(1, 4, dtype=torch.float64)
    prediction = GAUSSIAN(x, torch.tensor([-2.0], dtype=torch.float64))
    both = [s(x, here, there, prediction, None, no_noise) for s in (ddim, dpmpp_2m)]
    assert_close(*both)


@pytest.mark.parametrize("kind", SCHEDULES)
@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("steps", [1, 2, 7])
def test_zero_terminal_snr_starts_and_ends_in_numbers(name: str, kind: str, steps: int) -> None:
    schedule = Schedule(kind, zero_terminal_snr=True)
    run = Run.start(schedule, schedule.times(steps), sampler_named(name), [0, 1], SHAPE)
    records = list(drive(exact_gaussian(0.3, 0.1), run))
    assert all(torch.isfinite(getattr(r, n)).all() for r in records for n in ("x_t", "x0_hat", "eps_hat"))
    # where nothing is left of the picture, the best guess is the average picture
    assert_close(records[0].x0_hat, torch.full((2, *SHAPE), 0.3))
    assert records[-1].x_t.mean().item() == pytest.approx(0.3, abs=0.1)


@pytest.mark.parametrize("name", SAMPLERS)
def test_records_tell_the_whole_run(name: str) -> None:
    schedule, seeds = Schedule(T=100), [4, 5]
    times = (100, 60, 59, 7, 0)  # any subset of times
    records = list(drive(GAUSSIAN, Run.start(schedule, times, SAMPLERS[name], seeds, SHAPE)))
    assert [r.index for r in records] == [0, 1, 2, 3, 4]
    assert [(r.t, r.t_next) for r in records] == [(100, 60), (60, 59), (59, 7), (7, 0), (0, 0)]
    assert torch.equal(records[0].x_t, initial_noise(seeds, SHAPE))
    assert torch.equal(records[-1].x_t, records[-1].x0_hat) and not records[-1].eps_hat.any()
    for r in records[:-1]:  # the prediction in a record is the one for its own x_t
        expected = GAUSSIAN(r.x_t, torch.full((2,), schedule.log_snr(r.t)))
        assert torch.equal(r.x0_hat, expected.x0_hat) and torch.equal(r.eps_hat, expected.eps_hat)
    assert all(r.x_t.dtype == torch.float32 for r in records)


@pytest.mark.parametrize("name", SAMPLERS)
def test_every_sampler_ends_on_the_last_predicted_picture(name: str) -> None:
    run = Run.start(Schedule(), Schedule().times(5), SAMPLERS[name], [0], SHAPE)
    *_, before, last = drive(GAUSSIAN, run)
    assert_close(last.x_t, before.x0_hat)


@pytest.mark.parametrize("name", SAMPLERS)
def test_extreme_schedules_still_give_numbers(name: str) -> None:
    """A slow start, a violent end, every step: no rate is rounded to a 0 that something divides by."""
    for schedule in (
        Schedule("linear", 1000, 1e-6, 0.5, rescale=False),
        Schedule("custom", 4000, 1e-6, 1e-6, rescale=False),
        Schedule("custom", 10, 0.02, 0.02, curve=20),
        Schedule("scaled_linear", 2),
    ):
        run = Run.start(schedule, schedule.times(schedule.T), SAMPLERS[name], [0], (1, 2, 2))
        assert torch.isfinite(finish(run)).all()


def finish(run: Run, denoise: Denoiser = GAUSSIAN) -> Tensor:
    *_, last = drive(denoise, run)
    return last.x_t


def make(name: str, seeds: list[int], kind: str = "cosine", steps: int = 9) -> Run:
    schedule = Schedule(kind)
    return Run.start(schedule, schedule.times(steps), sampler_named(name, eta=0.7), seeds, SHAPE)


@pytest.mark.parametrize("name", SAMPLERS)
def test_same_seed_same_picture_whatever_runs_beside_it(name: str) -> None:
    """Two runs advanced in turn while others draw noise end where each ends alone, to the last bit."""
    alone = finish(make(name, [3])), finish(make("ddpm", [8], "linear", 5))
    runs = [make(name, [3]), make("ddpm", [8], "linear", 5)]
    while not all(run.done for run in runs):
        torch.randn(7)
        runs = [run if run.done else run.advance(GAUSSIAN(*run.needs()))[0] for run in runs]
    assert all(torch.equal(run.x_t, picture) for run, picture in zip(runs, alone, strict=True))


@pytest.mark.parametrize("name", SAMPLERS)
def test_picture_of_a_batch_equals_the_picture_alone(name: str) -> None:
    batch = finish(make(name, [10, 11, 12]))
    for row, seed in enumerate([10, 11, 12]):
        assert torch.equal(batch[row], finish(make(name, [seed]))[0])
    assert not torch.equal(batch[0], batch[1])


def test_runs_of_different_kinds_share_one_batch() -> None:
    """What an engine does: one call of the denoiser for all rows, each at its own level."""
    runs = [make("ddim", [1, 2]), make("dpmpp_2m", [3], "linear"), make("ddpm", [4], "sigmoid")]
    alone = [finish(run) for run in (make("ddim", [1, 2]), make("dpmpp_2m", [3], "linear"))]
    while not runs[0].done:
        x, log_snr = (torch.cat(parts) for parts in zip(*(run.needs() for run in runs), strict=True))
        together, row = GAUSSIAN(x, log_snr), 0
        for i, run in enumerate(runs):
            rows = slice(row, row + len(run.x_t))
            runs[i], row = run.advance(together[rows])[0], rows.stop
    assert torch.equal(runs[0].x_t, alone[0]) and torch.equal(runs[1].x_t, alone[1])


def test_advance_leaves_the_run_it_came_from() -> None:
    run = make("dpmpp_2m", [0])
    x_T, prediction = run.x_t.clone(), GAUSSIAN(*run.needs())
    later = run.advance(prediction)[0]
    assert run.index == 0 and torch.equal(run.x_t, x_T) and later.index == 1
    assert torch.equal(run.advance(prediction)[0].x_t, later.x_t)


def test_a_run_may_start_from_a_picture_halfway() -> None:
    schedule, x_t = Schedule(), torch.full((1, *SHAPE), 0.4)
    run = Run.start(schedule, (500, 250, 0), ddim, [0], SHAPE, x_T=x_t)
    assert torch.equal(run.x_t, x_t) and run.needs()[1].tolist() == pytest.approx([schedule.log_snr(500)])


@pytest.mark.parametrize(
    "attempt, says",
    [
        (lambda: sampler_named("euler"), "choose one of ddpm, ddim, dpmpp_2m"),
        (lambda: sampler_named("ddim", eta=1.5), "eta must be from 0 to 1"),
        (lambda: Run.start(Schedule(), (1000, 500), ddim, [0], SHAPE), "must descend to 0"),
        (lambda: Run.start(Schedule(), (500, 500, 0), ddim, [0], SHAPE), "must descend to 0"),
        (lambda: Run.start(Schedule(), (0,), ddim, [0], SHAPE), "must descend to 0"),
        (lambda: Run.start(Schedule(), (9, 0), ddim, [0, 1], SHAPE, torch.zeros(3, *SHAPE)), "generators"),
        (lambda: list(drive(GAUSSIAN, Run.start(Schedule(T=9), (10, 0), ddim, [0], SHAPE))), "0 to T = 9"),
    ],
)
def test_wrong_values_get_one_sentence(attempt: Callable, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        attempt()


def test_finished_run_does_not_go_on() -> None:
    run = make("ddim", [0], steps=1)
    prediction = GAUSSIAN(*run.needs())
    with pytest.raises(ValueError, match="finished"):
        run.advance(prediction)[0].advance(prediction)
