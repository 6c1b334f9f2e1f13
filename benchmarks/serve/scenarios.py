"""What learners do: come, walk two lessons, ask for pictures by themselves or all at once, leaf through, train.

"Four pictures" are asked for on the page "A picture out of static", where *Same noise, another prompt* makes two at
once: Run, and as soon as both are there, another seed and Run again. No page asks for four at once; this way takes
longer than one request of four would, for the page runs twice.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.serve.fetch import fetch
from benchmarks.serve.learner import Learner, SpoiltError, now
from benchmarks.serve.report import Tally
from benchmarks.serve.server import Server
from lessons.catalog import LESSONS

LEAST_FILES = 20  # that Streamlit's front end consists of
REVERSE, WORDS, TRAINING = "out-of-static", "words-become-vectors", "one-training-step"
PHRASES = ("a purple queen in a room", "a dog on the beach", "a yellow bird", "a green horse in the snow")
Act = Callable[[Learner, Tally, int], Awaitable[None]]


@dataclass(frozen=True)
class Pace:
    """How hurried the learners are, in seconds."""

    arrive: float = 30.0  # all come within this time
    think: float = 5.0  # between two actions, half to one and a half times this
    period: float = 30.0  # between two times of asking
    rounds: int = 3  # times of asking
    pages: int = 3  # leafed through
    steps: int = 20  # of a run; the lesson's own number
    long_training: bool = True  # by the button that takes fifty steps, not one


async def crowd(server: Server, name: str, learners: int, act: Act, arrive: float) -> Tally:
    """`learners` at once, each in a window of its own that opens within `arrive` seconds; what they met."""
    random.seed(name)  # the same moments each time, so that two servers can be compared
    tally, began, used, own = Tally(name, learners), time.monotonic(), server.seconds(), time.process_time()

    async def one(place: int) -> None:
        await asyncio.sleep(arrive * place / learners)
        await visit(server, tally, lambda learner: act(learner, tally, place))

    async with server.watched() as tally.looks:
        await asyncio.gather(*(one(place) for place in range(learners)))
    tally.seconds, tally.server_seconds = time.monotonic() - began, server.seconds() - used
    tally.client_seconds = time.process_time() - own
    return tally


async def visit(server: Server, tally: Tally, act: Callable[[Learner], Awaitable[None]]) -> None:
    """One window from opening to closing; whatever goes wrong in it is counted, and nobody else is disturbed."""
    learner = Learner(server.address)
    try:
        async with learner:
            await act(learner)
    except SpoiltError:
        pass  # counted below
    except (OSError, RuntimeError) as problem:  # TimeoutError is an OSError
        tally.problems[f"{type(problem).__name__}: {problem}"] += 1
    tally.problems.update(learner.page.problems)


def pause(seconds: float) -> Awaitable[None]:
    """A learner looks and thinks."""
    return asyncio.sleep(random.uniform(0.5, 1.5) * seconds)


async def ask(learner: Learner, tally: Tally, pictures: int) -> float:
    """Press Run, and note the first frame, the gaps and the end; seconds until `pictures` runs are finished."""
    page, before, began = learner.page, set(learner.page.runs), now()
    await learner.press("run-button")

    def finished() -> bool:
        new = [run for name, run in page.runs.items() if name not in before]
        return len(new) == pictures and all(run.finished for run in new)

    await learner.until(finished, "the pictures")
    arrivals = sorted({at for name, run in page.runs.items() if name not in before for at in run.arrivals})
    tally.note("first frame", arrivals[0] - began)
    tally.note("between frames", *(later - sooner for sooner, later in pairwise(arrivals)))
    await learner.until(lambda: page.quiet, "the page after the pictures")
    return arrivals[-1] - began


async def ask_four(learner: Learner, tally: Tally) -> None:
    """Two prompts, twice."""
    began = now()
    tally.note("two pictures finished", await ask(learner, tally, 2))
    await learner.change("seed", float(random.randint(0, 9999)))
    last = now()
    took = await ask(learner, tally, 2)
    tally.note("two pictures finished", took)
    tally.note("four pictures finished", last - began + took)


def walk(pace: Pace) -> Act:
    """The reverse lesson (open, Run, scrub, change, Run), then the words lesson (open, look, change, type)."""

    async def act(learner: Learner, tally: Tally, place: int) -> None:
        tally.note("reverse ready", await learner.open(REVERSE, seed=100 + place, steps=pace.steps))
        await pause(pace.think)
        tally.note("picture finished", await ask(learner, tally, 1))
        await pause(pace.think)
        learner.address("at", random.randint(0, 20))  # the cursor, left somewhere
        tally.note("change", await learner.change("guidance", random.choice((1.0, 5.0, 7.5))))
        await pause(pace.think)
        tally.note("picture finished", await ask(learner, tally, 1))
        await pause(pace.think)
        tally.note("words ready", await learner.open(WORDS))
        for key, value in (("look", "subjects"), ("centred", True), ("phrase", random.choice(PHRASES))):
            await pause(pace.think)
            tally.note("change", await learner.change(key, value))

    return act


def steady(pace: Pace) -> Act:
    """Four pictures every `period` seconds, each learner at its own moments."""

    async def act(learner: Learner, tally: Tally, place: int) -> None:
        tally.note("page ready", await learner.open(REVERSE, seed=100 + place, steps=pace.steps, twice=True))
        await asyncio.sleep(random.uniform(0, pace.period))
        for _ in range(pace.rounds):
            began = now()
            await ask_four(learner, tally)
            await asyncio.sleep(max(began + pace.period - now(), 0))

    return act


def burst(pace: Pace, learners: int) -> Act:
    """Everybody has the page open; then all ask within one second."""
    ready = asyncio.Barrier(learners)

    async def act(learner: Learner, tally: Tally, place: int) -> None:
        try:
            tally.note("page ready", await learner.open(REVERSE, seed=100 + place, steps=pace.steps, twice=True))
        finally:
            await ready.wait()  # one that failed must not keep the others waiting
        await asyncio.sleep(random.random())
        await ask_four(learner, tally)

    return act


async def come(learner: Learner, tally: Tally, place: int) -> None:
    """Open the course in a browser that has seen none of it: fetch Streamlit's front end, then the page."""
    began = now()
    if await fetch(learner.host, REVERSE) < LEAST_FILES:
        raise RuntimeError("the page of the course names hardly a file")
    tally.note("files fetched", now() - began)
    await learner.open(REVERSE)
    tally.note("page ready", now() - began)


