"""Runs as they come: asks how they stand five times a second while one is going, and feeds the player.

    runs.start("first", request, title=prompt)
    jobs = live_player("out-of-static", ["first"], shipped=[track], idle="Press **Run** …")

The player is mounted once under a constant key, before any run, so that its camera, cursor and chosen pixel stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from diffusion_core.schedules import Schedule
from lessons.shared import prose
from lessons.shared.player import PANELS, Badge, Curve, Track, link_state, player
from lessons.shared.studio import runs
from lessons.shared.studio.runs import Job

POLL = 0.2  # seconds between two looks at how the runs stand
SHOWN = 10  # steps a second, at which the player follows a run
CURVE_POINTS = 201
STYLE = Path(__file__).with_name("live_player.css")
BESIDE = 41  # characters of a title that fit one line when two tracks share the stage, so that both stand level


def live_player(
    key: str,
    slots: Sequence[str],
    *,
    shipped: Sequence[Track] = (),
    shipped_schedule: Schedule | None = None,
    panels: Sequence[str] = PANELS,
    idle: str = "",
) -> list[Job]:
    """Show the runs in `slots` under one cursor, or what was shipped while there are none; returns the runs.

    `idle`: the sentence above the player while nothing is going; without it, how long the last run took.
    """
    going = any(not job.over for job in runs.jobs(slots))
    st.html(STYLE)  # out here: Streamlit loses count of a style sheet that a fragment sends again

    @st.fragment(run_every=POLL if going else None)
    def show() -> None:
        now = runs.jobs(slots)
        _status(key, slots, now, idle)
        _show(key, now, shipped, shipped_schedule, panels)
        if going and all(job.over for job in now):
            st.rerun()  # the whole page: it may have something to say of the outcome, and the asking ends

    show()
    return runs.jobs(slots)


def _show(
    key: str, jobs: Sequence[Job], shipped: Sequence[Track], schedule: Schedule | None, panels: Sequence[str]
) -> None:
    shown = [job for job in jobs if job.frames or not job.over]
    at, pixel = link_state(st.query_params)
    if shown:
        tracks = [_track(job, BESIDE if len(shown) > 1 else None) for job in shown]
        # "last": a run that is over before it is first seen shows its picture; one seen earlier is followed there
        curve, start = curve_of(shown[0].request.schedule), "last"
    elif shipped:
        tracks, curve, start = shipped, curve_of(schedule or Schedule()), at or 0
    else:
        return
    running = any(not job.over for job in shown)
    player(tracks, key=key, panels=panels, curve=curve, running=running, start=start, pixel=pixel)


def curve_of(schedule: Schedule) -> Curve:
    """A schedule's two rates for the player, in about two hundred points."""
    t = np.unique(np.linspace(0, schedule.T, min(CURVE_POINTS, schedule.T + 1)).round().astype(int))
    return Curve(t, schedule.signal_rate(t), schedule.noise_rate(t))


def _track(job: Job, longest: int | None) -> Track:
    badge = Badge("live", runs.describe(job.request))
    long = longest is not None and len(job.title) > longest
    title = f"{job.title[: longest - 1].rstrip()}…" if long else job.title
    return Track(job.run_id, title, badge, job.frames, total=job.total)


def _status(key: str, slots: Sequence[str], jobs: Sequence[Job], idle: str) -> None:
    """One line above the player, always there, so that nothing jumps when a run begins or ends."""
    failed = next((job for job in jobs if job.state == "failed"), None)
    if failed is not None:
        return _failure(failed.problem)
    with st.container(horizontal=True, vertical_alignment="center", key=f"bk-status-{key}"):
        st.markdown(say(jobs, idle), width="stretch")
        if any(not job.over for job in jobs):
            st.button("Cancel", key=f"{key}-cancel", on_click=runs.cancel, args=(slots,))


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
    return words.text(section, steps=steps, seconds=_seconds(jobs))


def _seconds(jobs: Sequence[Job]) -> str:
    seconds = max(job.seconds for job in jobs)  # the runs share the network's batches, so they share the time
    return f"{seconds:.2f}" if seconds < 0.1 else f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}"


def _failure(problem: str) -> None:
    """What happened, what to do, and that nothing is lost; a command stands apart, ready to copy."""
    sentence, python, command = problem.partition("python -m ")
    with st.container(border=True, key="bk-failed"):
        st.markdown(f":material/build: {sentence.strip()}")
        if python:
            st.code(f"{python}{command}", language="bash")
        st.caption(prose.load("live_player").text("kept"))
