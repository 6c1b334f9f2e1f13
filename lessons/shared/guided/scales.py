"""Seven scales from the same noise, and at which of them the colours break."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from lessons.shared import controls, guess
from lessons.shared.guided import Labels, percent
from lessons.shared.guided.watch import idle_line, start, watch
from lessons.shared.pictures import badge, picture_html
from lessons.shared.prose import Prose
from lessons.shared.studio import guided, runs
from lessons.shared.studio.guided import Pictures
from lessons.shared.studio.runs import Job

EMPTY = np.full((32, 32, 3), 128, np.uint8)  # before the first step


def scales(request: runs.Request, title: str, shipped: Pictures | None, words: Prose, labels: Labels) -> None:
    """The row, its button, its guess."""
    requests, asking = guided.row_requests(request), st.container()
    with asking:
        left, right = st.columns([0.34, 0.66], gap="large")
    with left:
        st.markdown(words.text("scales"))
        ask = controls.run_button(labels["run-row"], key="row", row=requests)
    if ask.start:
        start(guided.ROW, requests, title)
    shown = guided.finished(guided.ROW, guided.describe_row) or (None if runs.jobs(guided.ROW) else shipped)
    with right:
        options = [words.text("break-at", scale=f"{scale:g}") for scale in guided.SCALES[2:]]
        asked = guess.ask("g-break", words.text("ask-break"), [*options, words.text("break-no")], opened=ask.linked)
    idle = idle_line(runs.jobs(guided.ROW), ask.ran, shipped is not None, words, "row")
    watch("row", guided.ROW, idle, lambda jobs: _row(jobs, shown, request.guidance_scale, asked.open, labels))
    with right:
        _reveal(asked, shown, words)


def _row(jobs: Sequence[Job], shown: Pictures | None, yours: float, told: bool, labels: Labels) -> None:
    """Seven pictures as they come, or finished with the share of each that is cut off."""
    if shown is not None:
        notes = [percent(share) if told else "" for share in shown.clipped]
        st.html(row_html(shown.shown, notes, yours, labels) + caption(shown.badge, shown.prompt, shown.made))
    elif jobs:
        st.html(row_html(latest(guided.ROW), [""] * len(guided.SCALES), yours, labels)
                + caption("live", jobs[0].title, guided.describe_row(jobs[0].request)))  # fmt: skip


def latest(slots: Sequence[str]) -> np.ndarray:
    """Where the runs in these slots stand, (pictures, 32, 32, 3): grey before the first step."""
    steps = [runs.records(slot) for slot in slots]
    return np.stack([guided.pixels(step[-1].x_t[0]) if step else EMPTY for step in steps])


def row_html(shown: np.ndarray, notes: Sequence[str], yours: float, labels: Labels) -> str:
    """One picture for each scale; the learner's own scale stands out."""
    cells = []
    for picture, scale, note in zip(shown, guided.SCALES, notes, strict=True):
        said = f"w = {scale:g}" + (f"\n{note}" if note else "")
        cell = picture_html(picture, 4, said, alt=labels["row-alt"].format(scale=f"{scale:g}"))
        cells.append(cell.replace("bk-picture", "bk-picture gd-yours", 1) if scale == yours else cell)
    return f'<div class="gd-row" data-pictures="{len(cells)}">{"".join(cells)}</div>'


def caption(kind: str, prompt: str, made: str) -> str:
    """Where pictures come from, as HTML."""
    return f'<p class="bk-caption">{badge(kind, guided.titled(prompt, made))}</p>'


def broken_at(clipped: Sequence[float]) -> float | None:
    """The first scale from which on every picture has a twentieth of its colour values cut off."""
    whole = [i for i, share in enumerate(clipped) if share < guided.BROKEN]
    first = whole[-1] + 1 if whole else 0
    return guided.SCALES[first] if first < len(guided.SCALES) else None


def _reveal(asked: guess.Guess, shown: Pictures | None, words: Prose) -> None:
    if shown is None and asked.open:
        st.caption(words.text("later"))
        return
    if not asked.open:
        guess.reveal(asked, "", "")
        return
    scale = broken_at(shown.clipped)
    outcome = words.text("break-no") if scale is None else words.text("break-at", scale=f"{scale:g}")
    at_one, most = (percent(shown.clipped[i]) for i in (guided.SCALES.index(1.0), -1))
    limit = f"{100 * guided.BROKEN:.0f}"
    guess.reveal(asked, outcome, words.text("break-measured", one=at_one, most=most, limit=limit))
