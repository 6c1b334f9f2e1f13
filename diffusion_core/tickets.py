"""What crosses to and from the engine: requests in, steps out, and the ticket that joins them.

Requests and steps are plain records of numbers, strings and NumPy arrays, so the engine could stand in another
process or on another machine.
"""

from __future__ import annotations

import itertools
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from diffusion_core.schedules import Schedule

MAX_WAITING = 200  # requests in line, of all learners
MAX_OWN = 32  # runs of one learner under way at once, and questions in line; more requests wait
MAX_OWN_WAITING = 40  # requests of one learner in line

BUSY = "Too many people wait for the network right now; try again in a minute."
BUSY_SELF = "You have asked for very many pictures at once; wait until some of them are there."
STOPPED = "The network stopped in the middle of its work and has been started again; press Run once more."


@dataclass(frozen=True)
class Switch:
    """Other words from one step on; none at all drops the prompt."""

    step: int  # the first step that hears them
    words: tuple[str, ...]


@dataclass(frozen=True)
class Start:
    """Begin with a known picture under the noise of time t, instead of with noise alone."""

    pixels: bytes  # uint8 (H, W, 3), row by row
    t: int


@dataclass(frozen=True)
class Request:
    """What a learner asks for: pictures of `words`, one for each seed, all with the same settings."""

    words: tuple[str, ...]
    seeds: tuple[int, ...]
    steps: int = 20
    sampler: str = "dpmpp_2m"
    guidance_scale: float = 3.0
    schedule: Schedule = Schedule()  # noqa: RUF009 - a frozen record
    eta: float = 0.0
    negative: tuple[str, ...] = ()  # what guidance leads away from, in place of no words
    interval: tuple[float, float] | None = None  # log-SNR between which guidance acts; scale 1 outside
    switch: Switch | None = None
    start: Start | None = None
    word_scale: tuple[float, ...] = ()  # a factor for the attention that each of `words` gets
    parts: bool = False  # record what was predicted with the words and without
    attention: bool = False  # record where the network looked
    network: str = "unet"  # which weights: "unet", or a moment of the small sibling, "sibling_0" to "sibling_9"
    exact: bool = False  # in float32 on every processor, for numbers that are compared
    every: int = 1  # keep each so many-th step, the first and the last: a thousand steps of one picture are 37 MB

    @property
    def times(self) -> tuple[int, ...]:
        """The times that the run visits, down to 0."""
        return self.schedule.times(self.steps, None if self.start is None else self.start.t)

    def validate(self) -> None:
        """Raises ValueError, with a sentence, for a request that cannot be run."""
        if not self.seeds:
            raise ValueError("a request needs at least one seed")
        if not all(0 <= seed < 2**63 for seed in self.seeds):
            raise ValueError("seeds must be whole numbers from 0 to 2⁶³ − 1")
        if self.every < 1:
            raise ValueError("every must be 1 or more: which steps are kept")
        _ = self.times  # says what is wrong with the steps


@dataclass(frozen=True)
class Parts:
    """The two predictions that guidance combines, and the scale it used; float32 (pictures, H, W, 3)."""

    x0_with: np.ndarray
    x0_without: np.ndarray
    eps_with: np.ndarray
    eps_without: np.ndarray
    scale: float


@dataclass(frozen=True)
class StepRecord:
    """One step of a request. Arrays are float32 (pictures, H, W, 3) in [−1, 1] units; the last record has t = 0."""

    index: int
    total: int
    t: int
    x_t: np.ndarray
    x0_hat: np.ndarray
    eps_hat: np.ndarray
    seconds: float  # of computing since the request's first step began
    parts: Parts | None = None
    # by block: to words (pictures, H, W, L) with the start token first, to pixels (pictures, H, W, H·W); over heads
    attention: Mapping[str, np.ndarray] | None = None

    @property
    def size(self) -> int:
        """Bytes of its arrays."""
        arrays = [self.x_t, self.x0_hat, self.eps_hat, *(self.attention or {}).values()]
        if (parts := self.parts) is not None:
            arrays += [parts.x0_with, parts.x0_without, parts.eps_with, parts.eps_without]
        return sum(array.nbytes for array in arrays)


class EngineBusy(RuntimeError):
    """Too many requests wait already; the message says what to do."""


@dataclass
class Ticket:
    """A request on its way. Read it from any thread; `steps` grows and never changes what it holds."""

    request: Request
    session: str
    number: int
    state: str = "waiting"  # waiting, running, done, failed, cancelled
    problem: str = ""
    shared: bool = False  # computed once, for this learner and for another who asked for the same
    steps: list[StepRecord] = field(default_factory=list)
    last_asked: float = field(default_factory=time.monotonic)
    changed: threading.Condition = field(default_factory=threading.Condition, repr=False)
    # called with the ticket and each step that comes, and without a step when its state changes
    tell: Callable[[Ticket, StepRecord | None], None] | None = field(default=None, repr=False)

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in {"done", "failed", "cancelled"}

    @property
    def learner(self) -> str:
        """Whose it is: a session's name up to the first colon."""
        return self.session.partition(":")[0]

    @property
    def left(self) -> float:
        """Seconds until it will be over, at the pace so far; infinite where that cannot be said."""
        if self.over:
            return 0.0
        if not self.steps:
            return math.inf
        last = self.steps[-1]
        return last.seconds / (last.index + 1) * (last.total - last.index)

    def cancel(self) -> None:
        """Stop within a step; what has come stays readable."""
        if not self.over:
            self.become("cancelled")

    def since(self, index: int) -> list[StepRecord]:
        """The steps from `index` on that are there by now; asking keeps the run alive."""
        self.last_asked = time.monotonic()
        return self.steps[index:]

    def __iter__(self) -> Iterator[StepRecord]:
        """Yield each step as it comes; raises RuntimeError with the engine's sentence when the run fails."""
        for index in itertools.count():
            with self.changed:
                while index >= len(self.steps) and not self.over:
                    self.last_asked = time.monotonic()
                    self.changed.wait(0.1)
            if index >= len(self.steps):
                break
            yield self.steps[index]
        if self.state == "failed":
            raise RuntimeError(self.problem)

    def become(self, state: str, problem: str = "") -> None:
        """For the engine: change the state, and wake whoever waits. What is over stays as it ended."""
        with self.changed:
            changes = not self.over
            if changes:
                self.state, self.problem = state, problem
            self.changed.notify_all()
        if changes and self.tell:
            self.tell(self, None)

    def repeat(self, steps: Sequence[StepRecord]) -> None:
        """For the engine: take over the steps of another learner's run of the same request, which has ended."""
        self.shared = True
        for step in steps:
            self.append(step)
        self.become("done")

    def append(self, record: StepRecord) -> None:
        """For the engine: one step more."""
        with self.changed:
            self.steps.append(record)
            self.changed.notify_all()
        if self.tell:
            self.tell(self, record)


def refuse_crowds(learner: str, waiting: Sequence[Ticket]) -> None:
    """Raises EngineBusy when so many wait in line that one more of this learner's is too much."""
    if sum(ticket.learner == learner for ticket in waiting) >= MAX_OWN_WAITING:
        raise EngineBusy(BUSY_SELF)
    if len(waiting) >= MAX_WAITING:
        raise EngineBusy(BUSY)
