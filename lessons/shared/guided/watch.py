"""Runs as they come, whatever draws them: one line above that says how they stand, with Cancel."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lessons.shared import prose, run_line
from lessons.shared.following import POLL, follow
from lessons.shared.prose import Prose
from lessons.shared.studio import runs
from lessons.shared.studio.runs import Job


def watch(key: str, slots: Sequence[str], idle: str, draw: Callable[[list[Job]], None], every: float = POLL) -> None:
    """Call `draw` with the runs in `slots`, again `every` so many seconds while one goes; `idle`: said otherwise."""
    going = runs.heard_going(slots)

    def show() -> bool:
        now = runs.jobs(slots)
        run_line.status(key, slots, now, idle, standing)
        draw(now)
        return any(not job.over for job in now)

    follow(key, going, show, every, lambda: runs.over(slots))


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


def standing(jobs: Sequence[Job], idle: str) -> str:
    """How one run stands, or the pictures of many; `idle` where nothing is going."""
    waiting = all(job.state == "waiting" for job in jobs)
    if len(jobs) < 2 or waiting or (idle and all(job.over for job in jobs)):
        return run_line.say(jobs, idle)
    work = [(len(job.request.seeds), job.steps_done, job.request.steps) for job in jobs]
    done = sum(pictures * done for pictures, done, _ in work) / sum(pictures * steps for pictures, _, steps in work)
    seconds, count = max(job.seconds for job in jobs), sum(pictures for pictures, _, _ in work)
    told = {"count": count, "seconds": f"{seconds:.0f}" if seconds >= 10 else f"{seconds:.1f}"}
    if all(job.over for job in jobs):
        return prose.load("guided").text("many-done", **told)
    return prose.load("guided").text("many", share=f"{100 * done:.0f}", **told)
