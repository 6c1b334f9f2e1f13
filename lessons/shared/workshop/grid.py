"""Eight pictures of one run in a grid: as they come out of static, then each with the judge's mark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st

from lessons.shared import run_line
from lessons.shared.following import follow
from lessons.shared.pictures import badge, png_url
from lessons.shared.studio import runs
from lessons.shared.studio import workshop as studio
from lessons.shared.studio.judging import Look
from lessons.shared.workshop import sight
from lessons.shared.workshop.said import Labels, short


def live_grid(
    key: str, slot: str, eight: studio.Eight | None, labels: Labels, *, idle: str, marks: bool, chosen: int = 0
) -> None:
    """The run in `slot` as it comes, or `eight` when none is going; `marks`: whether the verdicts may be seen."""
    job = runs.job(slot)
    going = runs.heard_going([slot])
    sight.bring(key, job.run_id if job is not None else "")

    def show() -> bool:
        now = runs.job(slot)
        shown = [] if now is None or now.state in {"done", "cancelled"} else [now]
        run_line.status(key, [slot], shown, idle)
        _pictures(now, slot, eight, labels, marks, chosen)
        return now is not None and not now.over

    follow(key, going, show, over=lambda: runs.over([slot]))


def _pictures(
    job: runs.Job | None, slot: str, eight: studio.Eight | None, labels: Labels, marks: bool, chosen: int
) -> None:
    if job is not None and (not job.over or job.state == "cancelled"):
        steps = runs.records(slot)
        shown = studio.pixels(steps[-1].x_t) if steps else np.full((studio.COUNT, 32, 32, 3), 128, np.uint8)
        st.html(grid(shown, (), job.title, labels))
        st.html(caption(job.title, badge("live", studio.describe(job.request)), labels))
    elif eight is not None:
        st.html(grid(eight.pictures, eight.looks if marks else (), eight.prompt, labels, chosen))
        st.html(caption(eight.prompt, badge(eight.badge.kind, eight.badge.text), labels))


def grid(pictures: np.ndarray, looks: Sequence[Look], prompt: str, labels: Labels, chosen: int = 0) -> str:
    """Pictures uint8 (N, 32, 32, 3) as HTML, numbered from 1; with looks each has its mark."""
    cells = [_cell(i, picture, looks[i] if looks else None, prompt, labels, chosen == i + 1)
             for i, picture in enumerate(pictures)]  # fmt: skip
    return f'<div class="pw-grid" data-marked="{"yes" if looks else "no"}">{"".join(cells)}</div>'


def _cell(place: int, picture: np.ndarray, look: Look | None, prompt: str, labels: Labels, chosen: bool) -> str:
    verdict = "" if look is None else short(look, labels)
    kind, tick = ("", "") if look is None or not look.named else ("pw-right", "✓") if look.right else ("pw-wrong", "✗")
    alt = labels["alt"].format(place=place + 1, prompt=prompt) + (f": {verdict}" if verdict else "")
    said = f'<span class="pw-place">{place + 1}</span><span class="pw-tick">{tick}</span> {escape(verdict)}'
    return (f'<figure class="bk-picture {kind}{" pw-chosen" * chosen}"><img src="{png_url(picture)}" '
            f'alt="{escape(alt)}" width="160" height="160"><figcaption>{said}</figcaption></figure>')  # fmt: skip


def caption(prompt: str, made: str, labels: Labels) -> str:
    """What was asked, then what made it."""
    typed = f"“<bdi>{escape(prompt)}</bdi>”" if prompt else escape(labels["no-words"])
    asked = f'<span class="pw-prompt">{escape(labels["asked-for"])} {typed}</span>'
    return f'<p class="bk-caption">{asked} {made}</p>'
