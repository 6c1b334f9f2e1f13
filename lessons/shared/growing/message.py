"""What the browser is told of a growth: two sheets of pictures, a row for each moment of training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lessons.shared.growing.outcome import short
from lessons.shared.pictures import png_url
from lessons.shared.studio.grow import SEEN, STEPS, Growth
from lessons.shared.studio.judging import Look, Mark

FIGURES = {1: "one figure", 2: "two figures"}


def message(growth: Growth, *, opened: bool, running: bool, labels: Mapping[str, str], made: str) -> dict[str, Any]:
    """While running only the newest step travels; before the guess only the first and the last moment do."""
    shown = [opened or i in (0, len(SEEN) - 1) for i in range(len(SEEN))]
    columns = slice(-1, None) if running else slice(None)
    sheets = {name: png_url(sheet(getattr(growth, name)[:, columns], shown)) for name in ("x_t", "x0_hat")}
    verdicts = [told(look) for look in growth.looks] if opened and not running else []
    return {**sheets, "shown": shown, "seen": list(SEEN), "names": [short(n) for n in SEEN],
            "times": growth.times[columns], "total": STEPS, "steps": growth.steps[columns], "running": running,
            "verdicts": verdicts, "labels": dict(labels), "badge": {"kind": growth.badge, "text": made}}  # fmt: skip


def sheet(rows: np.ndarray, shown: Sequence[bool]) -> np.ndarray:
    """(10, kept, 32, 32, 3) as one picture (10·32, kept·32, 3); rows that are not shown stay black."""
    open_rows = rows * np.array(shown, np.uint8)[:, None, None, None, None]
    moments, kept, height, width, _ = rows.shape
    return open_rows.swapaxes(1, 2).reshape(moments * height, kept * width, 3)


def told(look: Look) -> list[dict[str, Any]]:
    """What the prompt named, each with whether the judge finds it; how many figures only where that is wrong."""
    return [{"name": name(mark), "right": mark.right} for mark in look.named
            if mark.attribute != "figures" or not mark.right]  # fmt: skip


def name(mark: Mark) -> str:
    """What was asked, in a word or two."""
    return FIGURES.get(mark.asked, str(mark.asked)) if mark.attribute == "figures" else str(mark.asked)
