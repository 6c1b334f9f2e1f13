"""Neighbours as HTML: words with their cosines as bars, drawings with theirs below, and tables of cosines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import numpy as np
import streamlit as st

from lessons.shared.pictures import picture_html, png_url

STYLE = Path(__file__).with_name("near.css")
Rows = Sequence[tuple[str, float]]


def style() -> None:
    """The style sheet, once a page."""
    st.html(STYLE)


def number(cosine: float, places: int = 2) -> str:
    """With a true minus sign."""
    return f"{cosine:.{places}f}".replace("-", "−")


def fine(cosine: float) -> str:
    """Four decimals where two would round a difference away."""
    return number(cosine, 4 if 0.995 <= cosine < 0.99995 else 2)


def bars(rows: Rows, title: str, marked: Sequence[str] = (), mark: str = "") -> str:
    """One bar a row; words in `marked` carry the note `mark`."""
    lines = []
    for name, cosine in rows:
        note = f"<small>{escape(mark)}</small>" if name in marked else ""
        wide = f'<i style="width:{100 * max(cosine, 0):.1f}%"></i>'
        lines.append(f"<li><span><bdi>{escape(name)}</bdi>{note}</span><b>{wide}</b><em>{number(cosine)}</em></li>")
    return f'<div class="ws-near"><p>{escape(title)}</p><ol>{"".join(lines)}</ol></div>'


def row_of_pictures(pictures: Sequence[np.ndarray], rows: Rows, title: str, scale: int = 3) -> str:
    """Drawings side by side, each with its cosine; what is on it is its text alternative."""
    cells = [picture_html(picture, scale, number(cosine), alt=f"{name}, cosine {number(cosine)}")
             for picture, (name, cosine) in zip(pictures, rows, strict=True)]  # fmt: skip
    return f'<div class="ws-near"><p>{escape(title)}</p><div class="bk-strip">{"".join(cells)}</div></div>'


def stripes(greys: np.ndarray, names: Sequence[str]) -> str:
    """One line of grey cells a word: greys uint8 (N, 128)."""
    lines = [f'<li><span>{escape(name)}</span><img src="{png_url(row[None])}" alt=""></li>'
             for row, name in zip(greys, names, strict=True)]  # fmt: skip
    return f'<ol class="ws-stripes">{"".join(lines)}</ol>'


def table(cosines: Mapping[tuple[str, str], float], corner: str = "") -> str:
    """A small table of cosines: first words down, second words across; the largest of a row stands out."""
    down, across = dict.fromkeys(a for a, _ in cosines), dict.fromkeys(b for _, b in cosines)
    head = "".join(f'<th scope="col">{escape(b)}</th>' for b in across)
    body = ""
    for a in down:
        best = max(cosines[a, b] for b in across)
        cells = "".join(f'<td class="{"best" if cosines[a, b] == best else ""}">{number(cosines[a, b])}</td>'
                        for b in across)  # fmt: skip
        body += f'<tr><th scope="row">{escape(a)}</th>{cells}</tr>'
    return f'<table class="ws-table"><tr><td>{escape(corner)}</td>{head}</tr>{body}</table>'


def alike(one: str, two: str, cosine: str, title: str) -> str:
    """Two phrases and the one number between them."""
    return (f'<div class="ws-alike"><span><bdi>{escape(one)}</bdi></span><span><small>{escape(title)}</small>'
            f"<b>{escape(cosine)}</b></span><span><bdi>{escape(two)}</bdi></span></div>")  # fmt: skip
