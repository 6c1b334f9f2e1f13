"""Places without a time of day: space, a room, under water."""

from __future__ import annotations

import random
from collections.abc import Callable

from diffusion_core.world.palette import RGB, jitter, mix, shade
from diffusion_core.world.pen import Pen

PLANETS: tuple[RGB, ...] = ((206, 132, 92), (120, 160, 190), (176, 130, 190), (210, 184, 120))
WALLS: tuple[RGB, ...] = ((232, 216, 190), (206, 222, 206), (222, 208, 226), (236, 206, 192))
CURTAINS: tuple[RGB, ...] = ((190, 120, 110), (130, 150, 120), (120, 130, 170))


def space(pen: Pen, rng: random.Random) -> None:
    """Black, many stars, a ringed planet; sometimes the grey ground of a moon."""
    pen.box(0, 0, 1, 1, jitter((14, 10, 30), rng, 4))
    for _ in range(16):
        r = 0.011 + 0.008 * rng.random()
        pen.ellipse(rng.random(), rng.random(), r, r, (236, 236, 250))
    planet, r = PLANETS[int(4 * rng.random())], 0.1 + 0.04 * rng.random()
    x, y = 0.14 + 0.08 * rng.random(), 0.14 + 0.08 * rng.random()
    x = x if rng.random() < 0.5 else 1.0 - x
    pen.ellipse(x, y, r, r, planet)
    pen.dome(x, y + 0.02, r, -r + 0.02, shade(planet, 0.78))
    pen.line([(x - 1.6 * r, y + 0.04), (x + 1.6 * r, y - 0.04)], 0.035, mix(planet, (255, 255, 255), 0.5))
    craters = [(rng.random(), 0.86 + 0.1 * rng.random()) for _ in range(3)]
    if rng.random() < 0.5:
        pen.ellipse(0.5, 1.3, 1.1, 0.52, (112, 112, 124))
        for cx, cy in craters:
            pen.ellipse(cx, cy, 0.09, 0.028, (82, 82, 96))


def room(pen: Pen, rng: random.Random) -> None:
    """A wall, a window with curtains or a picture, a wooden floor with a rug."""
    wall, floor = jitter(WALLS[int(4 * rng.random())], rng), 0.72 + 0.06 * rng.random()
    pen.box(0, 0, 1, 1, wall)
    x, y, w = 0.16 + 0.1 * rng.random(), 0.24 + 0.06 * rng.random(), 0.12 + 0.03 * rng.random()
    x = x if rng.random() < 0.5 else 1.0 - x
    if rng.random() < 0.6:
        pen.box(x - w, y - 0.17, x + w, y + 0.17, (250, 248, 242))
        pen.box(x - w + 0.03, y - 0.14, x + w - 0.03, y + 0.14, (160, 204, 232))
        pen.line([(x, y - 0.16), (x, y + 0.16)], 0.025, (250, 248, 242))
        curtain = CURTAINS[int(3 * rng.random())]
        pen.box(x - w - 0.05, y - 0.2, x - w + 0.02, y + 0.2, curtain)
        pen.box(x + w - 0.02, y - 0.2, x + w + 0.05, y + 0.2, curtain)
    else:
        pen.box(x - w, y - 0.13, x + w, y + 0.13, (134, 92, 60))
        pen.box(x - w + 0.03, y - 0.1, x + w - 0.03, y + 0.1, (198, 222, 226))
        pen.polygon([(x - w + 0.03, y + 0.1), (x - 0.01, y - 0.04), (x + w - 0.03, y + 0.1)], (120, 154, 120))
    pen.box(0, floor, 1, 1, jitter((172, 126, 88), rng))
    pen.box(0, floor - 0.035, 1, floor, mix(wall, (255, 255, 255), 0.6))
    pen.box(0, floor + 0.1, 1, floor + 0.115, (146, 102, 70))
    pen.ellipse(0.3 + 0.4 * rng.random(), 0.94, 0.38, 0.06, mix(CURTAINS[int(3 * rng.random())], wall, 0.5))


def underwater(pen: Pen, rng: random.Random) -> None:
    """Three bands of teal, light from above, seaweed, bubbles, a pale sea bed."""
    pen.box(0, 0, 1, 1, jitter((52, 138, 156), rng))
    pen.box(0, 0.32 + 0.08 * rng.random(), 1, 1, jitter((36, 116, 140), rng))
    pen.box(0, 0.62 + 0.06 * rng.random(), 1, 1, jitter((26, 96, 124), rng))
    ray = rng.random()
    pen.polygon([(ray - 0.04, 0), (ray + 0.06, 0), (ray + 0.2, 0.6), (ray, 0.6)], (72, 154, 168))
    bed = 0.86 + 0.04 * rng.random()
    pen.box(0, bed, 1, 1, (178, 172, 134))
    pen.ellipse(rng.random(), bed + 0.03, 0.4, 0.07, (178, 172, 134))
    for left in (0.03, 0.8):
        for _ in range(2):
            x, height, bend = left + 0.17 * rng.random(), 0.26 + 0.2 * rng.random(), 0.05
            points = [
                (x, bed + 0.04),
                (x + bend, bed - height / 3),
                (x - bend, bed - 2 * height / 3),
                (x, bed - height),
            ]
            pen.line(points, 0.045, (50, 122, 92))
    for _ in range(5):
        x, y, r = rng.random(), 0.05 + 0.7 * rng.random(), 0.02 + 0.016 * rng.random()
        pen.ellipse(x, y, r, r, (176, 222, 228))
        pen.ellipse(x, y, r * 0.5, r * 0.5, (110, 180, 194))


TIMELESS_PLACES: dict[str, Callable[[Pen, random.Random], None]] = {
    "space": space,
    "room": room,
    "underwater": underwater,
}
