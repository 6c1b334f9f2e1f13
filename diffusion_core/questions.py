"""Questions to a network that are no runs: a pass for a lesson's figure, or a measurement, answered one at a time."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from diffusion_core.tickets import BUSY, BUSY_SELF, MAX_OWN, MAX_WAITING, EngineBusy
from diffusion_core.turns import next_question

if TYPE_CHECKING:  # torch is loaded on the engine's thread, when it is first needed
    from diffusion_core.model import Model


@dataclass(frozen=True)
class Question:
    """What a learner wants to know of a network, and where the answer goes."""

    learner: str
    network: str
    put: Callable[[Model], Any]
    future: Future = field(default_factory=Future)

    def answer(self, model: Callable[[str], Model]) -> None:
        """Put it, unless nobody waits any more; what it raises goes to whoever asked.

        model: a network's name → its model. What is no Exception, as at the end of a process, is raised here too.
        """
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            self.future.set_result(self.put(model(self.network)))
        except BaseException as problem:  # a future must never be left open
            self.future.set_exception(problem)
            if not isinstance(problem, Exception):
                raise


class Questions:
    """The line of them, in which learners take turns; the engine holds its lock meanwhile."""

    def __init__(self) -> None:
        self._line: list[Question] = []
        self._served: dict[str, int] = {}
        self._turns = itertools.count()

    def __len__(self) -> int:
        return len(self._line)

    def add(self, question: Question) -> None:
        """At the end of the line. Raises EngineBusy when too many wait, of one learner or of all."""
        if question.learner and sum(each.learner == question.learner for each in self._line) >= MAX_OWN:
            raise EngineBusy(BUSY_SELF)
        if len(self._line) >= MAX_WAITING:
            raise EngineBusy(BUSY)
        self._line.append(question)

    def take(self) -> Question | None:
        """The next one, taken out; None where there is none."""
        if not self._line:
            return None
        question = self._line.pop(next_question([q.learner for q in self._line], self._served))
        line = {question.learner, *(q.learner for q in self._line)}  # others are forgotten: nothing grows
        self._served = {learner: at for learner, at in self._served.items() if learner in line}
        self._served[question.learner] = next(self._turns)
        return question
