"""The U-Net: shapes, size, and what a probe may read and change without changing anything else."""

from __future__ import annotations

import pytest
import torch

from diffusion_core.nn.layers import Probe
from diffusion_core.nn.unet import UNet, UNetConfig


@pytest.fixture(scope="module")
def unet() -> UNet:
    torch.manual_seed(0)
    network = UNet(UNetConfig())
    for name, p in network.named_parameters():  # a fresh network predicts zero: stir it
        if p.abs().max() == 0 and "norm" not in name:
            torch.nn.init.normal_(p, std=0.05)
    return network.eval()


@pytest.fixture(scope="module")
def inputs() -> tuple[torch.Tensor, ...]:
    rng = torch.Generator().manual_seed(1)
    x = torch.randn(3, 3, 32, 32, generator=rng)
    words = torch.randn(3, 24, 128, generator=rng)
    mask = torch.arange(24) < torch.tensor([[1], [5], [24]])
    return x, torch.tensor([-9.0, 0.0, 8.0]), words, mask


def test_size_stays_within_the_promise():
    parameters = sum(p.numel() for p in UNet(UNetConfig()).parameters())
    assert 2e6 <= parameters <= 5e6
    assert parameters * 2 <= 10 * 2**20  # half precision


def test_output_has_the_shape_of_the_picture(unet, inputs):
    with torch.no_grad():
        assert unet(*inputs).shape == inputs[0].shape


def test_a_new_network_predicts_no_velocity(inputs):
    with torch.no_grad():
        assert UNet(UNetConfig())(*inputs).abs().max() == 0


def test_rows_do_not_depend_on_their_neighbours(unet, inputs):
    with torch.no_grad():
        together = unet(*inputs)
        alone = torch.cat([unet(*(each[i : i + 1] for each in inputs)) for i in range(3)])
    torch.testing.assert_close(together, alone, atol=1e-4, rtol=1e-4)


def test_padding_is_never_heard(unet, inputs):
    x, log_snr, words, mask = inputs
    with torch.no_grad():
        other = torch.where(mask[..., None], words, torch.full_like(words, 7.0))
        torch.testing.assert_close(unet(x, log_snr, words, mask), unet(x, log_snr, other, mask))


def test_words_and_noise_level_are_heard(unet, inputs):
    x, log_snr, words, mask = inputs
    with torch.no_grad():
        v = unet(x, log_snr, words, mask)
        assert (unet(x, log_snr, words.flip(0), mask) - v).abs().max() > 1e-3
        assert (unet(x, log_snr + 2, words, mask) - v).abs().max() > 1e-3


def test_a_probe_that_only_reads_changes_nothing(unet, inputs):
    probe = Probe(record=True)
    with torch.no_grad():
        torch.testing.assert_close(unet(*inputs), unet(*inputs, probe), atol=2e-5, rtol=1e-4)
    assert probe.activations["down16_0"].shape == (3, 64, 16, 16)
    assert {name.split(".")[0] for name in probe.attention} == set(unet.attention)


def test_recorded_attention_is_a_share_and_leaves_padding_out(unet, inputs):
    probe, mask = Probe(record=True), inputs[3]
    with torch.no_grad():
        unet(*inputs, probe)
    sizes = set()
    for name, weights in probe.attention.items():
        torch.testing.assert_close(weights.sum(-1), torch.ones_like(weights[..., 0]))
        if name.endswith(".words"):
            sizes.add(weights.shape[2])
            assert weights.masked_select(~mask[:, None, None, :]).abs().max() == 0
    assert len(sizes) >= 2  # cross-attention at two resolutions or more


def test_word_scale_one_is_identity_and_zero_silences_the_word(unet, inputs):
    ones = torch.ones(inputs[3].shape)
    with torch.no_grad():
        plain = unet(*inputs)
        torch.testing.assert_close(unet(*inputs, Probe(word_scale=ones)), plain, atol=2e-5, rtol=1e-4)
        ones[2, 3] = 0.0
        quiet = unet(*inputs, Probe(word_scale=ones))
    torch.testing.assert_close(quiet[:2], plain[:2], atol=2e-5, rtol=1e-4)
    assert (quiet[2] - plain[2]).abs().max() > 1e-4


def test_every_skip_can_be_cut(unet, inputs):
    with torch.no_grad():
        plain = unet(*inputs)
        for name in unet.up:
            assert (unet(*inputs, Probe(skips_off=frozenset({name}))) - plain).abs().max() > 1e-4
