"""Runs that have just ended, so that a class that opens one link waits for one computation.

A learner's own repeated Run is computed again: pressing Run shows the network at work.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from diffusion_core.tickets import Request, StepRecord, Ticket

SECONDS = 60.0  # how long an ended run is repeated for others
MOST_BYTES = 64 * 2**20


@dataclass(frozen=True)
class _Ended:
    learners: frozenset[str]
    steps: tuple[StepRecord, ...]
    at: float
    size: int  # bytes


class Finished:
    """The newest ended runs, by request; for the engine's thread alone."""

    def __init__(self) -> None:
        self._ended: dict[Request, _Ended] = {}  # oldest first

    def keep(self, request: Request, steps: Sequence[StepRecord], tickets: Sequence[Ticket]) -> None:
        """Remember a run that has come to its end; the oldest go as soon as there are too many."""
        self._ended.pop(request, None)
        learners = frozenset(ticket.learner for ticket in tickets)
        self._ended[request] = _Ended(learners, tuple(steps), time.monotonic(), sum(step.size for step in steps))
        while sum(ended.size for ended in self._ended.values()) > MOST_BYTES:
            self._ended.pop(next(iter(self._ended)))

    def of_another(self, ticket: Ticket) -> tuple[StepRecord, ...] | None:
        """The steps of the same request of another learner, if it ended a moment ago."""
        now = time.monotonic()
        self._ended = {r: ended for r, ended in self._ended.items() if now - ended.at < SECONDS}
        ended = self._ended.get(ticket.request)
        return None if ended is None or ticket.learner in ended.learners else ended.steps
