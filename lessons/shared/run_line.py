"""The line above a run: how it stands, with Cancel; or what went wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from lessons.shared import prose
from lessons.shared.studio import runs
from lessons.shared.studio.runs import Job

SHOWN = 10  # steps a second, at which the player follows a run
STYLE = Path(__file__).with_name("run_line.css")  # to be sent once a page, outside of fragments


def say(jobs: Sequence[Job], idle: str = "") -> str:
    """How the runs stand, in one sentence of Markdown."""
    words = prose.load("live_player")
    going = [job for job in jobs if not job.over]
    if going:
        behind = min(going, key=lambda job: len(job.frames))  # both tracks move under one cursor
        if behind.state == "waiting":
            return words.text("line", ahead=behind.ahead) if behind.ahead else words.text("loading")
        return words.text("running", done=behind.steps_done, steps=behind.request.steps, seconds=_seconds(jobs))
    if idle or not jobs:
        return idle
    stopped = next((job for job in jobs if job.state == "cancelled"), None)
    if stopped is not None:
        return words.text("cancelled", done=stopped.steps_done, steps=stopped.request.steps)
    counts = [job.request.steps for job in jobs]
    alike = len(counts) > 1 and len(set(counts)) == 1
    steps = f"{len(counts)} × {counts[0]}" if alike else " and ".join(map(str, counts))
    slower = max(job.seconds for job in jobs) < max(counts) / SHOWN
    section = "done-one" if counts == [1] else "done-slower" if slower else "done"
    if all(job.shared for job in jobs) and counts != [1]:
        section = "done-shared"
    return words.text(section, steps=steps, seconds=_seconds(jobs))


def status(
    key: str, slots: Sequence[str], jobs: Sequence[Job], idle: str, say: Callable[[Sequence[Job], str], str] = say
) -> None:
    """One line, always there, so that nothing jumps when a run begins or ends; `idle` while nothing is going."""
    broken = next((job for job in jobs if job.state == "failed"), None)
    if broken is not None:
        return failure(key, broken.problem)
    with st.container(horizontal=True, vertical_alignment="center", key=f"bk-status-{key}"):
        st.markdown(say(jobs, idle), width="stretch")
        if any(not job.over for job in jobs):
            st.button("Cancel", key=f"{key}-cancel", on_click=runs.cancel, args=(slots,))


def failure(key: str, problem: str) -> None:
    """What happened, what to do, and that nothing is lost; a command stands apart, ready to copy."""
    sentence, python, command = problem.partition("python -m ")
    with st.container(border=True, key=f"bk-failed-{key}"):
        st.markdown(f":material/build: {sentence.strip()}")
        if python:
            st.code(f"{python}{command}", language="bash")
        st.caption(prose.load("live_player").text("kept"))


def _seconds(jobs: Sequence[Job]) -> str:
    seconds = max(job.seconds for job in jobs)  # the runs share the network's batches, so they share the time
    return f"{seconds:.2f}" if seconds < 0.1 else f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}"
