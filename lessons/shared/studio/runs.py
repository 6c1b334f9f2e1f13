"""Reverse runs: a prompt and settings in, pictures on their way out of noise as they come.

Everything goes through one engine for all learners of this server. A learner has one run a slot; a newer one
replaces it, and leaving the page stops it.
"""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from diffusion_core.engine import EngineBusy, Request, StepRecord, Ticket
from diffusion_core.schedules import LOG_SNR_MAX, LOG_SNR_MIN, Schedule
from lessons.shared.player import Frame
from lessons.shared.studio import cached
from lessons.shared.studio.engines import engine, own_engine
from lessons.shared.studio.turnstile import PAGES

if TYPE_CHECKING:
    from diffusion_core.model import Model

TICKETS, LEARNER, PAGE = "beaker_tickets", "beaker_learner", "beaker_runs_page"
SOON = 0.15  # seconds that a look waits for a run to end: it spares the learner, and the class, one look more
FIRST = 1.4  # seconds: an idle network takes its first step in a fraction, one that a class has asked in about one
# The names in SAMPLERS (which wants torch), quickest first, as people write them. A test keeps them in step.
SAMPLER_NAMES = {"dpmpp_2m": "DPM-Solver++ (2M)", "ddim": "DDIM", "ddpm": "DDPM"}


