"""One step of one pixel in numbers: before, what shrinking takes, the noise, after."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Protocol

from lessons.shared.drift.svg import CHANNELS, Words, colour, minus, triple

Values = Sequence[float]  # red, green, blue on the scale of a screen


class Step(Protocol):
    """before + shrink + noise = after."""

    before: Values
    shrink: Values
    noise: Values
    after: Values


def in_full(step: Step, beta: float, t: int, words: Words) -> str:
    """The sum with its decimals, then rounded: (255, 0, 0) + (−2, 2, 0) → (253, 2, 0)."""
    said = {name: text.replace("{t}", f"{t:,}") for name, text in words.items()}
    kept, share = f"{math.sqrt(1 - beta):.5f}", f"{math.sqrt(beta):.4g}"
    rows = [(said["before"], step.before), (said["row_shrink"].format(kept=kept), step.shrink),
            (said["row_noise"].format(share=share), step.noise), (said["row_after"], step.after)]  # fmt: skip
    return glance(step, said) + table(rows, words)


def glance(step: Step, words: Words) -> str:
    """The sum at a glance, each part under its name."""
    cells = [cell(words["before"], step.before, chip=True), '<div class="sign">+</div>',
             cell(words["noise"], step.noise, look="noise"), '<div class="sign">→</div>',
             cell(words["after"], step.after, chip=True)]  # fmt: skip
    return '<div class="ad-sum">' + "".join(cells) + "</div>"


def cell(name: str, values: Values, chip: bool = False, look: str = "") -> str:
    dot = f'<i style="background:{colour(values)}"></i>' if chip else ""
    return f'<dl class="{look}"><dt>{escape(name)}</dt><dd>{dot}{triple(values)}</dd></dl>'


def table(rows: Sequence[tuple[str, Values]], words: Words) -> str:
    """Rows of (name, values); the last one is the result."""
    head = "".join(f'<th class="{c}">{escape(words[n])}</th>' for c, n in zip(CHANNELS, "RGB", strict=True))
    body = ""
    for place, (name, values) in enumerate(rows, start=1):
        sign = "" if place in (1, len(rows)) else "+"  # what is added shows its sign
        cells = "".join(f"<td>{minus(f'{value:{sign}.2f}')}</td>" for value in values)
        body += f'<tr class="{"total" if place == len(rows) else ""}"><th>{escape(name)}</th>{cells}</tr>'
    return f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table>"
