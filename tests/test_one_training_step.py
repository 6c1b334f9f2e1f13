"""One training step: its target is all the noise, its error splits in two, and a step makes it smaller."""

from __future__ import annotations

import torch
from torch.testing import assert_close

from diffusion_core.denoiser import from_v_network
from diffusion_core.process import eps_from_x0, rates_from_log_snr
from diffusion_core.training import WEIGHTINGS, sample_log_snr, v_loss
from diffusion_core.training_step import Batch, squared_errors, training_step


def batch(rows: int = 5, seed: int = 0) -> Batch:
    rng = torch.Generator().manual_seed(seed)
    x0, eps = (torch.randn(rows, 3, 8, 8, generator=rng) for _ in range(2))
    return Batch(x0, eps, torch.linspace(-4, 4, rows))


def test_the_noise_is_the_whole_way_from_the_clean_picture_to_the_noisy_one():
    b = batch()
    assert_close(eps_from_x0(b.x_t, b.x0, *rates_from_log_snr(b.log_snr)), b.eps, atol=1e-4, rtol=1e-4)


def test_the_right_answer_has_no_error_and_the_two_errors_add_up_to_that_of_v():
    b = batch()
    right = from_v_network(lambda x, s: b.v)(b.x_t, b.log_snr)
    assert all(e.max() < 1e-9 for e in squared_errors(b, right))
    wrong = b.v + torch.randn(b.v.shape, generator=torch.Generator().manual_seed(1))
    noise, picture = squared_errors(b, from_v_network(lambda x, s: wrong)(b.x_t, b.log_snr))
    assert_close(noise + picture, (wrong - b.v).square(), atol=1e-4, rtol=1e-4)
    share = torch.sigmoid(b.log_snr)[:, None, None, None]
    assert_close(noise, share * (wrong - b.v).square(), atol=1e-4, rtol=1e-4)


def test_a_step_reports_the_error_before_it_and_makes_it_smaller():
    torch.manual_seed(0)
    network, b = torch.nn.Conv2d(3, 3, 3, padding=1), batch()
    optimiser = torch.optim.SGD(network.parameters(), lr=0.05)

    def predict(x, log_snr):
        return network(x)

    before = (network(b.x_t) - b.v).square().mean().item()
    losses = [training_step(predict, optimiser, b) for _ in range(20)]
    assert abs(losses[0] - before) < 1e-6
    assert losses == sorted(losses, reverse=True) and losses[-1] < 0.95 * losses[0]


def test_the_loss_is_the_one_that_the_shipped_network_was_trained_with():
    seed = torch.Generator().manual_seed(3)
    x0 = torch.randn(6, 3, 8, 8, generator=torch.Generator().manual_seed(2))
    level = sample_log_snr(6, seed)
    b = Batch(x0, torch.randn(x0.shape, generator=seed), level)
    network = torch.nn.Conv2d(3, 3, 1)
    expected = v_loss(lambda x, s: network(x), x0, WEIGHTINGS["plain"], torch.Generator().manual_seed(3))
    frozen = torch.optim.SGD(network.parameters(), lr=0.0)
    assert abs(training_step(lambda x, s: network(x), frozen, b) - expected.item()) < 1e-5
