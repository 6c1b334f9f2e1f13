"""What was measured, read from the tables of docs/model-card.md, so that page and model card cannot disagree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from diffusion_core.intervals import wilson

CARD = Path(__file__).parents[3] / "docs" / "model-card.md"
START, END = "<!-- agreement: table -->", "<!-- agreement: end -->"
COMMAND, JUDGE_COMMAND = "python -m diffusion_core.evaluate agreement", "python -m benchmarks.judge"
SEEN, HELD_OUT, PAIR = "one figure, seen", "one figure, held out", "two figures, seen"  # rows of evaluate.rows_of
TWO, THREE = "… two attributes", "… three attributes"
_TRAINED = re.compile(r"after ([\d,]+) pictures")


class CardError(RuntimeError):
    """The model card or one of its tables is missing; the message says which command prints it."""


@dataclass(frozen=True)
class Row:
    """One line of the agreement table, in per cent; a dash in the table is None."""

    name: str
    pictures: int
    right: float
    low: float  # of the 95% interval
    high: float
    ceiling: float  # the judge on drawings of the same scenes
    attributes: dict[str, float | None]

    @property
    def bound(self) -> float | None:
        """Both figures there, each in its own colour."""
        return self.attributes["bound"]

    @property
    def bound_interval(self) -> tuple[float, float]:
        """The 95% interval of it, in per cent."""
        low, high = wilson(round((self.bound or 0.0) / 100 * self.pictures), self.pictures)
        return 100 * low, 100 * high


@dataclass(frozen=True)
class Judged:
    """One line of the judge's own table: how often all is right on fresh drawings, as printed ("99.7%")."""

    drawings: str
    one: str
    two: str
    all: str


def agreement() -> dict[str, Row]:
    """The rows by name. Raises CardError."""
    return _agreement(*_stamp())


def judge() -> tuple[Judged, Judged]:
    """The judge on seen and on held-out combinations. Raises CardError."""
    return _judge(*_stamp())


def trained_on() -> str:
    """How many pictures the measured network was trained on, "" where the card does not say."""
    found = _TRAINED.search(_between(*_stamp()))
    return found[1] if found else ""


def _stamp() -> tuple[Path, int]:
    if not CARD.is_file():
        raise CardError(f"docs/model-card.md is missing. Its figures are printed by: {COMMAND}")
    return CARD, CARD.stat().st_mtime_ns


def _between(card: Path, changed: int) -> str:
    text = card.read_text(encoding="utf-8")
    if START not in text or END not in text:
        raise CardError(f"docs/model-card.md has no table of agreement. Print it with: {COMMAND}")
    return text.split(START, 1)[1].split(END, 1)[0]


@lru_cache(maxsize=2)
def _agreement(card: Path, changed: int) -> dict[str, Row]:
    head, *lines = _table(_between(card, changed))
    try:
        return {cells[0]: _row(dict(zip(head, cells, strict=True))) for cells in lines}
    except (KeyError, ValueError, IndexError) as odd:
        raise CardError(f"the table of agreement in docs/model-card.md is damaged. Print it with: {COMMAND}") from odd


def _row(cells: dict[str, str]) -> Row:
    low, high = map(float, cells["95%"].split(" to "))
    after = list(cells)[list(cells).index("share of ceiling") + 1 :]
    attributes = {name: None if cells[name] == "–" else float(cells[name]) for name in after}
    return Row(cells["combinations"], int(cells["pictures"]), float(cells["all right"]), low, high,
               float(cells["judge's ceiling"]), attributes)  # fmt: skip


@lru_cache(maxsize=2)
def _judge(card: Path, changed: int) -> tuple[Judged, Judged]:
    text = card.read_text(encoding="utf-8")
    lines = [cells for cells in _table(text[text.find("| drawings |") :]) if "combinations" in cells[0]]
    if len(lines) < 2 or any(len(cells) != 4 for cells in lines):
        raise CardError(f"docs/model-card.md has no table of the judge. Print it with: {JUDGE_COMMAND}")
    seen, held_out = (Judged(*cells) for cells in lines[:2])
    return seen, held_out


def _table(text: str) -> list[list[str]]:
    """The rows of the first Markdown table in a text, its ruler left out."""
    rows: list[list[str]] = []
    for line in text.strip().splitlines():
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.strip("|\n ").split("|")]
        if not all(set(cell) <= set("-: ") for cell in cells):
            rows.append(cells)
    return rows
