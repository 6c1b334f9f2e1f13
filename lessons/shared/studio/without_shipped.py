"""What the lesson "With and without" ships for its first paint: three runs, two counts, and every switch."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from diffusion_core.tickets import StepRecord
from diffusion_core.world.prompts import read_prompt
from lessons.shared.player import Frame
from lessons.shared.studio import cached, engines, tallies, without
from lessons.shared.studio.schedules import pixels
from lessons.shared.studio.seen import Seen, from_record, look, of_scene

NAME = "without"
TRACKS = ("free", "told", "kept", "switched")
WORDS, OTHER_WORDS = read_prompt(without.PROMPT).words, read_prompt(without.OTHER).words
DEFAULTS = {
    "one": without.one_noise(WORDS, without.SEED, without.SCALE),
    "many": without.many(WORDS, without.SEED, without.SCALE),
    "change": without.change(WORDS, OTHER_WORDS, without.WHEN, without.SEED, without.SCALE),
    "switches": without.every_switch(WORDS, OTHER_WORDS, without.SEED, without.SCALE, without.SHIPPED_ROUNDS),
}
TOLD = {"many": (without.PROMPT,), "switches": (without.PROMPT, without.OTHER)}


@dataclass(frozen=True)
class Shipped:
    """Frames of the four tracks, and the two finished batches."""

    tracks: Mapping[str, list[Frame]]
    batches: Mapping[str, without.Batch]


def load() -> Shipped:
    """Raises PrecomputedMissing."""
    arrays, told = cached.load(NAME)
    tracks = {track: _frames(arrays, "told" if track == "kept" else track) for track in TRACKS}
    batches = {}
    for part, typed in TOLD.items():
        pictures = {slot: arrays[slot] for slot in DEFAULTS[part]}
        seen = {slot: tuple(map(from_record, told["seen"][slot])) for slot in pictures}
        batches[part] = without.Batch(pictures, seen, "cached", DEFAULTS[part], typed)
    return Shipped(tracks, batches)


def _frames(arrays: Mapping[str, np.ndarray], track: str) -> list[Frame]:
    parts = (arrays["t"], arrays[f"{track}_x_t"], arrays[f"{track}_x0_hat"])
    return [Frame(int(t), x_t, x0_hat, None) for t, x_t, x0_hat in zip(*parts, strict=True)]


def training() -> tallies.Training:
    """Shares in the training drawings; counted now where the shipped ones are missing."""
    try:
        told = cached.load(NAME)[1]["training"]
    except cached.PrecomputedMissing:
        return tallies.training(without.COUNT)
    return tallies.Training(told["shares"], told["distinct"])


def seen_last(frames: list[Frame]) -> Seen:
    """What the judge sees in a finished picture."""
    return look(pixels(frames[-1].x_t)[None])[0]


def seen_shipped(track: str) -> Seen:
    """The same for a shipped track, without asking the judge again."""
    return from_record(cached.load(NAME)[1]["seen"][track][0])


def named(prompt: str) -> Seen:
    """What a prompt names, in the judge's terms."""
    return of_scene(read_prompt(prompt).scene)


def make_shipped() -> cached.Result:
    """Run and judge all of DEFAULTS, for `python -m lessons.precompute`."""
    arrays: dict[str, np.ndarray] = {}
    seen: dict[str, list[dict]] = {}
    for requests in DEFAULTS.values():
        for slot, records in _run(requests).items():
            pictures = pixels(records[-1].x_t)
            seen[slot] = [each.record() for each in look(pictures)]
            if slot not in TRACKS:
                arrays[slot] = pictures
            elif slot != "kept":  # the same run as "told"
                arrays |= {f"{slot}_{name}": np.stack([getattr(r, name)[0] for r in records])
                           for name in ("x_t", "x0_hat")}  # fmt: skip
                arrays["t"] = np.array([r.t for r in records])
    counted = tallies.training(without.COUNT)
    training = {"shares": counted.shares, "distinct": counted.distinct}
    return arrays, {"seen": seen, "training": training, "seed": without.SEED}


def _run(requests: without.Requests) -> dict[str, list[StepRecord]]:
    """All steps of every request, by slot."""
    own = engines.own_engine()
    tickets = {slot: own.submit(request, slot) for slot, request in requests.items()}
    while not all(ticket.over for ticket in tickets.values()):
        for ticket in tickets.values():
            ticket.since(0)  # the engine drops what nobody asks for
        time.sleep(0.05)
    own.stop()
    for ticket in tickets.values():
        if ticket.state != "done":
            raise RuntimeError(ticket.problem or f"the run is {ticket.state}")
    return {slot: ticket.since(0) for slot, ticket in tickets.items()}
