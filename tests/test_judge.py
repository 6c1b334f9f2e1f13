"""The judge: right about drawings, wrong where they were edited, and never taken in by noise."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from diffusion_core.judge import (
    JUDGE_FILE,
    SURE,
    Answer,
    Judge,
    Sight,
    Value,
    compare,
    labels_of,
    load_judge,
)
from diffusion_core.judge_training import NONE, judged_batch, judged_example, spoil, unreadable
from diffusion_core.nn.judge import ANSWERS, JudgeConfig, JudgeNetwork
from diffusion_core.world.drawing import draw
from diffusion_core.world.prompts import read_prompt
from diffusion_core.world.scenes import sample_scene, scene_seed
from diffusion_core.world.vocabulary import NOTHING, TIMES, Figure, Scene

SEED = 4242  # of drawings that no training saw
RED_CAT, BLUE_DOG = Figure("cat", "red", NOTHING), Figure("dog", "blue", NOTHING)
PAIR = Scene((RED_CAT, BLUE_DOG), NOTHING, "snow", "day")
WITH_APPLE = Scene((Figure("turtle", "green", "hat"),), "apple", "beach", "day")
# The picture is drawn with one thing changed and judged by the facts of the unchanged scene.
EDITS = {
    "thing": replace(WITH_APPLE, thing=NOTHING),
    "colour": replace(WITH_APPLE, figures=(Figure("turtle", "blue", "hat"),)),
    "subject": replace(WITH_APPLE, figures=(Figure("horse", "green", "hat"),)),
    "wearing": replace(WITH_APPLE, figures=(Figure("turtle", "green", NOTHING),)),
    "place": replace(WITH_APPLE, place="city"),
    "time": replace(WITH_APPLE, time="night"),
}


@pytest.fixture(scope="module")
def judge() -> Judge:
    return load_judge()


def tensor(pictures: list[np.ndarray]) -> Tensor:
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1


def sight(scene: Scene, confidence: float = 1.0) -> Sight:
    """What a judge without fault would see."""
    values = zip(ANSWERS.items(), labels_of(scene), strict=True)
    return Sight({name: Answer(answers[label], confidence) for (name, answers), label in values})


def wrong(verdict) -> set[str]:
    return {check.attribute for check in verdict.wrong}


def share_right(judge: Judge, scenes: list[Scene], pictures: Tensor) -> float:
    sights = judge.look(pictures)
    return sum(compare(s, scene, sided=True).right for s, scene in zip(sights, scenes, strict=True)) / len(scenes)


@pytest.mark.parametrize("held_out", [False, True])
def test_fresh_drawings_are_judged_right_in_every_attribute(judge: Judge, held_out: bool):
    seeds = [scene_seed(SEED + held_out, i) for i in range(400)]
    scenes = [sample_scene(random.Random(seed), held_out) for seed in seeds]
    pictures = tensor([draw(scene, seed) for scene, seed in zip(scenes, seeds, strict=True)])
    assert share_right(judge, scenes, pictures) >= 0.985


def test_slightly_spoiled_drawings_are_still_judged_right(judge: Judge):
    seeds = [scene_seed(SEED + 2, i) for i in range(200)]
    scenes = [sample_scene(random.Random(seed)) for seed in seeds]
    pictures = tensor([draw(scene, seed) for scene, seed in zip(scenes, seeds, strict=True)])
    spoiled = spoil(pictures, torch.Generator().manual_seed(0))
    assert share_right(judge, scenes, spoiled) >= 0.93


@pytest.mark.parametrize("edited", EDITS)
def test_an_edited_drawing_is_wrong_in_exactly_what_was_edited(judge: Judge, edited: str):
    seeds = range(20)
    kept = judge.verdicts(tensor([draw(WITH_APPLE, seed) for seed in seeds]), WITH_APPLE)
    changed = judge.verdicts(tensor([draw(EDITS[edited], seed) for seed in seeds]), WITH_APPLE)
    assert sum(verdict.right for verdict in kept) >= 19
    assert all(edited in wrong(verdict) for verdict in changed)
    assert sum(wrong(verdict) == {edited} for verdict in changed) >= 19


def test_swapped_colours_of_two_figures_are_wrong(judge: Judge):
    swapped = replace(PAIR, figures=(Figure("cat", "blue", NOTHING), Figure("dog", "red", NOTHING)))
    verdicts = judge.verdicts(tensor([draw(swapped, seed) for seed in range(20)]), PAIR)
    assert all(wrong(verdict) == {"colour"} and not verdict.bound for verdict in verdicts)


def right_in_any(judge: Judge, pictures: Tensor) -> bool:
    prompts = ("a cat", "a red cat", "a robot in space", "a man and a woman", "a house at night", "a fish underwater")
    facts = [read_prompt(prompt).scene for prompt in prompts]
    return any(verdict.right for scene in facts for verdict in judge.verdicts(pictures, scene))


def test_noise_is_never_right(judge: Judge):
    """Whatever is asked, if only for one thing: what a run starts from, brighter or fainter, does not show it."""
    rng = torch.Generator().manual_seed(3)
    fine = torch.randn(128, 3, 32, 32, generator=rng)
    for pictures in (fine, 0.3 * fine, 0.1 * fine, torch.rand(fine.shape, generator=rng) * 2 - 1):
        assert not right_in_any(judge, pictures)


@pytest.mark.xfail(strict=True, reason="trained on fine noise only: it takes blotches and flat colours for animals")
def test_blotches_and_flat_colours_are_never_right(judge: Judge):
    rng = torch.Generator().manual_seed(3)
    blotches = [torch.randn(128, 3, n, n, generator=rng).repeat_interleave(32 // n, 2) for n in (4, 8, 16)]
    flat = (torch.rand(128, 3, 1, 1, generator=rng) * 2 - 1).expand(-1, -1, 32, 32)
    assert not any(
        right_in_any(judge, p) for p in (*(b.repeat_interleave(32 // b.shape[3], 3) for b in blotches), flat)
    )


def test_an_empty_place_shows_no_figure(judge: Judge):
    drawn = [judged_example(SEED, i) for i in range(600)]
    empty = [(scene, picture) for scene, picture in drawn if not scene.figures]
    sights = judge.look(tensor([picture for _, picture in empty]))
    places = [s.scene.place == scene.place for s, (scene, _) in zip(sights, empty, strict=True)]
    assert len(empty) > 5 and all(s.scene.figures == () for s in sights)
    assert sum(places) >= len(places) - 1


def test_a_picture_is_judged_the_same_alone_and_among_others(judge: Judge):
    pictures = tensor([draw(PAIR, seed) for seed in range(5)])
    together, alone = judge.look(pictures), [judge.look(picture[None])[0] for picture in pictures]
    for a, b in zip(together, alone, strict=True):
        assert a.scene == b.scene
        assert all(abs(a.answers[n].confidence - b.answers[n].confidence) < 1e-4 for n in ANSWERS)


def test_a_faultless_sight_gives_back_its_scene():
    for i in range(300):
        scene = sample_scene(random.Random(i))
        assert sight(scene).scene == scene
        assert compare(sight(scene), scene, sided=True).right


def test_what_the_prompt_leaves_open_is_free():
    """A picture of everything is right for each prompt that names some of it, and the checks are as many."""
    assert compare(sight(WITH_APPLE), Scene()).checks == ()
    short = compare(sight(WITH_APPLE), read_prompt("a turtle").scene)
    assert {check.attribute for check in short.checks} == {"figures", "subject"} and short.right
    assert compare(sight(WITH_APPLE), read_prompt("a green turtle on the beach").scene).right
    assert wrong(compare(sight(WITH_APPLE), read_prompt("a green cat on the beach").scene)) == {"subject"}


def test_a_missing_or_second_figure_is_wrong():
    alone = replace(PAIR, figures=(RED_CAT,))
    assert wrong(compare(sight(alone), PAIR)) == {"figures", "subject", "colour", "wearing"}
    assert wrong(compare(sight(PAIR), read_prompt("a blue dog").scene)) == {"figures"}


@pytest.mark.parametrize(
    "prompt, right, bound, placed",
    [
        ("a red cat and a blue dog", True, True, None),
        ("a blue dog and a red cat", True, True, None),
        ("a red cat on the left and a blue dog on the right", True, True, True),
        ("a blue dog on the right and a red cat on the left", True, True, True),
        ("a red cat on the right and a blue dog on the left", False, True, False),
        ("a blue cat on the left and a red dog on the right", False, False, None),
        ("a blue cat and a red dog", False, False, None),
    ],
)
def test_order_counts_only_where_sides_are_named(prompt: str, right: bool, bound: bool, placed: bool | None):
    reading = read_prompt(prompt)
    verdict = compare(sight(PAIR), reading.scene, reading.sided)
    assert (verdict.right, verdict.bound, verdict.placed) == (right, bound, placed)


def test_an_unsure_answer_counts_as_nothing_seen():
    assert compare(sight(PAIR, SURE), PAIR).right
    assert not any(check.right for check in compare(sight(PAIR, SURE - 0.01), PAIR).checks)


def test_every_answer_has_a_label_and_none_is_last():
    for name, answers in ANSWERS.items():
        assert answers[-1] is None and len(set(answers)) == len(answers), name
    assert labels_of(Scene((), NOTHING, "room", None))[0] == NONE[0]
    seen: set[Value] = {TIMES[labels_of(replace(PAIR, time=time))[-1]] for time in TIMES}
    assert seen == set(TIMES)


def test_noise_and_blends_keep_only_what_is_to_be_seen():
    rng = torch.Generator().manual_seed(1)
    x, labels = torch.rand(200, 3, 32, 32, generator=rng), torch.randint(0, 2, (200, len(ANSWERS)), generator=rng)
    _, after = unreadable(x.clone(), labels.clone(), rng)
    assert (after[:10] == NONE).all() and (after[20:] == labels[20:]).all()
    kept = after[10:20] == labels[10:20]
    assert (kept == (labels[10:20] == labels[-10:])).all() and (after[10:20][~kept] == NONE.expand(10, -1)[~kept]).all()


def test_batches_stay_in_range_and_in_step():
    pictures = torch.arange(4, dtype=torch.uint8)[:, None, None, None].expand(4, 3, 32, 32) * 80
    labels = torch.arange(4)[:, None].expand(4, len(ANSWERS)) % 2
    x, answers = judged_batch(pictures, labels, 128, torch.Generator().manual_seed(0))
    assert x.abs().max() <= 1 and x.shape == (128, 3, 32, 32)
    brightness = ((x[20:].mean((1, 2, 3)) + 1) * 127.5 / 80).round().long()
    assert (brightness % 2 == answers[20:, 0]).float().mean() > 0.95


def test_the_shipped_file_is_small_and_describes_itself(judge: Judge):
    assert JUDGE_FILE.stat().st_size <= 3 * 2**20
    assert judge.network.config == JudgeConfig()
    sizes = {name: logits.shape[1] for name, logits in JudgeNetwork(JudgeConfig())(torch.zeros(2, 3, 32, 32)).items()}
    assert sizes == {name: len(answers) for name, answers in ANSWERS.items()}
