"""The network as one call draws what the network draws."""

from __future__ import annotations

import pytest
import torch

from diffusion_core.engine import Engine, Request
from diffusion_core.frozen import freeze
from diffusion_core.model import load_network
from diffusion_core.nn.layers import Probe

CAT = Request(("a", "red", "cat"), seeds=(3, 4), steps=5)


@pytest.mark.parametrize("rows", [1, 2, 3, 8, 17])
def test_any_batch_comes_out_alike(tiny_model, rows):
    frozen, context = tiny_model.frozen(), tiny_model.encode([CAT.words]).expand(rows)
    generator = torch.Generator().manual_seed(rows)
    x, levels = torch.randn(rows, 3, 32, 32, generator=generator), torch.linspace(-9, 9, rows)
    for _ in range(3):  # the interpreter settles on its third call
        plain, quick = (model.denoiser(context)(x, levels).x0_hat for model in (tiny_model, frozen))
        torch.testing.assert_close(quick, plain, atol=1e-4, rtol=1e-4)


def test_the_shipped_network_is_frozen_for_the_engine():
    model = load_network("unet")
    assert isinstance(model.quick, torch.jit.ScriptModule)
    context, x = model.encode([CAT.words, ()]), torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        plain = model.unet(x, torch.tensor([-3.0, 3.0]), context.words, context.mask)
        quick = model.quick(x, torch.tensor([-3.0, 3.0]), context.words, context.mask)
    torch.testing.assert_close(quick, plain, atol=1e-4, rtol=1e-4)


def test_a_probe_still_reads_the_network_itself(tiny_model):
    probe = Probe(record=True)
    frozen, context = tiny_model.frozen(), tiny_model.encode([CAT.words])
    frozen.denoiser(context, probe)(torch.zeros(1, 3, 32, 32), torch.zeros(1))
    assert probe.attention and probe.activations


def test_the_engine_makes_the_same_pictures_with_it(tiny_model):
    ends = []
    for model in (tiny_model, tiny_model.frozen()):
        engine = Engine(lambda network, model=model: model)
        ends.append(torch.from_numpy(list(engine.submit(CAT, "one"))[-1].x_t))
        engine.stop()
    torch.testing.assert_close(*ends, atol=1e-4, rtol=0)


def test_what_cannot_be_traced_is_used_as_it_is():
    class Untraceable(torch.nn.Module):
        def forward(self, x):
            raise RuntimeError("not while tracing")

    network = Untraceable()
    assert freeze(network, torch.zeros(2)) is network


def test_an_unknown_network_is_said():
    with pytest.raises(ValueError, match="no network called 'gan'"):
        load_network("gan")
