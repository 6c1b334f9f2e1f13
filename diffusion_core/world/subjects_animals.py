"""Cat, tabby cat, dog and corgi: faces to the front. Feet at y = 0, about one unit high."""

from __future__ import annotations

from itertools import pairwise

from diffusion_core.world.look import Anchor, Look, draw_eyes
from diffusion_core.world.palette import INK, PAPER, RGB, shade
from diffusion_core.world.pen import Pen

ROSE: RGB = (240, 150, 160)
CAPE = ((-0.2, -0.45), (0.2, -0.45), (0.42, -0.28), (0.54, -0.02), (-0.54, -0.02), (-0.42, -0.28))
CAT_TAILS = (
    ((0.15, -0.08), (0.36, -0.1), (0.42, -0.24), (0.4, -0.42)),
    ((0.15, -0.06), (0.4, -0.06), (0.47, -0.16), (0.38, -0.24)),
    ((0.15, -0.1), (0.34, -0.16), (0.36, -0.32), (0.46, -0.44)),
)


def cat(pen: Pen, look: Look) -> Anchor:
    """Sitting, pointed ears, long tail."""
    return _cat(pen, look, striped=False)


def tabby_cat(pen: Pen, look: Look) -> Anchor:
    """The cat with dark stripes on brow, flanks and tail."""
    return _cat(pen, look, striped=True)


def _cat(pen: Pen, look: Look, striped: bool) -> Anchor:
    x = 0.05 * look.lean
    pen.group(look.edge)
    tail = CAT_TAILS[look.pose]
    pen.line(tail, 0.1, look.colour)
    pen.ellipse(*tail[-1], 0.05, 0.05, look.colour)
    pen.ellipse(0.0, -0.25, 0.25, 0.25, look.colour)
    if striped:
        _flank_stripes(pen, look, tail)
    pen.ellipse(0.0, -0.22, 0.12, 0.17, look.pale, False)
    for side in (-0.12, 0.12):
        pen.ellipse(side, -0.045, 0.1, 0.05, look.colour)
    pen.group(look.edge)
    for side in (-1, 1):
        ear = ((x + side * 0.3, -1.0), (x + side * 0.05, -0.84), (x + side * 0.29, -0.68))
        pen.polygon(ear, look.colour)
        inner = ((x + side * 0.26, -0.93), (x + side * 0.13, -0.82), (x + side * 0.25, -0.76))
        pen.polygon(inner, ROSE, False)
    pen.ellipse(x, -0.65, 0.31, 0.235, look.colour)
    if striped:
        _face_stripes(pen, look, x)
    pen.ellipse(x, -0.55, 0.12, 0.08, look.pale, False)
    pen.polygon([(x - 0.045, -0.6), (x + 0.045, -0.6), (x, -0.545)], (206, 70, 96), False)
    draw_eyes(pen, x, -0.665, 0.135, 0.08)
    return Anchor((x, -0.665), 0.135, 0.12, (x, -0.83), (x, -0.815), 0.28, (0.0, -0.42), 0.2, CAPE, True)


def _stripe_colour(look: Look) -> RGB:
    return shade(look.colour, 0.36)


def _flank_stripes(pen: Pen, look: Look, tail: tuple) -> None:
    ink = _stripe_colour(look)
    for y in (-0.34, -0.23, -0.12):
        pen.line([(-0.23, y), (-0.11, y + 0.015)], 0.05, ink, False)
        pen.line([(0.23, y), (0.11, y + 0.015)], 0.05, ink, False)
    for (ax, ay), (bx, by) in pairwise(tail[1:]):
        mx, my, dx, dy = (ax + bx) / 2, (ay + by) / 2, (by - ay) * 0.36, (ax - bx) * 0.36
        pen.line([(mx - dx, my - dy), (mx + dx, my + dy)], 0.05, ink, False)


