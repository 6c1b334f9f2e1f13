"""Draw scenes at random from the tables of the vocabulary, inside or outside the held-out blocks."""

from __future__ import annotations

import random

from diffusion_core.world.vocabulary import (
    HELD_OUT,
    HELD_OUT_PAIRS,
    NOTHING,
    SUBJECTS,
    THINGS,
    Figure,
    Scene,
    allowed,
    colours_of,
    held_out_blocks,
    places_of,
    times_of,
    wearables_of,
)

PAIR_SHARE = 0.25
BARE_SHARE = 0.40  # of single figures that could wear something
ALONE_SHARE = 0.45  # of single figures with nothing beside them


def sample_scene(rng: random.Random, held_out: bool = False) -> Scene:
    """A complete, allowed scene; never one from a held-out block, or with `held_out` always one.

    Held-out scenes first choose a block, all alike, and then fill in the rest at random.
    """
    if held_out:
        return _sample_held_out(rng)
    while True:
        scene = _sample_pair(rng) if rng.random() < PAIR_SHARE else _sample_single(rng, {})
        if not held_out_blocks(scene):
            return scene


def scene_seed(seed: int, index: int) -> int:
    """One well-spread 63-bit number for each (seed, index): two rounds of splitmix64."""
    mixed = _splitmix(_splitmix(seed & _MASK) ^ (index & _MASK))
    return mixed >> 1


_MASK = (1 << 64) - 1


def _splitmix(value: int) -> int:
    value = (value + 0x9E3779B97F4A7C15) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def _sample_held_out(rng: random.Random) -> Scene:
    choice = rng.randrange(len(HELD_OUT) + len(HELD_OUT_PAIRS))
    if choice < len(HELD_OUT):
        block = HELD_OUT[choice]
        while True:
            scene = _sample_single(rng, block)
            if allowed(scene) is None and held_out_blocks(scene):
                return scene
    subjects = sorted(HELD_OUT_PAIRS[choice - len(HELD_OUT)])
    rng.shuffle(subjects)
    return _sample_pair(rng, tuple(subjects))


def _sample_single(rng: random.Random, fixed: dict[str, str]) -> Scene:
    subject = fixed.get("subject") or rng.choice(SUBJECTS)
    wearing = fixed.get("wearing") or _or_nothing(rng, wearables_of(subject), BARE_SHARE)
    colour = fixed.get("colour") or rng.choice(colours_of(subject))
    thing = fixed.get("thing") or _or_nothing(rng, THINGS, ALONE_SHARE)
    place = fixed.get("place") or rng.choice(places_of(subject))
    return Scene((Figure(subject, colour, wearing),), thing, place, rng.choice(times_of(place)))


def _sample_pair(rng: random.Random, subjects: tuple[str, ...] = ()) -> Scene:
    """Two figures that differ in subject or in colour."""
    while True:
        first, second = subjects or (rng.choice(SUBJECTS), rng.choice(SUBJECTS))
        figures = tuple(Figure(s, rng.choice(colours_of(s)), NOTHING) for s in (first, second))
        shared = [place for place in places_of(first) if place in places_of(second)]
        place = rng.choice(shared)
        if figures[0] != figures[1]:
            return Scene(figures, NOTHING, place, rng.choice(times_of(place)))


def _or_nothing(rng: random.Random, choices: tuple[str, ...], share: float) -> str:
    if len(choices) == 1 or rng.random() < share:
        return NOTHING
    return rng.choice(choices[1:])
