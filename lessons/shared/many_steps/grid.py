"""Pictures of one experiment as HTML: a column for each number of steps, a row for each sampler or each seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from lessons.shared import pictures
from lessons.shared.prose import Prose
from lessons.shared.studio.runs import SAMPLER_NAMES
from lessons.shared.studio.steps import FINEST, Key, Series
from lessons.shared.studio.steps_shipped import pixels

WIDE, NARROW, FEW = 112, 80, 6  # pixels of a cell with up to FEW columns, and with more
SMALL = 64


def samplers(series: Series, words: Prose, distances: bool) -> str:
    """A row for each sampler: steps, seconds, and where asked for the distance to the finest picture."""
    size = WIDE if len(series.counts) <= FEW else NARROW
    rows = []
    for sampler, name in SAMPLER_NAMES.items():
        far = series.distances(sampler) if distances and sampler != "ddpm" else {}
        cells = [_cell(series, Key(sampler, n), name, size, far.get(n), words) for n in series.counts]
        rows.append(f'<h3 class="ms-name">{escape(name)}</h3>{"".join(cells)}')
    return _table(rows, len(series.counts), size)


def _cell(series: Series, key: Key, name: str, size: int, far: float | None, words: Prose) -> str:
    steps = f"{key.steps:,}"
    cell = series.cells.get(key)
    if cell is None:
        return f'<figure class="ms-cell"><div class="ms-empty"></div><figcaption><b>{steps}</b></figcaption></figure>'
    lines = [f"<b>{steps}</b> {seconds(cell.seconds)} s"]
    if far is not None:
        lines.append(f"<em>{shades(far)}</em> {words.text('shades')}")
    elif key == series.finest:
        lines.append(words.text("end-point" if (key.sampler, key.steps) == FINEST else "finest"))
    said = words.text("alt-cell", sampler=name, steps=many(key.steps))
    return _figure(cell.picture, size, "<br>".join(lines), said)


def dice(series: Series, right: Mapping[int, int], spreads: Mapping[int, float], words: Prose) -> str:
    """DDPM's pictures: a row for each seed, and under them what the judge says and how far they differ."""
    counts = [n for n in series.counts if series.dice(n)]
    rows = []
    for die in range(len(series.dice(counts[0])) if counts else 0):
        name = words.text("seed", seed=series.asked.seed + die)
        shown = [(n, series.dice(n)[die]) for n in counts]
        cells = [_figure(p, SMALL, "", words.text("alt-die", steps=many(n), seed=series.asked.seed + die))
                 for n, p in shown]  # fmt: skip
        rows.append(f'<h3 class="ms-name">{escape(name)}</h3>{"".join(cells)}')
    total = len(rows)
    says = [_verdict(n, right.get(n), total, spreads[n], words) for n in counts]
    rows.append(f'<h3 class="ms-name">{escape(words.text("steps-row"))}</h3>{"".join(says)}')
    return _table(rows, len(counts), SMALL, "ms-dice")


def _verdict(steps: int, right: int | None, total: int, spread: float, words: Prose) -> str:
    judged = "" if right is None else f"<br>{escape(words.text('right-of', right=right, total=total))}"
    apart = f"<br><em>{shades(spread)}</em> {escape(words.text('shades'))}"
    return f'<p class="ms-verdict"><b>{steps:,}</b>{judged}{apart}</p>'


def row(shown: Sequence[tuple[np.ndarray, str, str]], scale: int = 5) -> str:
    """Pictures side by side: (picture in [−1, 1], caption, badge)."""
    cells = (pictures.picture_html(pixels(p), scale, caption, badge, alt=caption) for p, caption, badge in shown)
    return f'<div class="bk-strip ms-row">{"".join(cells)}</div>'


def now(picture: np.ndarray | None, said: str, live: bool) -> str:
    """The picture beside the status line: the run that is going, or what the others are measured against."""
    kind = "ms-now ms-going" if live else "ms-now"
    inner = '<div class="ms-empty"></div>' if picture is None else _image(picture, 96, said)
    return f'<figure class="{kind}">{inner}</figure>'


def seconds(value: float) -> str:
    """A time as a reader writes it: 0.03, 0.4, 12."""
    return f"{value:.2f}" if value < 0.1 else f"{value:.1f}" if value < 10 else f"{value:.0f}"


def many(steps: int) -> str:
    """A number of steps in words."""
    return "1 step" if steps == 1 else f"{steps:,} steps"


def shades(value: float) -> str:
    """A distance as a reader writes it: 41, 4.6, 0.23."""
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}" if value >= 0.95 else f"{value:.2f}"


def _figure(picture: np.ndarray, size: int, caption: str, said: str) -> str:
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure class="ms-cell">{_image(picture, size, said)}{below}</figure>'


def _image(picture: np.ndarray, size: int, said: str) -> str:
    return f'<img src="{pictures.png_url(pixels(picture))}" width="{size}" height="{size}" alt="{escape(said)}">'


def _table(rows: Sequence[str], columns: int, size: int, kind: str = "") -> str:
    style = f"--ms-columns:{columns};--ms-rows:{len(rows)};--ms-size:{size}px"
    return f'<div class="ms-scroll"><div class="ms-grid {kind}" style="{style}">{"".join(rows)}</div></div>'
