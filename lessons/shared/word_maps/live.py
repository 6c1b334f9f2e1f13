"""Runs as they come, for pages that gather what a run came to: a line that says how it stands, and what is drawn.

A finished run is gathered at the top of the next pass of the script, so this asks for one as soon as a run is over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from lessons.shared import prose
from lessons.shared.live_player import POLL, STYLE, say
from lessons.shared.studio import runs


def follow(key: str, slots: Sequence[str], idle: str, draw: Callable[[], None] = lambda: None) -> None:
    """Say how the runs in `slots` stand (else `idle`) and `draw`, five times a second while one is going."""
    going = any(not job.over for job in runs.jobs(slots))
    st.html(STYLE)  # out here: Streamlit loses count of a style sheet that a fragment sends again

    @st.fragment(run_every=POLL if going else None)
    def show() -> None:
        jobs = runs.jobs(slots)
        _status(key, slots, jobs, idle)
        draw()
        if any(job.state == "done" for job in jobs) or (going and all(job.over for job in jobs)):
            st.rerun()

    show()


def _status(key: str, slots: Sequence[str], jobs: Sequence[runs.Job], idle: str) -> None:
    failed = next((job for job in jobs if job.state == "failed"), None)
    if failed is not None:
        return _failure(key, failed.problem)
    going = any(not job.over for job in jobs)
    with st.container(horizontal=True, vertical_alignment="center", key=f"bk-status-{key}"):
        st.markdown(say(jobs) if jobs else idle, width="stretch")
        if going:
            st.button("Cancel", key=f"{key}-cancel", on_click=runs.cancel, args=(slots,))


def _failure(key: str, problem: str) -> None:
    """What happened, what to do, and that nothing is lost; a command stands apart, ready to copy."""
    sentence, python, command = problem.partition("python -m ")
    with st.container(border=True, key=f"bk-failed-{key}"):
        st.markdown(f":material/build: {sentence.strip()}")
        if python:
            st.code(f"{python}{command}", language="bash")
        st.caption(prose.load("live_player").text("kept"))