@dataclass(frozen=True)
class Job:
    """A run as a lesson sees it. state: waiting, running, done, failed, cancelled."""

    run_id: str
    title: str  # the prompt as the learner typed it
    request: Request
    state: str
    frames: list[Frame]  # of the first picture; the last one, at t = 0, is the finished picture
    ahead: int = 0  # requests in line before this one, while waiting
    seconds: float = 0.0  # of computing so far
    problem: str = ""  # what went wrong and what to do, when failed
    steps_done: int = 0
    shared: bool = False  # computed once, for this learner and for another who asked for the same

    @property
    def over(self) -> bool:
        return self.state in {"done", "failed", "cancelled"}

    @property
    def total(self) -> int:
        """Frames when finished: the noise, and one for each step that is kept."""
        return -(-self.request.steps // self.request.every) + 1


@dataclass
class _Entry:
    page: str
    title: str
    ticket: Ticket
    told_going: bool = False  # whether this pass of the page's script has heard that it goes on


def enter(page: str) -> None:
    """Say which page is on show; app.py does, for every page. Runs that other pages began are stopped."""
    st.session_state[PAGE] = page
    for slot in [slot for slot, entry in _entries().items() if entry.page != page]:
        _entries().pop(slot).ticket.cancel()
    for entry in _entries().values():
        entry.told_going = False


def start(slot: str, request: Request, title: str = "") -> None:
    """Begin a run for the page on show; an older one in the same slot of this learner is cancelled."""
    clear(slot)
    try:
        ticket = engine().submit(request, f"{_learner()}:{slot}")
    except (ValueError, EngineBusy) as problem:
        ticket = Ticket(request, _learner(), -1, "failed", str(problem))
    _entries()[slot] = _Entry(st.session_state.get(PAGE, ""), title, ticket)


def ask(question: Callable[[Model], Any]) -> Future:
    """Have `question(model)` answered on the engine's thread; raises EngineBusy when too many wait."""
    return engine().ask(question, _learner())


def answer(question: Callable[[Model], Any], seconds: float) -> Any:
    """The answer to a question, waited for; raises as `ask` does, TimeoutError, and what the question raises."""
    asked = ask(question)
    with PAGES.aside():
        return asked.result(seconds)


def job(slot: str) -> Job | None:
    """How the run in a slot stands; None when there is none. Asking keeps it alive."""
    entry = _entries().get(slot)
    if entry is None:
        return None
    ticket = entry.ticket
    state, problem = ticket.state, ticket.problem  # before the steps: when it says done, all of them are there
    records = ticket.since(0)
    ahead = engine().place_in_line(ticket) if state == "waiting" else 0
    seconds = records[-1].seconds if records else 0.0
    frames = [frame(record) for record in records]
    # the first record comes with the first prediction, before its step
    done = min(records[-1].index + 1, ticket.request.steps) if records else 0
    found = Job(f"run {ticket.number}", entry.title, ticket.request, state, frames, ahead, seconds, problem, done,
                ticket.shared)  # fmt: skip
    entry.told_going |= not found.over
    return found


def records(slot: str) -> list[StepRecord]:
    """The steps so far of the run in a slot, with all its pictures; a Job's frames show the first one."""
    entry = _entries().get(slot)
    return entry.ticket.since(0) if entry is not None else []


def first_look(slots: Iterable[str], seconds: float = FIRST) -> None:
    """Wait a moment for the first step of the runs in these slots, so that a page is sent with it and not before."""
    _wait(_tickets(slots), lambda ticket: ticket.steps or ticket.over, seconds)


def jobs(slots: Iterable[str]) -> list[Job]:
    """The runs that are there, in the order of their slots."""
    return [found for slot in slots if (found := job(slot)) is not None]


def over(slots: Iterable[str], soon: float = SOON) -> bool:
    """Whether none of the runs in these slots goes on; waits for the end of those that will be over at once."""
    tickets = _tickets(slots)
    if (left := max((ticket.left for ticket in tickets), default=0.0)) <= soon:
        _wait(tickets, lambda ticket: ticket.over, min(2 * left, soon))  # by the pace so far, which may slacken
    return all(ticket.over for ticket in tickets)


def heard_going(slots: Iterable[str]) -> bool:
    """Whether this pass of the page's script has heard, now or before, that one of these runs goes on.

    A run may end between two lines of a page: one that has said "going" must not hear "over" and leave it at that.
    Not for a fragment that asks whether to go on: what was heard holds until the whole page runs again.
    """
    return any(job(slot) is not None and _entries()[slot].told_going for slot in slots)


def time_left() -> float:
    """Seconds until this learner's runs will be over, at the pace so far; infinite where that cannot be said."""
    tickets = (entry.ticket for entry in _entries().values())
    return max((t.left for t in tickets if isinstance(t, Ticket) and not t.over), default=math.inf)


def _tickets(slots: Iterable[str]) -> list[Ticket]:
    return [_entries()[slot].ticket for slot in slots if slot in _entries()]


def _wait(tickets: Sequence[Ticket], reached: Callable[[Ticket], object], seconds: float) -> None:
    """Wait until all of them have reached it, but not for longer."""
    if all(map(reached, tickets)):
        return
    until = time.monotonic() + seconds
    with PAGES.aside():
        for ticket in tickets:
            with ticket.changed:
                while not reached(ticket) and (left := until - time.monotonic()) > 0:
                    ticket.changed.wait(left)


def cancel(slots: Iterable[str]) -> None:
    """Stop the runs in these slots within a step; what has come stays."""
    for slot in slots:
        if (entry := _entries().get(slot)) is not None:
            entry.ticket.cancel()


def clear(slot: str) -> None:
    """Stop the run in a slot and forget it."""
    if (entry := _entries().pop(slot, None)) is not None:
        entry.ticket.cancel()


def frame(record: StepRecord, picture: int = 0) -> Frame:
    """One step of one picture for the player; in the finished one no noise is left to predict."""
    eps_hat = None if record.t == 0 else record.eps_hat[picture]
    return Frame(record.t, record.x_t[picture], record.x0_hat[picture], eps_hat)


def describe(request: Request) -> str:
    """What made a picture, for its badge: "seed 3 · DDIM · 20 steps · guidance 3 · cosine schedule"."""
    schedule, sampler = request.schedule, SAMPLER_NAMES.get(request.sampler, request.sampler)
    parts = [f"seed {request.seeds[0]}", sampler, f"{request.steps} step{'s' * (request.steps > 1)}",
             f"guidance {request.guidance_scale:g}", f"{schedule.kind.replace('_', ' ')} schedule"]  # fmt: skip
    if request.eta:
        parts.insert(2, f"η {request.eta:g}")
    if schedule.T != 1000:
        parts.append(f"T {schedule.T}")
    return " · ".join(parts)


def beyond_training(request: Request) -> list[int]:
    """The times of a run whose noise level lies outside what the network was trained on; it is told the end."""
    times = request.schedule.times(request.steps)[:-1]
    levels = request.schedule.log_snr(np.array(times))
    return [t for t, level in zip(times, levels, strict=True) if not LOG_SNR_MIN <= level <= LOG_SNR_MAX]


def _learner() -> str:
    return st.session_state.setdefault(LEARNER, uuid.uuid4().hex)


def _entries() -> dict[str, _Entry]:
    return st.session_state.setdefault(TICKETS, {})


# --- the shipped run, so that the first look needs no network ------------------------------------------------

DEFAULT_PROMPT = "a green turtle wearing sunglasses with a basketball on the beach"
DEFAULT_REQUEST = Request(tuple(DEFAULT_PROMPT.split()), seeds=(5,))


def make_default() -> cached.Result:
    """Run the default request, for `python -m lessons.precompute`."""
    own = own_engine()
    records = list(own.submit(DEFAULT_REQUEST, "precompute"))
    own.stop()
    arrays = {name: np.stack([getattr(r, name)[0] for r in records]) for name in ("x_t", "x0_hat", "eps_hat")}
    arrays["t"] = np.array([r.t for r in records])
    return arrays, {"made": describe(DEFAULT_REQUEST), "prompt": DEFAULT_PROMPT}


def default_frames() -> list[Frame]:
    """The shipped run of the default request, ready for the player. Raises PrecomputedMissing."""
    arrays, _ = cached.load("reverse")
    rows = zip(*(arrays[name] for name in ("t", "x_t", "x0_hat", "eps_hat")), strict=True)
    return [frame(StepRecord(i, len(arrays["t"]) - 1, int(t), *(p[None] for p in pictures), 0.0))
            for i, (t, *pictures) in enumerate(rows)]  # fmt: skip


__all__ = ["DEFAULT_PROMPT", "DEFAULT_REQUEST", "SAMPLER_NAMES", "Job", "Request", "Schedule", "answer", "ask",
           "beyond_training", "cancel", "clear", "default_frames", "describe", "enter", "first_look", "frame",
           "heard_going", "job", "jobs", "over", "records", "start", "time_left"]  # fmt: skip
