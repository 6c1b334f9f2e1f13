"""Sampled scenes obey the tables, stay out of the held-out blocks, and spread over everything."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from diffusion_core.world.scenes import sample_scene, scene_seed
from diffusion_core.world.vocabulary import (
    HELD_OUT,
    HELD_OUT_PAIRS,
    NOTHING,
    PLACES,
    SUBJECTS,
    THINGS,
    WEARABLES,
    Scene,
    allowed,
    held_out_blocks,
    times_of,
)


@pytest.fixture(scope="module")
def scenes() -> list[Scene]:
    rng = random.Random(0)
    return [sample_scene(rng) for _ in range(20_000)]


def _complete(scene: Scene) -> bool:
    facts = [scene.thing, scene.place, *(v for f in scene.figures for v in (f.subject, f.colour, f.wearing))]
    return None not in facts and scene.time in times_of(scene.place)


def test_scenes_are_complete_and_allowed_and_never_held_out(scenes: list[Scene]) -> None:
    for scene in scenes:
        assert _complete(scene) and allowed(scene) is None and not held_out_blocks(scene), scene


def test_held_out_scenes_always_are_and_cover_every_block() -> None:
    rng, seen = random.Random(1), Counter()
    for _ in range(3000):
        scene = sample_scene(rng, held_out=True)
        assert _complete(scene) and allowed(scene) is None, scene
        blocks = held_out_blocks(scene)
        assert blocks, scene
        seen.update(tuple(block.items()) for block in blocks)
    assert len(seen) == len(HELD_OUT) + len(HELD_OUT_PAIRS)
    assert min(seen.values()) > 3000 / len(seen) / 2


def test_shares_are_as_promised(scenes: list[Scene]) -> None:
    singles = [scene for scene in scenes if len(scene.figures) == 1]
    assert 1 - len(singles) / len(scenes) == pytest.approx(0.25, abs=0.015)
    assert sum(s.thing == NOTHING for s in singles) / len(singles) == pytest.approx(0.45, abs=0.02)
    dressed = [s for s in singles if s.figures[0].subject not in {"house", "tree", "car"}]
    assert sum(s.figures[0].wearing == NOTHING for s in dressed) / len(dressed) == pytest.approx(
        0.4, abs=0.02
    )


def test_every_word_comes_up_about_as_often_as_its_neighbours(scenes: list[Scene]) -> None:
    figures = [figure for scene in scenes for figure in scene.figures]
    subjects = Counter(figure.subject for figure in figures)
    assert set(subjects) == set(SUBJECTS) and max(subjects.values()) < 1.3 * min(subjects.values())
    assert set(Counter(scene.place for scene in scenes)) == set(PLACES)
    assert set(Counter(scene.thing for scene in scenes)) == set(THINGS)
    assert set(Counter(figure.wearing for figure in figures)) == set(WEARABLES)
    assert min(Counter(scene.place for scene in scenes).values()) > 0.06 * len(scenes)


def test_two_figures_can_be_told_apart(scenes: list[Scene]) -> None:
    pairs = [scene.figures for scene in scenes if len(scene.figures) == 2]
    assert all(first != second for first, second in pairs)
    assert any(first.subject == second.subject for first, second in pairs)


def test_scene_seeds_do_not_collide() -> None:
    seeds = {scene_seed(seed, index) for seed in range(20) for index in range(2000)}
    assert len(seeds) == 40_000 and all(0 <= seed < 2**63 for seed in seeds)
