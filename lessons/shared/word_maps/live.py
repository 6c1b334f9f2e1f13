"""Runs as they come, for pages that gather what a run came to: a line that says how it stands, and what is drawn.

A finished run is gathered at the top of the next pass of the script, so this asks for one as soon as a run is over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from lessons.shared import following, run_line
from lessons.shared.studio import runs


def follow(key: str, slots: Sequence[str], idle: str, draw: Callable[[], None] = lambda: None) -> None:
    """Say how the runs in `slots` stand (else `idle`) and `draw`, five times a second while one is going."""
    going = runs.heard_going(slots) or any(job.state == "done" for job in runs.jobs(slots))
    st.html(run_line.STYLE)  # out here: Streamlit loses count of a style sheet that a fragment sends again

    def show() -> bool:
        jobs = runs.jobs(slots)
        run_line.status(key, slots, jobs, "" if jobs else idle)
        draw()
        return any(not job.over for job in jobs) and all(job.state != "done" for job in jobs)

    following.follow(key, going, show)
