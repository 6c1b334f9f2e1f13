"""Pictures as pixels: enlarged without smoothing, framed by a hairline, and saying what made them."""

from __future__ import annotations

import base64
import io
from html import escape

import numpy as np
import streamlit as st
from PIL import Image

BADGES = {
    "live": "live",  # computed just now, on this machine
    "cached": "cached",  # computed earlier by the same code, and shipped
    "illustration": "illustration",  # drawn to explain; no model made it
}


def badge(kind: str, text: str = "") -> str:
    """Where a picture comes from, as HTML: live, cached or illustration, and what made it."""
    if kind not in BADGES:
        raise ValueError(f"badge {kind!r} is unknown: use one of {', '.join(BADGES)}")
    made = f'<span class="bk-made">{escape(text)}</span>' if text else ""
    return f'<span class="bk-badge bk-{kind}">{BADGES[kind]}</span>{made}'


def show_badge(kind: str, text: str = "") -> None:
    """The badge on its own, for players and plots."""
    st.html(f'<p class="bk-caption">{badge(kind, text)}</p>')


def png_url(array: np.ndarray) -> str:
    """A uint8 picture (H, W, 3) or (H, W) as a data URL, pixel for pixel."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(array)).save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def pixel_picture(array: np.ndarray, scale: int = 8, caption: str = "", label: str = "", alt: str = "") -> None:
    """Show a uint8 picture `scale` times enlarged; `label` comes from `badge()`, `alt` is for screen readers."""
    st.html(picture_html(array, scale, caption, label, alt))


def picture_html(array: np.ndarray, scale: int = 8, caption: str = "", label: str = "", alt: str = "") -> str:
    """The same as HTML, for strips and grids."""
    if array.dtype != np.uint8:
        raise ValueError(f"a picture on the page is uint8, not {array.dtype}: scale it to 0…255 first")
    height, width = array.shape[:2]
    said = f'<span class="bk-said">{escape(caption)}</span>' if caption else ""
    words = f"<figcaption>{said}{label}</figcaption>" if said or label else ""
    return (
        f'<figure class="bk-picture"><img src="{png_url(array)}" alt="{escape(alt or caption or "picture")}" '
        f'width="{width * scale}" height="{height * scale}">{words}</figure>'
    )


def strip(pictures: list[np.ndarray], captions: list[str], scale: int = 3, label: str = "") -> None:
    """Pictures in a row, each with its own short caption; the row scrolls on a narrow screen."""
    cells = "".join(picture_html(p, scale, c, alt=f"picture at {c}") for p, c in zip(pictures, captions, strict=True))
    st.html(f'<div class="bk-strip">{cells}</div><p class="bk-caption">{label}</p>')
