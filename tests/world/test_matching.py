"""The drawings that a caption could belong to, against brute force over the data set and its captions."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from diffusion_core.world.captions import choose_facts
from diffusion_core.world.matching import drawings_saying, scenes_saying
from diffusion_core.world.prompts import read_prompt
from diffusion_core.world.scenes import sample_scene
from diffusion_core.world.vocabulary import Figure, Scene, allowed, held_out_blocks


def shows(scene: Scene, facts: Scene) -> bool:
    rest = all(getattr(facts, n) in (None, getattr(scene, n)) for n in ("thing", "place", "time"))
    pairs = zip(facts.figures, scene.figures, strict=True)
    return rest and all(getattr(f, n) in (None, getattr(s, n)) for f, s in pairs for n in vars(f))


@pytest.mark.parametrize("prompt", [
    "a cat", "a red cat in the snow", "a cat on the left and a dog on the right", "a horse at night", "a red hat",
])  # fmt: skip
def test_every_scene_is_allowed_shows_the_facts_and_was_not_held_out(prompt):
    reading = read_prompt(prompt)
    found = scenes_saying(reading.scene, 40, 1, reading.sided)
    assert len(found) == 40
    for scene in found:
        assert allowed(scene) is None and not held_out_blocks(scene)
        assert shows(scene, reading.scene)


def test_the_same_seed_gives_the_same_scenes_and_the_impossible_gives_none():
    cat = Scene((Figure("cat"),))
    assert scenes_saying(cat, 5, 3) == scenes_saying(cat, 5, 3) != scenes_saying(cat, 5, 4)
    assert scenes_saying(Scene((Figure("fish", wearing="cape"),)), 5, 3) == []


def test_facts_that_training_held_out_are_drawn_all_the_same():
    found = scenes_saying(Scene((Figure("bird", "pink"),)), 10, 3)
    assert len(found) == 10 and all(held_out_blocks(scene) for scene in found)


def test_what_is_left_open_varies_as_in_training_pictures_of_that_caption():
    facts, rng = Scene((Figure("horse"),)), random.Random(0)
    brute = Counter()
    for _ in range(25_000):
        scene = sample_scene(rng)
        if scene.figures[0].subject == "horse" and choose_facts(scene, rng) == facts:
            brute[scene.place, scene.thing != "nothing"] += 1
    count = sum(brute.values())
    assert count > 60
    ours = Counter((s.place, s.thing != "nothing") for s in scenes_saying(facts, 800, 5))
    for what in brute | ours:
        p = ours[what] / 800
        assert abs(brute[what] / count - p) < 4 * np.sqrt(p * (1 - p) / count) + 0.01, what


def test_drawings_are_pictures_of_those_scenes():
    pictures = list(drawings_saying(Scene((Figure("cat", "red"),)), 4, 9))
    assert len(pictures) == 4 and all(p.shape == (32, 32, 3) and p.dtype == np.uint8 for p in pictures)
