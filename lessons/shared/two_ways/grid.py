"""Pictures and counts as HTML: a grid with labels, a table of counts, and one row of pictures for each noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from lessons.shared.pictures import png_url
from lessons.shared.studio.seen import Seen

LARGE, SMALL = 3, 2  # screen pixels for each pixel


def grid(pictures: np.ndarray, seen: Sequence[Seen], first_seed: int) -> str:
    """Pictures uint8 (N, 32, 32, 3), each over what the judge saw; `seen` is empty before it has looked."""
    cells = []
    for i, picture in enumerate(pictures):
        what, where = seen[i].label if seen else ("", "")
        alt = f"seed {first_seed + i}: {seen[i].phrase}" if seen else f"seed {first_seed + i}, not judged"
        said = f"{escape(what)}<small>{escape(where)}</small>"
        cells.append(f"<figure>{_image(picture, LARGE, alt)}<figcaption>{said}</figcaption></figure>")
    return f'<div class="tw-grid">{"".join(cells)}</div>'


def counts(rows: Sequence[tuple[str, int, float, int]], most: float, heads: Sequence[str], caption: str) -> str:
    """One row a value: (name, pictures without words, as many drawings in training, pictures with words)."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "".join(_count_row(*row, most) for row in rows)
    return (f'<table class="tw-counts"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table>")  # fmt: skip


def _count_row(name: str, free: int, usual: float, told: int, most: float) -> str:
    bar = (f'<div><i style="width:{100 * free / most:.1f}%"></i>'
           f'<b style="left:calc({100 * usual / most:.1f}% - 1px)"></b></div>')  # fmt: skip
    cells = [_cell(free, f"{free}"), _cell(usual, f"{usual:.1f}"), _cell(told, f"{told}")]
    head = f'<th scope="row">{escape(name)}</th><td class="tw-bar" aria-hidden="true">{bar}</td>'
    return f"<tr>{head}{''.join(cells)}</tr>"


def _cell(value: float, said: str) -> str:
    return f'<td class="{"" if value else "tw-zero"}">{said}</td>'


def rows(columns: Mapping[int, np.ndarray], seen: Mapping[int, Sequence[Seen]], chosen: int, head: str) -> str:
    """Pictures by the step of the change: `columns` step → uint8 (noises, 32, 32, 3); `chosen` stands out."""
    marks = "".join(f'<th scope="col"{_chosen(step == chosen)}>{step}</th>' for step in columns)
    noises = len(next(iter(columns.values())))
    body = "".join(f"<tr>{''.join(_row(columns, seen, i))}</tr>" for i in range(noises))
    return (f'<div class="tw-rows" tabindex="0" role="region" aria-label="{escape(head)}"><table>'
            f"<thead><tr>{marks}</tr></thead><tbody>{body}</tbody></table></div>")  # fmt: skip


def _row(columns: Mapping[int, np.ndarray], seen: Mapping[int, Sequence[Seen]], i: int) -> list[str]:
    alts = {step: f": {seen[step][i].phrase}" if seen else "" for step in columns}
    return [f"<td>{_image(pictures[i], SMALL, f'noise {i + 1}, change at step {step}{alts[step]}')}</td>"
            for step, pictures in columns.items()]  # fmt: skip


def _chosen(yes: bool) -> str:
    return ' class="tw-chosen"' if yes else ""


def _image(picture: np.ndarray, scale: int, alt: str) -> str:
    height, width = picture.shape[:2]
    return (f'<img src="{png_url(picture)}" alt="{escape(alt)}" title="{escape(alt)}" '
            f'width="{width * scale}" height="{height * scale}">')  # fmt: skip
