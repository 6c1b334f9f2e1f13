"""Growth of a network: its error against what is known exactly, its pictures against true drawings."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
import torch

from diffusion_core import growth, train
from diffusion_core.judge import load_judge
from diffusion_core.model import Context
from diffusion_core.pool import Emphasis
from diffusion_core.process import rates_from_log_snr
from diffusion_core.sibling import SIBLING_MOMENTS, SIBLINGS
from diffusion_core.training import sample_log_snr

SOME = 32


@pytest.fixture(scope="module")
def examples() -> growth.Examples:
    return growth.fresh_examples(SOME, 0.12, Emphasis(pairs=0.25))


@pytest.fixture(scope="module")
def judge():
    return load_judge()


def answering(v) -> SimpleNamespace:
    """A model that answers v(x_t, log_snr), whatever it hears."""

    def encode(sentences):
        words = torch.zeros(len(sentences), 1, 4)
        return Context(words, torch.ones(len(sentences), 1, dtype=torch.bool), words)

    return SimpleNamespace(encode=encode, unet=lambda x, log_snr, words, mask: v(x, log_snr))


def test_the_siblings_moments_are_ten_from_nothing_on_and_train_keeps_these() -> None:
    assert train.SIBLING_MOMENTS is SIBLING_MOMENTS and SIBLING_MOMENTS[0] == 0
    assert list(SIBLING_MOMENTS) == sorted(set(SIBLING_MOMENTS)) and len(set(SIBLINGS)) == len(SIBLING_MOMENTS) == 10
    assert train.DEFAULTS["sibling"][1] == SIBLING_MOMENTS[-1]


def test_examples_are_fresh_the_same_on_every_call_and_mixed_as_asked(examples) -> None:
    x0, sentences = examples
    again, same = growth.fresh_examples(SOME, 0.12, Emphasis(pairs=0.25))
    assert x0.shape == (SOME, 3, 32, 32) and x0.abs().max() <= 1
    assert torch.equal(x0, again) and sentences == same
    assert all(growth.fresh_examples(SOME)[1]) and not any(growth.fresh_examples(SOME, drop=1.0)[1])


def test_a_network_that_answers_nothing_errs_by_the_variance_of_v(examples) -> None:
    x0, _ = examples
    generator = torch.Generator().manual_seed(growth.SEED)
    signal, noise = (r[:, None, None, None] for r in rates_from_log_snr(sample_log_snr(SOME, generator)))
    eps = torch.randn(x0.shape, generator=generator)
    known = (signal * eps - noise * x0).square().mean().item()
    assert growth.error(answering(lambda x, s: torch.zeros_like(x)), examples) == pytest.approx(known, rel=1e-5)


def test_a_network_that_knows_the_drawings_has_no_error(examples) -> None:
    x0, _ = examples

    def v(x, log_snr):
        signal, noise = (r[:, None, None, None] for r in rates_from_log_snr(log_snr))
        eps = (x - signal * x0) / noise
        return signal * eps - noise * x0

    assert growth.error(answering(v), examples, batch=SOME) < 1e-5


def test_the_error_of_a_real_network_is_the_same_on_every_call(tiny_model, examples) -> None:
    first = growth.error(tiny_model, examples)
    assert first == growth.error(tiny_model, examples) and 0.1 < first < 10


def test_prompts_are_of_one_figure_seen_in_training_and_fixed() -> None:
    asked = growth.prompts(12)
    assert asked[:5] == growth.prompts(5) and len({one.seed for one in asked}) == 12
    assert all(len(one.scene.figures) == 1 and not one.reading.held_out for one in asked)


def test_true_drawings_score_the_ceiling_and_blank_pictures_nothing(judge) -> None:
    asked = growth.prompts(20)
    best = growth.ceiling(judge, asked)
    assert best.prompts == best.right.count == 20 and best.right.hits >= 18
    blank = growth.quality(judge, lambda some: torch.zeros(len(some), 3, 32, 32), asked, batch=7)
    assert blank.right.count == 20 and blank.right.hits <= 1
    assert blank.attributes["subject"].count == best.attributes["subject"].count == 20


def test_every_picture_is_judged_against_its_own_prompt(judge) -> None:
    asked = growth.prompts(20)
    shifted = growth.quality(judge, lambda some: growth.drawings(some)[:: growth.PICTURES].roll(1, 0), asked, batch=20)
    assert shifted.right.hits < growth.ceiling(judge, asked).right.hits / 2


def test_a_record_is_read_and_thinned_to_means_of_even_spans(tmp_path) -> None:
    path = tmp_path / "loss.jsonl"
    path.write_text(
        "".join(json.dumps({"pictures": n, "seconds": 1, "loss": 0.5}) + "\n" for n in range(100, 9000, 50))
    )
    record = growth.read_record(path)
    assert record[0] == (100, 0.5) and len(record) == 178
    thin = growth.thinned(record, 20)
    assert len(thin) <= 20 and [loss for _, loss in thin] == pytest.approx([0.5] * len(thin))
    seen = [n for n, _ in thin]
    assert seen == sorted(seen) and seen[0] < 200 and seen[-1] > 7000
    assert growth.thinned([(64, 0.7)]) == [(64, 0.7)] and growth.thinned([]) == []
