"""Two twists of the same formula: away from other words, and in the middle steps only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from lessons.shared import controls, guess
from lessons.shared.guided import Labels, percent
from lessons.shared.guided.scales import caption, latest
from lessons.shared.guided.watch import idle_line, start, watch
from lessons.shared.pictures import picture_html
from lessons.shared.prompt_box import prompt_box
from lessons.shared.prose import Prose
from lessons.shared.studio import guided, runs
from lessons.shared.studio.guided import Pictures
from lessons.shared.studio.outcomes import apart
from lessons.shared.studio.runs import Job

LESS = 0.8  # of the clipped share: a smaller one counts as fewer, and its inverse as more


def twists(request: runs.Request, title: str, shipped: Pictures | None, words: Prose, labels: Labels) -> None:
    """Controls beside three pictures from the same noise, and a guess below."""
    play, side = st.columns([0.62, 0.38], gap="large")
    with side, st.container(border=True, key="bk-controls-twist"):
        _, reading = prompt_box("negative", labels["negative"], guided.NEGATIVE)
        first = controls.slider("from", labels["from"], 0, 95, guided.FROM, 5, format="%d%%", help=words.text("from"))
        last = controls.slider("until", labels["until"], 5, 100, guided.UNTIL, 5, format="%d%%")
        scale = controls.slider("strength", labels["strength"], 0.0, 15.0, guided.TWIST_SCALE, 0.5, format="%g")
        steps = guided.interval(request, first, last)[1]
        if last <= first:
            st.caption(words.text("swapped", steps=steps))
        requests = guided.twist_requests(request, scale, reading.words, first, last)
        ask = controls.run_button(labels["run-twist"], key="twist", twist=requests)
    if ask.start:
        start(guided.TWISTS, requests, title)
    shown = guided.finished(guided.TWISTS, runs.describe) or (None if runs.jobs(guided.TWISTS) else shipped)
    idle = idle_line(runs.jobs(guided.TWISTS), ask.ran, shipped is not None, words, "twist")
    with play:
        pictures = st.container()
        options = [words.text(f"middle-{way}") for way in ("fewer", "same", "more")]
        asked = guess.ask("g-twist", words.text("ask-twist"), options, opened=ask.linked)
        _reveal(asked, shown, words)
        notes = [words.text(name) for name in ("plain", "away", "middle")]
        if asked.open and shown is not None:
            notes = [f"{note}\n{percent(share)}" for note, share in zip(notes, shown.clipped, strict=True)]
        with pictures:
            watch("twist", guided.TWISTS, idle, lambda jobs: _three(jobs, shown, notes, labels))


def _three(jobs: Sequence[Job], shown: Pictures | None, notes: Sequence[str], labels: Labels) -> None:
    """Plain, away from other words, in the middle steps."""
    if shown is None and not jobs:
        return
    pictures = shown.shown if shown is not None else latest(guided.TWISTS)
    cells = [picture_html(picture, 6, note, alt=labels["twist-alt"].format(how=note))
             for picture, note in zip(pictures, notes, strict=True)]  # fmt: skip
    told = (
        (shown.badge, shown.prompt, shown.made)
        if shown is not None
        else ("live", jobs[0].title, runs.describe(jobs[0].request))
    )
    st.html(f'<div class="gd-row gd-few">{"".join(cells)}</div>{caption(*told)}')


def way(clipped: Sequence[float]) -> str:
    """fewer, same or more: the clipped values of guidance in the middle beside those of guidance at every step."""
    plain, middle = clipped[0], clipped[2]
    if max(plain, middle) < 0.005:  # half a per cent: nothing to be seen either way
        return "same"
    return "fewer" if middle < LESS * plain else "more" if LESS * middle > plain else "same"


def _reveal(asked: guess.Guess, shown: Pictures | None, words: Prose) -> None:
    if not asked.open:
        guess.reveal(asked, "", "")
    elif shown is None:
        st.caption(words.text("later"))
    else:
        plain, _, middle = map(percent, shown.clipped)
        away, kept = (f"{_apart(shown.shown, i):.0f}" for i in (1, 2))
        sentence = words.text("twist-measured", plain=plain, middle=middle, away=away, kept=kept)
        guess.reveal(asked, words.text(f"middle-{way(shown.clipped)}"), sentence)


def _apart(shown: np.ndarray, which: int) -> float:
    """How far a picture is from the plain one, in shades."""
    return apart(*(shown[i] / 127.5 - 1 for i in (0, which)))
