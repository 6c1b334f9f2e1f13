"""A request under way: the run that answers it, what its rows hear, and the step that it takes when they are answered.

Courses share the passes of the network (passes.py); each is advanced by its own pure step.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from diffusion_core.denoiser import Prediction
from diffusion_core.frozen import fast_bfloat16
from diffusion_core.guidance import combine, scale_within
from diffusion_core.model import Context, Model
from diffusion_core.process import add_noise
from diffusion_core.samplers import Run, SampleStep, initial_noise, sampler_named
from diffusion_core.tickets import Parts, Request, StepRecord, Ticket


@dataclass
class Course:
    """A request with the run that answers it, for all who asked for the same.

    network: whose weights it asks; contexts: what they hear, before a switch of words and after it.
    """

    request: Request
    network: str
    tickets: list[Ticket]
    run: Run
    contexts: tuple[Context, ...]
    began: float
    steps: list[StepRecord] = field(default_factory=list)
    _taken: tuple | None = None  # a step that nobody was told of yet, with what was read on its way

    @classmethod
    def begin(cls, model: Model, ticket: Ticket, network: str = "unet") -> Course:
        """model: the one that `network` names. Raises ValueError for a request that it cannot answer."""
        request, size = ticket.request, model.unet.config.picture_size
        shape = (3, size, size)
        x_T = None if request.start is None else _under_noise(request, shape)
        sampler = sampler_named(request.sampler, request.eta)
        run = Run.start(request.schedule, request.times, sampler, request.seeds, shape, x_T)
        heard = [request.words] if request.switch is None else [request.words, request.switch.words]
        contexts = tuple(_context(model, request, words) for words in heard)
        return cls(request, network, [ticket], run, contexts, time.monotonic())

    def join(self, ticket: Ticket) -> None:
        """One more learner who asked for the same: the steps so far at once, the others as they come."""
        for step in self.steps:
            ticket.append(step)
        self.tickets.append(ticket)
        for each in self.tickets:
            each.shared = True
        ticket.become("running")

    def become(self, state: str, problem: str = "") -> None:
        """Change the state of everybody's ticket."""
        for ticket in self.tickets:
            ticket.become(state, problem)

    @property
    def over(self) -> bool:
        """Whether nobody waits for it any more."""
        return all(ticket.over for ticket in self.tickets)

    @property
    def learner(self) -> str:
        """On whose account it runs: of those who wait for it, who came first."""
        return next((ticket for ticket in self.tickets if not ticket.over), self.tickets[0]).learner

    @property
    def number(self) -> int:
        """In order of arrival."""
        return self.tickets[0].number

    @property
    def context(self) -> Context:
        """The words of every row of the next pass: with the prompt, then without it where both are needed."""
        switch = self.request.switch
        both = self.contexts[-1 if switch is not None and self.run.index >= switch.step else 0]
        return both if self.rows == len(both) else both[: self.rows]

    @property
    def rows(self) -> int:
        """How many rows it takes in the next pass. Where guidance rests, nobody asks what comes without the prompt."""
        request, run = self.request, self.run
        if request.interval is None or request.parts or run.done:
            return len(self.contexts[0])
        low, high = request.interval
        acts = low <= run.schedule.log_snr(run.t) <= high
        return len(self.contexts[0]) if acts else len(run.x_t)

    @property
    def pace(self) -> float:
        """The share of its steps that is done, for each second since it began."""
        return self.run.index / len(self.run.times) / max(time.monotonic() - self.began, 1e-9)

    def advance(self, both: Prediction, attention: dict[str, np.ndarray] | None = None) -> None:
        """Take one step with what was predicted for its rows; publish() tells of it."""
        request, run, rows = self.request, self.run, len(self.run.x_t)
        prediction, parts, scale = both, None, request.guidance_scale
        if self.rows > rows:
            cond, uncond = both[:rows], both[rows:]
            if request.interval is not None:
                scale = scale_within(scale, run.needs()[1], request.interval)
            prediction = combine(cond, uncond, scale)
            if request.parts:
                pictures = (cond.x0_hat, uncond.x0_hat, cond.eps_hat, uncond.eps_hat)
                parts = Parts(*map(_array, pictures), float(torch.as_tensor(scale).flatten()[0]))
        self.run, step = run.advance(prediction)
        self._taken = (step, parts, attention)

    def publish(self) -> None:
        """Tell everybody of the step that was taken last, and at the end that this is all."""
        if self._taken is not None:
            self._record(*self._taken)
            self._taken = None
            if self.run.done:
                self._record(self.run.last_step())
                self.become("done")

    def _record(
        self, step: SampleStep, parts: Parts | None = None, attention: dict[str, np.ndarray] | None = None
    ) -> None:
        total = len(self.run.times) - 1
        if step.index % self.request.every and step.index < total:
            return
        pictures = (_array(x) for x in (step.x_t, step.x0_hat, step.eps_hat))
        record = StepRecord(step.index, total, step.t, *pictures, time.monotonic() - self.began, parts, attention)
        self.steps.append(record)
        for ticket in self.tickets:
            if not ticket.over:
                ticket.append(record)


def network_for(request: Request) -> str:
    """Whose weights answer it: the shipped U-Net's in bfloat16, where the processor has that.

    Rounded to eight bits, a run now and then ends in a picture with other details. So what is measured, and what is
    read from the network on its way, comes in float32. The request alone decides, never who shares the pass.
    """
    exact = request.exact or request.parts or request.attention or bool(request.word_scale)
    half = fast_bfloat16() and request.network == "unet" and not exact
    return "unet_bfloat16" if half else request.network


def _array(x: Tensor) -> np.ndarray:
    return x.permute(0, 2, 3, 1).contiguous().numpy()  # (B, 3, H, W) → (B, H, W, 3)


def _context(model: Model, request: Request, words: Sequence[str]) -> Context:
    rows, scale = len(request.seeds), request.guidance_scale
    if scale in (0.0, 1.0) and request.interval is None and not request.parts:
        return model.encode([words if scale else request.negative]).expand(rows)
    return model.encode([words, request.negative]).each(rows)


def _under_noise(request: Request, shape: Sequence[int]) -> Tensor:
    """The request's picture at its time t, once under the noise of each seed: (B, 3, H, W)."""
    _, height, width = shape
    if len(request.start.pixels) != height * width * 3:
        raise ValueError(f"a picture to start from holds {height}×{width} pixels of three colours")
    pixels = torch.frombuffer(bytearray(request.start.pixels), dtype=torch.uint8).reshape(height, width, 3)
    x0 = (pixels.permute(2, 0, 1).float() / 127.5 - 1).expand(len(request.seeds), *shape)
    return add_noise(x0, request.schedule.alpha_bar(request.start.t), initial_noise(request.seeds, shape))
