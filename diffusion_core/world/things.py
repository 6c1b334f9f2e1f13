"""Things that lie, stand or float beside a figure. The origin is on the ground; one unit is a ball."""

from __future__ import annotations

import random
from collections.abc import Callable

from diffusion_core.world.palette import COLOUR_RGB, PAPER, RGB, mix, shade
from diffusion_core.world.pen import Pen

LEAF: RGB = (62, 150, 60)
PETALS = ("pink", "yellow", "purple", "white")
BALLOONS = ("blue", "purple", "green", "pink")  # red and orange belong to apple and ball, yellow to the sun
BALL: RGB = (232, 116, 36)
APPLE: RGB = (208, 22, 36)


def basketball(pen: Pen, rng: random.Random) -> None:
    seam = (96, 44, 16)
    pen.group((92, 40, 14))
    pen.ellipse(0.0, -0.5, 0.5, 0.5, BALL)
    tilt = 0.12 * (2 * rng.random() - 1)
    pen.line([(-0.46, -0.5 - tilt), (0.46, -0.5 + tilt)], 0.07, seam, False)
    pen.line([(tilt, -0.96), (-tilt, -0.04)], 0.07, seam, False)
    for side in (-1, 1):
        pen.line([(side * 0.34, -0.86), (side * 0.22, -0.5), (side * 0.34, -0.14)], 0.06, seam, False)


def apple(pen: Pen, rng: random.Random) -> None:
    lean = 0.08 * (2 * rng.random() - 1)
    pen.group((104, 8, 22))
    pen.line([(0.0, -0.75), (lean, -1.06)], 0.11, (96, 62, 36))
    pen.ellipse(-0.19, -0.47, 0.32, 0.38, APPLE)
    pen.ellipse(0.19, -0.47, 0.32, 0.38, APPLE)
    pen.ellipse(0.0, -0.36, 0.36, 0.34, APPLE, False)
    pen.ellipse(-0.26, -0.58, 0.1, 0.13, (255, 150, 150), False)
    pen.ellipse(0.24 + lean, -1.0, 0.24, 0.12, (96, 190, 60))


def flower(pen: Pen, rng: random.Random) -> None:
    petal = COLOUR_RGB[PETALS[int(4 * rng.random())]]
    bend = 0.08 * (2 * rng.random() - 1)
    x, y = bend, -1.35
    pen.group((36, 84, 40))
    pen.line([(0.0, 0.0), (x, y)], 0.13, LEAF)
    pen.ellipse(-0.25, -0.34, 0.24, 0.12, LEAF)
    pen.ellipse(0.25, -0.44, 0.24, 0.12, LEAF)
    pen.group(shade(petal, 0.5))
    for dx, dy in ((0.0, -0.32), (0.3, -0.1), (0.19, 0.26), (-0.19, 0.26), (-0.3, -0.1)):
        pen.ellipse(x + dx, y + dy, 0.24, 0.24, petal)
    pen.ellipse(x, y, 0.19, 0.19, (176, 96, 28) if petal == COLOUR_RGB["yellow"] else (255, 196, 40), False)


def balloon(pen: Pen, rng: random.Random) -> None:
    colour = COLOUR_RGB[BALLOONS[int(4 * rng.random())]]
    sway = 0.25 * (2 * rng.random() - 1)
    pen.group((84, 84, 96))
    pen.line([(0.0, -0.1), (sway, -0.8), (-0.3 * sway, -1.45)], 0.05, (240, 240, 240), False)
    pen.group(shade(colour, 0.45))
    pen.polygon([(-0.12, -1.38), (0.12, -1.38), (0.0, -1.55)], colour)
    pen.ellipse(0.0, -2.05, 0.48, 0.58, colour)
    pen.ellipse(-0.17, -2.3, 0.12, 0.16, mix(colour, PAPER, 0.75), False)


DRAW_THING: dict[str, Callable[[Pen, random.Random], None]] = {
    "basketball": basketball,
    "apple": apple,
    "flower": flower,
    "balloon": balloon,
}
SIZE: dict[str, float] = {
    "basketball": 0.255,
    "apple": 0.225,
    "flower": 0.24,
    "balloon": 0.24,
}  # of the picture
