"""The two curves of a growth over pictures seen: the loss, and how often the pictures are right. Numbers in, HTML out.

The lower axis is logarithmic: a place on it is the power of ten, with "nothing seen" at its left end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, log10

from lessons.shared.growing.outcome import short
from lessons.shared.line_chart import Axis, Chart, Dot, Line, even, line_chart
from lessons.shared.studio.grow import SEEN
from lessons.shared.studio.grow_shipped import Measured

NOTHING = 1_000.0  # where "nothing seen" stands: a logarithmic axis has no 0
APART = 0.33  # powers of ten between two moments that are named on the axis
ROOM = 0.06  # powers of ten beyond the first and the last
SIZE = (400, 255)
DASHES = {"place": "9 4", "colour": "1 5", "subject": "9 4 1 4", "details": "4 3"}


def loss_curve(measured: Measured, labels: Mapping[str, str], marker: int, told: str) -> str:
    """The loss at the ten moments and the training's own record; a line at moment `marker`."""
    lines = [Line(labels["error"], places(), measured.error, "predicted", dots=True, short=labels["error_short"])]
    if measured.record:
        seen, loss = zip(*measured.record, strict=True)
        lines.insert(0, Line(labels["record"], [_place(n) for n in seen], loss, "noise"))
    top = ceil(10 * max(value for line in lines for value in line.y)) / 10
    up = Axis(labels["loss_axis"], 0, top, even(0, top))
    return line_chart(_chart(lines, up, labels, marker, told))


def quality_curve(
    measured: Measured, labels: Mapping[str, str], marker: int, told: str, guessed: float | None = None
) -> str:
    """Right pictures in per cent: everything named with its 95% interval, each part on its own, and the guess."""
    lines = [
        Line(labels[part], places(), percent(measured.right[part]), "noise", dash=dash, short=labels[f"{part}_short"])
        for part, dash in DASHES.items()
    ]
    spread = [(100 * low, 100 * high) for low, high in measured.interval]
    lines.append(Line(labels["all"], places(), percent(measured.right["all"]), "predicted", dots=True,
                      short=labels["all_short"], spread=spread))  # fmt: skip
    up = Axis(labels["quality_axis"], -3, 103, (0, 25, 50, 75, 100))
    dots = [] if guessed is None else [Dot(places()[marker], guessed, "you")]
    return line_chart(_chart(lines, up, labels, marker, told, dots))


def places() -> list[float]:
    """Where the ten moments stand on the axis."""
    return [_place(seen) for seen in SEEN]


def percent(rates: tuple[tuple[int, int], ...]) -> list[int]:
    """Shares in whole per cent, as there is room for; 0 where nothing was named."""
    return [round(100 * right / named) if named else 0 for right, named in rates]


def _chart(
    lines: Sequence[Line], up: Axis, labels: Mapping[str, str], marker: int, told: str, dots: Sequence[Dot] = ()
) -> Chart:
    return Chart(lines, _across(labels), up, told, dots, labels["guess"], moment=places()[marker], read=places(),
                 size=SIZE)  # fmt: skip


def _across(labels: Mapping[str, str]) -> Axis:
    named: list[float] = []
    for place in reversed(places()):  # the last moment is always named, and the first: its name is short
        if not named or named[-1] - place >= APART or place == places()[0]:
            named.append(place)
    names = {place: short(seen) for place, seen in zip(places(), SEEN, strict=True)}
    return Axis(labels["seen_axis"], places()[0] - ROOM, places()[-1] + ROOM, named[::-1], grid=False, names=names)


def _place(seen: float) -> float:
    return log10(max(seen, NOTHING))
