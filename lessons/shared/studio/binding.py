"""Two figures in one prompt: does each colour stay with its own? Eight pictures, and the rate from the model card."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from diffusion_core import attention
from lessons.shared.code import ROOT
from lessons.shared.studio.runs import StepRecord
from lessons.shared.studio.sights import Seen

CARD = ROOT / "docs" / "model-card.md"
ONE, TWO = "one figure, seen", "two figures, seen"  # rows of its table
_TABLE = re.compile(r"<!-- agreement: table -->(.*?)<!-- agreement: end -->", re.DOTALL)


@dataclass(frozen=True)
class Eight:
    """Pictures of one prompt, and the attention of its finest layers to each word, over all looks."""

    pictures: np.ndarray  # (N, 32, 32, 3) in [−1, 1]
    maps: np.ndarray  # (N, 16, 16, words + 1)


@dataclass(frozen=True)
class Measured:
    """What the model card says of one kind of prompt, in percent."""

    rate: float | None  # pictures in which each figure has its own colour; only for two figures
    ceiling: float  # of the judge, on drawings that are right
    pictures: int


def eight_of(records: Sequence[StepRecord]) -> Eight:
    """The finished pictures of a run of several seeds, and their mean maps."""
    looked = [record.attention for record in records if record.attention is not None]
    finest = max(a.shape[1] for name, a in looked[0].items() if name.endswith(".words"))
    layers = [a for maps in looked for name, a in maps.items() if name.endswith(".words") and a.shape[1] == finest]
    count = len(records[-1].x_t)
    heard = np.mean(layers, axis=0) if layers else np.zeros((count, finest, finest, 1))
    return Eight(records[-1].x_t, heard)


def heed(eight: Eight, picture: int, word: int, slot: int) -> float:
    """The share of a word's attention in the half where a figure stands: slot 1 left, 2 right; word from 0."""
    left = attention.share_left(eight.maps[picture, ..., word + 1])
    return left if slot == 1 else 1 - left


def opened(seen: Sequence[Seen], colours: Sequence[str]) -> tuple[int | None, int | None]:
    """The surest success, and the failure to learn most from: all is there, only the colours are astray."""
    successes = [i for i, each in enumerate(seen) if each.bound]
    failures = [i for i, each in enumerate(seen) if not each.bound]
    success = max(successes, key=lambda i: seen[i].sure, default=None)
    astray = {i: (bool(seen[i].slots), sum(c in seen[i].said.split() for c in colours), seen[i].sure) for i in failures}
    failure = max(failures, key=astray.get, default=None)
    return success, failure


def measured(row: str = TWO, card: Path = CARD) -> Measured | None:
    """What the model card says in one row; None where it cannot be read."""
    return _read(row, card, card.stat().st_mtime_ns) if card.is_file() else None


@lru_cache(maxsize=4)
def _read(row: str, card: Path, changed: int) -> Measured | None:
    found = _TABLE.search(card.read_text(encoding="utf-8"))
    lines = (line.strip().strip("|").split("|") for line in (found[1] if found else "").splitlines() if "|" in line)
    rows = [[cell.strip() for cell in line] for line in lines]
    chosen = next((cells for cells in rows if cells[0] == row), None)
    if chosen is None:
        return None
    told = dict(zip(rows[0], chosen, strict=False))
    try:
        rate = None if told["bound"] == "–" else float(told["bound"])
        return Measured(rate, float(told["judge's ceiling"]), int(told["pictures"]))
    except (KeyError, ValueError):  # another table
        return None
