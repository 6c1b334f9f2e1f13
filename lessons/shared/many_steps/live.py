"""The experiment as it comes: the run that is going, how long it takes, a way to stop it, and the grid that fills."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lessons.shared import pictures, run_line
from lessons.shared.following import follow
from lessons.shared.many_steps import grid
from lessons.shared.prose import Prose
from lessons.shared.studio import runs, steps
from lessons.shared.studio.steps import Series

POLL = 0.1  # seconds between two looks: five pictures a second and more
PATIENCE = 0.08  # of them spent waiting for short runs, so that the next begins at once
STYLE = Path(__file__).with_name("style.css")


def style() -> None:
    """The style sheet, once a page and outside of fragments."""
    st.html(STYLE)


def going() -> bool:
    """Whether this learner's experiment still runs."""
    series = steps.current()
    return series is not None and series.state == "running"


def live_grid(shipped: Series | None, words: Prose, idle: str, open_: bool, made: str) -> None:
    """The stage: status, grid and badge. `idle` is said while nothing runs; `open_` shows the distances."""

    def show() -> bool:
        steps.pump(PATIENCE)
        series = steps.current() or shipped
        if series is not None:
            series = steps.with_shipped_end(series, shipped)
        _status(series, words, idle)
        if series is not None:
            st.html(grid.samplers(series, words, open_))
            pictures.show_badge(series.badge, described(series, made))
        return going()

    follow("steps", going(), show, POLL)


def described(series: Series, made: str) -> str:
    """What made the pictures, for the badge; `made` names the machine of the shipped ones."""
    asked = series.asked
    said = f"seed {asked.seed} · guidance {asked.scale:g} · cosine schedule"
    return f"{said} · {made}" if series.badge == "cached" else said


def _status(series: Series | None, words: Prose, idle: str) -> None:
    if series is not None and series.state == "failed":
        return run_line.failure("steps", series.problem)
    now = steps.underway()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="bk-now-steps"):
        if now is not None:
            _, _, _, picture = now
            st.html(grid.now(picture, words.text("alt-now"), True), width="content")
            st.markdown(_running(now, series, words), width="stretch")
            st.button("Cancel", key="steps-cancel", on_click=steps.stop)
            return
        end = None if series is None or series.finest is None else series.cells[series.finest].picture
        st.html(grid.now(end, words.text("alt-end"), False), width="content")
        st.markdown(idle, width="stretch")
    return


def _running(now: tuple, series: Series, words: Prose) -> str:
    key, done, seconds, picture = now
    if picture is None:
        ahead = steps.ahead()
        return words.text("line", ahead=ahead) if ahead else words.text("next-run" if series.cells else "loading")
    left = sum(each.steps for each in series.queue) - done
    name = words.text(f"run-{key.sampler}") if key.sampler in ("with", "without") else runs.SAMPLER_NAMES[key.sampler]
    rate = f"{done / seconds:.0f}" if seconds > 0.05 else "…"
    return words.text("running", name=name, done=f"{done:,}", steps=f"{key.steps:,}", seconds=grid.seconds(seconds),
                      rate=rate, left=f"{left:,}")  # fmt: skip
