"""The stage: how the ten runs stand, and under it the shipped growth or the learner's own as it comes."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lessons.shared import run_line
from lessons.shared.following import follow
from lessons.shared.growing import growing
from lessons.shared.prose import Prose
from lessons.shared.studio import grow, runs
from lessons.shared.studio.grow import SLOTS, Asked, Growth

POLL = 0.3  # seconds between two looks at how the runs stand


def live(shipped: Growth | None, words: Prose, idle: str, opened: bool) -> Growth | None:
    """Show the newest growth there is and return it. `idle` is said while nothing runs; `opened`: all moments."""
    labels = labels_of(words)
    st.html(run_line.STYLE)  # out here: Streamlit loses count of a style sheet that a fragment sends again

    def show() -> bool:
        jobs = runs.jobs(SLOTS)
        if any(job.state == "failed" for job in jobs):
            runs.cancel(SLOTS)  # without one of the ten there is nothing to compare
        run_line.status("grow", SLOTS, jobs, idle)
        if (growth := grow.current() or shipped) is not None:
            under_way = growth.badge == "live" and any(not job.over for job in jobs)
            growing(growth, key="grow", opened=opened, running=under_way, labels=labels,
                    made=described(growth.asked))  # fmt: skip
        return grow.going()

    follow("grow", runs.heard_going(SLOTS), show, POLL)
    return grow.current() or shipped


def described(asked: Asked) -> str:
    """What made the pictures, for the badge."""
    return runs.describe(asked.request(SLOTS[-1]))


def labels_of(words: Prose) -> Mapping[str, str]:
    """The words on the stage, by name."""
    return dict(line.split(": ", 1) for line in words.text("labels").splitlines())
