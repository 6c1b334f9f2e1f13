"""One pass of the network for many runs, and the step that each of them takes when it has landed.

A course is a request under way. Each course asks for its own noise levels and words; their rows go through the
network together, and each course is advanced by its own pure step. What a row becomes never depends on the others.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import torch
from torch import Tensor

from diffusion_core.denoiser import Prediction
from diffusion_core.frozen import fast_bfloat16
from diffusion_core.guidance import combine, scale_within
from diffusion_core.model import Context, Model
from diffusion_core.nn.layers import Probe
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


def network_for(request: Request) -> str:
    """Whose weights answer it: the shipped U-Net's in bfloat16, where the processor has that.

    Rounded to eight bits, a run now and then ends in a picture with other details. So what is measured, and what is
    read from the network on its way, comes in float32. The request alone decides, never who shares the pass.
    """
    exact = request.exact or request.parts or request.attention or bool(request.word_scale)
    half = fast_bfloat16() and request.network == "unet" and not exact
    return "unet_bfloat16" if half else request.network


@dataclass(frozen=True)
class Flight:
    """A pass of the network on its way: whose rows it carries, on how many cores, and what it will bring."""

    courses: tuple[Course, ...]
    cores: int
    answer: Future[tuple[Prediction, Probe | None]]

    def land(self) -> None:
        """Wait for the pass, then take one step of each course and publish it; raises what the pass raised."""
        torch.set_num_threads(1)  # small sums, for which waking a second core takes longer
        (both, probe), first = self.answer.result(), 0
        for course in self.courses:
            rows = slice(first, first + course.rows)
            if not course.over:  # cancelled on the way
                _step(course, both[rows], _attention(course, probe, first))
            first = rows.stop


def send(model: Model, courses: Sequence[Course], cores: int, here: bool = False) -> Flight:
    """Begin a pass for all rows of these courses. Nobody else may advance them until it has landed.

    here: make the whole pass on this thread, which spares one that is alone two changes of thread a step.
    """
    if not here:
        return Flight(tuple(courses), cores, _pilots().submit(_predict, model, courses, cores))
    answer: Future[tuple[Prediction, Probe | None]] = Future()
    try:
        answer.set_result(_predict(model, courses, cores))
    except BaseException as problem:  # it is raised where the flight lands
        answer.set_exception(problem)
    return Flight(tuple(courses), cores, answer)


@cache
def _pilots() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix="pass")


@torch.inference_mode()
def _predict(model: Model, courses: Sequence[Course], cores: int) -> tuple[Prediction, Probe | None]:
    """What is predicted for every row, course by course, and what was read on the way."""
    torch.set_num_threads(1)
    asked, probe = [course.run.needs() for course in courses], _probe(courses)
    if len(courses) == 1:  # nothing to put together, and to take apart: a lone learner waits for each millisecond
        return model.denoiser(courses[0].context, probe, cores)(*asked[0]), probe
    context = Context.join([course.context for course in courses])
    repeats = [course.rows // len(x) for course, (x, _) in zip(courses, asked, strict=True)]
    if probe is None and set(repeats) == {2}:  # every picture with its prompt and without: each goes in once
        order = _prompts_first([len(x) for x, _ in asked])
        x, log_snr = (torch.cat(parts) for parts in zip(*asked, strict=True))  # (rows/2, 3, H, W), (rows/2,)
        return model.denoiser(context[order], None, cores)(x, log_snr)[order.argsort()], None
    x = torch.cat([x.repeat(n, 1, 1, 1) for n, (x, _) in zip(repeats, asked, strict=True)])  # (rows, 3, H, W)
    log_snr = torch.cat([s.repeat(n) for n, (_, s) in zip(repeats, asked, strict=True)])  # (rows,)
    return model.denoiser(context, probe, cores)(x, log_snr), probe


def _prompts_first(counts: Sequence[int]) -> Tensor:
    """Each course has its rows with the prompt, then without: their places, everybody's with the prompt first."""
    rows = torch.arange(2 * sum(counts)).split([2 * count for count in counts])
    return torch.cat([part for half in (0, 1) for part in (each.chunk(2)[half] for each in rows)])


def _step(course: Course, both: Prediction, attention: dict[str, np.ndarray] | None) -> None:
    request, rows = course.request, len(course.run.x_t)
    prediction, parts, scale = both, None, course.request.guidance_scale
    if course.rows > rows:
        cond, uncond = both[:rows], both[rows:]
        if request.interval is not None:
            scale = scale_within(scale, course.run.needs()[1], request.interval)
        prediction = combine(cond, uncond, scale)
        if request.parts:
            pictures = (cond.x0_hat, uncond.x0_hat, cond.eps_hat, uncond.eps_hat)
            parts = Parts(*map(_array, pictures), float(torch.as_tensor(scale).flatten()[0]))
    course.run, step = course.run.advance(prediction)
    _publish(course, step, parts, attention)
    if course.run.done:
        _publish(course, course.run.last_step())
        course.become("done")


def _publish(
    course: Course, step: SampleStep, parts: Parts | None = None, attention: dict[str, np.ndarray] | None = None
) -> None:
    total = len(course.run.times) - 1
    if step.index % course.request.every and step.index < total:
        return
    pictures = (_array(x) for x in (step.x_t, step.x0_hat, step.eps_hat))
    seconds = time.monotonic() - course.began
    record = StepRecord(step.index, total, step.t, *pictures, seconds, parts, attention)
    course.steps.append(record)
    for ticket in course.tickets:
        if not ticket.over:
            ticket.append(record)


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


def _probe(courses: Sequence[Course]) -> Probe | None:
    """What to read from, and to change in, this pass; None where nobody asks."""
    requests = [course.request for course in courses]
    if not any(r.attention or r.word_scale for r in requests):
        return None
    length = courses[0].context.words.shape[1]
    scale = torch.ones(sum(course.rows for course in courses), length)
    first = 0
    for course, request in zip(courses, requests, strict=True):
        factors = torch.tensor(request.word_scale[: length - 1])
        scale[first : first + len(course.run.x_t), 1 : 1 + len(factors)] = factors  # place 0 is the start token
        first += course.rows
    return Probe(word_scale=scale if any(r.word_scale for r in requests) else None, record=True)


def _attention(course: Course, probe: Probe | None, first: int) -> dict[str, np.ndarray] | None:
    """Where this course's rows with words looked, averaged over heads: by block, (pictures, H, W, L)."""
    if probe is None or not course.request.attention:
        return None
    maps = {}
    for name, weights in probe.attention.items():
        mine = weights[first : first + len(course.run.x_t)].mean(dim=1)  # (B, heads, H·W, L) → (B, H·W, L)
        side = round(mine.shape[1] ** 0.5)
        maps[name] = mine.unflatten(1, (side, side)).numpy()
    return maps
