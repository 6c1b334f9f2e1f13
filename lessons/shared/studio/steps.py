"""One experiment: the same noise and the same weights, in few steps or many, by each of the samplers.

Every picture is a run of its own through the engine, one after another, so that its time is its own. A picture is
kept when it is finished and its steps are let go; of a long run only some are kept to look at on the way.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import numpy as np
import streamlit as st

from lessons.shared.studio import runs
from lessons.shared.studio.outcomes import apart

COUNTS = (1, 2, 5, 10, 20, 50, 250, 1000)
SOLVERS = ("dpmpp_2m", "ddim")  # no fresh noise on the way: one noise, one end
DICE = 4  # seeds that DDPM is run with
DICE_MOST = 50  # steps up to which a learner's run takes all of them; beyond, the first
FINEST = ("dpmpp_2m", COUNTS[-1])
SLOT, STATE = "steps", "beaker_steps"
SHORT = 20  # steps: runs up to here are waited for, longer ones looked at
SAME = 0.5  # shades: what ships is kept in half precision
LOOKS = 100  # steps kept of a long run: six a second are there to be seen, at sixty computed
PAUSE = 0.005  # seconds between two looks at a short run


@dataclass(frozen=True)
class Asked:
    """What an experiment holds fixed."""

    words: tuple[str, ...]
    seed: int
    scale: float


@dataclass(frozen=True)
class Key:
    """One picture of an experiment. `with` and `without`: one prediction from pure noise, with the words at
    guidance 1, and without them."""

    sampler: str
    steps: int
    die: int = 0  # added to the seed

    def request(self, asked: Asked) -> runs.Request:
        """The run that makes it."""
        if self.sampler in ("with", "without"):
            scale = float(self.sampler == "with")
            return runs.Request(asked.words, (asked.seed,), 1, "ddim", scale, exact=True)
        seed, every = asked.seed + self.die, max(1, self.steps // LOOKS)
        return runs.Request(asked.words, (seed,), self.steps, self.sampler, asked.scale, every=every, exact=True)


@dataclass(frozen=True)
class Cell:
    """A finished picture (32, 32, 3) in [−1, 1] units, and how long it took."""

    picture: np.ndarray
    seconds: float


@dataclass
class Series:
    """An experiment and what has come of it. state: running, done, failed, cancelled."""

    asked: Asked
    prompt: str  # as it was typed
    upto: int
    badge: str = "live"
    state: str = "running"
    problem: str = ""
    cells: dict[Key, Cell] = field(default_factory=dict)
    queue: list[Key] = field(default_factory=list)  # the first one is under way

    @property
    def counts(self) -> tuple[int, ...]:
        """The numbers of steps of this experiment."""
        return tuple(n for n in COUNTS if n <= self.upto)

    @property
    def finest(self) -> Key | None:
        """What the others are measured against: DPM-Solver++ in the most steps that are done."""
        done = [key for key in self.cells if key.sampler == FINEST[0]]
        return max(done, key=lambda key: key.steps, default=None)

    def picture(self, sampler: str, steps: int, die: int = 0) -> np.ndarray | None:
        """A finished picture, if it is there."""
        cell = self.cells.get(Key(sampler, steps, die))
        return None if cell is None else cell.picture

    def distances(self, sampler: str) -> dict[int, float]:
        """Steps → shades to the finest picture, for those with fewer steps."""
        end = self.finest
        if end is None:
            return {}
        finest = self.cells[end].picture
        shown = {n: self.picture(sampler, n) for n in COUNTS if (sampler, n) != (end.sampler, end.steps)}
        return {n: apart(p, finest) for n, p in shown.items() if p is not None and n <= end.steps}

    def dice(self, steps: int) -> list[np.ndarray]:
        """DDPM's pictures of all seeds in so many steps, once all are there."""
        shown = [self.picture("ddpm", steps, die) for die in range(DICE)]
        return [] if any(p is None for p in shown) else shown


def plan(upto: int) -> list[Key]:
    """The order of the runs: few steps first, then the average, the other dice, and what takes long."""
    quick = [n for n in COUNTS if n <= min(upto, DICE_MOST)]
    long = [n for n in COUNTS if DICE_MOST < n <= upto]
    keys = [Key(sampler, n) for n in quick for sampler in runs.SAMPLER_NAMES]
    keys += [Key("with", 1), Key("without", 1)]
    keys += [Key("ddpm", n, die) for n in quick for die in range(1, DICE)]
    return keys + [Key(sampler, n) for n in long for sampler in runs.SAMPLER_NAMES]


def passes(upto: int) -> int:
    """How often the network is asked in the whole experiment."""
    return sum(key.steps for key in plan(upto))


def begin(asked: Asked, prompt: str, upto: int) -> None:
    """Start an experiment; an older one of this learner ends."""
    runs.clear(SLOT)
    series = Series(asked, prompt, upto, queue=plan(upto))
    st.session_state[STATE] = series
    _start(series)


def current() -> Series | None:
    """This learner's last experiment; one that lost its run, as by leaving the page, has ended."""
    series = st.session_state.get(STATE)
    if series is not None and series.state == "running" and runs.job(SLOT) is None:
        series.state = "cancelled"
    return series


def stop() -> None:
    """End the experiment within a step; finished pictures stay."""
    runs.cancel([SLOT])
    if (series := current()) is not None and series.state == "running":
        series.state = "cancelled"


def pump(patience: float) -> None:
    """Take in what is finished and start what is next, for at most `patience` seconds. Call it often."""
    series, end = current(), time.monotonic() + patience
    while series is not None and series.state == "running":
        job = runs.job(SLOT)
        if job is None or job.state == "cancelled":
            series.state = "cancelled"
        elif job.state == "failed":
            series.state, series.problem = "failed", job.problem
        elif job.state == "done":
            _take(series)
        elif time.monotonic() > end or job.request.steps > SHORT:
            return  # a short run would be over before the next look, and the network idle till then
        else:
            time.sleep(PAUSE)


def underway() -> tuple[Key, int, float, np.ndarray | None] | None:
    """The run that is going: its key, steps done, seconds so far, and its newest picture."""
    series, job = current(), runs.job(SLOT)
    if series is None or series.state != "running" or job is None or not series.queue:
        return None
    newest = job.frames[-1].x_t if job.frames else None
    return series.queue[0], job.steps_done, job.seconds, newest


def ahead() -> int:
    """Other learners' requests in line before this one."""
    job = runs.job(SLOT)
    return 0 if job is None else job.ahead


def _start(series: Series) -> None:
    runs.start(SLOT, series.queue[0].request(series.asked), series.prompt)


def _take(series: Series) -> None:
    last, key = runs.records(SLOT)[-1], series.queue.pop(0)
    series.cells[key] = Cell(last.x_t[0].copy(), last.seconds)
    runs.clear(SLOT)
    if series.queue:
        _start(series)
    else:
        series.state = "done"


def with_shipped_end(series: Series, shipped: Series | None) -> Series:
    """Measure against the shipped 1,000-step picture where it is of this very noise, words, guidance and weights."""
    key = Key(*FINEST)
    if shipped is None or series is shipped or series.asked != shipped.asked or key in series.cells:
        return series
    own, theirs = (each.picture(FINEST[0], 1) for each in (series, shipped))
    if own is None or theirs is None or apart(own, theirs) > SAME:  # other weights look otherwise from step one
        return series
    return replace(series, cells={**series.cells, key: shipped.cells[key]})
