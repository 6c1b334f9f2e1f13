"""Turtle, fish, bird and horse: seen from the side, facing right until the pen is mirrored."""

from __future__ import annotations

from diffusion_core.world.look import Anchor, Look, draw_eyes
from diffusion_core.world.palette import INK, RGB, mix, shade
from diffusion_core.world.pen import Pen

BEAK: RGB = (255, 170, 30)
# fmt: off
TURTLE_CAPE = (
    (0.28, -0.44), (0.04, -0.68), (-0.34, -0.6), (-0.68, -0.4),
    (-0.56, -0.24), (-0.2, -0.4), (0.1, -0.36),
)
HORSE_CAPE = (
    (0.12, -0.68), (-0.1, -0.64), (-0.5, -0.62), (-0.68, -0.42),
    (-0.6, -0.28), (-0.2, -0.36), (0.08, -0.5),
)
# fmt: on


def turtle(pen: Pen, look: Look) -> Anchor:
    """A patterned dome on four paddles, the head stretched out."""
    y = -0.46 - 0.04 * look.lean
    pen.group(look.edge)
    pen.polygon([(-0.42, -0.2), (-0.42, -0.1), (-0.6, -0.06)], look.colour)
    for leg in (-0.26, 0.2):
        pen.ellipse(leg, -0.07, 0.13, 0.08, look.colour)
    pen.line([(0.2, -0.2), (0.45, y)], 0.17, look.colour)
    pen.ellipse(0.46, y, 0.215, 0.205, look.colour)
    pen.group(look.edge)
    pen.dome(-0.06, -0.14, 0.43, 0.52, look.colour)
    pen.box(-0.5, -0.19, 0.38, -0.11, look.pale)
    for px, py, r in ((-0.07, -0.49, 0.11), (-0.3, -0.32, 0.09), (-0.06, -0.29, 0.09), (0.17, -0.32, 0.09)):
        pen.ellipse(px, py, r, r * 0.8, look.dark, False)
    pen.line([(0.54, y + 0.13), (0.64, y + 0.1)], 0.025, look.edge, False)
    draw_eyes(pen, 0.5, y - 0.01, 0.0, 0.088)
    return Anchor(
        (0.5, y - 0.01),
        0.0,
        0.11,
        (0.45, y - 0.15),
        (0.46, y - 0.155),
        0.18,
        (0.29, -0.31),
        0.12,
        TURTLE_CAPE,
        False,
    )


def fish(pen: Pen, look: Look) -> Anchor:
    """An oval with a fan of a tail, fins and a round eye."""
    flick = 0.05 * look.lean
    pen.group(look.edge)
    pen.polygon([(-0.3, -0.4), (-0.6, -0.66 + flick), (-0.52, -0.4), (-0.6, -0.14 + flick)], look.dark)
    pen.polygon([(-0.2, -0.6), (-0.12 - 0.03 * look.pose, -0.86), (0.16, -0.66)], look.dark)
    pen.polygon([(-0.06, -0.16), (-0.16, 0.0), (0.1, -0.12)], look.dark)
    pen.ellipse(0.02, -0.4, 0.44, 0.3, look.colour)
    pen.dome(0.02, -0.32, 0.36, -0.18, look.pale, False)
    pen.polygon([(0.0, -0.4), (-0.2, -0.5), (-0.22, -0.3)], look.dark, False)
    pen.line([(0.34, -0.3), (0.44, -0.33)], 0.04, look.edge, False)
    draw_eyes(pen, 0.24, -0.47, 0.0, 0.1)
    return Anchor((0.25, -0.47), 0.0, 0.14, (0.14, -0.66), (0.17, -0.65), 0.2, (0.0, 0.0), 0.0, (), False)


def bird(pen: Pen, look: Look) -> Anchor:
    """Round, with a wing, a tail and a bright beak, on thin legs."""
    x, y = 0.17, -0.74 + 0.02 * look.lean
    legs = shade(BEAK, 0.85)
    pen.group(look.edge)
    for leg in (-0.08, 0.1):
        pen.line([(leg, -0.18), (leg, -0.02)], 0.05, legs)
        pen.line([(leg - 0.04, -0.02), (leg + 0.1, -0.02)], 0.04, legs)
    pen.polygon([(-0.24, -0.42), (-0.58, -0.5 - 0.06 * look.pose), (-0.54, -0.3), (-0.2, -0.2)], look.dark)
    pen.ellipse(-0.02, -0.38, 0.32, 0.25, look.colour)
    pen.polygon([(x + 0.14, y - 0.05), (x + 0.4, y + 0.04), (x + 0.14, y + 0.12)], BEAK)
    pen.ellipse(x, y, 0.24, 0.22, look.colour)
    pen.ellipse(0.12, -0.36, 0.16, 0.16, look.pale, False)
    wing = -0.47 if look.quirk else -0.36
    pen.polygon([(0.08, -0.42), (-0.12, -0.52), (-0.36, wing), (-0.2, -0.26), (0.0, -0.28)], look.dark, False)
    draw_eyes(pen, x + 0.07, y - 0.03, 0.0, 0.085)
    cape = ((0.06, -0.58), (-0.24, -0.52), (-0.62, -0.28), (-0.52, -0.08), (-0.2, -0.24), (0.0, -0.42))
    return Anchor(
        (x + 0.08, y - 0.03),
        0.0,
        0.12,
        (x, y - 0.15),
        (x + 0.01, y - 0.165),
        0.19,
        (0.08, -0.53),
        0.2,
        cape,
        False,
    )


def horse(pen: Pen, look: Look) -> Anchor:
    """Long legs, a dark mane and tail, the head held high."""
    step = 0.03 * (look.pose - 1)
    mane = mix(look.dark, INK, 0.25)
    pen.group(look.edge)
    pen.line([(-0.36, -0.52), (-0.5, -0.44), (-0.52 + 0.04 * look.lean, -0.2)], 0.1, mane)
    for leg, shift in ((-0.15, step), (0.08, -step), (-0.34, -step), (0.26, step)):
        pen.box(leg + shift - 0.05, -0.36, leg + shift + 0.05, -0.06, look.colour if abs(leg) > 0.2 else look.dark)
        pen.box(leg + shift - 0.055, -0.06, leg + shift + 0.055, 0.0, mane)
    pen.ellipse(-0.05, -0.46, 0.37, 0.19, look.colour)
    pen.polygon([(0.0, -0.5), (0.13, -0.9), (0.36, -0.9), (0.32, -0.42)], look.colour)
    pen.line([(0.0, -0.56), (0.07, -0.8), (0.17, -0.98)], 0.11, mane)
    pen.polygon([(0.15, -0.92), (0.19, -1.12), (0.31, -0.94)], look.colour)
    pen.ellipse(0.31, -0.83, 0.205, 0.185, look.colour)
    pen.ellipse(0.46, -0.75, 0.15, 0.125, look.pale)
    pen.ellipse(0.53, -0.77, 0.022, 0.03, look.edge, False)
    pen.line([(0.47, -0.68), (0.56, -0.68)], 0.025, look.edge, False)
    draw_eyes(pen, 0.32, -0.82, 0.0, 0.085)
    return Anchor(
        (0.33, -0.82), 0.0, 0.115, (0.27, -0.97), (0.3, -0.965), 0.185, (0.18, -0.62), 0.17, HORSE_CAPE, False
    )