def leaf(pace: Pace) -> Act:
    """Open lessons and scrub what ships with them; nothing is run."""
    paths = [lesson.url for lesson in LESSONS]

    async def act(learner: Learner, tally: Tally, place: int) -> None:
        for path in (REVERSE, *random.sample([path for path in paths if path != REVERSE], pace.pages - 1)):
            tally.note("page ready", await learner.open(path))
            await pause(pace.think)
            learner.address("at", random.randint(0, 20))

    return act


def train(pace: Pace) -> Act:
    """Training steps on a copy of one's own, twice as many as the button takes."""
    button, steps = ("fifty-steps", 50) if pace.long_training else ("one-step", 1)

    async def act(learner: Learner, tally: Tally, place: int) -> None:
        page = learner.page
        tally.note("page ready", await learner.open(TRAINING, seed=100 + place))
        for _ in range(2):
            began = now()
            await learner.press_inside(button)
            await learner.until(lambda: page.quiet, "the training to end")
            tally.note(f"training steps, {steps}", now() - began)
        if f"trained={2 * steps}" not in page.query:
            raise RuntimeError(f"{2 * steps} training steps were asked for; the address says {page.query!r}")

    return act


def soak(server: Server, pace: Pace, minutes: float) -> Act:
    """Walk, leave, come back in a new window, until the time is over."""
    end = time.monotonic() + 60 * minutes

    async def act(learner: Learner, tally: Tally, place: int) -> None:
        once = walk(pace)
        await once(learner, tally, place)
        while time.monotonic() < end:
            await visit(server, tally, lambda another: once(another, tally, place))

    return act
