"""The drawings that a caption could belong to: what a network with nothing but the words to go by can expect."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from diffusion_core.world.captions import choose_facts
from diffusion_core.world.drawing import draw
from diffusion_core.world.scenes import ALONE_SHARE, BARE_SHARE, sample_scene, scene_seed
from diffusion_core.world.vocabulary import (
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

TRIES = 150_000  # in all: the rarest captions then find dozens of scenes, common ones thousands


def scenes_saying(facts: Scene, count: int, seed: int, sided: bool = False) -> list[Scene]:
    """Complete scenes drawn from p(scene | its caption says `facts`), the scenes and captions of training.

    p(scene | facts) ∝ p(scene)·p(facts | scene), by rejection: a scene that shows the facts is kept when a caption
    chosen for it says exactly these. Facts that training held out are treated as if it had not. Rare captions
    may find fewer than `count`; what no picture can show finds none.
    """
    rng, found = random.Random(scene_seed(seed, count)), []
    if allowed(facts) is not None:
        return found
    withheld = bool(held_out_blocks(facts))
    for _ in range(TRIES):
        scene = sample_scene(rng) if facts == Scene() else _scene_saying(facts, rng, sided)
        if scene is not None and (withheld or not held_out_blocks(scene)):
            found.append(scene)
        if len(found) == count:
            break
    return found


def drawings_saying(facts: Scene, count: int, seed: int, sided: bool = False) -> Iterator[np.ndarray]:
    """Their pictures, one by one: uint8 (32, 32, 3)."""
    for index, scene in enumerate(scenes_saying(facts, count, seed, sided)):
        yield draw(scene, scene_seed(seed + 1, index))


def _scene_saying(facts: Scene, rng: random.Random, sided: bool) -> Scene | None:
    """One throw: a scene that shows the facts, if the caption chosen for it says them and no more."""
    figures = facts.figures or (Figure(),)
    if not sided and rng.random() < 0.5:
        figures = figures[::-1]
    wanted = replace(facts, figures=figures)
    scene = _complete(wanted, rng)
    if scene is None or _says(choose_facts(scene, rng)) != _says(wanted):
        return None
    return scene


def _says(facts: Scene) -> tuple:
    """What a caption tells beside the subjects, which it leaves out too seldom to wait for."""
    return tuple((f.colour, f.wearing) for f in facts.figures), facts.thing, facts.place, facts.time


def _complete(facts: Scene, rng: random.Random) -> Scene | None:
    """Fill in at random what is not said, as scenes.sample_scene does; None when the dice miss what is said."""
    subjects = [figure.subject or rng.choice(SUBJECTS) for figure in facts.figures]
    pair = len(subjects) == 2
    figures = tuple(_figure(f, s, pair, rng) for f, s in zip(facts.figures, subjects, strict=True))
    shared = [place for place in places_of(subjects[0]) if place in places_of(subjects[-1])]
    thing = NOTHING if pair else _settle(facts.thing, _or_nothing(rng, THINGS, ALONE_SHARE), True)
    if None in figures or not shared:
        return None
    # only a subject that was named makes its places a matter of course; otherwise the dice must hit
    place = _settle(facts.place, rng.choice(shared), None not in [f.subject for f in facts.figures])
    if place not in shared:
        return None
    time = rng.choice(times_of(place))
    scene = Scene(figures, thing, place, time)
    return None if facts.time not in (None, time) or (pair and figures[0] == figures[1]) else scene


def _figure(said: Figure, subject: str, pair: bool, rng: random.Random) -> Figure | None:
    named = said.subject is not None
    colour = _settle(said.colour, rng.choice(colours_of(subject)), named)
    worn = NOTHING if pair else _or_nothing(rng, wearables_of(subject), BARE_SHARE)
    wearing = _settle(said.wearing, worn, named)
    return None if None in (colour, wearing) else Figure(subject, colour, wearing)


def _settle(said: str | None, drawn: str, sure: bool) -> str | None:
    """What was said where its chance is the same in every scene; elsewhere what was drawn, if that is it."""
    if said is None:
        return drawn
    return said if sure or said == drawn else None


def _or_nothing(rng: random.Random, choices: tuple[str, ...], share: float) -> str:
    if len(choices) == 1 or rng.random() < share:
        return NOTHING
    return rng.choice(choices[1:])
