"""What batching buys a class: python -m benchmarks.engine [--quick] [--json FILE]

1, 8, 30 and 100 learners ask in the same instant, each with a seed of their own, for one guided picture or for four.
Batched: all of them in the engine at once. One at a time: each waits until the one before is finished, as they would
without an engine. Both ways take turns, and medians over the rounds are printed. One learner alone is held against a
plain loop, in turn, once with the network and once with one that answers at once: what is left is the engine's own. At
last, what it saves to guide only while the noise outweighs the picture.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from diffusion_core.courses import network_for
from diffusion_core.engine import Engine, Request
from diffusion_core.model import Model, load_network
from diffusion_core.samplers import SAMPLERS, Run, drive

PROMPT = "a green turtle wearing sunglasses with a basketball on the beach"
WORDS = tuple(PROMPT.split())
STEPS = 20
CLASSES = ((1, 1), (1, 4), (8, 1), (8, 4), (30, 1), (30, 4), (100, 1))  # learners, pictures each
LARGE = 30  # learners, from which on one round is enough: it lasts long


@dataclass(frozen=True)
class Waited:
    """How long each of a class waited, in seconds, for the first snapshot and for the finished picture."""

    first: tuple[float, ...]
    done: tuple[float, ...]

    @property
    def total(self) -> float:
        return max(self.done)


def requests(learners: int, pictures: int, offset: int) -> list[Request]:
    """One request a learner; no seed comes twice, so that nothing is computed once for two."""
    return [
        Request(WORDS, tuple(range(offset + i * pictures, offset + (i + 1) * pictures)), STEPS) for i in range(learners)
    ]


def batched(engine: Engine, asked: Sequence[Request]) -> Waited:
    """All at once."""
    began, first, done = time.perf_counter(), [0.0] * len(asked), [0.0] * len(asked)

    def wait(place: int, ticket) -> None:
        for step in ticket:
            if step.index == 0:
                first[place] = time.perf_counter() - began
        done[place] = time.perf_counter() - began

    threads = [
        threading.Thread(target=wait, args=(i, engine.submit(request, f"learner {i}:picture")))
        for i, request in enumerate(asked)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Waited(tuple(first), tuple(done))


def one_at_a_time(engine: Engine, asked: Sequence[Request]) -> Waited:
    """Each after the one before, through the same engine."""
    began, first, done = time.perf_counter(), [], []
    for i, request in enumerate(asked):
        for step in engine.submit(request, f"learner {i}:picture"):
            if step.index == 0:
                first.append(time.perf_counter() - began)
        done.append(time.perf_counter() - began)
    return Waited(tuple(first), tuple(done))


def without_engine(model: Model, seed: int) -> float:
    """Seconds for one guided picture in a plain loop on this thread: what the engine is held against."""
    request = requests(1, 1, seed)[0]
    began = time.perf_counter()
    run = Run.start(request.schedule, request.times, SAMPLERS[request.sampler], request.seeds, (3, 32, 32))
    for _ in drive(model.guided(WORDS, 1, request.guidance_scale), run):
        pass
    return time.perf_counter() - began


def compared(engine: Engine, learners: int, pictures: int, rounds: int) -> dict[str, float]:
    """One class, both ways in turn."""
    ways: dict[str, Callable] = {"batched": batched, "alone": one_at_a_time}
    waited: dict[str, list[Waited]] = {name: [] for name in ways}
    for turn in range(rounds):
        for place, (name, way) in enumerate(ways.items()):
            waited[name].append(way(engine, requests(learners, pictures, 10**6 * (2 * turn + place))))
    row = {"learners": learners, "pictures": pictures}
    for name, each in waited.items():
        row |= {f"{name}_{what}": statistics.median(_part(w, what) for w in each) for what in PARTS}
        row[f"{name}_rate"] = statistics.median(learners * pictures / w.total for w in each)
    gains = (a.total / b.total for a, b in zip(waited["alone"], waited["batched"], strict=True))
    return row | {"gain": statistics.median(gains)}


PARTS = ("first_p50", "first_p95", "done_p50", "done_p95")


def _part(waited: Waited, what: str) -> float:
    kind, percentile = what.split("_p")
    return float(np.percentile(getattr(waited, kind), int(percentile)))


def solo(engine: Engine, model: Model, rounds: int) -> dict[str, float]:
    """One learner alone: the engine against a plain loop."""
    alone, through = [], []
    for turn in range(rounds + 1):
        alone.append(without_engine(model, 77 + turn))
        through.append(batched(engine, requests(1, 1, 10**8 + turn)).total)
    loop, own = (statistics.median(times[1:]) for times in (alone, through))
    ratio = statistics.median(b / a for a, b in zip(alone[1:], through[1:], strict=True))
    return {"plain_loop": loop, "engine": own, "ratio": ratio}


def beside_the_network(model: Model, rounds: int = 20) -> dict[str, float]:
    """Seconds a step that are not the network's, in a plain loop and through the engine: one guided picture alone."""
    quick = replace(model, quick=_at_once)
    engine = Engine(lambda network: quick)
    spent = solo(engine, quick, rounds)
    engine.stop()
    return {way: spent[way] / STEPS for way in ("plain_loop", "engine")}


