"""Many runs as they come: how they stand, a way to cancel, and their pictures as far as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from lessons.shared import run_line
from lessons.shared.following import follow
from lessons.shared.studio import runs, without

POLL = 0.5  # seconds: some forty pictures travel each time
GREY = 128
Pictures = Mapping[str, np.ndarray]  # by slot


def batch(key: str, requests: without.Requests, draw: Callable[[Pictures | None], None], idle: str) -> None:
    """Draw the runs of `requests` while they go, by slot; None when none is going."""
    slots = list(requests)
    going = runs.heard_going(slots)

    def show() -> bool:
        jobs = runs.jobs(slots)
        stopped = any(job.state == "cancelled" for job in jobs)
        run_line.status(key, slots, jobs, "" if stopped else idle)
        running = any(not job.over for job in jobs)
        draw(_latest({slot: len(request.seeds) for slot, request in requests.items()}) if running else None)
        return running

    follow(key, going, show, POLL, lambda: runs.over(slots))


def _latest(counts: Mapping[str, int]) -> Pictures:
    """Each slot's pictures at its last step so far; plain grey before the first."""
    found = {}
    for slot, count in counts.items():
        steps = runs.records(slot)
        found[slot] = without.pixels(steps[-1].x_t) if steps else np.full((count, 32, 32, 3), GREY, np.uint8)
    return found
