"""The same noises with words, without them, and with other words halfway: what to run, and what came of it.

A part of the lesson is a set of requests, one for each slot. Sets of many pictures are cut into requests of a few
seeds, so that other learners' pictures keep moving; once all are done, only the finished pictures are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from diffusion_core.shipped import ShippedFileError
from diffusion_core.tickets import Switch
from lessons.shared.studio import runs
from lessons.shared.studio.outcomes import apart
from lessons.shared.studio.schedules import pixels
from lessons.shared.studio.seen import Seen, look

Words = tuple[str, ...]
Requests = Mapping[str, runs.Request]  # by slot

PROMPT, OTHER, SEED, SCALE, WHEN = "a red cat on the beach", "a blue robot in the forest", 5, 3.0, 8
STEPS = 20
COUNT, TOGETHER = 24, 8  # pictures of a count; pictures in one request
SWITCHES = tuple(range(0, STEPS + 1, 2))
ROUNDS, SHIPPED_ROUNDS = 4, 8  # noises tried at each switch: live, and for the shipped answer
SLOTS = {  # by part of the page
    "one": ("free", "told"),
    "many": tuple(f"{name}-{i}" for name in ("free", "told") for i in range(COUNT // TOGETHER)),
    "change": ("kept", "switched", *(f"switch-{when}" for when in SWITCHES)),
}
SAME, EVEN = 0.5, 0.15  # shades between two pictures that are one; spread of a picture without contrast
KEPT = "beaker_without"


def one_noise(words: Words, seed: int, scale: float) -> Requests:
    """One noise without words (scale 0: none are heard), and the same with them."""
    told = runs.Request(words, (seed,), STEPS, guidance_scale=scale)
    return {"free": replace(told, guidance_scale=0.0), "told": told}


def many(words: Words, seed: int, scale: float) -> Requests:
    """COUNT seeds in a row, each without words and with them."""
    groups = [tuple(range(first, first + TOGETHER)) for first in range(seed, seed + COUNT, TOGETHER)]
    pairs = [one_noise(words, seed, scale) for _ in groups]
    return {f"{name}-{i}": replace(pair[name], seeds=group) for name in ("free", "told")
            for i, (pair, group) in enumerate(zip(pairs, groups, strict=True))}  # fmt: skip


def change(words: Words, other: Words, when: int, seed: int, scale: float) -> Requests:
    """A run that keeps its words, and the same noise with other words from step `when` on."""
    kept = runs.Request(words, (seed,), STEPS, guidance_scale=scale)
    return {"kept": kept, "switched": replace(kept, switch=Switch(when, other))}


def every_switch(words: Words, other: Words, seed: int, scale: float, rounds: int = ROUNDS) -> Requests:
    """A few noises, each with the change at every one of SWITCHES."""
    kept = runs.Request(words, tuple(range(seed, seed + rounds)), STEPS, guidance_scale=scale)
    return {f"switch-{when}": replace(kept, switch=Switch(when, other)) for when in SWITCHES}


@dataclass(frozen=True)
class Batch:
    """Finished pictures by slot, what the judge saw in them, and how they came about."""

    pictures: Mapping[str, np.ndarray]  # uint8 (N, 32, 32, 3)
    seen: Mapping[str, tuple[Seen, ...]]  # empty where the judge is missing
    badge: str  # live or cached
    requests: Requests
    told: tuple[str, ...] = ()  # the prompts as they were typed
    problem: str = ""  # why there is no judge, and what to do

    def made(self, name: str) -> str:
        """For the badge: what made the pictures of the slots `name`-0, `name`-1, …"""
        return describe([request for slot, request in self.requests.items() if slot.rpartition("-")[0] == name])

    @property
    def first_seed(self) -> int:
        return min(seed for request in self.requests.values() for seed in request.seeds)

    def joined(self, name: str) -> tuple[np.ndarray, tuple[Seen, ...]]:
        """The pictures of all slots `name`-0, `name`-1, … as one, and what was seen in them."""
        slots = [slot for slot in self.pictures if slot.rpartition("-")[0] == name]
        return (np.concatenate([self.pictures[slot] for slot in slots]),
                tuple(each for slot in slots for each in self.seen.get(slot, ())))  # fmt: skip


def begin(requests: Requests, titles: Sequence[str]) -> None:
    """Start all; `titles` go to the slots in turn."""
    _forget(requests)
    for i, (slot, request) in enumerate(requests.items()):
        runs.start(slot, request, titles[i % len(titles)])


def stop_others(part: str) -> None:
    """Stop what other parts of the page have still running: nobody is looking."""
    runs.cancel([slot for name, slots in SLOTS.items() if name != part for slot in slots])


def collected(part: str, requests: Requests) -> Batch | None:
    """The last finished batch of a part; one that has just been finished is judged and takes its place."""
    kept = st.session_state.setdefault(KEPT, {})
    jobs = runs.jobs(requests)
    if len(jobs) == len(requests) and all(job.state == "done" for job in jobs):
        ran = {slot: job.request for slot, job in zip(requests, jobs, strict=True)}
        pictures = {slot: pixels(runs.records(slot)[-1].x_t) for slot in requests}
        seen, problem = judged(pictures)
        titles = tuple(dict.fromkeys(job.title for job in jobs))
        kept[part] = Batch(pictures, seen, "live", ran, titles, problem)
        _forget(requests)  # every step of every picture would be megabytes
    return kept.get(part)


def judged(pictures: Mapping[str, np.ndarray]) -> tuple[dict[str, tuple[Seen, ...]], str]:
    """What the judge sees in each slot's pictures; without a judge nothing, and the reason."""
    try:
        found = look(np.concatenate(list(pictures.values())))
    except ShippedFileError as problem:
        return {}, str(problem)
    ends = np.cumsum([0, *(len(p) for p in pictures.values())])
    return {slot: found[a:b] for slot, a, b in zip(pictures, ends[:-1], ends[1:], strict=True)}, ""


def kind_of(free: np.ndarray, free_seen: Seen, told: np.ndarray, told_seen: Seen) -> str:
    """What a picture without words turned out to be: the same as with words, an average, its own scene, or unclear.

    Pictures are (H, W, 3) in [−1, 1] units.
    """
    alike = (free_seen.subjects, free_seen.place) == (told_seen.subjects, told_seen.place)
    if apart(free, told) < SAME or (free_seen.subjects and alike):
        return "same"
    if any(free_seen.subjects):
        return "own"
    return "average" if float(np.clip(free, -1, 1).std()) < EVEN else "unclear"


def describe(requests: Sequence[runs.Request]) -> str:
    """As runs.describe, with all the seeds."""
    seeds = sorted({seed for request in requests for seed in request.seeds})
    many_seeds = f"seeds {seeds[0]} to {seeds[-1]}" if len(seeds) > 1 else f"seed {seeds[0]}"
    return runs.describe(requests[0]).replace(f"seed {requests[0].seeds[0]}", many_seeds, 1)


def _forget(slots: Iterable[str]) -> None:
    for slot in slots:
        runs.clear(slot)