def _at_once(x: Tensor, log_snr: Tensor, heard: Tensor, mask: Tensor) -> Tensor:
    return torch.zeros(*heard.shape[:2], *x.shape[1:])  # (B, K, 3, H, W)


def half_guided(engine: Engine, rounds: int) -> float:
    """8 learners × 4 pictures, guided while the noise outweighs the picture: their time ÷ guided throughout."""
    shares = []
    for turn in range(rounds):
        whole = requests(8, 4, 10**7 * (2 * turn + 31))
        half = [replace(each, interval=(-math.inf, 0.0)) for each in requests(8, 4, 10**7 * (2 * turn + 32))]
        throughout = batched(engine, whole).total
        shares.append(batched(engine, half).total / throughout)
    return statistics.median(shares)


def table(rows: Sequence[dict[str, float]]) -> str:
    """Markdown."""
    titles = ("learners × pictures", "pictures a second, batched", "one at a time", "gain",
              "first snapshot, p50 / p95", "finished, p50 / p95", "finished one at a time, p50 / p95")  # fmt: skip
    lines = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    for r in rows:
        pairs = [
            f"{r[a]:.2f} / {r[b]:.2f} s"
            for a, b in (("batched_first_p50", "batched_first_p95"), ("batched_done_p50", "batched_done_p95"),
                         ("alone_done_p50", "alone_done_p95"))
        ]  # fmt: skip
        cells = [f"{r['learners']:.0f} × {r['pictures']:.0f}", f"{r['batched_rate']:.1f}", f"{r['alone_rate']:.1f}"]
        lines.append(f"| {' | '.join(cells)} | {r['gain']:.2f} | {' | '.join(pairs)} |")
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of small classes, under a minute")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    options = parser.parse_args()
    rounds, classes = (1, CLASSES[:3]) if options.quick else (options.rounds, CLASSES)
    model = load_network(network_for(requests(1, 1, 0)[0]))
    engine = Engine(load_network)  # its own: in both number types, as a learner has them
    for pictures in (1, 4):
        batched(engine, requests(8, pictures, 5 * 10**8))  # warm
    alone, beside = solo(engine, model, 3 * max(3, rounds)), beside_the_network(model)
    print(f"alone: {alone['engine']:.3f} s through the engine, {alone['plain_loop']:.3f} s in a plain loop "
          f"({alone['ratio']:.2f}×); of a step {1e3 * beside['engine']:.2f} and {1e3 * beside['plain_loop']:.2f} ms "
          "are not the network's\n")  # fmt: skip
    rows = [compared(engine, n, each, 1 if n >= LARGE else rounds) for n, each in classes]
    half = half_guided(engine, rounds)
    engine.stop()
    print(table(rows))
    print(f"\nGuided only while the noise outweighs the picture, 8 × 4 pictures take {half:.2f} of the time.")
    if options.json:
        options.json.write_text(json.dumps(
            {"solo": alone, "beside_the_network": beside, "classes": rows, "half_guided": half}, indent=1
        ))


if __name__ == "__main__":
    main()
