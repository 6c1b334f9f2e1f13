"""Passes side by side as HTML: with and without connections, each cut alone, and three noise levels."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np

from lessons.shared import pictures
from lessons.shared.studio.inside import SKIPS, Look, shades, truth
from lessons.shared.unet_map.message import to_bytes

LARGE, SMALL = 6, 4  # how many times a pixel is enlarged
PAPER, TEAL = np.array([251, 247, 240]), np.array([14, 116, 120])
Words = Mapping[str, str]


def beside_truth(picture: str, whole: Look, cut: Look | None, words: Words) -> str:
    """The picture, the prediction of the whole network, and that of the network as the learner cut it."""
    cells = [_cell(truth(picture), words["truth"], "", LARGE), _predicted(whole, picture, words["whole"], words)]
    if cut is not None:
        cells.append(_predicted(cut, picture, words["cut"], words, "you"))
    return f'<div class="in-row">{"".join(cells)}</div>'


def alone(picture: str, whole: Look, each: Mapping[str, Look], words: Words) -> str:
    """Each connection cut alone, with what it adds to the distance, the worst one marked."""
    added = losses(picture, whole, each)
    most = worst(added)
    cells = [
        _cell(look.x0_hat, words["without"].format(letter=letter), _signed(added[letter]), SMALL,
              "you" if letter == most else "")
        for letter, look in each.items()
    ]  # fmt: skip
    return f'<div class="in-row">{"".join(cells)}</div>'


def losses(picture: str, whole: Look, each: Mapping[str, Look]) -> dict[str, float]:
    """By letter: how many shades further from the truth the prediction is without that connection."""
    start = shades(whole.x0_hat, picture)
    return {letter: shades(look.x0_hat, picture) - start for letter, look in each.items()}


def worst(added: Mapping[str, float]) -> str:
    return max(added, key=added.get)


def size_of(letter: str) -> str:
    """The side of the maps that a connection carries: "16" for A, whose name is up16_0."""
    return SKIPS[letter].removeprefix("up").split("_")[0]


def levels(seen: Mapping[int, Look], words: Words) -> str:
    """One picture at several noise levels: what goes in, where words are heeded, and both numbers."""
    most = max(float(look.heed.max()) for look in seen.values())
    columns = []
    for t, look in seen.items():
        alt = words["heed_alt"].format(t=t, share=_percent(look.share))
        inside = pictures.picture_html(to_bytes(look.x_t), LARGE, alt=words["noisy_alt"].format(t=t))
        heed = pictures.picture_html(tinted(look.heed, most), 2 * LARGE, alt=alt)
        numbers = "".join(
            f"<div><dt>{escape(words[k])}</dt><dd>{v}</dd></div>"
            for k, v in (("share", _percent(look.share)), ("reach", words["pixels_far"].format(n=f"{look.reach:.1f}")))
        )
        columns.append(f'<div class="in-level"><h4>{escape(words["level"].format(t=t))}</h4>{inside}{heed}'
                       f"<dl>{numbers}</dl></div>")  # fmt: skip
    return f'<div class="in-levels">{"".join(columns)}</div>'


def tinted(share: np.ndarray, most: float) -> np.ndarray:
    """A map of shares as teal on paper, full teal at `most`."""
    part = np.clip(share / max(most, 1e-9), 0, 1)[..., None]
    return np.rint(PAPER * (1 - part) + TEAL * part).astype(np.uint8)


def trend(first: float, last: float, least: float) -> str:
    """Which way a number went: "more", "less" or "same" when it moved by less than `least`."""
    if abs(last - first) < least:
        return "same"
    return "more" if last > first else "less"


def _predicted(look: Look, picture: str, title: str, words: Words, mark: str = "predicted") -> str:
    note = words["off_by"].format(n=f"{shades(look.x0_hat, picture):.1f}")
    return _cell(look.x0_hat, title, note, LARGE, mark)


def _cell(picture: np.ndarray, title: str, note: str, scale: int, mark: str = "") -> str:
    drawn = pictures.picture_html(to_bytes(picture), scale, alt=f"{title}, {note}" if note else title)
    return (f'<div class="in-cell {mark}" style="--side:{32 * scale}px">{drawn}<b>{escape(title)}</b>'
            f"<small>{escape(note)}</small></div>")  # fmt: skip


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _signed(number: float) -> str:
    """+3.1, −0.4, ±0."""
    text = f"{number:+.1f}".replace("-", "−")
    return "±0" if text in ("+0.0", "−0.0") else text
