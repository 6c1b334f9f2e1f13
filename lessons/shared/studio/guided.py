"""Guidance taken apart: both predictions of a run, seven scales from one noise, sixteen seeds, and two twists.

NumPy in and out. Importing this needs no torch; running and judging do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from diffusion_core import metrics
from diffusion_core.tickets import StepRecord
from lessons.shared.studio import runs
from lessons.shared.studio.judging import judged

PROMPT, SEED, STEPS, SCALE = "a cat", 8, 20, 3.0
SCALES = (0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 15.0)
CROWD, CROWD_STEPS = 16, 10  # pictures at each scale, and the steps of each: a minute on a slow machine
TOGETHER = 4  # seeds in one request: eight rows of the engine's sixteen, so other learners' pictures keep moving
BROKEN = 0.05  # of the colour values beyond the ends: from here on one sees it
NEGATIVE, TWIST_SCALE, FROM, UNTIL = "in a room", 8.0, 20, 70
LONGEST = 60  # characters of a prompt in a badge
MAPS = "guided-maps"
ROW = tuple(f"guided-row-{i}" for i in range(len(SCALES)))
CROWDS = tuple(f"guided-crowd-{i}-{j}" for i in range(len(SCALES)) for j in range(CROWD // TOGETHER))
MEASURES = {"clipped": metrics.clipped, "diversity": metrics.diversity, "distance": metrics.distance}
TWISTS = ("guided-plain", "guided-negative", "guided-interval")


@dataclass(frozen=True)
class Moment:
    """One step of one picture, taken apart. Noise is the mean of its three channels, (H, W); pictures (H, W, 3)."""

    t: int
    eps_without: np.ndarray
    eps_with: np.ndarray
    x0_without: np.ndarray
    x0_with: np.ndarray
    scale: float  # that the run really used here

    @property
    def effect(self) -> float:
        """How far the words move the predicted picture: mean |x0_with − x0_without|, in shades."""
        return float(np.abs(self.x0_with - self.x0_without).mean() * metrics.SHADES)


@dataclass(frozen=True)
class Pictures:
    """Finished pictures, each with its own share of colour values beyond the ends."""

    prompt: str
    shown: np.ndarray  # uint8 (N, 32, 32, 3)
    clipped: tuple[float, ...]
    badge: str  # live or cached
    made: str

    @classmethod
    def of(cls, prompt: str, x: np.ndarray, badge: str, made: str) -> Pictures:
        """From the last x_t of runs, (N, H, W, 3), not clipped."""
        return cls(prompt, pixels(x), tuple(metrics.clipped(picture) for picture in x), badge, made)


@dataclass(frozen=True)
class Crowd:
    """The same seeds at every scale, and what is measured on them: one number for each scale."""

    prompt: str
    shown: np.ndarray  # uint8 (scales, seeds, 32, 32, 3)
    clipped: tuple[float, ...]
    diversity: tuple[float, ...]
    distance: tuple[float, ...]  # in shades
    right: tuple[int, ...]  # how many show all that was asked, says the judge; empty where there is nothing to say
    badge: str
    made: str
    problem: str = ""  # why the judge says nothing


def pixels(x: np.ndarray) -> np.ndarray:
    """[−1, 1] units as uint8, values beyond clipped."""
    return ((np.clip(x, -1, 1) + 1) * 127.5).round().astype(np.uint8)


# --- the run that is taken apart ---------------------------------------------------------------------------


def maps_request(words: Sequence[str], seed: int = SEED, steps: int = STEPS, scale: float = SCALE) -> runs.Request:
    """A run that keeps both of its predictions."""
    return runs.Request(tuple(words), (seed,), steps, guidance_scale=scale, parts=True)


def moments(records: Sequence[StepRecord]) -> list[Moment]:
    """The steps that predicted something; the finished picture has nothing left to take apart."""
    return [_moment(record) for record in records if record.parts is not None]


def _moment(record: StepRecord) -> Moment:
    parts = record.parts
    eps = (parts.eps_without[0].mean(axis=-1), parts.eps_with[0].mean(axis=-1))  # (H, W, 3) → (H, W)
    return Moment(record.t, *eps, parts.x0_without[0], parts.x0_with[0], parts.scale)


# --- seven scales from one noise, and sixteen seeds of each ------------------------------------------------


def row_requests(request: runs.Request) -> list[runs.Request]:
    """The same request at every scale."""
    return [replace(request, guidance_scale=scale, parts=False) for scale in SCALES]


def crowd_requests(request: runs.Request) -> list[runs.Request]:
    """Sixteen seeds at every scale, from the request's own seed on, in requests of four."""
    first = request.seeds[0]
    return [
        replace(request, seeds=tuple(range(start, start + TOGETHER)), steps=CROWD_STEPS, guidance_scale=scale,
                parts=False)
        for scale in SCALES
        for start in range(first, first + CROWD, TOGETHER)
    ]  # fmt: skip


