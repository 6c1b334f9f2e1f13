"""One noise, one prompt, ten moments of one training: what the small sibling makes of them at each.

Every other step is kept to look at. Pictures are uint8, as they are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from diffusion_core.sibling import SIBLING_MOMENTS, SIBLINGS
from diffusion_core.tickets import StepRecord
from diffusion_core.world.prompts import read_prompt
from lessons.shared.studio import runs
from lessons.shared.studio.judging import Look, judged
from lessons.shared.studio.schedules import pixels

SEEN, SLOTS = SIBLING_MOMENTS, SIBLINGS  # pictures seen at each moment; a slot of the studio for each
STEPS, EVERY = 20, 2
PROMPT, SEED, SCALE = "an orange corgi on the beach", 4, 3.0


@dataclass(frozen=True)
class Asked:
    """What all ten runs share."""

    words: tuple[str, ...]
    seed: int
    scale: float

    def request(self, network: str) -> runs.Request:
        """The run of one moment's network."""
        return runs.Request(self.words, (self.seed,), STEPS, guidance_scale=self.scale, network=network)


DEFAULT = Asked(read_prompt(PROMPT).words, SEED, SCALE)


@dataclass(frozen=True)
class Growth:
    """Ten runs side by side. x_t and x0_hat: uint8 (10, kept, 32, 32, 3), the noise first, the picture last."""

    asked: Asked
    prompt: str  # as it was typed
    badge: str
    times: tuple[int, ...]  # noise level of each kept step
    steps: tuple[int, ...]
    x_t: np.ndarray
    x0_hat: np.ndarray
    looks: tuple[Look, ...] = ()  # of the ten finished pictures, once they are
    problem: str = ""  # why the judge can't look

    @property
    def done(self) -> bool:
        """Whether the pictures are finished."""
        return self.times[-1] == 0


def start(asked: Asked, prompt: str) -> None:
    """Begin all ten; older ones of this learner end."""
    for slot in SLOTS:
        runs.start(slot, asked.request(slot), prompt)


def current() -> Growth | None:
    """What this learner's ten runs have all reached; None before the first step, or where one has failed."""
    jobs = runs.jobs(SLOTS)
    if len(jobs) < len(SLOTS) or any(job.state == "failed" for job in jobs):
        return None
    first = jobs[0].request
    growth = side_by_side([runs.records(slot) for slot in SLOTS],
                          Asked(first.words, first.seeds[0], first.guidance_scale), jobs[0].title)  # fmt: skip
    return look(growth) if growth is not None and growth.done else growth


def side_by_side(records: Sequence[Sequence[StepRecord]], asked: Asked, prompt: str, badge: str = "live",
                 ) -> Growth | None:  # fmt: skip
    """Every other step that all of them have; None where there is none yet."""
    common = min(map(len, records), default=0)
    kept = list(range(0, common, EVERY))
    if not kept:
        return None
    x_t, x0_hat = (np.stack([[pixels(getattr(run[i], name)[0]) for i in kept] for run in records])
                   for name in ("x_t", "x0_hat"))  # fmt: skip
    times = tuple(records[0][i].t for i in kept)
    return Growth(asked, prompt, badge, times, tuple(kept), x_t, x0_hat)


def look(growth: Growth) -> Growth:
    """The same with the judge's verdict on each finished picture."""
    looks, problem = judged(np.ascontiguousarray(growth.x_t[:, -1]), growth.prompt)
    return replace(growth, looks=looks, problem=problem)


def going() -> bool:
    """Whether any of this learner's ten runs goes on."""
    return any(not job.over for job in runs.jobs(SLOTS))
