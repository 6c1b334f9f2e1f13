"""The picture on the front page: dye in a beaker, really diffusing (a random walk between walls).

Not drawn from any model; it is labelled an illustration.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from html import escape

import numpy as np
import streamlit as st

from lessons.shared.figures import palette
from lessons.shared.pictures import badge
from lessons.shared.theming import is_dark

WIDTH, HEIGHT, GAP, DOTS = 100.0, 140.0, 14.0, 800
MOMENTS = (0, 90, 2600)  # steps of the walk


@lru_cache(maxsize=1)
def walk(seed: int = 7) -> tuple[np.ndarray, ...]:
    """Dye positions (DOTS, 2) at each moment: Gaussian steps, mirrored at the walls."""
    rng = np.random.default_rng(seed)
    wall = np.array([WIDTH, HEIGHT])
    drop = np.array([WIDTH / 2, 26.0]) + rng.normal(0, 4.2, (DOTS, 2))
    frames, step = [], 0
    for moment in MOMENTS:
        while step < moment:
            drop, step = drop + rng.normal(0, 1.6, drop.shape), step + 1
            drop = wall - np.abs(wall - np.abs(drop))  # reflect at 0, then at the far wall
        frames.append(drop)
    return tuple(frames)


def svg(dark: bool) -> str:
    """The moments side by side, as one SVG in the theme's colours."""
    ink = palette(dark)
    beakers = "".join(_beaker(frame, place) for place, frame in enumerate(walk()))
    width = len(MOMENTS) * (WIDTH + GAP) - GAP + 8
    style = (
        f".water{{fill:{ink.predicted};opacity:.15}}.dye{{fill:{ink.you};opacity:.85}}"
        f".glass{{fill:none;stroke:{ink.data};stroke-width:1.8;stroke-linecap:round}}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -18 {width:g} {HEIGHT + 22:g}">'
        f"<style>{style}</style>{beakers}</svg>"
    )


def show(description: str) -> None:
    """The picture with its badge."""
    made = badge("illustration", f"{DOTS} dots on a random walk, {', '.join(map(str, MOMENTS))} steps")
    source = base64.b64encode(svg(is_dark()).encode()).decode()
    st.html(
        f'<img class="bk-beakers" src="data:image/svg+xml;base64,{source}" alt="{escape(description)}">'
        f'<p class="bk-caption">{made}</p>'
    )


def _beaker(dots: np.ndarray, place: int) -> str:
    drawn = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.25"/>' for x, y in dots)
    h, w = HEIGHT, WIDTH
    cup = f"V{h - 12:g}a12 12 0 0 0 12 12H{w - 12:g}a12 12 0 0 0 12 -12V"
    water, glass = f"M0 0{cup}0Z", f"M-3 -16h1a2 2 0 0 1 2 2{cup}-14a2 2 0 0 1 2 -2h1"
    return (
        f'<g transform="translate({place * (w + GAP):g} 0)"><clipPath id="c{place}">'
        f'<path d="{water}"/></clipPath><path class="water" d="{water}"/>'
        f'<g class="dye" clip-path="url(#c{place})">{drawn}</g><path class="glass" d="{glass}"/></g>'
    )
