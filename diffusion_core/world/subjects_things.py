"""Robot, house, tree and car."""

from __future__ import annotations

from diffusion_core.world.look import Anchor, Look, draw_eyes
from diffusion_core.world.palette import GOLD, INK, PAPER, RGB, mix, shade
from diffusion_core.world.pen import Pen

STEEL: RGB = (92, 98, 112)
GLASS: RGB = (176, 220, 240)
TRUNK: RGB = (112, 72, 44)
ROBOT_ARMS = (((0.36, -0.18), (0.36, -0.18)), ((0.42, -0.46), (0.36, -0.18)), ((0.4, -0.2), (0.42, -0.4)))
CAPE = ((-0.22, -0.47), (0.22, -0.47), (0.42, -0.3), (0.54, -0.02), (-0.54, -0.02), (-0.42, -0.3))


def robot(pen: Pen, look: Look) -> Anchor:
    """Square head with an antenna, a panel of lamps on the chest."""
    x = 0.03 * look.lean
    pen.group(look.edge)
    for side, (hand_x, hand_y) in zip((1, -1), ROBOT_ARMS[look.pose], strict=True):
        pen.line([(side * 0.18, -0.38), (side * hand_x, hand_y)], 0.08, STEEL)
        pen.ellipse(side * hand_x, hand_y, 0.07, 0.07, look.colour)
        pen.box(side * 0.12 - 0.05, -0.16, side * 0.12 + 0.05, -0.04, STEEL)
        pen.box(side * 0.12 - 0.09, -0.06, side * 0.12 + 0.09, 0.0, look.colour)
    pen.box(-0.08, -0.5, 0.08, -0.42, STEEL)
    pen.box(-0.23, -0.45, 0.23, -0.13, look.colour)
    pen.box(-0.13, -0.37, 0.13, -0.2, (214, 230, 236), False)
    pen.ellipse(-0.06, -0.285, 0.04, 0.04, (226, 60, 60), False)
    pen.ellipse(0.06, -0.285, 0.04, 0.04, (60, 170, 90), False)
    pen.group(look.edge)
    if look.wearing != "hat":
        pen.box(x - 0.025, -1.0, x + 0.025, -0.88, STEEL)
        pen.ellipse(x, -1.01, 0.055, 0.055, (240, 70, 60))
    for side in (-0.29, 0.29):
        pen.box(x + side - 0.05, -0.74, x + side + 0.05, -0.6, STEEL)
    pen.box(x - 0.27, -0.88, x + 0.27, -0.49, look.colour)
    pen.box(x - 0.14, -0.585, x + 0.14, -0.53, look.edge, False)
    pen.box(x - 0.03, -0.585, x + 0.03, -0.53, PAPER, False)
    draw_eyes(pen, x, -0.7, 0.12, 0.085)
    return Anchor((x, -0.7), 0.12, 0.115, (x, -0.86), (x, -0.855), 0.26, (0.0, -0.45), 0.2, CAPE, True)


def house(pen: Pen, look: Look) -> None:
    """Walls in the colour, the roof a darker shade of it, a door and windows."""
    roof = mix(look.dark, INK, 0.12)
    door = 0.16 if look.quirk else -0.16
    lamp = GOLD if look.pose == 0 else GLASS
    pen.group(look.edge)
    chimney = -0.3 if look.quirk else 0.3
    pen.box(chimney - 0.07, -0.92, chimney + 0.07, -0.62, roof)
    pen.box(-0.42, -0.56, 0.42, 0.0, look.colour)
    pen.polygon([(-0.54, -0.54), (-0.06, -0.96), (0.06, -0.96), (0.54, -0.54)], roof)
    pen.group(look.edge)
    pen.box(door - 0.1, -0.31, door + 0.1, 0.0, (96, 62, 46))
    pen.ellipse(door + 0.055, -0.14, 0.025, 0.025, GOLD, False)
    pen.box(-door - 0.12, -0.38, -door + 0.12, -0.16, lamp)
    pen.line([(-door, -0.38), (-door, -0.16)], 0.03, PAPER, False)
    if look.pose:
        pen.ellipse(0.0, -0.7, 0.08, 0.08, lamp)


def tree(pen: Pen, look: Look) -> None:
    """A brown trunk under a round crown in the colour."""
    sway = 0.05 * look.lean
    tall = 0.04 if look.quirk else 0.0
    lobes = ((-0.2, -0.57, 0.19), (0.21, -0.59, 0.18), (0.0, -0.76 - tall, 0.2), (0.02, -0.58, 0.18))
    pen.group(mix(look.edge, TRUNK, 0.3))
    pen.polygon([(-0.06, -0.5), (0.06, -0.5), (0.08, -0.1), (0.15, 0.0), (-0.15, 0.0), (-0.08, -0.1)], TRUNK)
    pen.line([(0.0, -0.22), (0.18 - 0.18 * look.pose, -0.42)], 0.07, TRUNK)
    pen.group(look.edge)
    for x, y, r in ((-0.3, -0.46, 0.15), (0.3, -0.46, 0.15), (-0.1, -0.43, 0.15), (0.12, -0.43, 0.15)):
        pen.ellipse(x + 0.5 * sway, y, r, r, look.dark)
    for x, y, r in lobes:
        pen.ellipse(x + sway, y, r, r, look.colour)


def car(pen: Pen, look: Look) -> None:
    """Cabin and windows over a long body on two wheels."""
    back = -0.36 - 0.03 * look.pose
    pen.group(look.edge)
    pen.polygon([(back, -0.38), (back + 0.12, -0.66), (0.18, -0.66), (0.36, -0.38)], look.colour)
    pen.box(-0.55, -0.42, 0.55, -0.14, look.colour)
    pen.ellipse(0.5, -0.27, 0.09, 0.14, look.colour)
    pen.ellipse(-0.53, -0.27, 0.06, 0.14, look.colour)
    pen.polygon([(back + 0.09, -0.39), (back + 0.17, -0.6), (-0.1, -0.6), (-0.1, -0.39)], GLASS, False)
    pen.polygon([(-0.03, -0.39), (-0.03, -0.6), (0.15, -0.6), (0.26, -0.39)], GLASS, False)
    pen.box(-0.55, -0.2, 0.55, -0.14, look.dark, False)
    pen.ellipse(0.52, -0.31, 0.05, 0.06, (255, 240, 150), False)
    pen.group(shade(INK, 0.6))
    for x in (-0.32, 0.32):
        pen.ellipse(x, -0.13, 0.14, 0.13, (52, 50, 60), False)
        pen.ellipse(x, -0.13, 0.065, 0.06, (200, 204, 212), False)
