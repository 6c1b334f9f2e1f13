"""One pass of the network for many courses: their rows go in together, and each is advanced with its own when it lands.

What a row becomes never depends on the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor

from diffusion_core.courses import Course
from diffusion_core.denoiser import Prediction
from diffusion_core.model import Context, Model
from diffusion_core.nn.layers import Probe
from diffusion_core.spread import CORES


@dataclass(frozen=True)
class Flight:
    """A pass of the network on its way: whose rows it carries, on how many cores, and what it will bring."""

    courses: tuple[Course, ...]
    cores: int
    answer: Future[tuple[Prediction, Probe | None]]

    def land(self) -> None:
        """Wait for the pass, then take one step of each course; raises what the pass raised."""
        torch.set_num_threads(1)  # small sums, for which waking a second core takes longer
        (both, probe), first = self.answer.result(), 0
        for course in self.courses:
            rows = slice(first, first + course.rows)
            if not course.over:  # cancelled on the way
                course.advance(both[rows], _attention(course, probe, first))
            first = rows.stop


def send(model: Model, courses: Sequence[Course], cores: int) -> Flight:
    """Begin a pass for all rows of these courses. Nobody else may advance them until it has landed.

    Passes on all cores have a thread of their own. Where passes of other sizes were made before, memory lies about in
    pieces, and a small pass takes longer.
    """
    pilots = _pilots("alone" if cores >= CORES else "pass")
    return Flight(tuple(courses), cores, pilots.submit(_predict, model, courses, cores))


@cache
def _pilots(name: str) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix=name)


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
