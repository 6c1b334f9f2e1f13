"""The same numbers as diffusers: its schedules, its DDIM and its DPM-Solver++(2M), on one denoiser.

Both sides are given v, which stays regular where noise prediction would divide by √ᾱ.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from diffusion_core.denoiser import exact_gaussian
from diffusion_core.process import rates_from_log_snr, v_from
from diffusion_core.samplers import ddim, dpmpp_2m, sample
from diffusion_core.schedules import Schedule

diffusers = pytest.importorskip("diffusers", reason="diffusers is in requirements-dev.txt")

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # theirs

NAMES = {"linear": "linear", "scaled_linear": "scaled_linear", "cosine": "squaredcos_cap_v2"}
COMMON = {"prediction_type": "v_prediction", "timestep_spacing": "trailing"}
DENOISE = exact_gaussian(0.2, 0.5)
X_T = torch.randn(64, 3, generator=torch.Generator().manual_seed(0))


def ddim_scheduler(kind: str):
    return diffusers.DDIMScheduler(**COMMON, beta_schedule=NAMES[kind], clip_sample=False)


def dpm_scheduler(kind: str):
    return diffusers.DPMSolverMultistepScheduler(
        **COMMON,
        beta_schedule=NAMES[kind],
        algorithm_type="dpmsolver++",
        solver_order=2,
        solver_type="midpoint",
    )


def their_pictures(scheduler, schedule: Schedule, steps: int) -> torch.Tensor:
    scheduler.set_timesteps(steps)
    x = X_T
    for t in scheduler.timesteps:
        log_snr = torch.full((len(x),), schedule.log_snr(int(t) + 1))  # their 0 is our step 1
        prediction = DENOISE(x, log_snr)
        v = v_from(prediction.x0_hat, prediction.eps_hat, *rates_from_log_snr(log_snr))
        x = scheduler.step(v, t, x).prev_sample
    return x


@pytest.mark.parametrize("steps", [5, 10, 20, 50])
@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("sampler, scheduler", [(ddim, ddim_scheduler), (dpmpp_2m, dpm_scheduler)])
def test_sampler_parity(sampler, scheduler, kind: str, steps: int) -> None:
    schedule = Schedule(kind)
    *_, last = sample(DENOISE, sampler, X_T, schedule, schedule.times(steps), torch.Generator())
    assert_close(last.x_t, their_pictures(scheduler(kind), schedule, steps), rtol=0, atol=2e-5)


@pytest.mark.parametrize("kind", NAMES)
def test_schedule_parity(kind: str) -> None:
    theirs = ddim_scheduler(kind)
    np.testing.assert_allclose(Schedule(kind).betas, theirs.betas.double(), rtol=1e-4)
    np.testing.assert_allclose(Schedule(kind).alpha_bars[1:], theirs.alphas_cumprod.double(), atol=2e-6)


@pytest.mark.parametrize("kind", ["linear", "scaled_linear"])
def test_zero_terminal_snr_parity(kind: str) -> None:
    theirs = diffusers.DDIMScheduler(beta_schedule=NAMES[kind], rescale_betas_zero_snr=True)
    ours = Schedule(kind, zero_terminal_snr=True)
    np.testing.assert_allclose(ours.alpha_bars[1:], theirs.alphas_cumprod.double(), atol=2e-6)


@pytest.mark.parametrize("steps", [1, 5, 7, 30, 64, 250, 999, 1000])
def test_trailing_times_parity(steps: int) -> None:
    scheduler = ddim_scheduler("linear")
    scheduler.set_timesteps(steps)
    assert [t - 1 for t in Schedule().times(steps)[:-1]] == scheduler.timesteps.tolist()
