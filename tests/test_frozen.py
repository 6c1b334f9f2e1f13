"""The network as one call draws what the network draws."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from diffusion_core import courses
from diffusion_core.courses import network_for
from diffusion_core.engine import Engine, Request
from diffusion_core.frozen import fast_bfloat16, freeze
from diffusion_core.model import load_model, load_network
from diffusion_core.nn.layers import Probe
from diffusion_core.spread import spread

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
        quick = model.quick(x, torch.tensor([-3.0, 3.0]), context.heard[:, None], context.mask[:, None])[:, 0]
    torch.testing.assert_close(quick, plain, atol=1e-4, rtol=1e-4)


bfloat16 = pytest.mark.skipif(not fast_bfloat16(), reason="this processor would have to imitate bfloat16")


@bfloat16
def test_in_bfloat16_it_draws_nearly_the_same_picture_whoever_shares_the_pass():
    ends = {}
    for exact in (True, False):
        request, engine = replace(CAT, seeds=tuple(range(8)), steps=20, exact=exact), Engine(load_network)
        alone = list(engine.submit(request, "one"))[-1].x_t
        others = [replace(request, seeds=(i, i + 1, i + 2)) for i in range(3)]
        tickets = [engine.submit(each, f"learner {i}") for i, each in enumerate([request, *others])]
        crowd = list(tickets[0])[-1].x_t
        torch.testing.assert_close(torch.from_numpy(crowd), torch.from_numpy(alone), atol=1e-4, rtol=0)
        ends[exact] = alone
        engine.stop()
    apart = abs(ends[True] - ends[False]).mean(axis=(1, 2, 3))  # (8,), of a range of 2
    assert 0 < sorted(apart)[4] < 0.02  # now and then one ends elsewhere; most do not


@bfloat16
@pytest.mark.parametrize("rows", [1, 2, 3, 5])
def test_in_bfloat16_a_row_comes_out_the_same_alone_and_among_others_on_any_number_of_cores(rows):
    model = load_model()
    context = model.encode([CAT.words, (), ("a", "dog"), ("a", "green", "turtle")] * 2)
    x, levels = torch.randn(8, 3, 32, 32, generator=torch.Generator().manual_seed(1)), torch.linspace(-8, 8, 8)
    whole = x, levels, context.heard[:, None], context.mask[:, None]
    frozen = model.frozen(torch.bfloat16).quick
    for _ in range(3):  # the interpreter settles on its third call
        among = spread(frozen, 2, least=2)(*whole)
        alone = spread(frozen, 3, least=2)(*(each[:rows] for each in whole))
        torch.testing.assert_close(alone, among[:rows], atol=1e-4, rtol=0)


@pytest.mark.parametrize("cores", [1, 2])
@pytest.mark.parametrize("kind", [torch.float32, pytest.param(torch.bfloat16, marks=bfloat16)])
def test_pictures_asked_with_several_sentences_are_as_if_each_were_asked_alone(kind, cores):
    """What comes before the first word is computed once for all of them: it must not show."""
    model, pictures = load_model().frozen(kind), 5
    sentences = [CAT.words, (), ("a", "blue", "dog")]
    told = model.encode(sentences).each(pictures)  # all with the first, then all with the second, …
    x, levels = torch.randn(pictures, 3, 32, 32, generator=torch.Generator().manual_seed(2)), torch.linspace(-6, 6, 5)
    for _ in range(3):  # the interpreter settles on its third call
        together = model.denoiser(told, cores=cores)(x, levels)
        for n, words in enumerate(sentences):
            alone = model.denoiser(model.encode([words]), cores=cores)(x, levels)
            mine = together[slice(n * pictures, (n + 1) * pictures)]
            torch.testing.assert_close(mine.x0_hat, alone.x0_hat, atol=1e-4, rtol=1e-4)
            torch.testing.assert_close(mine.eps_hat, alone.eps_hat, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("can", [True, False])
def test_pictures_are_drawn_in_bfloat16_and_numbers_measured_in_float32(monkeypatch, can):
    monkeypatch.setattr(courses, "fast_bfloat16", lambda: can)
    assert network_for(CAT) == ("unet_bfloat16" if can else "unet")
    for measured in ({"exact": True}, {"parts": True}, {"attention": True}, {"word_scale": (2.0,)}):
        assert network_for(replace(CAT, **measured)) == "unet"
    assert network_for(replace(CAT, network="sibling_3")) == "sibling_3"


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


def test_a_crowd_that_shares_its_passes_gets_the_pictures_that_each_would_get_alone(tiny_model):
    """Guided with and without a negative prompt, and not guided: passes of one kind only, and mixed ones."""
    crowd = [CAT, replace(CAT, seeds=(5,), negative=("blue",)), replace(CAT, seeds=(6, 7, 8), guidance_scale=6.0),
             replace(CAT, seeds=(9,), guidance_scale=1.0, steps=3)]  # fmt: skip
    frozen = tiny_model.frozen()
    engine = Engine(lambda network: frozen, cores=1)
    alone = [list(engine.submit(replace(each, exact=True), "one"))[-1].x_t for each in crowd]
    tickets = [engine.submit(each, f"learner {i}") for i, each in enumerate(crowd)]
    for mine, ticket in zip(alone, tickets, strict=True):
        torch.testing.assert_close(torch.from_numpy(list(ticket)[-1].x_t), torch.from_numpy(mine), atol=1e-4, rtol=0)
    engine.stop()


def test_what_cannot_be_traced_is_used_as_it_is():
    class Untraceable(torch.nn.Module):
        def forward(self, x):
            raise RuntimeError("not while tracing")

    network = Untraceable()
    assert freeze(network, torch.zeros(2)) is network


def test_an_unknown_network_is_said():
    with pytest.raises(ValueError, match="no network called 'gan'"):
        load_network("gan")
