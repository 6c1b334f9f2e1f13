"""The agreement evaluation: intervals, prompts, counting, and the table and JSON that it writes."""

from __future__ import annotations

import json
import math

import pytest
import torch

from diffusion_core import evaluate
from diffusion_core.agreement import (
    GROUPS,
    PAIR,
    PICTURES,
    THREE,
    TWO,
    Rate,
    Score,
    drawings,
    judge_prompts,
    measure,
    prompt_at,
)
from diffusion_core.intervals import wilson
from diffusion_core.judge import Answer, Check, Verdict, load_judge
from diffusion_core.model import Model
from diffusion_core.nn.text import TextConfig, TextEncoder
from diffusion_core.nn.unet import UNet, UNetConfig
from diffusion_core.world.captions import CAPTION_WORDS
from diffusion_core.world.vocabulary import allowed, held_out_blocks


@pytest.fixture(scope="module")
def untrained() -> Model:
    config = UNetConfig(channels=(16, 16, 16), blocks=1, thin=8, level_dim=16)
    return Model(UNet(config).eval(), TextEncoder(TextConfig(words=CAPTION_WORDS)).eval(), {"pictures": 0})


@pytest.mark.parametrize("hits, count", [(0, 10), (3, 10), (10, 10), (983, 1000), (1, 1)])
def test_wilson_ends_solve_their_equation(hits: int, count: int):
    """At either end p, the rate lies exactly z standard errors of p away (or the end is 0 or 1)."""
    for p in wilson(hits, count):
        assert 0 <= p <= 1
        assert p in (0, 1) or abs(hits / count - p) == pytest.approx(1.96 * math.sqrt(p * (1 - p) / count))


def test_wilson_is_symmetric_narrows_and_holds_the_rate():
    low, high = wilson(30, 100)
    assert (1 - high, 1 - low) == pytest.approx(wilson(70, 100))
    assert low < 0.3 < high and wilson(0, 0) == (0.0, 1.0)
    narrower = wilson(300, 1000)
    assert low < narrower[0] < narrower[1] < high


def test_wilson_covers_the_truth_in_about_95_per_cent():
    p, n = 0.97, 1000
    hits = torch.distributions.Binomial(n, torch.tensor(p)).sample((4000,)).int().tolist()
    covered = [low <= p <= high for low, high in (wilson(h, n) for h in hits)]
    assert 0.93 < sum(covered) / len(covered) < 0.97


@pytest.mark.parametrize("group", GROUPS)
def test_prompts_are_read_as_they_were_meant(group: str):
    """Each names its subjects and nothing false, is allowed, and is held out exactly in the held-out groups."""
    for i in range(150):
        one = prompt_at(group, i)
        said, scene = one.reading.scene, one.scene
        assert allowed(said) is None and not one.reading.unknown
        assert bool(held_out_blocks(said)) == group.endswith("held_out"), one.prompt
        assert len(said.figures) == len(scene.figures) == (2 if group.startswith("two") else 1)
        assert all(figure.subject for figure in said.figures)
        if group.startswith("two"):
            assert all(figure.colour for figure in said.figures)
        for name in ("thing", "place", "time"):
            assert getattr(said, name) in (None, getattr(scene, name))


def test_prompts_stay_the_same_vary_and_reach_every_distance():
    some = [prompt_at("held_out", i) for i in range(100)]
    assert some[7] == prompt_at("held_out", 7)
    assert len({one.prompt for one in some}) > 90
    assert {one.distance for one in some} == {TWO, THREE}
    assert prompt_at("two_held_out", 0).distance == PAIR and prompt_at("seen", 0).distance is None


def test_drawings_of_the_scenes_reach_the_ceiling_and_those_of_others_do_not():
    """A generator that draws is right as often as the ceiling; one that draws the next prompt's scene is not."""
    judge, asked = load_judge(), [prompt_at(group, i) for group in GROUPS for i in range(12)]
    perfect = measure(list(judge_prompts(judge, drawings, asked)))
    assert perfect.share_of_ceiling == 1 and perfect.drawn.right.share > 0.95
    confused = measure(list(judge_prompts(judge, lambda some: drawings([*some[1:], some[0]]), asked)))
    assert confused.drawn == perfect.drawn and confused.sampled.right.share < 0.3


def test_scores_count_pictures_and_only_what_was_named():
    def check(attribute: str, right: bool) -> Check:
        return Check(attribute, "red", Answer("red" if right else "blue", 1.0))

    verdicts = [
        Verdict((check("subject", True), check("colour", True))),
        Verdict((check("subject", True), check("colour", False))),
        Verdict((check("subject", True), check("place", False))),
    ]
    score = Score.of(verdicts, prompts=1)
    assert score.right == Rate(1, 3) and score.bound == Rate(2, 3)
    assert score.attributes["subject"] == Rate(3, 3) and score.attributes["colour"] == Rate(1, 2)
    assert score.sides.count == 0, "no prompt named sides"
    assert score.attributes["time"].count == 0 and math.isnan(score.attributes["time"].share)


def test_a_painted_prompt_does_not_depend_on_its_neighbours(untrained: Model):
    asked = [prompt_at("seen", i) for i in range(2)]
    paint = evaluate.painter(untrained, 1)
    torch.testing.assert_close(paint(asked)[1:], paint(asked[1:]), atol=1e-4, rtol=1e-4)


def test_guidance_can_rest_in_part_of_the_run(tiny_model: Model):
    asked = [prompt_at("seen", 0)]
    throughout, always, never, half = (
        evaluate.painter(tiny_model, 1, interval)(asked)
        for interval in (None, (-math.inf, math.inf), (50.0, 60.0), (-math.inf, 0.0))
    )
    torch.testing.assert_close(always, throughout)
    assert not torch.allclose(half, throughout) and not torch.allclose(half, never)


def test_agreement_writes_its_table_and_figures(untrained: Model, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(evaluate, "load_model", lambda path: untrained)
    evaluate.main(["agreement", "--prompts", "2", "--json", str(tmp_path / "x.json")])
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) == 8 and len({line.count("|") for line in lines}) == 1
    bound = [line.split("|")[-3].strip() for line in lines[2:]]
    assert [b == "–" for b in bound] == [True] * 4 + [False] * 2  # only two figures can be bound wrongly
    found = json.loads((tmp_path / "x.json").read_text())
    for key in ("ceiling", "seen", "held_out", "two_figures"):
        assert 0 <= found[key]["low"] <= found[key]["all_correct"] <= found[key]["high"] <= 1
    assert found["ceiling"]["all_correct"] > 0.8 > found["seen"]["all_correct"]
    assert found["seen"]["pictures"] == 2 * PICTURES and 0 <= found["two_figures"]["binding"] <= 1
    assert set(found["held_out"]["by_distance"]) == {TWO, THREE}


def test_the_sheet_holds_a_hundred_pictures(untrained: Model, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(evaluate, "load_model", lambda path: untrained)
    monkeypatch.setitem(evaluate.SETTINGS, "steps", 2)
    evaluate.main(["sheet", "--out", str(tmp_path / "x.png")])
    assert "of 100 right" in capsys.readouterr().out and (tmp_path / "x.png").stat().st_size > 10_000


def test_wrong_options_are_refused_in_one_sentence(capsys):
    for options in (["agreement", "--prompts", "0"], ["sheet", "--weights", "nowhere.safetensors"], []):
        with pytest.raises(SystemExit) as left:
            evaluate.main(options)
        assert left.value.code == 2 and len(capsys.readouterr().err.strip().splitlines()) == 1
