"""Captions are true, short, fast, and made of exactly the declared words."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest

from diffusion_core.world.captions import CAPTION_WORDS, MAX_WORDS, choose_facts, say, write_caption
from diffusion_core.world.vocabulary import (
    COLOURS,
    NOTHING,
    PLACES,
    SUBJECTS,
    THINGS,
    Figure,
    Scene,
    colours_of,
    places_of,
    times_of,
    wearables_of,
)


def any_scene(rng: random.Random) -> Scene:
    """A scene that the tables allow, held out or not."""
    place = rng.choice(PLACES)
    subjects = [subject for subject in SUBJECTS if place in places_of(subject)]
    pair = rng.random() < 0.25
    figures = []
    for _ in range(2 if pair else 1):
        subject = rng.choice(subjects)
        wearing = NOTHING if pair else rng.choice(wearables_of(subject))
        figures.append(Figure(subject, rng.choice(colours_of(subject)), wearing))
    thing = NOTHING if pair else rng.choice(THINGS)
    return Scene(tuple(figures), thing, place, rng.choice(times_of(place)))


@pytest.fixture(scope="module")
def scenes() -> list[Scene]:
    rng = random.Random(11)
    return [any_scene(rng) for _ in range(50_000)]


def test_captions_hold_exactly_the_declared_words(scenes: list[Scene]) -> None:
    rng = random.Random(1)
    seen = {word for scene in scenes for word in write_caption(scene, rng).split()}
    assert seen == set(CAPTION_WORDS)
    assert list(CAPTION_WORDS) == sorted(set(CAPTION_WORDS))
    assert len(CAPTION_WORDS) < 110
    assert all(word.isalpha() and word.islower() for word in CAPTION_WORDS)


def test_every_caption_fits_the_text_encoder(scenes: list[Scene]) -> None:
    rng = random.Random(2)
    fullest = Scene((Figure("tabby cat", "orange", "cape"),), "basketball", "beach", "day")
    pair = Scene((Figure("tabby cat", "orange"), Figure("tabby cat", "orange")), None, "beach", "day")
    wordings = [write_caption(scene, rng) for scene in scenes]
    wordings += [say(rng.choice((fullest, pair)), rng) for _ in range(20_000)]
    lengths = [len(words.split()) for words in wordings]
    assert min(lengths) >= 1
    assert max(lengths) == MAX_WORDS


def test_the_facts_told_are_facts_of_the_scene(scenes: list[Scene]) -> None:
    rng = random.Random(3)
    for scene in scenes[:5_000]:
        told = choose_facts(scene, rng)
        assert len(told.figures) == len(scene.figures)
        pairs = [(told.thing, scene.thing), (told.place, scene.place), (told.time, scene.time)]
        for mine, its in zip(told.figures, scene.figures, strict=True):
            pairs += zip(vars(mine).values(), vars(its).values(), strict=True)
        assert all(mine in (None, its) and mine != NOTHING for mine, its in pairs)


def test_some_captions_tell_all_and_some_the_subject_alone() -> None:
    scene = Scene((Figure("turtle", "green", "hat"),), "apple", "beach", "sunset")
    rng = random.Random(4)
    told = Counter(choose_facts(scene, rng) for _ in range(20_000))
    assert 0.25 < told[scene] / 20_000 < 0.40
    assert 0.10 < told[Scene((Figure("turtle"),))] / 20_000 < 0.15
    named = {facts for facts in told if facts.figures[0].subject is not None}
    assert len(named) == 2**5  # each other attribute can be left out, in any combination
    assert 0 < sum(told[facts] for facts in told.keys() - named) / 20_000 < 0.02


def test_sides_that_are_named_are_the_true_ones() -> None:
    scene = Scene((Figure("cat", "red"), Figure("dog", "blue")))
    rng = random.Random(5)
    for _ in range(2_000):
        words = [word for word in say(scene, rng).split() if word not in {"a", "the", "to", "on", "and"}]
        words = words[words.index("of") + 1 :] if words[0] in {"picture", "drawing"} else words
        if {"left", "right"} <= set(words):
            assert words.index("left") - words.index("cat") == words.index("right") - words.index("dog") == 1
        elif "left" in words:
            assert words.index("cat") < words.index("left") < words.index("dog")
        elif "right" in words:
            assert words.index("dog") < words.index("right") < words.index("cat")


def test_left_out_words_are_never_written() -> None:
    rng = random.Random(6)
    words = {word for _ in range(2_000) for word in say(Scene((Figure("turtle"),)), rng).split()}
    assert words == {"a", "the", "turtle", "picture", "drawing", "of"}
    assert not words & set(COLOURS)


def test_one_seed_writes_one_caption(scenes: list[Scene]) -> None:
    one, two = random.Random(7), random.Random(7)
    assert all(write_caption(scene, one) == write_caption(scene, two) for scene in scenes[:500])


def test_captions_never_starve_training(scenes: list[Scene]) -> None:
    rng = random.Random(8)
    start = time.perf_counter()
    for scene in scenes:
        write_caption(scene, rng)
    assert (time.perf_counter() - start) / len(scenes) < 60e-6  # about 4 µs on a quiet core
