"""One engine for all learners: one thread keeps the queue and takes the steps, and every core flies passes for it.

A request goes in, steps come out. Both are plain records of numbers, strings and NumPy arrays, so the engine
could stand in another process. Rows of one batch may stand at different times, with different prompts,
schedules, samplers and guidance: each run asks for its own noise level and is advanced by its own pure step.
"""

from __future__ import annotations

import atexit
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from diffusion_core.flights import Flights
from diffusion_core.memory import Finished
from diffusion_core.questions import Question, Questions
from diffusion_core.tickets import MAX_OWN, STOPPED, EngineBusy, Request, StepRecord, Ticket, refuse_crowds
from diffusion_core.turns import next_flight

if TYPE_CHECKING:  # torch is loaded on the engine's thread, when it is first needed
    from diffusion_core.courses import Course
    from diffusion_core.model import Model
    from diffusion_core.passes import Flight

__all__ = ["Engine", "EngineBusy", "Request", "StepRecord", "Ticket"]

PATIENCE = 30.0  # seconds without anybody asking for steps, after which a run counts as abandoned


class Engine:
    """Takes requests from any thread and answers them from its own.

    A session is a name such as "learner:slot". A learner has one run a slot, and shares the network with the other
    learners alike, however many slots there are.
    """

    def __init__(self, load: Callable[[str], Any], cores: int | None = None):
        """load: a network's name → its model (diffusion_core.model.Model), called on the engine's thread; cores: how
        many the passes may take at once, all by default."""
        self._load = load
        self._models: dict[str, Model] = {}
        self._wake = threading.Condition()
        self._waiting: list[Ticket] = []
        self._active: list[Course] = []
        self._flights = Flights(cores, self._notify)
        self._news = False  # something has come in that was not looked at yet
        self._finished = Finished()
        self._questions = Questions()
        self._numbers = itertools.count()
        self._stopped = False
        self._thread = self._begin_thread()
        atexit.register(self.stop)  # a thread that is inside PyTorch when Python ends takes the whole process down

    def submit(
        self, request: Request, session: str, tell: Callable[[Ticket, StepRecord | None], None] | None = None
    ) -> Ticket:
        """Queue a request; an older one of the same session is cancelled.

        The same request of another learner is computed once for both. tell: called with each step that comes, and
        without one when the ticket's state changes, from whatever thread it happens on. Raises ValueError for a
        request that cannot be run and EngineBusy when too many wait.
        """
        request.validate()
        with self._wake:
            for ticket in self._tickets():
                if ticket.session == session:
                    ticket.cancel()
            self._waiting = [t for t in self._waiting if not t.over]
            ticket = Ticket(request, session, next(self._numbers), tell=tell)
            refuse_crowds(ticket.learner, self._waiting)
            self._waiting.append(ticket)
            self._news = True
            self._keep_alive()
            self._wake.notify()
        return ticket

    def ask(self, question: Callable[[Model], Any], learner: str = "", network: str = "unet") -> Future:
        """Have `question(model)` answered on the engine's thread, between two passes; keep it short.

        The future gives the answer, or raises what the question raised. Raises EngineBusy when too many wait.
        """
        asked = Question(learner, network, question)
        with self._wake:
            self._questions.add(asked)
            self._keep_alive()
            self._wake.notify()
        return asked.future

    @property
    def load(self) -> int:
        """How much is asked for right now: runs under way and in line, and questions."""
        return len(self._active) + len(self._waiting) + len(self._questions)

    def place_in_line(self, ticket: Ticket) -> int:
        """How many requests are ahead of a waiting one."""
        with self._wake:
            self._keep_alive()
            return sum(t.number < ticket.number and not t.over for t in self._waiting)

    def stop(self) -> None:
        """Cancel everything and end the thread."""
        with self._wake:
            self._stopped = True
            for ticket in self._tickets():
                ticket.cancel()
            self._wake.notify()
        self._thread.join(timeout=10)
        atexit.unregister(self.stop)

    def _notify(self) -> None:
        with self._wake:
            self._wake.notify()

    def _tickets(self) -> list[Ticket]:
        return [*self._waiting, *(t for course in self._active for t in course.tickets)]

    def _begin_thread(self) -> threading.Thread:
        thread = threading.Thread(target=self._work, name="engine", daemon=True)
        thread.start()
        return thread

    def _keep_alive(self) -> None:
        """Notice a dead thread, as after a fork, and start another; what it had under way is lost and said."""
        if not self._thread.is_alive() and not self._stopped:
            self._lose()
            self._thread = self._begin_thread()

    # --- below: on the engine's own thread ------------------------------------------------------------------

    def _work(self) -> None:
        while not self._stopped:
            try:
                self._turn()
            except BaseException:  # whatever it was, the next learner's Run must work
                self._lose()

    def _turn(self) -> None:
        """Wait for work; answer one question, take in who waits, send off passes, and bring in what has landed."""
        with self._wake:
            while not (self._stopped or self._news or self._questions or self._flights.can_move(self._active)):
                self._wake.wait()
            if self._stopped:
                return
            self._news = False
        self._answer()
        self._admit()
        self._drop_abandoned()
        landed = self._flights.landed()
        for flight in landed:
            self._land(flight)
        while (free := self._flights.free(self._active)) and (idle := self._flights.idle):
            batch, cores = next_flight(free, idle)
            self._flights.send(self._model(batch[0].network), batch, cores)
        for flight in landed:  # while the next passes are on their way
            self._tell(flight)

    def _model(self, network: str) -> Model:
        if network not in self._models:
            self._models[network] = self._load(network)
        return self._models[network]

    def _answer(self) -> None:
        """One question for each pass, so that nobody's picture waits for many."""
        with self._wake:
            question = self._questions.take()
        if question is not None:
            question.answer(self._model)

    def _admit(self) -> None:
        """Begin what waits; the rest of a learner who has many runs under way goes on waiting."""
        if not self._waiting:
            return
        own, begin, wait = Counter(course.learner for course in self._active), [], []
        with self._wake:
            for ticket in self._waiting:
                if not ticket.over:
                    (begin if own[ticket.learner] < MAX_OWN else wait).append(ticket)
                    own[ticket.learner] += 1
            self._waiting = wait
        for place, ticket in enumerate(begin):
            try:
                self._begin(ticket)
            except BaseException:  # those behind it are neither in line nor under way now, and must not be lost
                ticket.become("failed", STOPPED)
                with self._wake:
                    self._waiting = begin[place + 1 :] + self._waiting
                raise

    def _begin(self, ticket: Ticket) -> None:
        """Join a run of the very same request, repeat one that has just ended for somebody else, or begin one."""
        from diffusion_core.courses import Course, network_for

        same = next((c for c in self._active if c.request == ticket.request and not c.over), None)
        try:
            if same is not None:
                same.join(ticket)
            elif (steps := self._finished.of_another(ticket)) is not None:
                ticket.repeat(steps)
            else:
                network = network_for(ticket.request)
                self._active.append(Course.begin(self._model(network), ticket, network))
                ticket.become("running")
        except Exception as problem:  # weights missing or damaged, words that the network never saw
            ticket.become("failed", str(problem) or type(problem).__name__)

    def _drop_abandoned(self) -> None:
        now = time.monotonic()
        for ticket in (t for course in self._active for t in course.tickets):
            if now - ticket.last_asked > PATIENCE:
                ticket.cancel()
        self._active = [course for course in self._active if not course.over]

    def _land(self, flight: Flight) -> None:
        """One step of each; where the pass failed, each is sent alone, so that only the one at fault is told."""
        try:
            flight.land()
        except Exception as problem:
            if len(flight.courses) > 1:
                for course in self._flights.free(flight.courses):
                    self._flights.send(self._model(course.network), [course], 1)
            else:
                flight.courses[0].become("failed", str(problem) or type(problem).__name__)

    def _tell(self, flight: Flight) -> None:
        for course in flight.courses:
            course.publish()
            if course.run.done:
                self._finished.keep(course.request, course.steps, course.tickets)
        self._active = [course for course in self._active if not course.over]

    def _lose(self) -> None:
        """Tell everybody whose run was under way that it is lost."""
        with self._wake:
            courses, self._active = self._active, []
            self._flights.forget()
            self._news = True  # who still waits in line is to be looked at
        for course in courses:
            course.become("failed", STOPPED)
