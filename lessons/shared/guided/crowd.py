"""Sixteen seeds at every scale: what guidance gives, and what it takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from lessons.shared import controls, guess, theming
from lessons.shared.guided import Labels, percent
from lessons.shared.guided.figures import against_scale
from lessons.shared.guided.scales import caption
from lessons.shared.guided.watch import idle_line, start, watch
from lessons.shared.pictures import picture_html
from lessons.shared.prose import Prose
from lessons.shared.studio import guided, model_card, runs
from lessons.shared.studio.guided import Crowd
from lessons.shared.studio.runs import Job

NAMES = tuple(f"{scale:g}" for scale in guided.SCALES)
ONE, HIGHEST = guided.SCALES.index(1.0), len(guided.SCALES) - 1
SELDOM = 1.0  # seconds between two looks at 112 pictures under way
MOVED = 0.05  # of the diversity at scale 1: a smaller change counts as none


def crowd(request: runs.Request, title: str, shipped: Crowd | None, words: Prose, labels: Labels) -> None:
    """The button, the guess, the pictures, the three curves."""
    requests = guided.crowd_requests(request)
    left, right = st.columns([0.34, 0.66], gap="large")
    with left:
        st.markdown(words.text("crowd", count=guided.CROWD, steps=guided.CROWD_STEPS))
        ask = controls.run_button(labels["run-crowd"], key="crowd", crowd=requests, prompt=title)
    if ask.start:
        start(guided.CROWDS, requests, title)
    shown = guided.crowd() or (None if runs.jobs(guided.CROWDS) else shipped)
    with right:
        options = [words.text(f"crowd-{way}") for way in ("alike", "same", "apart")]
        asked = guess.ask("g-crowd", words.text("ask-crowd"), options, opened=ask.linked)
    look = controls.select("look", labels["look"], NAMES, NAMES[-1], row=True)
    idle = idle_line(runs.jobs(guided.CROWDS), ask.ran, shipped is not None, words, "crowd")
    watch("crowd", guided.CROWDS, idle, lambda jobs: _pictures(jobs, shown, NAMES.index(look), labels), SELDOM)
    if not asked.open:
        with right:
            guess.reveal(asked, "", "")
    elif shown is None:
        st.caption(words.text("later"))
    else:
        with right:
            _reveal(asked, shown, words)
        _curves(shown, request.guidance_scale, words, labels)


def _pictures(jobs: Sequence[Job], shown: Crowd | None, look: int, labels: Labels) -> None:
    """The sixteen at scale 1 beside the sixteen at the scale looked at."""
    if shown is None and not jobs:
        return
    pictures = shown.shown if shown is not None else _latest()
    told = (
        (shown.badge, shown.prompt, shown.made)
        if shown is not None
        else ("live", jobs[0].title, guided.describe_crowd(jobs[0].request))
    )
    for place, which in zip(st.columns(2, gap="large"), (ONE, look), strict=True):
        with place:
            st.html(grid(pictures[which], guided.SCALES[which], labels))
    st.html(caption(*told))


def _latest() -> np.ndarray:
    """Where the crowd stands, (scales, seeds, 32, 32, 3)."""
    empty = np.full((guided.TOGETHER, 32, 32, 3), 128, np.uint8)
    steps = [runs.records(slot) for slot in guided.CROWDS]
    pictures = [guided.pixels(step[-1].x_t) if step else empty for step in steps]
    return np.concatenate(pictures).reshape(len(guided.SCALES), -1, 32, 32, 3)


def grid(pictures: np.ndarray, scale: float, labels: Labels) -> str:
    """Sixteen pictures of one scale."""
    told = [labels["crowd-alt"].format(place=i + 1, scale=f"{scale:g}") for i in range(len(pictures))]
    cells = "".join(picture_html(p, 2, alt=alt) for p, alt in zip(pictures, told, strict=True))
    return f'<p class="bk-caption"><b>w = {scale:g}</b></p><div class="gd-row gd-crowd">{cells}</div>'


def way(diversity: Sequence[float]) -> str:
    """alike, same or apart: what became of the diversity between scale 1 and the highest."""
    change = diversity[HIGHEST] / max(diversity[ONE], 1e-6) - 1
    return "same" if abs(change) < MOVED else "alike" if change < 0 else "apart"


def _reveal(asked: guess.Guess, shown: Crowd, words: Prose) -> None:
    one, most = (f"{shown.diversity[i]:.2f}" for i in (ONE, HIGHEST))
    near, far = (f"{shown.distance[i]:.0f}" for i in (ONE, HIGHEST))
    sentence = words.text("crowd-measured", one=one, most=most, near=near, far=far)
    guess.reveal(asked, words.text(f"crowd-{way(shown.diversity)}"), sentence)


def _curves(shown: Crowd, yours: float, words: Prose, labels: Labels) -> None:
    """Agreement, diversity and saturation, each with what it means and how it went."""
    dark, seeds = theming.is_dark(), shown.shown.shape[1]
    judged = [100 * right / seeds for right in shown.right]
    measures = {
        "agreement": (judged, {"top": 104, "unit": "%", "limit": judge_share()}),
        "diversity": (shown.diversity, {"top": 1.1}),
        "saturation": (
            [100 * share for share in shown.clipped],
            {"top": max(12, 120 * max(shown.clipped)), "unit": "%"},
        ),
    }
    for place, (name, (values, look)) in zip(st.columns(3, gap="medium"), measures.items(), strict=True):
        with place:
            st.markdown(f"**{labels[name]}**")
            if not values:
                st.caption(shown.problem or words.text("nothing-named"))
                continue
            figure = against_scale(guided.SCALES, values, name="", yours=yours, dark=dark, **look)
            told = ", ".join(f"{scale}: {value:.3g}" for scale, value in zip(NAMES, values, strict=True))
            theming.show_figure(figure, key=f"guided-{name}", alt=words.text("alt", name=labels[name], told=told))
            st.caption(words.text(name, **_said(name, shown)))


def _said(name: str, shown: Crowd) -> dict[str, object]:
    """The numbers under a curve."""
    if name == "agreement":
        one, three, seeds = shown.right[ONE], shown.right[guided.SCALES.index(3.0)], shown.shown.shape[1]
        return {"prompt": shown.prompt, "one": one, "three": three, "count": seeds, "judge": _judge_said()}
    if name == "saturation":
        return {"one": percent(shown.clipped[ONE]), "most": percent(shown.clipped[HIGHEST])}
    return {}


def judge_share() -> float | None:
    """How often the judge is right on fresh drawings with one figure, in per cent; None where the card does not say."""
    try:
        return float(model_card.judge()[0].one.rstrip("%"))
    except (model_card.CardError, ValueError):
        return None


def _judge_said() -> str:
    share = judge_share()
    return "an unknown share" if share is None else f"{share:g}%"