def finished(slots: Sequence[str], describe: Callable[[runs.Request], str]) -> Pictures | None:
    """The pictures of finished runs in these slots, in their order; None until all are done."""
    jobs = runs.jobs(slots)
    if len(jobs) < len(slots) or any(job.state != "done" for job in jobs):
        return None
    x = np.stack([runs.records(slot)[-1].x_t[0] for slot in slots])
    return Pictures.of(jobs[0].title, x, "live", describe(jobs[0].request))


def crowd() -> Crowd | None:
    """What the finished crowd in CROWDS shows; None until all of it is done."""
    jobs = runs.jobs(CROWDS)
    if len(jobs) < len(CROWDS) or any(job.state != "done" for job in jobs):
        return None
    x = np.concatenate([runs.records(slot)[-1].x_t for slot in CROWDS])
    return measured(x, jobs[0].title, "live", describe_crowd(jobs[0].request))


def measured(x: np.ndarray, prompt: str, badge: str, made: str) -> Crowd:
    """All measures of a crowd, x of shape (scales · seeds, H, W, 3) as the runs left it."""
    shown, x = (a.reshape(len(SCALES), -1, *x.shape[1:]) for a in (pixels(x), x))
    looks = [judged(seeds, prompt) for seeds in shown]
    problem = next((said for _, said in looks if said), "")
    named = any(look.named for seen, _ in looks for look in seen)  # of a prompt that names nothing all are right
    right = tuple(sum(look.right for look in seen) for seen, _ in looks) if named else ()
    sums = (tuple(measure(seeds) for seeds in x) for measure in MEASURES.values())
    return Crowd(prompt, shown, *sums, right, badge, made, problem)


# --- two twists of the same formula ------------------------------------------------------------------------


def interval(request: runs.Request, start: int, end: int) -> tuple[tuple[float, float], int]:
    """(log-SNR from, to) of the steps between two shares of the way in per cent, and how many steps they are."""
    low, high = sorted((start, end))
    first = min(request.steps * low // 100, request.steps - 1)
    last = max(-(-request.steps * high // 100) - 1, first)
    levels = [request.schedule.log_snr(request.times[i]) for i in (first, last)]
    margin = 1e-3  # the engine holds levels in single precision
    return (levels[0] - margin, levels[1] + margin), last - first + 1


def twist_requests(request: runs.Request, scale: float, negative: Sequence[str], start: int,
                   end: int) -> list[runs.Request]:  # fmt: skip
    """Plain guidance, the same away from other words, the same in the middle steps only."""
    plain = replace(request, guidance_scale=scale, parts=False)
    return [plain, replace(plain, negative=tuple(negative)), replace(plain, interval=interval(plain, start, end)[0])]


def describe_row(request: runs.Request) -> str:
    """As runs.describe, without the one setting that varies."""
    return _without_scale(request)


def describe_crowd(request: runs.Request) -> str:
    """As runs.describe, with all the seeds."""
    first = request.seeds[0]
    return _without_scale(request).replace(f"seed {first}", f"seeds {first} to {first + CROWD - 1}", 1)


def titled(prompt: str, made: str) -> str:
    """A badge's text that begins with the prompt."""
    short = prompt if len(prompt) <= LONGEST else f"{prompt[: LONGEST - 1].rstrip()}…"
    return f"“{short}” · {made}"


def _without_scale(request: runs.Request) -> str:
    return runs.describe(request).replace(f" · guidance {request.guidance_scale:g}", "", 1)
