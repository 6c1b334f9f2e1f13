"""The training command's inside: pool and captions, a short real run, its sample grid, and going on from it."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from diffusion_core import jobs, train
from diffusion_core.jobs import Job
from diffusion_core.nn.text import TextConfig, TextEncoder, contrastive_loss
from diffusion_core.nn.unet import UNet, UNetConfig
from diffusion_core.pool import AS_DRAWN, Emphasis, Pool
from diffusion_core.training import FitSettings
from diffusion_core.world.captions import CAPTION_WORDS
from diffusion_core.world.dataset import example
from diffusion_core.world.prompts import read_prompt
from diffusion_core.world.vocabulary import NOTHING, held_out_blocks

TINY = UNetConfig(channels=(8, 16, 16), blocks=1, thin=8, level_dim=16)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("BEAKER_CACHE", str(tmp_path))
    return tmp_path


@pytest.fixture
def pool() -> Pool:
    return Pool.drawn(300, seed=5)


def job(resume: bool = False, pictures: int = 96) -> Job:
    return Job("tiny", 0.0, pictures, batch=16, pool=300, seed=5, resume=resume, command="a test")


def test_a_pool_is_the_data_set_drawn_beforehand(pool, cache):
    for index in (0, 7, 299):
        scene, picture = example(5, index)
        assert pool.scenes[index] == scene
        np.testing.assert_array_equal(pool.pictures[index].permute(1, 2, 0), picture)
    again = Pool.drawn(300, seed=5)  # from the cache folder this time
    assert again.scenes == pool.scenes and torch.equal(again.pictures, pool.pictures)


def test_training_never_sees_a_held_out_scene(pool):
    assert not any(held_out_blocks(scene) for scene in pool.scenes)


def test_batches_carry_true_captions_and_drop_some(pool):
    x0, words = pool.batch(400, random.Random(0), drop=0.25)
    assert x0.shape == (400, 3, 32, 32) and x0.min() >= -1 and x0.max() <= 1
    assert sum(not each for each in words) / 400 == pytest.approx(0.25, abs=0.07)
    by_picture = {picture.numpy().tobytes(): scene for picture, scene in zip(pool.pictures, pool.scenes, strict=True)}
    for picture, caption in zip(x0[:100], words[:100], strict=True):
        pixels = ((picture + 1) * 127.5).round().byte().numpy().tobytes()
        said, scene = read_prompt(" ".join(caption)).scene, by_picture[pixels]
        assert said.place in (None, scene.place) and said.time in (None, scene.time)
        assert {f.subject for f in said.figures} <= {f.subject for f in scene.figures} | {None}


def test_batches_may_hold_more_pictures_of_two_figures(pool):
    def share(**options) -> float:
        x0, _ = pool.batch(600, random.Random(0), **options)
        seen = [((p + 1) * 127.5).round().byte().numpy().tobytes() for p in x0]
        return sum(picture in pairs for picture in seen) / len(seen)

    scenes = zip(pool.pictures, pool.scenes, strict=True)
    pairs = {picture.numpy().tobytes() for picture, scene in scenes if len(scene.figures) == 2}
    plain = len(pairs) / 300
    assert share() == pytest.approx(plain, abs=0.06)
    assert share(more=Emphasis(pairs=0.5)) == pytest.approx(0.5 + 0.5 * plain, abs=0.06)


def test_captions_of_those_name_sides_more_often(pool):
    def named(**options) -> float:
        rows, words = pool.scenes.deal(1500, random.Random(0), more=Emphasis(pairs=1.0, **options))
        return sum("left" in caption or "right" in caption for caption in words) / len(rows)

    assert named(sides=0.0) == 0 and named(sides=0.2) < named() < named(sides=0.9)
    # the rest are bare tags, or leave a subject out
    assert named(sides=1.0) == pytest.approx(0.85, abs=0.04)
    plain = [pool.scenes.deal(200, random.Random(0), more=Emphasis(sides=share)) for share in (0.0, 1.0)]
    assert plain[0] == plain[1], "pictures that are not extra are captioned as ever"


def test_batches_may_hold_more_figures_that_wear_something_and_say_what(pool):
    def dressed(more: Emphasis) -> tuple[float, float]:
        rows, words = pool.scenes.deal(1500, random.Random(0), more=more)
        wears = [pool.scenes[i].figures[0].wearing for i in rows]
        said = [read_prompt(" ".join(caption)).scene.figures for caption in words]
        told = sum(bool(figures) and figures[0].wearing == worn for figures, worn in zip(said, wears, strict=True))
        return sum(worn != NOTHING for worn in wears) / len(rows), told / len(rows)

    plain = dressed(AS_DRAWN)[0]
    share, told = dressed(Emphasis(pairs=0.2, dressed=0.4))
    assert share == pytest.approx(0.4 + 0.4 * plain, abs=0.05)
    assert dressed(Emphasis(dressed=1.0)) == (1.0, 1.0) and 0.4 < told < share


@pytest.mark.parametrize(("can", "fast"), [({"avx2": True}, False), ({"avx512_bf16": True}, True), ({}, False)])
def test_bfloat16_is_used_on_a_processor_only_where_it_is_its_own(monkeypatch, can, fast):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: can)
    with jobs.autocast(torch.device("cpu")):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert product.dtype == (torch.bfloat16 if fast else torch.float32)


def test_a_short_run_learns_saves_draws_its_grid_and_goes_on(cache):
    torch.manual_seed(0)
    text = TextEncoder(TextConfig(words=CAPTION_WORDS))
    state, last = train.fit_unet(job(), UNet(TINY), text, lambda step, state: None)
    assert last.pictures == state.pictures == 96
    grid = Image.open(cache / "train/tiny/samples/000000096.png")
    assert grid.size == (33 * 8 * 4, 33 * 2 * 4)
    went_on, _ = train.fit_unet(job(resume=True, pictures=32), UNet(TINY), text, lambda step, state: None)
    assert went_on.pictures == 128


def test_the_loss_curve_is_kept_line_by_line(cache):
    class Brisk(Job):
        """At full speed from the first pictures on, so that a minute of learning fits into a second."""

        @property
        def settings(self) -> FitSettings:
            return replace(super().settings, warm_up=4, learning_rate=3e-3)

    torch.manual_seed(0)
    text = TextEncoder(TextConfig(words=CAPTION_WORDS))
    train.fit_unet(Brisk(**vars(job(pictures=16 * 40))), UNet(TINY), text, lambda step, state: None)
    lines = [json.loads(line) for line in (cache / "train/tiny/loss.jsonl").read_text().splitlines()]
    assert [line["pictures"] for line in lines] == [320, 640]
    assert lines[-1]["loss"] < lines[0]["loss"] - 0.01


def test_ctrl_c_ends_in_good_order(cache):
    def interrupt(step, state):
        if step is not None and step.step == 3:
            raise KeyboardInterrupt

    text = TextEncoder(TextConfig(words=CAPTION_WORDS))
    state, _ = train.fit_unet(job(), UNet(TINY), text, interrupt)
    assert state.step == 3 and (cache / "train/tiny/state.safetensors").is_file()


def test_contrast_is_least_when_pairs_match():
    vectors = torch.nn.functional.normalize(torch.randn(8, 16, generator=torch.Generator().manual_seed(0)), dim=1)
    scale = torch.tensor(3.0)
    matched = contrastive_loss(vectors, vectors, scale)
    assert matched < contrastive_loss(vectors, vectors.roll(1, 0), scale)
    uniform = contrastive_loss(torch.ones(8, 16), vectors * 0, scale)
    torch.testing.assert_close(uniform, torch.tensor(8.0).log())


def test_the_sibling_keeps_its_moments_and_going_on_leaves_the_earlier_ones_alone(cache, monkeypatch):
    monkeypatch.setattr(train, "WEIGHTS", cache)
    monkeypatch.setattr(train, "SIBLING", TINY)
    monkeypatch.setattr(train, "SIBLING_MOMENTS", (0, 32, 64, 128))
    monkeypatch.setattr(train, "load_text", lambda: TextEncoder(TextConfig(words=CAPTION_WORDS)).eval())
    monkeypatch.setattr(train, "write_manifest", lambda: None)
    train.train_sibling(job(pictures=64))
    kept = [(cache / f"sibling_{i}.safetensors").read_bytes() for i in range(3)]
    assert len(set(kept)) == 3 and not (cache / "sibling_3.safetensors").exists()
    train.train_sibling(job(resume=True, pictures=64))
    assert [(cache / f"sibling_{i}.safetensors").read_bytes() for i in range(3)] == kept
    assert (cache / "sibling_3.safetensors").exists()
