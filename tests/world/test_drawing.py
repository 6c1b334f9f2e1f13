"""The drawing obeys its scene, its seed and its size, and nothing else."""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from diffusion_core.world.__main__ import main
from diffusion_core.world.dataset import draw_pool, example
from diffusion_core.world.drawing import KINDS, draw
from diffusion_core.world.palette import COLOUR_RGB
from diffusion_core.world.scenes import sample_scene
from diffusion_core.world.vocabulary import (
    NOTHING,
    PLACES,
    SUBJECTS,
    THINGS,
    WEARABLES,
    Figure,
    Scene,
    colours_of,
    places_of,
    times_of,
    wearables_of,
)

ROOT = Path(__file__).parents[2]
FINGERPRINT = """
import hashlib, sys
from diffusion_core.world.dataset import draw_pool
assert "torch" not in sys.modules
print(hashlib.sha256(draw_pool(60, 3, workers=1)[0].tobytes()).hexdigest())
"""


def _scene(subject: str, **facts: str) -> Scene:
    colour = facts.get("colour", colours_of(subject)[0])
    place = facts.get("place", places_of(subject)[0])
    figure = Figure(subject, colour, facts.get("wearing", NOTHING))
    return Scene((figure,), facts.get("thing", NOTHING), place, facts.get("time", times_of(place)[0]))


@pytest.mark.parametrize("hash_seed", ["0", "12345"])
def test_same_bytes_in_every_process(hash_seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", FINGERPRINT]
    other = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=ROOT)
    assert other.stdout.strip() == hashlib.sha256(draw_pool(60, 3, workers=1)[0].tobytes()).hexdigest()


def test_pool_does_not_depend_on_workers_and_holds_the_examples() -> None:
    heard: list[int] = []
    one, scenes = draw_pool(1100, 9, workers=1)
    two, same_scenes = draw_pool(1100, 9, workers=2, progress=heard.append)
    assert np.array_equal(one, two) and scenes == same_scenes
    assert heard == [500, 1000, 1100]
    scene, picture = example(9, 777)
    assert scene == scenes[777] and np.array_equal(picture, one[777])


def test_64_averaged_down_is_the_picture_at_32() -> None:
    rng = random.Random(4)
    for seed in range(60):
        scene = sample_scene(rng)
        small = draw(scene, seed, 32).astype(float)
        large = draw(scene, seed, 64).astype(float)
        averaged = large.reshape(32, 2, 32, 2, 3).mean(axis=(1, 3))
        assert np.abs(averaged - small).mean() < 8.0, scene
        assert np.corrcoef(averaged.ravel(), small.ravel())[0, 1] > 0.97, scene


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_allowed_combination_draws(subject: str) -> None:
    for wearing, place in itertools.product(wearables_of(subject), places_of(subject)):
        picture = draw(_scene(subject, wearing=wearing, place=place), 1)
        assert picture.shape == (32, 32, 3) and picture.dtype == np.uint8
        assert picture.std() > 10


@pytest.mark.parametrize("subject", SUBJECTS)
def test_each_attribute_shows(subject: str) -> None:
    """Scenes that differ in one fact differ in at least a dozen pixels, whatever the seed."""
    for seed in range(3):
        base = _scene(subject, place="beach", time="day")
        others = [_scene(subject, place="beach", time=time) for time in ("sunset", "night")]
        others += [_scene(subject, place=place) for place in places_of(subject) if place != "beach"]
        others += [replace(base, thing=thing) for thing in THINGS[1:]]
        others += [_scene(subject, wearing=worn) for worn in wearables_of(subject)[1:]]
        others += [_scene(subject, colour=colour) for colour in colours_of(subject)[1:]]
        others += [_scene(other, colour="orange") for other in SUBJECTS if "orange" in colours_of(other)]
        pictures = [draw(scene, seed).astype(int) for scene in [base, *others]]
        for other, picture in zip(others, pictures[1:], strict=True):
            if other != base:
                assert (np.abs(picture - pictures[0]).max(axis=2) > 24).sum() >= 12, (base, other)


@pytest.mark.parametrize("time", ["day", "sunset", "night"])
def test_figures_have_the_colour_they_are_named_after(time: str) -> None:
    """Most flat pixels that change with the colour lie nearest to its own entry in the palette."""
    names, table = list(COLOUR_RGB), np.array(list(COLOUR_RGB.values()))  # (10, 3)
    for subject in SUBJECTS:
        drawn = {c: draw(_scene(subject, colour=c, time=time), 5).astype(int) for c in colours_of(subject)}
        stack = np.stack(list(drawn.values()))
        figure = np.ptp(stack, axis=0).max(axis=2) > 40  # (32, 32): pixels that the colour decides
        for colour, picture in drawn.items():
            distance = np.abs(picture[figure][:, None] - table).max(-1)  # (pixels, 10)
            flat = distance.min(-1) < 28  # away from outlines, stripes and highlights
            votes = np.bincount(distance[flat].argmin(-1), minlength=len(names))
            assert votes[names.index(colour)] > 0.5 * votes.sum() > 6, (subject, colour, votes)


def test_seed_moves_what_no_caption_names() -> None:
    pictures = np.stack([draw(_scene("cat"), seed) for seed in range(20)]).astype(float)
    assert len({picture.tobytes() for picture in pictures}) == 20
    assert pictures.std(axis=0).mean() > 15


def test_an_attribute_leaves_the_rest_alone() -> None:
    """Place, thing and figure have streams of their own: another colour keeps the background."""
    red, blue = (draw(_scene("cat", colour=colour), 8).astype(int) for colour in ("red", "blue"))
    changed = np.abs(red - blue).max(axis=2) > 0
    assert 0.1 < changed.mean() < 0.7


def test_every_word_of_the_vocabulary_can_be_drawn() -> None:
    assert tuple(KINDS) == SUBJECTS
    assert {w for s in SUBJECTS for w in wearables_of(s)} == set(WEARABLES)
    assert {p for s in SUBJECTS for p in places_of(s)} == set(PLACES)


@pytest.mark.parametrize(
    ("scene", "size"),
    [
        (_scene("cat"), 40),
        (Scene((Figure("cat", "red"),), NOTHING, "beach", "day"), 32),
        (replace(_scene("cat"), place="space"), 32),
        (_scene("house", wearing="hat"), 32),
    ],
)
def test_wrong_scenes_and_sizes_are_refused_in_one_sentence(scene: Scene, size: int) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z][^\n]*\.$"):
        draw(scene, 0, size)


def test_sheet_command_writes_a_picture(tmp_path: Path) -> None:
    file = tmp_path / "sheet.png"
    assert main(["--sheet", str(file), "--size", "64", "--seed", "2", "--count", "9"]) == 0
    with Image.open(file) as sheet:
        assert sheet.width > 1000 and sheet.height > 2 * 192


@pytest.mark.parametrize(
    "options",
    [
        ["--sheet", "x.png", "--size", "33"],
        ["--sheet", "x.png", "--count", "0"],
        ["--sheet", "x.png", "--seed", "-1"],
        ["--sheet", "no/such/folder/x.png"],
        ["--sheet", "x.txt"],
        ["--colour", "red"],
        [],
    ],
)
def test_wrong_options_exit_2_with_one_sentence(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(options)
    except SystemExit as stop:
        code = stop.code
    message = capsys.readouterr().err.strip()
    assert code == 2
    assert message.endswith(".") and "\n" not in message and "Traceback" not in message
