"""Pictures in their cells: the large three, the five, and the map of where the five differ."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from lessons.shared.pictures import picture_html

LARGE, SMALL, MAP = 7, 3, 5  # screen pixels for each pixel
TOP = 80.0  # shades, from which on the map is as dark as it gets
RAMP = np.array([(252, 249, 243), (92, 190, 186), (14, 90, 96), (12, 26, 32)], float)  # agree … differ: water


def cell(picture: np.ndarray | None, scale: int, title: str, note: str = "", alt: str = "", empty: str = "") -> str:
    """One picture with its title; without a picture, `empty` says what will be there and what makes it."""
    body = picture_html(picture, scale, alt=alt) if picture is not None else _empty(empty)
    said = f"<b>{escape(title)}</b>" if title else ""
    return f'<figure class="rs-cell">{body}{said}{f"<small>{escape(note)}</small>" if note else ""}</figure>'


def three(cells: Sequence[str]) -> str:
    return f'<div class="rs-three">{"".join(cells)}</div>'


def five(cells: Sequence[str], last: str) -> str:
    return f'<div class="rs-five">{"".join(cells)}{last}</div>'


def spread_map(spread: np.ndarray | None, title: str, note: str, alt: str, empty: str) -> str:
    """Where restorations differ, (H, W) in shades, on one scale of colours for all runs."""
    body = _empty(empty) if spread is None else picture_html(coloured(spread), MAP, alt=alt) + _scale()
    return f'<figure class="rs-cell rs-map">{body}<b>{escape(title)}</b><small>{escape(note)}</small></figure>'


def coloured(spread: np.ndarray) -> np.ndarray:
    """Shades (H, W) as colours of RAMP, uint8 (H, W, 3)."""
    at = np.clip(spread / TOP, 0, 1) * (len(RAMP) - 1)
    return np.stack([np.interp(at, range(len(RAMP)), RAMP[:, c]) for c in range(3)], axis=-1).round().astype(np.uint8)


def _scale() -> str:
    stops = ", ".join("rgb(" + " ".join(f"{v:.0f}" for v in stop) + ")" for stop in RAMP)
    return (f'<div class="rs-scale"><span>0</span><i style="background:linear-gradient(90deg, {stops})"></i>'
            f"<span>{TOP:.0f}+</span></div>")  # fmt: skip


def _empty(said: str) -> str:
    return f'<div class="rs-empty">{escape(said)}</div>'


def bars(rows: Sequence[tuple[str, float, str]], caption: str) -> str:
    """(name, shades, colour by meaning) as a table with bars."""
    most = max(value for _, value, _ in rows) or 1
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td class="rs-bar" aria-hidden="true"><div>'
        f'<i class="{look}" style="width:{100 * value / most:.1f}%"></i></div></td><td>{value:.0f}</td></tr>'
        for name, value, look in rows
    )
    return f'<table class="rs-bars"><caption>{escape(caption)}</caption><tbody>{body}</tbody></table>'
