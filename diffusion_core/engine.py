"""One thread owns the networks; every learner's run advances in its batches.

A request goes in, steps come out. Both are plain records of numbers, strings and NumPy arrays, so the engine
could stand in another process. Rows of one batch may stand at different times, with different prompts,
schedules, samplers and guidance: each run asks for its own noise level and is advanced by its own pure step.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from diffusion_core.tickets import EngineBusy, Request, StepRecord, Ticket

__all__ = ["Engine", "EngineBusy", "Request", "StepRecord", "Ticket"]

MAX_ROWS = 16  # rows of the network in one pass; a guided picture takes two
FEW_ROWS = 4  # up to here a second core gains nothing, and waits badly where a browser wants it too
MAX_WAITING = 200
PATIENCE = 30.0  # seconds without anybody asking for steps, after which a run counts as abandoned


@dataclass
class _Active:
    """A ticket with the run that answers it."""

    ticket: Ticket
    run: Any  # samplers.Run
    context: Any  # model.Context, rows of one network pass: with words, and without where guided
    began: float

    @property
    def rows(self) -> int:
        return len(self.context.words)


class Engine:
    """Takes requests from any thread and answers them from its own."""

    def __init__(self, load: Callable[[], Any]):
        """load: returns the model (diffusion_core.model.Model); called on the engine's thread."""
        self._load = load
        self._wake = threading.Condition()
        self._waiting: list[Ticket] = []
        self._active: list[_Active] = []
        self._numbers = itertools.count()
        self._stopped = False
        self._thread = threading.Thread(target=self._work, name="engine", daemon=True)
        self._thread.start()

    def submit(self, request: Request, session: str) -> Ticket:
        """Queue a request; an older one of the same session is cancelled.

        Raises ValueError for a request that cannot be run and EngineBusy when too many wait.
        """
        _validate(request)
        with self._wake:
            for ticket in [*self._waiting, *(a.ticket for a in self._active)]:
                if ticket.session == session:
                    ticket.cancel()
            self._waiting = [t for t in self._waiting if not t.over]
            if len(self._waiting) >= MAX_WAITING:
                raise EngineBusy("Too many people wait for the network right now; try again in a minute.")
            ticket = Ticket(request, session, next(self._numbers))
            self._waiting.append(ticket)
            self._wake.notify()
        return ticket

    def place_in_line(self, ticket: Ticket) -> int:
        """How many requests are ahead of a waiting one."""
        with self._wake:
            return sum(t.number < ticket.number and not t.over for t in self._waiting)

    def stop(self) -> None:
        """Cancel everything and end the thread."""
        with self._wake:
            self._stopped = True
            for ticket in [*self._waiting, *(a.ticket for a in self._active)]:
                ticket.cancel()
            self._wake.notify()
        self._thread.join(timeout=10)

    # --- below: on the engine's own thread ------------------------------------------------------------------

    def _work(self) -> None:
        model: Any = None
        while True:
            with self._wake:
                while not (self._waiting or self._active or self._stopped):
                    self._wake.wait()
                if self._stopped:
                    return
            try:
                model = model or self._load()
            except Exception as problem:  # weights missing or damaged: everybody who asked is told
                self._fail(self._take_waiting(), problem)
                continue
            self._admit(model)
            self._drop_abandoned()
            batch = self._choose()
            if not batch:
                continue
            try:
                self._advance(model, batch)
            except Exception as problem:
                self._fail([a.ticket for a in batch], problem)

    def _take_waiting(self) -> list[Ticket]:
        with self._wake:
            tickets, self._waiting = self._waiting, []
        return tickets

    def _admit(self, model: Any) -> None:
        from diffusion_core.samplers import Run, sampler_named

        for ticket in self._take_waiting():
            request = ticket.request
            if ticket.over:
                continue
            try:
                size = model.unet.config.picture_size
                times = request.schedule.times(request.steps)
                sampler = sampler_named(request.sampler, request.eta)
                run = Run.start(request.schedule, times, sampler, request.seeds, (3, size, size))
                context = _context(model, request)
            except Exception as problem:
                self._fail([ticket], problem)
                continue
            ticket.become("running")
            self._active.append(_Active(ticket, run, context, time.monotonic()))

    def _drop_abandoned(self) -> None:
        now = time.monotonic()
        for active in self._active:
            if now - active.ticket.last_asked > PATIENCE:
                active.ticket.cancel()
        self._active = [a for a in self._active if not a.ticket.over]

    def _choose(self) -> list[_Active]:
        """Least progress first, so that everybody's picture moves; at least one, however large."""
        chosen: list[_Active] = []
        rows = 0
        for active in sorted(self._active, key=lambda a: (a.run.index / len(a.run.times), a.ticket.number)):
            if chosen and rows + active.rows > MAX_ROWS:
                break
            chosen.append(active)
            rows += active.rows
        return chosen

    def _advance(self, model: Any, batch: Sequence[_Active]) -> None:
        """One pass of the network for all chosen rows, then one pure step for each run."""
        import torch

        from diffusion_core.model import Context

        asked = [active.run.needs() for active in batch]
        repeats = [active.rows // len(x) for active, (x, _) in zip(batch, asked, strict=True)]
        x = torch.cat([x.repeat(n, 1, 1, 1) for n, (x, _) in zip(repeats, asked, strict=True)])
        log_snr = torch.cat([s.repeat(n) for n, (_, s) in zip(repeats, asked, strict=True)])
        torch.set_num_threads(1 if len(x) <= FEW_ROWS else os.cpu_count() or 1)
        both = model.denoiser(Context.join([active.context for active in batch]))(x, log_snr)
        first = 0
        for active in batch:
            prediction = _guided(both[first : first + active.rows], active)
            first += active.rows
            active.run, step = active.run.advance(prediction)
            _publish(active, step)
            if active.run.done and not active.ticket.over:
                _publish(active, active.run.last_step())
                active.ticket.become("done")

    def _fail(self, tickets: Sequence[Ticket], problem: Exception) -> None:
        for ticket in tickets:
            if not ticket.over:
                ticket.become("failed", str(problem) or type(problem).__name__)
        self._active = [a for a in self._active if not a.ticket.over]


def _validate(request: Request) -> None:
    if not request.seeds:
        raise ValueError("a request needs at least one seed")
    if not all(0 <= seed < 2**63 for seed in request.seeds):
        raise ValueError("seeds must be whole numbers from 0 to 2⁶³ − 1")
    if not 1 <= request.steps <= request.schedule.T:
        raise ValueError(f"steps must be from 1 to T = {request.schedule.T}, not {request.steps}")


def _context(model: Any, request: Request) -> Any:
    """Words for every row of the pass: with the prompt, then without it where guidance needs both."""
    from diffusion_core.model import Context

    rows, scale = len(request.seeds), request.guidance_scale
    if scale in (0.0, 1.0):
        return model.encode([request.words if scale else ()]).expand(rows)
    both = model.encode([request.words, ()])
    return Context(both.words.repeat_interleave(rows, 0), both.mask.repeat_interleave(rows, 0))


def _guided(prediction: Any, active: _Active) -> Any:
    from diffusion_core.guidance import combine

    rows = len(active.run.x_t)
    if active.rows == rows:
        return prediction
    return combine(prediction[:rows], prediction[rows:], active.ticket.request.guidance_scale)


def _publish(active: _Active, step: Any) -> None:
    pictures = (t.permute(0, 2, 3, 1).contiguous().numpy() for t in (step.x_t, step.x0_hat, step.eps_hat))
    seconds = time.monotonic() - active.began
    active.ticket.append(StepRecord(step.index, len(active.run.times) - 1, step.t, *pictures, seconds))
