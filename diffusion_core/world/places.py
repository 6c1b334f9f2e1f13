"""Places with a sky: beach, forest, city, snow, desert. Muted, so that figures stand out."""

from __future__ import annotations

import random
from collections.abc import Callable

from diffusion_core.world.palette import PAPER, RGB, jitter, mix
from diffusion_core.world.pen import Pen

SKIES: dict[str, tuple[RGB, RGB]] = {  # upper and lower band
    "day": ((158, 206, 238), (190, 224, 242)),
    "sunset": ((232, 120, 104), (252, 182, 112)),
    "night": ((24, 28, 72), (38, 46, 98)),
}
LIGHT: dict[str, tuple[float, float, float]] = {
    "day": (1.0, 1.0, 1.0),
    "sunset": (0.98, 0.82, 0.76),
    "night": (0.52, 0.53, 0.65),
}
WINDOW: RGB = (255, 222, 120)


def daylight(time: str) -> Callable[[RGB], RGB]:
    """What a time of day does to the colours of a place."""
    r, g, b = LIGHT[time]
    return lambda rgb: (int(rgb[0] * r), int(rgb[1] * g), int(rgb[2] * b))


def sky(pen: Pen, rng: random.Random, time: str, horizon: float) -> None:
    """Two flat bands, and the sun, the low sun, or moon and stars."""
    upper, lower = SKIES[time]
    x = 0.1 + 0.2 * rng.random()
    x = x if rng.random() < 0.5 else 1.0 - x
    height, spread = 0.09 + 0.08 * rng.random(), rng.random()
    pen.box(0, 0, 1, 1, jitter(upper, rng, 10))
    pen.box(0, horizon * (0.45 + 0.2 * spread), 1, 1, jitter(lower, rng, 8))
    if time == "day":
        pen.ellipse(x, height, 0.095, 0.095, (255, 240, 170))
        pen.ellipse(x, height, 0.07, 0.07, (255, 226, 70))
    elif time == "sunset":
        pen.ellipse(x, horizon - 0.07, 0.15, 0.15, (255, 204, 120))
        pen.ellipse(x, horizon - 0.07, 0.115, 0.115, (255, 236, 150))
    else:
        for _ in range(5):
            stars_x, stars_y = rng.random(), rng.random() * horizon * 0.8
            pen.ellipse(stars_x, stars_y, 0.012, 0.012, (210, 214, 240))
        pen.ellipse(x, height, 0.08, 0.08, (250, 244, 206))
        pen.ellipse(x + 0.035, height - 0.02, 0.06, 0.06, SKIES["night"][0])


def beach(pen: Pen, rng: random.Random, time: str) -> None:
    lit, horizon = daylight(time), 0.46 + 0.08 * rng.random()
    sky(pen, rng, time, horizon)
    shore = horizon + 0.16 + 0.04 * rng.random()
    pen.box(0, horizon, 1, shore, lit((66, 142, 196)))
    pen.box(0, horizon + 0.05, 1, horizon + 0.08, lit((140, 196, 228)))
    boat = 0.12 + 0.76 * rng.random()
    pen.polygon(
        [(boat - 0.06, horizon), (boat, horizon - 0.15), (boat + 0.02, horizon)], lit((250, 246, 240))
    )
    pen.polygon(
        [(boat - 0.08, horizon), (boat + 0.08, horizon), (boat + 0.05, horizon + 0.04)], lit((150, 84, 60))
    )
    tilt = 0.03 * (2 * rng.random() - 1)
    pen.polygon([(0, shore - tilt), (1, shore + tilt), (1, 1), (0, 1)], lit((240, 244, 244)))
    pen.polygon(
        [(0, shore - tilt + 0.03), (1, shore + tilt + 0.03), (1, 1), (0, 1)],
        lit(jitter((236, 216, 164), rng)),
    )
    for _ in range(2):
        pen.ellipse(rng.random(), 0.8 + 0.18 * rng.random(), 0.03, 0.016, lit((206, 180, 128)))


def forest(pen: Pen, rng: random.Random, time: str) -> None:
    lit, ground = daylight(time), 0.62 + 0.08 * rng.random()
    sky(pen, rng, time, ground)
    dark, near = lit(jitter((70, 116, 92), rng)), lit(jitter((50, 96, 70), rng))
    shift = 0.2 * rng.random()
    for k in range(5):
        _pine(pen, k * 0.25 - shift + 0.06, ground, 0.34 + 0.14 * rng.random(), 0.13, dark)
    pen.box(0, ground, 1, 1, lit(jitter((126, 158, 98), rng)))
    for x in (0.06 + 0.12 * rng.random(), 0.82 + 0.12 * rng.random()):
        base = ground + 0.07 + 0.04 * rng.random()
        pen.box(x - 0.03, base - 0.1, x + 0.03, base, lit((104, 74, 54)))
        _pine(pen, x, base - 0.05, 0.5 + 0.12 * rng.random(), 0.15, near)


