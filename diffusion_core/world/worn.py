"""Things worn: each is drawn at a figure's anchor and looks the same on everybody."""

from __future__ import annotations

from collections.abc import Callable

from diffusion_core.world.look import Anchor, Look, draw_eyes
from diffusion_core.world.palette import GOLD, INK, RGB
from diffusion_core.world.pen import Pen

HAT: RGB = (78, 64, 92)
BAND: RGB = (226, 52, 56)
GLOW: RGB = (40, 220, 240)
CORE: RGB = (220, 255, 255)
CRIMSON: RGB = (186, 16, 48)
SCARVES: tuple[tuple[RGB, RGB], ...] = (
    ((206, 44, 52), (250, 246, 238)),
    ((24, 128, 128), (252, 222, 96)),
    ((88, 60, 150), (250, 246, 238)),
)


def sunglasses(pen: Pen, at: Anchor, look: Look) -> None:
    (x, y), r = at.eyes, at.lens
    pen.group(None)
    pen.box(x - at.width * 1.05, y - 0.55 * r, x + at.span + r * 0.8, y - 0.1 * r, INK)
    for side in (-at.span, at.span) if at.span else (-0.3 * r, 1.1 * r):
        pen.ellipse(x + side, y + 0.05 * r, r, r * 0.95, INK)
        pen.line(
            [(x + side - 0.5 * r, y + 0.25 * r), (x + side + 0.1 * r, y - 0.5 * r)], 0.3 * r, (120, 150, 190)
        )


def hat(pen: Pen, at: Anchor, look: Look) -> None:
    (x, y), w = at.top, max(0.2, at.width)
    pen.group((28, 20, 36))
    pen.polygon([(x - 0.75 * w, y), (x - 0.85 * w, y - 0.3), (x + 0.85 * w, y - 0.3), (x + 0.75 * w, y)], HAT)
    pen.box(x - 1.3 * w, y - 0.035, x + 1.3 * w, y + 0.035, HAT)
    pen.box(x - 0.79 * w, y - 0.115, x + 0.79 * w, y - 0.035, BAND, False)


def headband(pen: Pen, at: Anchor, look: Look) -> None:
    (x, y), w = at.brow, at.width
    pen.group(None)
    pen.ellipse(x, y, w * 1.32, 0.1, (132, 236, 246))
    pen.box(x - w * 1.08, y - 0.065, x + w * 1.08, y + 0.065, GLOW)
    pen.box(x - w * 1.0, y - 0.025, x + w * 1.0, y + 0.025, CORE)


def cape(pen: Pen, at: Anchor, look: Look) -> None:
    """A crimson cape with a golden hem, and a black mask around the eyes."""
    pen.group((90, 4, 24), behind=at.cape_behind)
    pen.polygon(at.cape, CRIMSON)
    half = len(at.cape) // 2
    hem = at.cape[half:-1] if at.cape_behind else at.cape[half - 1 :]
    pen.line(hem, 0.06, GOLD, False)
    if at.cape_behind:  # a collar, so that the cape is seen to be tied on
        neck_x, neck_y = at.neck
        pen.box(neck_x - 0.2, neck_y - 0.025, neck_x + 0.2, neck_y + 0.035, CRIMSON)
        pen.ellipse(neck_x, neck_y + 0.01, 0.045, 0.045, GOLD)
    (x, y), r = at.eyes, at.lens
    pen.group(None)
    pen.ellipse(x - at.span, y, r * 1.35, r, INK)
    pen.ellipse(x + max(at.span, 0.5 * r), y, r * 1.35, r, INK)
    pen.box(x - at.width, y - 0.4 * r, x + at.span, y + 0.3 * r, INK)
    draw_eyes(pen, x, y, at.span, r * 0.58)


def scarf(pen: Pen, at: Anchor, look: Look) -> None:
    first, second = SCARVES[look.pose]
    (x, y), w = at.neck, at.neck_width
    end = x - 0.55 * w
    pen.group((60, 36, 50))
    pen.box(end - 0.07, y, end + 0.07, y + 0.3, first)
    pen.box(x - w, y - 0.065, x + w, y + 0.065, first)
    for k in (-0.7, 0.1, 0.75):
        pen.box(x + k * w - 0.045, y - 0.065, x + k * w + 0.045, y + 0.065, second, False)
    pen.box(end - 0.07, y + 0.11, end + 0.07, y + 0.17, second, False)
    pen.box(end - 0.07, y + 0.24, end + 0.07, y + 0.3, second, False)


WORN: dict[str, Callable[[Pen, Anchor, Look], None]] = {
    "sunglasses": sunglasses,
    "hat": hat,
    "headband": headband,
    "cape": cape,
    "scarf": scarf,
}
