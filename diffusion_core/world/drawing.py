"""From a scene and a seed to a picture: where figures and things go, and in which order they are drawn."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from diffusion_core.world import subjects_animals, subjects_people, subjects_things, subjects_wild
from diffusion_core.world.look import Anchor, Look, choose_look
from diffusion_core.world.pen import Pen
from diffusion_core.world.places import SKY_PLACES
from diffusion_core.world.places_apart import TIMELESS_PLACES
from diffusion_core.world.things import DRAW_THING, SIZE
from diffusion_core.world.vocabulary import NOTHING, Figure, Scene, allowed
from diffusion_core.world.worn import WORN

NIGHT_LIGHT = 0.93  # figures keep their colours at night, a little dimmed
FLOATING = frozenset({"space", "underwater"})


@dataclass(frozen=True)
class Kind:
    """One subject: its drawing and the room it takes in its own space (feet at 0, up is negative)."""

    draw: Callable[[Pen, Look], Anchor | None]
    left: float
    right: float
    height: float
    hat: float = 0.0  # extra height when it wears a hat
    size: float = 0.8  # scale when there is room enough
    sideways: bool = False  # has a face on one side, where nothing may stand
    hover: float = 0.0  # how far above the ground


KINDS: dict[str, Kind] = {
    "man": Kind(subjects_people.man, 0.44, 0.44, 0.98, 0.2, 0.86),
    "woman": Kind(subjects_people.woman, 0.44, 0.44, 0.98, 0.2, 0.86),
    "king": Kind(subjects_people.king, 0.44, 0.44, 1.1, 0.0, 0.8),
    "queen": Kind(subjects_people.queen, 0.44, 0.44, 1.1, 0.0, 0.8),
    "cat": Kind(subjects_animals.cat, 0.39, 0.54, 1.0, 0.16, 0.82),
    "tabby cat": Kind(subjects_animals.tabby_cat, 0.39, 0.54, 1.0, 0.16, 0.82),
    "dog": Kind(subjects_animals.dog, 0.5, 0.51, 0.96, 0.24, 0.84),
    "corgi": Kind(subjects_animals.corgi, 0.63, 0.58, 1.05, 0.08, 0.8, True),
    "turtle": Kind(subjects_wild.turtle, 0.62, 0.73, 0.71, 0.26, 0.82, True),
    "fish": Kind(subjects_wild.fish, 0.62, 0.54, 0.9, 0.1, 0.84, True, 0.1),
    "bird": Kind(subjects_wild.bird, 0.6, 0.6, 0.99, 0.24, 0.8, True),
    "horse": Kind(subjects_wild.horse, 0.6, 0.63, 1.13, 0.15, 0.8, True),
    "robot": Kind(subjects_things.robot, 0.5, 0.5, 1.08, 0.1, 0.8),
    "house": Kind(subjects_things.house, 0.56, 0.56, 0.98, 0.0, 0.8),
    "tree": Kind(subjects_things.tree, 0.5, 0.5, 1.0, 0.0, 0.86),
    "car": Kind(subjects_things.car, 0.6, 0.62, 0.68, 0.0, 0.86),
}


def draw(scene: Scene, seed: int, size: int = 32) -> np.ndarray:
    """The picture of a complete scene: uint8 array (size, size, 3), the same for the same seed everywhere.

    The seed decides what no caption names. Place, thing and each figure draw from streams of their
    own, so changing one attribute leaves the rest of the picture as it was.
    Raises ValueError for a scene the tables do not allow and for a size that is no multiple of 32.
    """
    _check(scene, size)
    pen, base = Pen(size), 8 * abs(seed)
    _draw_place(pen, random.Random(base), scene)
    if scene.time == "night":
        pen.light = NIGHT_LIGHT
    if len(scene.figures) == 2:
        _draw_pair(pen, base, scene)
    else:
        _draw_single(pen, base, scene)
    return pen.finish()


def _check(scene: Scene, size: int) -> None:
    if size < 32 or size % 32:
        raise ValueError(f"Pictures are drawn at multiples of 32 pixels, not at {size}: take 32 or 64.")
    facts = [scene.thing, scene.place, *(v for f in scene.figures for v in (f.subject, f.colour, f.wearing))]
    if not scene.figures or None in facts or (scene.time is None) != (scene.place in TIMELESS_PLACES):
        raise ValueError("Only a complete scene can be drawn: set every figure, thing, place and time.")
    if clash := allowed(scene):
        raise ValueError(clash)


def _draw_place(pen: Pen, rng: random.Random, scene: Scene) -> None:
    if scene.place in SKY_PLACES:
        SKY_PLACES[scene.place](pen, rng, scene.time)
    else:
        TIMELESS_PLACES[scene.place](pen, rng)


def _draw_single(pen: Pen, base: int, scene: Scene) -> None:
    rng, figure = random.Random(base + 1), scene.figures[0]
    mirrored, thing_right, zoom = rng.random() < 0.5, rng.random() < 0.5, rng.random()
    across, down = rng.random(), rng.random()
    if scene.thing == NOTHING:
        _draw_figure(pen, base + 2, figure, scene, (0.03, 0.97), (mirrored, zoom, across, down))
        return
    if KINDS[figure.subject].sideways:
        thing_right = mirrored  # behind the tail, never in the face
    room = (0.02, 0.77) if thing_right else (0.23, 0.98)
    _draw_figure(pen, base + 2, figure, scene, room, (mirrored, zoom, across, down))
    _draw_thing(pen, random.Random(base + 4), scene.thing, thing_right)


def _draw_pair(pen: Pen, base: int, scene: Scene) -> None:
    rng = random.Random(base + 1)
    middle = 0.5 + 0.02 * (2 * rng.random() - 1)
    for index, figure in enumerate(scene.figures):
        room = (0.015, middle) if index == 0 else (middle, 0.985)
        free = (rng.random() < 0.5, rng.random(), rng.random(), rng.random())
        _draw_figure(pen, base + 2 + index, figure, scene, room, free)


def _draw_figure(
    pen: Pen,
    seed: int,
    figure: Figure,
    scene: Scene,
    room: tuple[float, float],
    free: tuple[bool, float, float, float],  # mirrored; zoom, across, down from 0 to 1
) -> None:
    """Draw one figure as large as fits between the two sides of its room."""
    kind, (mirrored, zoom, across, down) = KINDS[figure.subject], free
    left, right = kind.left, kind.right
    if figure.wearing == "cape":
        left, right = max(left, 0.7 if kind.sideways else 0.55), max(right, 0.55)
    left, right = (right, left) if mirrored else (left, right)
    height = kind.height + (kind.hat if figure.wearing == "hat" else 0.0)
    scale = min(kind.size, (room[1] - room[0]) / (left + right), 0.91 / height)
    least = 0.84 if len(scene.figures) == 1 else 0.92
    scale *= least + (1.0 - least) * zoom
    low, high = room[0] + left * scale, room[1] - right * scale
    lift = kind.hover + (0.12 if scene.place in FLOATING else 0.0)
    bottom = 0.95 - (0.08 + lift) * down - 0.5 * lift
    y = max(0.025 + height * scale, bottom)
    pen.aim(low + (high - low) * across, y, scale, mirrored)
    look = choose_look(random.Random(seed), figure.colour, figure.wearing)
    anchor = kind.draw(pen, look)
    if anchor is not None and figure.wearing != NOTHING:
        WORN[figure.wearing](pen, anchor, look)


def _draw_thing(pen: Pen, rng: random.Random, thing: str, on_right: bool) -> None:
    scale = SIZE[thing] * (0.92 + 0.12 * rng.random())
    margin, y = 0.16 + 0.02 * rng.random(), 0.91 + 0.055 * rng.random()
    if thing == "flower":
        margin += 0.015
    if thing == "balloon":
        y -= 0.04 + 0.16 * rng.random()
    pen.aim(1.0 - margin if on_right else margin, y, scale)
    DRAW_THING[thing](pen, rng)
