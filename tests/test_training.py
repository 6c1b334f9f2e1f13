"""Training: noise levels, the loss and its target, resuming, and the record in the weights file."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from diffusion_core.checkpoints import load_weights, save_weights
from diffusion_core.denoiser import exact_gaussian
from diffusion_core.nn.unet import UNetConfig
from diffusion_core.process import rates_from_log_snr, v_from
from diffusion_core.schedules import LOG_SNR_MAX, LOG_SNR_MIN
from diffusion_core.shipped import ShippedFileError
from diffusion_core.training import (
    WEIGHTINGS,
    DivergedError,
    FitSettings,
    Pulse,
    TrainState,
    fit,
    learning_rate_at,
    sample_log_snr,
    v_loss,
)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_noise_levels_follow_the_cosine_density_and_its_ends():
    levels = sample_log_snr(200_000, generator())
    assert levels.min() >= LOG_SNR_MIN and levels.max() <= LOG_SNR_MAX
    for level in (-6.0, -2.0, 0.0, 3.0):  # P(log_snr > level) = 2/π·atan(e^{−level/2}), but for the cut ends
        expected = 2 / math.pi * math.atan(math.exp(-level / 2))
        assert (levels > level).float().mean().item() == pytest.approx(expected, abs=2e-3)


def test_every_batch_sees_all_levels():
    levels = sample_log_snr(64, generator())
    assert (levels.diff() < 0).all()  # one draw in each slice, in order


def test_exact_denoiser_beats_its_neighbours():
    """The loss is least at the true posterior mean: shrink or stretch it, and the loss grows."""
    x0 = torch.randn(4096, 3, 2, 2, generator=generator(1)) * 0.5

    def loss(factor: float) -> float:
        def predict_v(x, log_snr):
            exact = exact_gaussian(0.0, 0.5)(x, log_snr)
            return factor * v_from(exact.x0_hat, exact.eps_hat, *rates_from_log_snr(log_snr))

        return v_loss(predict_v, x0, WEIGHTINGS["plain"], generator(2)).item()

    assert loss(1.0) < min(loss(0.9), loss(1.1))


@pytest.mark.parametrize("name", WEIGHTINGS)
def test_weightings_are_positive_and_finite(name):
    weights = WEIGHTINGS[name](torch.linspace(LOG_SNR_MIN, LOG_SNR_MAX, 100))
    assert weights.isfinite().all() and (weights > 0).all()


def test_learning_rate_warms_up_holds_and_falls_to_zero():
    settings = FitSettings(minutes=1)
    assert learning_rate_at(0.0, 0, settings) == 0
    assert learning_rate_at(0.5, 10**6, settings) == settings.learning_rate
    assert learning_rate_at(1.0, 10**6, settings) == 0


def line() -> tuple[nn.Module, FitSettings]:
    torch.manual_seed(0)
    return nn.Linear(4, 1), FitSettings(minutes=1, batch=8, warm_up=1, learning_rate=0.02)


def loss_of(network: nn.Module, rng: torch.Generator):
    def loss() -> torch.Tensor:
        x = torch.randn(8, 4, generator=rng)
        return (network(x) - x.sum(1, keepdim=True)).square().mean()

    return loss


def test_a_saved_state_goes_on_exactly_as_if_never_saved_also_with_channels_last_kernels(tmp_path):
    torch.manual_seed(0)
    settings = FitSettings(minutes=1.0, batch=8)
    x = torch.randn(8, 3, 6, 6, generator=generator())

    def state() -> TrainState:
        network = nn.Conv2d(3, 5, 3).to(memory_format=torch.channels_last)
        return TrainState.fresh(network, settings)

    def step(one: TrainState) -> None:
        one.optimiser.zero_grad()
        (one.network(x).square().mean() - one.network(x).mean()).backward()
        one.optimiser.step()

    kept, later = state(), state()
    for _ in range(3):
        step(kept)
    kept.save(tmp_path / "state.safetensors")
    later.load(tmp_path / "state.safetensors")
    for one in (kept, later):
        step(one)
    assert torch.equal(kept.network.weight, later.network.weight)


def test_training_learns_and_counts_pictures(tmp_path):
    network, settings = line()
    state = TrainState.fresh(network, settings)
    steps = []
    for step in fit(state, loss_of(network, generator()), settings, tmp_path / "state.safetensors"):
        steps.append(step)
        if len(steps) == 400:
            break
    assert steps[-1].pictures == 3200
    assert steps[-1].loss < 0.5 * steps[0].loss


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path):
    network, settings = line()
    path = tmp_path / "state.safetensors"
    state = TrainState.fresh(network, settings)
    run = fit(state, loss_of(network, generator()), settings, path)
    for _ in range(20):
        next(run)
    run.close()  # as Ctrl-C does
    other = TrainState.fresh(nn.Linear(4, 1), settings)
    other.load(path)
    assert (other.step, other.pictures) == (20, 160)
    torch.testing.assert_close(other.network.state_dict(), network.state_dict())
    torch.testing.assert_close(other.average, state.average)
    for (_, mine), (_, theirs) in zip(
        sorted(other.optimiser.state_dict()["state"].items()), sorted(state.optimiser.state_dict()["state"].items()),
        strict=True,
    ):  # fmt: skip
        torch.testing.assert_close(mine, theirs)


def test_a_run_that_diverges_goes_back_and_on_more_slowly(tmp_path):
    network, settings = line()
    settings = replace(settings, save_every=0.0)  # a state after every step
    state, good, seen = TrainState.fresh(network, settings), loss_of(network, generator()), []

    def loss() -> torch.Tensor:
        seen.append(state.step)
        return good() * (math.nan if len(seen) == 11 else 1.0)

    run = fit(state, loss, settings, tmp_path / "state.safetensors")
    steps = [next(run) for _ in range(20)]
    assert [step.step for step in steps] == list(range(1, 21))  # the broken step was taken back
    assert [step.learning_rate for step in steps[9:11]] == [0.02, 0.01]
    assert all(value.isfinite().all() for value in network.state_dict().values())


def test_a_run_that_diverges_at_once_says_what_to_do(tmp_path):
    network, settings = line()
    state = TrainState.fresh(network, settings)
    run = fit(state, lambda: loss_of(network, generator())() * math.inf, settings, tmp_path / "state.safetensors")
    with pytest.raises(DivergedError, match="smaller --rate"):
        next(run)
    assert not (tmp_path / "state.safetensors").exists()


def test_the_pulse_stops_when_the_loss_doubles():
    pulse = Pulse()
    assert all(pulse.hear(loss) for loss in [1.0] * 50 + [0.5] * 200 + [0.9] * 20)
    assert not all(pulse.hear(3.0) for _ in range(30))
    assert not Pulse().hear(math.nan)


def test_weights_describe_themselves_and_damage_is_named(tmp_path):
    path = tmp_path / "unet.safetensors"
    save_weights(path, {"a": torch.randn(3, 3)}, UNetConfig(), {"pictures": 7})
    tensors, config, training = load_weights(path, "the command")
    assert tensors["a"].dtype == torch.float32 and training["pictures"] == 7
    assert UNetConfig(**{**config, "channels": tuple(config["channels"])}) == UNetConfig()
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(ShippedFileError, match=r"damaged.*the command"):
        load_weights(path, "the command")
    path.unlink()
    with pytest.raises(ShippedFileError, match=r"missing.*the command"):
        load_weights(path, "the command")