def _pine(pen: Pen, x: float, base: float, height: float, half: float, fill: RGB) -> None:
    waist = base - 0.42 * height
    pen.polygon(
        [
            (x - half, base),
            (x - 0.45 * half, waist),
            (x - 0.72 * half, waist),
            (x, base - height),
            (x + 0.72 * half, waist),
            (x + 0.45 * half, waist),
            (x + half, base),
        ],
        fill,
    )


def city(pen: Pen, rng: random.Random, time: str) -> None:
    lit, ground = daylight(time), 0.68 + 0.06 * rng.random()
    sky(pen, rng, time, ground)
    window = WINDOW if time == "night" else lit((214, 220, 226))
    x, k = -0.1 * rng.random(), 0
    while x < 1.0:
        width, top = 0.16 + 0.1 * rng.random(), ground - 0.26 - 0.3 * rng.random()
        tone = lit(mix((112, 116, 142), (160, 148, 160), 0.9 * (k % 2) + 0.1 * rng.random()))
        pen.box(x, top, x + width, ground, tone)
        for row in range(2):
            y = top + 0.05 + 0.12 * row
            pen.box(x + 0.035, y, x + 0.075, y + 0.06, window)
            pen.box(x + width - 0.075, y, x + width - 0.035, y + 0.06, window)
        x, k = x + width, k + 1
    pen.box(0, ground, 1, 1, lit((184, 180, 176)))
    pen.box(0, ground + 0.08, 1, 1, lit(jitter((104, 104, 112), rng)))
    start = -0.2 * rng.random()
    for k in range(4):
        pen.box(start + 0.32 * k, 0.89, start + 0.32 * k + 0.17, 0.92, lit((232, 224, 180)))


def snow(pen: Pen, rng: random.Random, time: str) -> None:
    lit, ground = daylight(time), 0.58 + 0.08 * rng.random()
    sky(pen, rng, time, ground)
    hill = rng.random()
    pen.ellipse(hill, ground + 0.24, 0.5, 0.4, lit((206, 216, 232)))
    for x in (0.05 + 0.1 * rng.random(), 0.84 + 0.12 * rng.random()):
        height = 0.34 + 0.12 * rng.random()
        _pine(pen, x, ground + 0.04, height, 0.11, lit((104, 134, 138)))
        tip = ground + 0.04 - height
        pen.polygon([(x - 0.045, tip + 0.09), (x, tip), (x + 0.045, tip + 0.09)], lit((244, 247, 252)))
    pen.box(0, ground, 1, 1, lit((226, 233, 243)))
    pen.ellipse(1 - hill, ground + 0.36, 0.7, 0.36, lit((238, 242, 248)))
    flake = mix(lit(PAPER), PAPER, 0.5)
    for _ in range(9):
        pen.ellipse(rng.random(), rng.random() * 0.9, 0.019, 0.019, flake)


def desert(pen: Pen, rng: random.Random, time: str) -> None:
    lit, ground = daylight(time), 0.6 + 0.08 * rng.random()
    sky(pen, rng, time, ground)
    peak = 0.12 + 0.76 * rng.random()
    if rng.random() < 0.6:
        pen.polygon(
            [(peak - 0.24, ground), (peak, ground - 0.3), (peak + 0.24, ground)], lit((206, 164, 104))
        )
        pen.polygon([(peak, ground - 0.3), (peak + 0.24, ground), (peak + 0.06, ground)], lit((172, 130, 82)))
    else:
        pen.ellipse(peak, ground + 0.1, 0.4, 0.24, lit((206, 160, 100)))
    pen.box(0, ground, 1, 1, lit(jitter((226, 182, 116), rng)))
    pen.ellipse(rng.random(), ground + 0.36, 0.6, 0.26, lit(jitter((236, 198, 132), rng)))
    x, base = 0.06 + 0.1 * rng.random(), ground + 0.06 + 0.06 * rng.random()
    x = x if rng.random() < 0.5 else 1.0 - x
    green = lit((98, 136, 84))
    pen.line([(x, base), (x, base - 0.36)], 0.06, green)
    pen.line([(x - 0.09, base - 0.26), (x - 0.09, base - 0.14), (x, base - 0.14)], 0.045, green)
    pen.line([(x + 0.09, base - 0.32), (x + 0.09, base - 0.2), (x, base - 0.2)], 0.045, green)


SKY_PLACES: dict[str, Callable[[Pen, random.Random, str], None]] = {
    "beach": beach,
    "forest": forest,
    "city": city,
    "snow": snow,
    "desert": desert,
}
