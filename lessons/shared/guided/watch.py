"""Runs as they come, whatever draws them: one line above that says how they stand, with Cancel."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from lessons.shared import prose
from lessons.shared.live_player import POLL, say
from lessons.shared.prose import Prose
from lessons.shared.studio import runs
from lessons.shared.studio.runs import Job


def watch(key: str, slots: Sequence[str], idle: str, draw: Callable[[list[Job]], None]) -> None:
    """Call `draw` with the runs in `slots`, again and again while one is going; `idle`: what is said otherwise."""
    going = any(not job.over for job in runs.jobs(slots))

    @st.fragment(run_every=POLL if going else None)
    def show() -> None:
        now = runs.jobs(slots)
        _line(key, slots, now, idle)
        draw(now)
        if going and all(job.over for job in now):
            st.rerun()  # the whole page: it may have something to say of the outcome, and the asking ends

    show()


def start(slots: Sequence[str], requests: Sequence[runs.Request], title: str) -> None:
    """Begin one run in each slot."""
    for slot, request in zip(slots, requests, strict=True):
        runs.start(slot, request, title)


def idle_line(jobs: Sequence[Job], ran: bool, shipped: bool, words: Prose, part: str) -> str:
    """What is said above a part of the page that rests; nothing after a run, which speaks for itself."""
    if any(job.state == "cancelled" for job in jobs):
        return words.text("stopped")
    if not jobs:
        return words.text(f"{part}-{'shipped' if shipped else 'press'}")
    return "" if ran else words.text("changed")


def _line(key: str, slots: Sequence[str], jobs: list[Job], idle: str) -> None:
    """Always there, so that nothing jumps."""
    failed = next((job for job in jobs if job.state == "failed"), None)
    if failed is not None:
        return _failure(key, failed.problem)
    with st.container(horizontal=True, vertical_alignment="center", key=f"bk-status-{key}"):
        st.markdown(standing(jobs, idle), width="stretch")
        if any(not job.over for job in jobs):
            st.button("Cancel", key=f"{key}-cancel", on_click=runs.cancel, args=(slots,))


def standing(jobs: Sequence[Job], idle: str) -> str:
    """How one run stands, or the pictures of many; `idle` where nothing is going."""
    waiting = all(job.state == "waiting" for job in jobs)
    if len(jobs) < 2 or waiting or (idle and all(job.over for job in jobs)):
        return say(jobs, idle)
    work = [(len(job.request.seeds), job.steps_done, job.request.steps) for job in jobs]
    done = sum(pictures * done for pictures, done, _ in work) / sum(pictures * steps for pictures, _, steps in work)
    seconds, count = max(job.seconds for job in jobs), sum(pictures for pictures, _, _ in work)
    told = {"count": count, "seconds": f"{seconds:.0f}" if seconds >= 10 else f"{seconds:.1f}"}
    if all(job.over for job in jobs):
        return prose.load("guided").text("many-done", **told)
    return prose.load("guided").text("many", share=f"{100 * done:.0f}", **told)


def _failure(key: str, problem: str) -> None:
    sentence, python, command = problem.partition("python -m ")
    with st.container(border=True, key=f"bk-failed-{key}"):
        st.markdown(f":material/build: {sentence.strip()}")
        if python:
            st.code(f"{python}{command}", language="bash")
        st.caption(prose.load("live_player").text("kept"))