def _face_stripes(pen: Pen, look: Look, x: float) -> None:
    ink = _stripe_colour(look)
    for side, bottom in ((-0.1, -0.77), (0.0, -0.74), (0.1, -0.77)):
        pen.line([(x + side, -0.89), (x + side * 0.9, bottom)], 0.052, ink, False)
    for y in (-0.64, -0.54):
        pen.line([(x - 0.31, y), (x - 0.22, y)], 0.045, ink, False)
        pen.line([(x + 0.31, y), (x + 0.22, y)], 0.045, ink, False)


def dog(pen: Pen, look: Look) -> Anchor:
    """Sitting, floppy dark ears, a big nose on a pale muzzle."""
    x = 0.05 * look.lean
    pen.group(look.edge)
    pen.line([(0.15, -0.12), (0.36, -0.22), (0.4 + 0.03 * look.pose, -0.36)], 0.085, look.colour)
    pen.ellipse(0.0, -0.25, 0.26, 0.25, look.colour)
    pen.ellipse(0.0, -0.24, 0.13, 0.18, look.pale, False)
    for side in (-0.14, 0.14):
        pen.ellipse(side, -0.05, 0.11, 0.055, look.colour)
    pen.group(look.edge)
    pen.ellipse(x, -0.68, 0.27, 0.26, look.colour)
    for side in (-1, 1):
        pen.ellipse(x + side * 0.31, -0.61, 0.105, 0.22, look.dark)
    pen.ellipse(x, -0.55, 0.16, 0.12, look.pale, False)
    if look.quirk:
        pen.ellipse(x, -0.45, 0.055, 0.075, (236, 96, 120), False)
    pen.ellipse(x, -0.6, 0.075, 0.055, INK, False)
    draw_eyes(pen, x, -0.72, 0.115, 0.072)
    return Anchor((x, -0.72), 0.115, 0.108, (x, -0.87), (x, -0.87), 0.23, (0.0, -0.42), 0.2, CAPE, True)


def corgi(pen: Pen, look: Look) -> Anchor:
    """Long and low on stubby white feet, tall ears, white chest and blaze."""
    x = 0.28 + 0.03 * look.lean
    pen.group(look.edge)
    pen.ellipse(-0.53, -0.36 - 0.04 * look.pose, 0.08, 0.08, look.colour)
    for leg in (-0.42, -0.25, 0.1, 0.28):
        pen.box(leg - 0.065, -0.16, leg + 0.065, -0.07, look.colour)
        pen.ellipse(leg, -0.045, 0.085, 0.045, PAPER)
    pen.ellipse(-0.32, -0.26, 0.22, 0.17, look.colour)
    pen.box(-0.32, -0.43, 0.2, -0.09, look.colour)
    pen.ellipse(0.2, -0.27, 0.2, 0.18, look.colour)
    pen.ellipse(0.24, -0.24, 0.14, 0.15, PAPER, False)
    pen.group(look.edge)
    for side in (-1, 1):
        ear = ((x + side * 0.25, -1.04), (x + side * 0.02, -0.8), (x + side * 0.25, -0.62))
        pen.polygon(ear, look.colour)
        pen.polygon(((x + side * 0.22, -0.95), (x + side * 0.1, -0.8), (x + side * 0.2, -0.74)), ROSE, False)
    pen.ellipse(x, -0.6, 0.26, 0.22, look.colour)
    pen.polygon([(x - 0.03, -0.82), (x + 0.03, -0.82), (x + 0.07, -0.56), (x - 0.07, -0.56)], PAPER, False)
    pen.ellipse(x, -0.5, 0.16, 0.11, PAPER, False)
    pen.ellipse(x, -0.55, 0.06, 0.045, INK, False)
    draw_eyes(pen, x, -0.63, 0.13, 0.066)
    cape = ((0.12, -0.48), (-0.3, -0.5), (-0.68, -0.42), (-0.62, -0.16), (-0.2, -0.24), (0.08, -0.3))
    return Anchor((x, -0.63), 0.13, 0.108, (x, -0.79), (x, -0.78), 0.23, (x - 0.02, -0.38), 0.19, cape, False)
