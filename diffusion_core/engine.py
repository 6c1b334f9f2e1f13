"""One thread owns the networks; every learner's run advances in its batches.

A request goes in, steps come out. Both are plain records of numbers, strings and NumPy arrays, so the engine
could stand in another process. Rows of one batch may stand at different times, with different prompts,
schedules, samplers and guidance: each run asks for its own noise level and is advanced by its own pure step.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from diffusion_core.tickets import EngineBusy, Request, Start, StepRecord, Switch, Ticket

if TYPE_CHECKING:  # torch is loaded on the engine's thread, when it is first needed
    from diffusion_core.courses import Course
    from diffusion_core.model import Model

__all__ = ["Engine", "EngineBusy", "Request", "Start", "StepRecord", "Switch", "Ticket"]

MAX_ROWS = 16  # rows of the network in one pass; a guided picture takes two
MAX_WAITING = 200
PATIENCE = 30.0  # seconds without anybody asking for steps, after which a run counts as abandoned


class Engine:
    """Takes requests from any thread and answers them from its own."""

    def __init__(self, load: Callable[[], Any]):
        """load: returns the model (diffusion_core.model.Model); called on the engine's thread."""
        self._load = load
        self._wake = threading.Condition()
        self._waiting: list[Ticket] = []
        self._active: list[Course] = []
        self._questions: list[tuple[Callable[[Model], Any], Future]] = []
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

    def ask(self, question: Callable[[Model], Any]) -> Future:
        """Have `question(model)` answered on the engine's thread, between two passes; keep it short.

        The future gives the answer, or raises what the question raised.
        """
        future: Future = Future()
        with self._wake:
            if len(self._questions) >= MAX_WAITING:
                raise EngineBusy("Too many people wait for the network right now; try again in a minute.")
            self._questions.append((question, future))
            self._wake.notify()
        return future

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
        model: Model | None = None
        while True:
            with self._wake:
                while not (self._waiting or self._active or self._questions or self._stopped):
                    self._wake.wait()
                if self._stopped:
                    return
            try:
                model = model or self._prepare()
            except Exception as problem:  # weights missing or damaged: everybody who asked is told
                self._fail(self._take_waiting(), problem)
                self._answer(lambda question, problem=problem: _raise(problem))
                continue
            self._answer(lambda question, model=model: question(model))
            self._admit(model)
            self._drop_abandoned()
            if batch := self._choose():
                self._advance(model, batch)

    def _prepare(self) -> Model:
        model = self._load()
        import torch

        self._threads = torch.get_num_threads()
        return model

    def _answer(self, put: Callable[[Callable], Any]) -> None:
        """The oldest question alone: one for each pass, so that nobody's picture waits for many."""
        with self._wake:
            if not self._questions:
                return
            question, future = self._questions.pop(0)
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(put(question))
            except Exception as problem:
                future.set_exception(problem)

    def _take_waiting(self) -> list[Ticket]:
        with self._wake:
            tickets, self._waiting = self._waiting, []
        return tickets

    def _admit(self, model: Model) -> None:
        from diffusion_core.courses import Course

        for ticket in self._take_waiting():
            if ticket.over:
                continue
            try:
                self._active.append(Course.begin(model, ticket))
                ticket.become("running")
            except Exception as problem:
                self._fail([ticket], problem)

    def _drop_abandoned(self) -> None:
        now = time.monotonic()
        for active in self._active:
            if now - active.ticket.last_asked > PATIENCE:
                active.ticket.cancel()
        self._active = [a for a in self._active if not a.ticket.over]

    def _choose(self) -> list[Course]:
        """Least progress first, so that everybody's picture moves; at least one, however large."""
        chosen: list[Course] = []
        rows = 0
        for active in sorted(self._active, key=lambda a: (a.progress, a.ticket.number)):
            if chosen and rows + active.rows > MAX_ROWS:
                break
            chosen.append(active)
            rows += active.rows
        return chosen

    def _advance(self, model: Model, batch: Sequence[Course]) -> None:
        """One step of each; where the pass fails, each alone, so that only the one at fault is told."""
        from diffusion_core.courses import advance

        try:
            advance(model, batch, self._threads)
        except Exception as problem:
            if len(batch) == 1:
                self._fail([batch[0].ticket], problem)
                return
            for course in batch:
                self._advance(model, [course])

    def _fail(self, tickets: Sequence[Ticket], problem: Exception) -> None:
        for ticket in tickets:
            if not ticket.over:
                ticket.become("failed", str(problem) or type(problem).__name__)
        self._active = [a for a in self._active if not a.ticket.over]


def _raise(problem: Exception) -> None:
    raise problem


def _validate(request: Request) -> None:
    if not request.seeds:
        raise ValueError("a request needs at least one seed")
    if not all(0 <= seed < 2**63 for seed in request.seeds):
        raise ValueError("seeds must be whole numbers from 0 to 2⁶³ − 1")
    _ = request.times  # says what is wrong with the steps
