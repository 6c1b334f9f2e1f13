"""Denoisers: the exact ones are the posterior mean, and every prediction adds up to x_t."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

from diffusion_core.denoiser import Denoiser, exact_dataset, exact_gaussian, from_v_network
from diffusion_core.process import add_noise, per_row, rates_from_log_snr, v_from
from diffusion_core.schedules import LOG_SNR_MAX, LOG_SNR_MIN


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


DENOISERS = {
    "gaussian": exact_gaussian(0.2, 0.5),
    "dataset": exact_dataset(noise(10, 3, 4, 4)),
    "network": from_v_network(lambda x, log_snr: x.flip(-1)),
}


@pytest.mark.parametrize("name", DENOISERS)
def test_prediction_adds_up_to_x_t(name: str) -> None:
    denoise: Denoiser = DENOISERS[name]
    log_snr = torch.tensor([-40.0, -10.0, 0.0, 4.0, 9.0])
    x = noise(5, 3, 4, 4, seed=1)
    prediction = denoise(x, log_snr)
    signal_rate, noise_rate = (per_row(rate, x) for rate in rates_from_log_snr(log_snr))
    assert_close(signal_rate * prediction.x0_hat + noise_rate * prediction.eps_hat, x, rtol=0, atol=2e-6)
    assert prediction.x0_hat.dtype == torch.float32
    assert torch.equal(prediction[1:3].eps_hat, prediction.eps_hat[1:3])


@pytest.mark.parametrize("name", DENOISERS)
def test_a_row_does_not_see_its_neighbours(name: str) -> None:
    denoise, x, log_snr = DENOISERS[name], noise(4, 3, 4, 4), torch.tensor([-8.0, -1.0, 2.0, 6.0])
    together = denoise(x, log_snr)
    for row in range(4):
        alone = denoise(x[row : row + 1], log_snr[row : row + 1])
        assert_close(alone.x0_hat, together[row : row + 1].x0_hat, rtol=0, atol=1e-5)


def test_network_hears_the_trained_range_and_v_is_turned_by_the_true_rates() -> None:
    heard = []

    def network(x: Tensor, log_snr: Tensor) -> Tensor:
        heard.append(log_snr)
        return x.new_ones(x.shape)

    levels = torch.tensor([-38.0, 0.0, 20.0])
    prediction = from_v_network(network)(torch.zeros(3, 2), levels)
    assert heard[0].tolist() == [LOG_SNR_MIN, 0, LOG_SNR_MAX]
    assert_close(prediction.x0_hat[:, 0], -torch.sigmoid(-levels).sqrt())


def test_network_that_knows_v_gives_back_picture_and_noise() -> None:
    x0, eps, log_snr = noise(3, 4), noise(3, 4, seed=1), torch.tensor([-5.0, 0.0, 5.0])
    v = v_from(x0, eps, *rates_from_log_snr(log_snr))
    prediction = from_v_network(lambda x, level: v.half())(add_noise(x0, log_snr.sigmoid(), eps), log_snr)
    assert_close(prediction.x0_hat, x0, rtol=0, atol=2e-3)  # half precision inside, float32 outside
    assert_close(prediction.eps_hat, eps, rtol=0, atol=2e-3)


def test_exact_gaussian_is_the_regression_of_x0_on_x_t() -> None:
    """E[x0 | x_t] is linear here: the least-squares line through a million draws is the denoiser's."""
    n, mean, std, log_snr = 1_000_000, 0.3, 0.6, 0.5
    x0, eps = mean + std * noise(n).double(), noise(n, seed=1).double()
    x_t = add_noise(x0, torch.sigmoid(torch.tensor(log_snr)).item(), eps)
    slope = ((x_t - x_t.mean()) * x0).mean() / x_t.var()
    points = torch.tensor([[-1.0], [0.0], [1.0]]).double()
    answer = exact_gaussian(mean, std)(points, torch.full((3,), log_snr).double()).x0_hat
    assert_close(answer, x0.mean() + slope * (points - x_t.mean()), rtol=0, atol=5e-3)


def test_exact_dataset_is_bayes_rule() -> None:
    """Against the sum written out in float64, from noise to almost clean."""
    pictures, log_snr = noise(50, 12), torch.tensor([-15.0, -4.0, 0.0, 3.0, 8.0])
    x = add_noise(pictures[:5], log_snr.sigmoid(), noise(5, 12, seed=1))
    signal_rate, noise_rate = (rate[:, None] for rate in rates_from_log_snr(log_snr.double()))
    square = (x.double()[:, None] - signal_rate[..., None] * pictures.double()).square().sum(2)  # (5, 50)
    weights = torch.softmax(-square / (2 * noise_rate**2), dim=1)
    denoise = exact_dataset(pictures)
    assert_close(denoise.posterior(x, log_snr).double(), weights, rtol=0, atol=2e-4)
    assert_close(denoise(x, log_snr).x0_hat.double(), weights @ pictures.double(), rtol=0, atol=1e-4)


def test_exact_dataset_knows_its_limits() -> None:
    pictures = noise(64, 3, 8, 8)
    denoise = exact_dataset(pictures)
    far = denoise(noise(2, 3, 8, 8, seed=5), torch.full((2,), -40.0))
    assert_close(far.x0_hat, pictures.mean(0).expand(2, -1, -1, -1), rtol=0, atol=1e-5)
    near = denoise(pictures[:3], torch.full((3,), 14.0))
    assert_close(near.x0_hat, pictures[:3], rtol=0, atol=1e-5)
    weights = denoise.posterior(100 * pictures, torch.linspace(-40, 40, 64))  # nothing overflows
    assert_close(weights.sum(1), torch.ones(64))


def test_exact_dataset_needs_a_picture() -> None:
    with pytest.raises(ValueError, match="at least one picture"):
        exact_dataset(torch.zeros(0, 3, 4, 4))
