"""How one figure looks beyond its caption, and where on it things are worn."""

from __future__ import annotations

import random
from dataclasses import dataclass

from diffusion_core.world.palette import (
    COLOUR_RGB,
    DARK_RGB,
    EDGE_RGB,
    HAIR,
    INK,
    PAPER,
    RGB,
    SKIN,
    jitter,
    mix,
)
from diffusion_core.world.pen import Pen, Point


@dataclass(frozen=True)
class Look:
    """A figure's colours and pose: what the caption fixes, and what the seed leaves free."""

    colour: RGB
    dark: RGB  # markings and fins: plainly darker, still the same hue
    pale: RGB  # bellies and muzzles
    edge: RGB  # the outline
    skin: RGB
    hair: RGB
    lean: float  # -1 … 1: how far the head tilts to one side
    pose: int  # 0 … 2
    quirk: bool
    wearing: str


@dataclass(frozen=True)
class Anchor:
    """Where things are worn, in the figure's own space."""

    eyes: Point  # middle between the eyes
    span: float  # from the middle to each eye; 0 for a face seen from the side, which shows one
    lens: float  # size of a lens that covers one eye
    top: Point  # where the brim of a hat rests
    brow: Point  # middle of a headband
    width: float  # half the head's width at the brow
    neck: Point
    neck_width: float
    cape: tuple[Point, ...]  # from neck to hem and back
    cape_behind: bool


def choose_look(rng: random.Random, colour: str, wearing: str) -> Look:
    """The look of a figure. The draws do not depend on colour or clothes: a seed is one pose."""
    rgb = jitter(COLOUR_RGB[colour], rng)
    skin, hair = rng.choice(SKIN), rng.choice(HAIR)
    if abs(sum(skin) - sum(hair)) < 150:
        hair = HAIR[0]  # a face and its hair must stand apart
    lean, pose, quirk = 2.0 * rng.random() - 1.0, int(3 * rng.random()), rng.random() < 0.4
    dark, edge = DARK_RGB[colour], EDGE_RGB[colour]
    return Look(rgb, dark, mix(rgb, PAPER, 0.45), edge, skin, hair, lean, pose, quirk, wearing)


def draw_eyes(pen: Pen, x: float, y: float, span: float, radius: float) -> None:
    """Two round eyes with highlights, `span` to each side of the middle; a span of 0 gives one."""
    for side in (-span, span) if span else (0.0,):
        pen.ellipse(x + side, y, radius, radius * 1.12, PAPER, False)
        pen.ellipse(x + side + 0.1 * radius, y + 0.1 * radius, radius * 0.72, radius * 0.84, INK, False)
        pen.ellipse(x + side - 0.18 * radius, y - 0.32 * radius, radius * 0.3, radius * 0.3, PAPER, False)
