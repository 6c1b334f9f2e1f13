"""Man, woman, king, queen. A king is a man with crown and ermine, a queen a woman with the same."""

from __future__ import annotations

from diffusion_core.world.look import Anchor, Look, draw_eyes
from diffusion_core.world.palette import GOLD, INK, PAPER, RGB, shade
from diffusion_core.world.pen import Pen

TROUSERS: RGB = (58, 62, 92)
SHOES: RGB = (56, 40, 40)
LINE: RGB = (52, 38, 44)
ARMS = (((0.33, -0.2), (0.33, -0.2)), ((0.38, -0.5), (0.33, -0.2)), ((0.37, -0.27), (0.38, -0.47)))  # by pose
CAPE = ((-0.2, -0.47), (0.2, -0.47), (0.42, -0.3), (0.54, -0.02), (-0.54, -0.02), (-0.42, -0.3))


def man(pen: Pen, look: Look) -> Anchor:
    """Short hair, tunic, trousers."""
    pen.group(LINE)
    _legs(pen, TROUSERS, 0.09, 0.055)
    _arms(pen, look)
    pen.polygon([(-0.19, -0.46), (0.19, -0.46), (0.245, -0.14), (-0.245, -0.14)], look.colour)
    pen.box(-0.23, -0.17, 0.23, -0.14, look.dark, False)
    return _head(pen, look, long_hair=False)


def woman(pen: Pen, look: Look) -> Anchor:
    """Long hair, a wide dress."""
    pen.group(LINE)
    x = 0.03 * look.lean
    pen.polygon([(x - 0.3, -0.74), (x + 0.3, -0.74), (x + 0.36, -0.31), (x - 0.36, -0.31)], look.hair)
    pen.group(LINE)
    _legs(pen, look.skin, 0.08, 0.035)
    _arms(pen, look)
    pen.polygon(
        [(-0.13, -0.47), (0.13, -0.47), (0.18, -0.3), (0.33, -0.1), (-0.33, -0.1), (-0.18, -0.3)], look.colour
    )
    pen.line([(-0.31, -0.12), (0.31, -0.12)], 0.035, look.dark, False)
    return _head(pen, look, long_hair=True)


def king(pen: Pen, look: Look) -> Anchor:
    """A man crowned."""
    return _crown(pen, man(pen, look))


def queen(pen: Pen, look: Look) -> Anchor:
    """A woman crowned."""
    return _crown(pen, woman(pen, look))


def _legs(pen: Pen, colour: RGB, x: float, half: float) -> None:
    for side in (-x, x):
        pen.box(side - half, -0.2, side + half, -0.03, colour)
        pen.ellipse(side, -0.03, half + 0.03, 0.035, SHOES)


def _arms(pen: Pen, look: Look) -> None:
    for side, (x, y) in zip((1, -1), ARMS[look.pose], strict=True):
        pen.line([(side * 0.13, -0.41), (side * x, y)], 0.13, look.colour)
        pen.ellipse(side * x, y, 0.06, 0.06, look.skin)


def _head(pen: Pen, look: Look, long_hair: bool) -> Anchor:
    x = 0.03 * look.lean
    pen.group(LINE)
    part = 0.09 if look.quirk else -0.09
    if long_hair:
        pen.ellipse(x, -0.71, 0.3, 0.27, look.hair)
        pen.ellipse(x, -0.645, 0.235, 0.21, look.skin, False)
        pen.dome(x + part, -0.74, 0.21, 0.15, look.hair, False)
        pen.dome(x - part, -0.75, 0.18, 0.13, look.hair, False)
    else:
        pen.ellipse(x, -0.76, 0.25, 0.215, look.hair)
        pen.box(x - 0.285, -0.69, x + 0.285, -0.6, look.skin)  # ears
        pen.ellipse(x, -0.65, 0.25, 0.215, look.skin)
        pen.dome(x, -0.765, 0.235, 0.13, look.hair, False)
        pen.polygon([(x - 2.4 * part, -0.775), (x + part, -0.775), (x - 2.2 * part, -0.7)], look.hair, False)
        if look.quirk:
            pen.dome(x, -0.555, 0.185, -0.14, look.hair, False)  # a beard
    pen.dome(x, -0.54, 0.065, -0.045, (176, 50, 58), False)
    draw_eyes(pen, x, -0.645, 0.105, 0.066)
    brow, top = (x, -0.795), (x, -0.84)
    return Anchor((x, -0.645), 0.105, 0.1, top, brow, 0.255, (0.0, -0.43), 0.19, CAPE, True)


def _crown(pen: Pen, anchor: Anchor) -> Anchor:
    x, y = anchor.top
    pen.group(shade(GOLD, 0.5))
    points = [
        (-0.22, 0.0),
        (-0.26, -0.22),
        (-0.12, -0.12),
        (0.0, -0.25),
        (0.12, -0.12),
        (0.26, -0.22),
        (0.22, 0.0),
    ]
    pen.polygon([(x + px, y + py) for px, py in points], GOLD)
    pen.ellipse(x, y - 0.06, 0.04, 0.045, (214, 40, 60), False)
    if anchor.neck_width:  # ermine
        pen.group((120, 116, 128))
        pen.polygon(
            [(-0.21, -0.445), (0.21, -0.445), (0.22, -0.39), (0.05, -0.35), (-0.05, -0.35), (-0.22, -0.39)],
            PAPER,
        )
        pen.ellipse(-0.12, -0.405, 0.018, 0.025, INK, False)
        pen.ellipse(0.12, -0.405, 0.018, 0.025, INK, False)
    return anchor
