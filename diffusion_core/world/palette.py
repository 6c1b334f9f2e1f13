"""The colours of the drawn world: ten named ones that nobody confuses, and the tones around them."""

from __future__ import annotations

import random

RGB = tuple[int, int, int]

COLOUR_RGB: dict[str, RGB] = {
    "red": (216, 36, 40),
    "orange": (246, 130, 24),
    "yellow": (252, 212, 44),
    "green": (48, 164, 64),
    "blue": (42, 98, 220),
    "purple": (130, 54, 178),
    "pink": (252, 136, 192),
    "brown": (122, 74, 40),
    "grey": (134, 138, 144),
    "white": (247, 247, 243),
}
DARK_RGB: dict[str, RGB] = {  # markings: shaded along the hue, so that orange does not turn brown
    "red": (164, 20, 30),
    "orange": (206, 92, 12),
    "yellow": (212, 160, 20),
    "green": (26, 112, 48),
    "blue": (24, 58, 150),
    "purple": (86, 30, 126),
    "pink": (218, 88, 150),
    "brown": (80, 46, 26),
    "grey": (88, 92, 100),
    "white": (204, 206, 214),
}
EDGE_RGB: dict[str, RGB] = {  # outlines
    "red": (92, 10, 20),
    "orange": (122, 50, 6),
    "yellow": (126, 90, 12),
    "green": (12, 66, 30),
    "blue": (12, 32, 96),
    "purple": (50, 14, 78),
    "pink": (134, 44, 92),
    "brown": (46, 26, 16),
    "grey": (50, 52, 60),
    "white": (104, 106, 118),
}
SKIN: tuple[RGB, ...] = ((252, 220, 190), (242, 194, 156), (224, 170, 126), (186, 130, 92), (148, 98, 70))
HAIR: tuple[RGB, ...] = ((60, 42, 38), (116, 70, 40), (178, 76, 32), (240, 200, 104), (74, 68, 84))
INK: RGB = (30, 26, 36)
PAPER: RGB = (255, 255, 255)
GOLD: RGB = (255, 206, 40)


def shade(rgb: RGB, factor: float) -> RGB:
    """The same colour with `factor` of its light."""
    return (int(rgb[0] * factor), int(rgb[1] * factor), int(rgb[2] * factor))


def mix(first: RGB, second: RGB, share: float) -> RGB:
    """`share` of the second colour in the first."""
    a, b, c = first
    d, e, f = second
    return (int(a + (d - a) * share), int(b + (e - b) * share), int(c + (f - c) * share))


def jitter(rgb: RGB, rng: random.Random, spread: float = 7.0) -> RGB:
    """A neighbour of a colour: one common shift of brightness, so that the hue keeps its name."""
    shift = spread * (2.0 * rng.random() - 1.0)
    return tuple(min(255, max(0, int(value + shift))) for value in rgb)  # type: ignore[return-value]
