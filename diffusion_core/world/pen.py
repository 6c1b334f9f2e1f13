"""A pen that records shapes in their own unit space and paints them, outlined, at four times the size.

Shapes are recorded in groups. A group with an outline is painted twice: first every shape a little
wider in the outline's colour, then every shape in its own, so one line runs around the union.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from diffusion_core.world.palette import RGB

OVERSAMPLING = 4
OUTLINE = 0.021  # of the picture's side: two thirds of a pixel at 32×32
Point = tuple[float, float]
_HALF_TURN = tuple((math.cos(math.pi * k / 10), math.sin(math.pi * k / 10)) for k in range(11))


class Pen:
    """Records shapes; `finish` paints them all. Coordinates run right and down, in units set by `aim`."""

    def __init__(self, size: int) -> None:
        self.side = size * OVERSAMPLING
        self.groups: list[tuple[RGB | None, list[tuple]]] = []
        self.first_group = 0
        self.light = 1.0
        self.aim(0.0, 0.0, 1.0)
        self.group(None)

    def aim(self, x: float, y: float, scale: float, mirrored: bool = False) -> None:
        """Put the local origin at (x, y) of the picture and make one local unit `scale` long."""
        self.x, self.y, self.scale_y = x * self.side, y * self.side, scale * self.side
        self.scale_x = -self.scale_y if mirrored else self.scale_y
        self.first_group = len(self.groups)

    def group(self, outline: RGB | None, behind: bool = False) -> None:
        """Start a group of shapes: over all others, or `behind` everything since the last `aim`."""
        self.shapes: list[tuple] = []
        ink = outline and self._ink(outline)
        self.groups.insert(self.first_group if behind else len(self.groups), (ink, self.shapes))

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: RGB, outlined: bool = True) -> None:
        self._box(0, x - rx, y - ry, x + rx, y + ry, fill, outlined)

    def box(
        self, left: float, top: float, right: float, bottom: float, fill: RGB, outlined: bool = True
    ) -> None:
        self._box(1, left, top, right, bottom, fill, outlined)

    def polygon(self, points: Sequence[Point], fill: RGB, outlined: bool = True) -> None:
        self.shapes.append((2, self._pixels(points), self._ink(fill), outlined, 0))

    def line(self, points: Sequence[Point], width: float, fill: RGB, outlined: bool = True) -> None:
        """A stroke; `width` is in local units."""
        pixels = max(1, round(width * self.scale_y))
        self.shapes.append((3, self._pixels(points), self._ink(fill), outlined, pixels))

    def dome(self, x: float, y: float, rx: float, ry: float, fill: RGB, outlined: bool = True) -> None:
        """The upper half of an ellipse; a negative `ry` gives the lower half."""
        self.polygon([(x + rx * c, y - ry * s) for c, s in _HALF_TURN], fill, outlined)

    def finish(self) -> np.ndarray:
        """Paint everything: uint8 array (size, size, 3)."""
        image = Image.new("RGB", (self.side, self.side))
        draw = ImageDraw.Draw(image)
        edge = max(1, round(OUTLINE * self.side))
        for outline, shapes in self.groups:
            if outline is not None:
                for shape in shapes:
                    if shape[3]:
                        _paint_wider(draw, shape, outline, edge)
            for kind, xy, fill, _, width in shapes:
                _PAINT[kind](draw, xy, fill, width)
        return np.asarray(image.reduce(OVERSAMPLING))

    def _ink(self, rgb: RGB) -> RGB:
        light = self.light
        return rgb if light == 1.0 else (int(rgb[0] * light), int(rgb[1] * light), int(rgb[2] * light))

    def _pixels(self, points: Sequence[Point]) -> list[int]:
        x, y, scale_x, scale_y = self.x, self.y, self.scale_x, self.scale_y
        return [v for px, py in points for v in (round(x + scale_x * px), round(y + scale_y * py))]

    def _box(
        self, kind: int, left: float, top: float, right: float, bottom: float, fill: RGB, out: bool
    ) -> None:
        a, b = round(self.x + self.scale_x * left), round(self.x + self.scale_x * right)
        c, d = round(self.y + self.scale_y * top), round(self.y + self.scale_y * bottom)
        if a > b:
            a, b = b, a
        # The far edge is inclusive in Pillow.
        self.shapes.append((kind, (a, c, max(a, b - 1), max(c, d - 1)), self._ink(fill), out, 0))


def _paint_wider(draw: ImageDraw.ImageDraw, shape: tuple, ink: RGB, edge: int) -> None:
    kind, xy, _, _, width = shape
    if kind < 2:
        _PAINT[kind](draw, (xy[0] - edge, xy[1] - edge, xy[2] + edge, xy[3] + edge), ink, 0)
    elif kind == 2:
        draw.line(xy + xy[:2], ink, 2 * edge)
    else:
        draw.line(xy, ink, width + 2 * edge)


_PAINT = (
    lambda draw, xy, fill, _: draw.ellipse(xy, fill),
    lambda draw, xy, fill, _: draw.rectangle(xy, fill),
    lambda draw, xy, fill, _: draw.polygon(xy, fill),
    lambda draw, xy, fill, width: draw.line(xy, fill, width),
)
