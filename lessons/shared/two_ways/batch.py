"""Many runs as they come: how they stand, a way to cancel, and their pictures as far as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import streamlit as st

from lessons.shared import live_player
from lessons.shared.prose import load
from lessons.shared.studio import runs, without

POLL = 0.5  # seconds: some forty pictures travel each time
GREY = 128
Pictures = Mapping[str, np.ndarray]  # by slot


def batch(key: str, requests: without.Requests, draw: Callable[[Pictures | None], None], idle: str) -> None:
    """Draw the runs of `requests` while they go, by slot; None when none is going."""
    slots = list(requests)
    going = any(not job.over for job in runs.jobs(slots))

    @st.fragment(run_every=POLL if going else None)
    def show() -> None:
        jobs = runs.jobs(slots)
        _status(key, slots, jobs, idle)
        running = any(not job.over for job in jobs)
        draw(_latest({slot: len(request.seeds) for slot, request in requests.items()}) if running else None)
        if going and not running:
            st.rerun()  # the whole page: the judge has its say, and the asking ends

    show()


def _latest(counts: Mapping[str, int]) -> Pictures:
    """Each slot's pictures at its last step so far; plain grey before the first."""
    found = {}
    for slot, count in counts.items():
        steps = runs.records(slot)
        found[slot] = without.pixels(steps[-1].x_t) if steps else np.full((count, 32, 32, 3), GREY, np.uint8)
    return found


def _status(key: str, slots: Sequence[str], jobs: Sequence[runs.Job], idle: str) -> None:
    failed = next((job for job in jobs if job.state == "failed"), None)
    if failed is not None:
        return failure(failed.problem)
    stopped = any(job.state == "cancelled" for job in jobs)
    with st.container(horizontal=True, vertical_alignment="center", key=f"bk-status-{key}"):
        st.markdown(live_player.say(jobs, "" if stopped else idle), width="stretch")
        if any(not job.over for job in jobs):
            st.button("Cancel", key=f"{key}-cancel", on_click=runs.cancel, args=(slots,))


def failure(problem: str) -> None:
    """What happened and what to do; a command stands apart, ready to copy."""
    sentence, python, command = problem.partition("python -m ")
    with st.container(border=True, key="bk-failed"):
        st.markdown(f":material/build: {sentence.strip()}")
        if python:
            st.code(f"{python}{command}", language="bash")
        st.caption(load("live_player").text("kept"))
