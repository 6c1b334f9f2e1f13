"""Runs as they come: asks how they stand five times a second while one is going, and feeds the player.

    runs.start("first", request, title=prompt)
    jobs = live_player("out-of-static", ["first"], shipped=[track], idle="Press **Run** …")

The player is mounted once under a constant key, before any run, so that its camera, cursor and chosen pixel stay.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from diffusion_core.schedules import Schedule
from lessons.shared import run_line
from lessons.shared.following import follow
from lessons.shared.player import PANELS, Badge, Curve, Track, link_state, player
from lessons.shared.studio import runs
from lessons.shared.studio.runs import Job

CURVE_POINTS = 201
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
    runs.first_look(slots)
    going = runs.heard_going(slots)
    st.html(run_line.STYLE)  # out here: Streamlit loses count of a style sheet that a fragment sends again

    def show() -> bool:
        now = runs.jobs(slots)
        run_line.status(key, slots, now, idle)
        _show(key, now, shipped, shipped_schedule, panels)
        return any(not job.over for job in now)

    follow(key, going, show, over=lambda: runs.over(slots))
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
