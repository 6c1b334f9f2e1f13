"""A pair of runs on its way: a few steps at a time on the engine's thread, so that other learners' pictures move.

Nobody's look, no step: a learner who leaves the page stops the work within a few steps.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from diffusion_core.engine import EngineBusy
from lessons.shared.player import Frame
from lessons.shared.studio import broken, judging, runs
from lessons.shared.studio.broken import Asked, Pair, Side
from lessons.shared.studio.schedules import pixels
from lessons.shared.studio.turnstile import PAGES

if TYPE_CHECKING:
    from diffusion_core.samplers import Run, SampleStep

CHUNK = 3  # steps in one question to the engine
STATE = "beaker_broken"
DRAWING = (2026, 3)  # seed and place of the drawing that the forward chain starts from
Step = tuple[int, Frame, np.ndarray]  # which side, its frame, all its pictures (N, H, W, 3)


class Work:
    """Both runs on the engine's thread; each call takes a few steps of the one that is behind."""

    def __init__(self, asked: Asked):
        self.words, self.sides = asked.words, broken.sides(asked)
        self.runs: list[Run] = []

    def __call__(self, model: Any) -> tuple[list[Step], bool]:
        """The new steps, and whether both runs are finished."""
        if not self.runs:
            self.runs = [begin(side, model.unet.config.picture_size) for side in self.sides]
        open_ = [i for i, run in enumerate(self.runs) if not run.done]
        if not open_:
            return [], True
        which = min(open_, key=lambda i: (self.runs[i].index / (len(self.runs[i].times) - 1), i))
        side, steps = self.sides[which], []
        denoise = model.guided(self.words, len(side.seeds), side.scale)
        for _ in range(CHUNK):
            self.runs[which], step = self.runs[which].advance(denoise(*self.runs[which].needs()))
            steps.append(_step(which, step))
            if self.runs[which].done:
                steps.append(_step(which, self.runs[which].last_step()))
                break
        return steps, all(run.done for run in self.runs)


def begin(side: Side, size: int) -> Run:
    """The run of a side, at its start."""
    from diffusion_core.mistakes import ddpm_without_noise
    from diffusion_core.samplers import Run, sampler_named

    sampler = ddpm_without_noise if side.sampler == broken.WITHOUT_NOISE else sampler_named(side.sampler)
    x_T = walked(side, size) if side.chain else None
    return Run.start(side.schedule, side.schedule.times(side.steps), sampler, side.seeds, (3, size, size), x_T)


def walked(side: Side, size: int):
    """The drawing at the end of the forward chain, once for each seed: (N, 3, H, W)."""
    import torch

    from diffusion_core.mistakes import chain
    from diffusion_core.world.dataset import example

    drawing = torch.from_numpy(example(*DRAWING)[1][:size, :size].copy()).permute(2, 0, 1).float() / 127.5 - 1
    ends = []
    for seed in side.seeds:
        *_, last = chain(drawing, side.schedule, torch.Generator().manual_seed(seed), side.chain == "shrunk")
        ends.append(last.x_t)
    return torch.stack(ends)


@dataclass
class Breaking:
    """A learner's pair and how it stands. state: running, done, failed, cancelled."""

    asked: Asked
    prompt: str
    work: Work
    ask: Callable[[Callable], Future]
    state: str = "running"
    problem: str = ""
    frames: tuple[list[Frame], list[Frame]] = field(default_factory=lambda: ([], []))
    ends: list[np.ndarray | None] = field(default_factory=lambda: [None, None])
    future: Future | None = None
    number: int = field(default_factory=itertools.count().__next__)  # tells one run from the next

    @property
    def pair(self) -> Pair:
        return Pair(self.asked, self.prompt, "live", self.frames, tuple(self.ends))

    @property
    def taken(self) -> tuple[int, int]:
        """Steps done, and in all."""
        steps = [side.steps for side in self.work.sides]
        return sum(min(len(f), n) for f, n in zip(self.frames, steps, strict=True)), sum(steps)

    def pump(self, patience: float) -> None:
        """Take in what has come and ask for more, for at most `patience` seconds."""
        end = time.monotonic() + patience
        while self.state == "running":
            try:
                self.future = self.future or self.ask(self.work)
                with PAGES.aside():
                    steps, done = self.future.result(timeout=max(end - time.monotonic(), 0))
            except TimeoutError:
                return
            except EngineBusy:
                return  # the line is full now: ask again at the next look
            except Exception as problem:  # weights missing or damaged: the sentence says what to do
                self.state, self.problem = "failed", str(problem) or type(problem).__name__
                return
            self.future = None
            for which, frame, all_of_it in steps:
                self.frames[which].append(frame)
                if frame.t == 0:
                    self.ends[which] = all_of_it
            if done:
                self.state = "done"

    def stop(self) -> None:
        """End it; what has come stays."""
        if self.state == "running":
            self.state = "cancelled"
            if self.future is not None:
                self.future.cancel()


def start(asked: Asked, prompt: str) -> None:
    """Begin a pair; this learner's older one ends."""
    stop()
    st.session_state[STATE] = Breaking(asked, prompt, Work(asked), runs.ask)


def current(fault: str) -> Breaking | None:
    """This learner's last pair, where it is of that fault; one of another fault is stopped."""
    found = st.session_state.get(STATE)
    if found is None or found.asked.fault == fault:
        return found
    found.stop()
    return None


def stop() -> None:
    """Stop this learner's pair, if one is going."""
    if (found := st.session_state.get(STATE)) is not None:
        found.stop()


def with_judge(pair: Pair) -> tuple[Pair, str]:
    """The pair with what the judge finds right in both, or why it could not look."""
    prompt = " ".join(pair.asked.words)
    looks, problem = judging.judged(np.concatenate([pixels(end[:1]) for end in pair.ends]), prompt)
    if problem:
        return pair, problem
    return replace(pair, right=tuple(counted(look) for look in looks)), ""


def counted(look: judging.Look) -> tuple[int, int]:
    """How many of the named things are right, and how many were named."""
    named = [mark for mark in look.named if mark.head != "figures"]  # nobody names how many they are
    return sum(mark.right for mark in named), len(named)


def all_at_once(asked: Asked, prompt: str, model: Any) -> Pair:
    """A whole pair without an engine, for what ships."""

    def ask(work: Callable) -> Future:
        future: Future = Future()
        future.set_result(work(model))
        return future

    breaking = Breaking(asked, prompt, Work(asked), ask)
    while breaking.state == "running":
        breaking.pump(1.0)
    if breaking.state == "failed":
        raise RuntimeError(breaking.problem)
    return breaking.pair


def _step(which: int, step: SampleStep) -> Step:
    x_t, x0_hat = (_array(x) for x in (step.x_t, step.x0_hat))
    return which, Frame(step.t, x_t[0], x0_hat[0], None), x_t


def _array(x: Any) -> np.ndarray:
    return x.permute(0, 2, 3, 1).contiguous().numpy()  # (N, 3, H, W) → (N, H, W, 3)
