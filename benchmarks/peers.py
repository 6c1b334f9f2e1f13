"""Our network beside those of other packages, in one run: python -m benchmarks.peers [--quick] [--json FILE]

Four guided 32×32 pictures in 20 steps of DPM-Solver++(2M), one training step, one pass of 16 rows. The others are
made as large as ours, once in parameters and once in arithmetic. Ratios are our time ÷ theirs: below 1, ours is
faster. They want benchmarks/requirements-peers.txt.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import torch

from benchmarks import peer_jobs, peer_report
from benchmarks.network import matmul
from benchmarks.peer_networks import (
    DIFFUSERS,
    INSTALL,
    PLAIN,
    Family,
    Layout,
    Size,
    family_size,
    match,
    our_flops_a_row,
    our_size,
)
from benchmarks.peer_report import OURS, Times, interleaved
from diffusion_core.engine import Engine
from diffusion_core.frozen import fast_bfloat16
from diffusion_core.model import Model, load_network

WAYS = {"parameters": "equal parameters", "flops": "equal FLOPs"}
NO_HALF = (
    "bfloat16 is left out: this processor has no bfloat16 arithmetic of its own and is about a hundred times slower "
    "where it must imitate it."
)
FAMILIES = (DIFFUSERS, PLAIN)
QUICK_ROUNDS, QUICK_BATCH = 2, 8
PRODUCT = 2 * 2048**3  # FLOPs of the matrix product that says what the machine can do


@dataclass(frozen=True)
class Peer:
    """One network to stand beside."""

    family: Family
    way: str  # "parameters" or "flops": what it has as much of as ours
    layout: Layout
    size: Size
    half: bool = False  # bfloat16 in channels-last, instead of plain float32

    @property
    def label(self) -> str:
        """Its name in tables."""
        return f"{self.family.name}, {WAYS[self.way]}, {'bfloat16' if self.half else 'float32'}"

    def network(self) -> torch.nn.Module:
        """A fresh one: each job has its own."""
        return self.family.build(self.layout)

    def sampler(self) -> torch.nn.Module:
        """A fresh one that only predicts."""
        network = self.network().eval().requires_grad_(False)
        return network.to(torch.bfloat16, memory_format=torch.channels_last) if self.half else network


def peers_like(families: Sequence[Family], ours: Size, half: bool) -> list[Peer]:
    """Each package in both sizes, diffusers also in bfloat16 where that is worth it."""
    peers = []
    for family, way in itertools.product(families, WAYS):
        layout = match(family, ours, way)
        peers.append(Peer(family, way, layout, family_size(family, layout)))
        if half and family is DIFFUSERS:
            peers.append(replace(peers[-1], half=True))
    return peers


def measure_pictures(engine: Engine, model: Model, peers: Sequence[Peer], rounds: int) -> dict[str, dict]:
    """Four guided pictures by each."""
    jobs = {OURS: peer_jobs.our_pictures(engine)}
    jobs |= {p.label: peer_jobs.their_pictures(p.sampler(), model, p.half) for p in peers}
    return peer_report.compared(interleaved(jobs, rounds, partial(progress, "pictures")))


def measure_training(model: Model, peers: Sequence[Peer], batch: int, rounds: int) -> dict[str, dict]:
    """One training step by each."""
    jobs = {OURS: peer_jobs.our_training_step(model, batch)}
    jobs |= {p.label: peer_jobs.their_training_step(p.network(), model, batch, p.half) for p in peers}
    return peer_report.compared(interleaved(jobs, rounds, partial(progress, "training")))


def measure_passes(
    engine: Engine, a_row: int, peers: Sequence[Peer], rounds: int, half: bool
) -> tuple[dict[str, dict], dict[str, float]]:
    """One pass by each, as a share of the fastest matrix product in its type among the rounds; and those products.

    a_row: FLOPs for a row of ours.
    """
    kinds = {name: getattr(torch, name) for name in ("float32", "bfloat16")[: 1 + half]}
    ours_by_kind = {f"{OURS}, {kind}": kind for kind in kinds}
    jobs = {
        name: peer_jobs.our_pictures(engine, peer_jobs.ROWS // 2, exact=kind == "float32")
        for name, kind in ours_by_kind.items()
    }
    jobs |= {kind: matmul(number) for kind, number in kinds.items()}
    jobs |= {p.label: peer_jobs.their_pass(p.sampler(), p.half) for p in peers}
    times: Times = interleaved(jobs, rounds, partial(progress, "passes"))
    products = {kind: PRODUCT / min(times.pop(kind)) for kind in kinds}
    # a whole request of ours, sampler and all, by its steps: what a learner's passes take
    times |= {name: [seconds / peer_jobs.STEPS for seconds in times[name]] for name in ours_by_kind}
    flops = dict.fromkeys(ours_by_kind, a_row) | {p.label: p.size.flops for p in peers}
    ceilings = {name: products[kind] for name, kind in ours_by_kind.items()}
    ceilings |= {p.label: products["bfloat16" if p.half else "float32"] for p in peers}
    return peer_report.shares(times, flops, peer_jobs.ROWS, ceilings), products


def progress(kind: str, where: str) -> None:
    """One line that overwrites itself, for people only."""
    if sys.stderr.isatty():
        print(f"\r\033[K{kind}: {where}", end="\r", file=sys.stderr, flush=True)


def network_table(ours: Size, peers: Sequence[Peer]) -> str:
    """Who stands beside whom, and how near the sizes are."""
    lines = ["| network | layout | parameters | GFLOP a picture and pass |", "|---|---|---|---|"]
    lines.append(f"| {OURS} | | {ours.parameters / 1e6:.2f} M | {ours.flops / 1e9:.3f} |")
    for p in (p for p in peers if not p.half):
        size, off = p.size, getattr(p.size, p.way) / getattr(ours, p.way) - 1
        cells = [f"{size.parameters / 1e6:.2f} M", f"{size.flops / 1e9:.3f}"]
        cells[list(WAYS).index(p.way)] += f" ({off:+.1%})"
        lines.append(f"| {p.family.name}, {WAYS[p.way]} | {p.family.describe(p.layout)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def run(families: Sequence[Family], rounds: int, batch: int) -> dict:
    """Measure and print everything; returns the record for programs."""
    model, half = load_network("unet"), fast_bfloat16()
    engine, ours = Engine(load_network), our_size(model.unet.config)
    peers, threads = peers_like(families, ours, half), torch.get_num_threads()
    print(f"{threads} threads, PyTorch {torch.__version__}, {rounds} rounds; in brackets the middle half of them\n")
    a_row = our_flops_a_row(model.unet.config)
    print(network_table(ours, peers) + "\n")
    print(f"In a guided pass a row of ours takes {a_row / 1e9:.3f} GFLOP: words are heard beforehand, and what its two "
          "rows share is computed once\n")  # fmt: skip
    if not half:
        print(NO_HALF + "\n")
    pictures = measure_pictures(engine, model, peers, rounds)
    print(peer_report.comparison_table("four guided pictures, 20 steps", pictures) + "\n")
    training = measure_training(model, peers, batch, rounds)
    print(peer_report.comparison_table(f"one training step, batch {batch}", training) + "\n")
    passes, products = measure_passes(engine, a_row, peers, rounds, half)
    print(peer_report.share_table(passes, peer_jobs.ROWS) + "\n")
    best = " and ".join(f"{rate / 1e9:.0f} GFLOP/s in {kind}" for kind, rate in products.items())
    print(f"best matrix product in this run: {best}")
    engine.stop()
    headline = {f"equal_{p.way}": p.label for p in peers if p.family is DIFFUSERS and not p.half}
    facts = {
        "networks": {OURS: asdict(ours)} | {p.label: {"layout": p.layout, **asdict(p.size)} for p in peers},
        "matmul_flops_per_second": products, "threads": threads, "bfloat16": half, "rounds": rounds, "batch": batch,
    }  # fmt: skip
    return peer_report.record(headline, facts, pictures=pictures, training=training, passes=passes)


def options_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line's options; each that cannot be used is named in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9, help="how often each is timed, after one that warms up")
    parser.add_argument("--batch", type=int, default=64, help="pictures in one training step")
    parser.add_argument("--quick", action="store_true", help="under a minute: diffusers alone, few and small rounds")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    options = parser.parse_args(arguments)
    if options.rounds < 1 or options.batch < 1:
        parser.error("--rounds and --batch must be at least 1")
    options.families = FAMILIES[:1] if options.quick else FAMILIES
    missing = [f.package for f in options.families if importlib.util.find_spec(f.package) is None]
    if missing:
        parser.error(f"{' and '.join(missing)} cannot be found; install with: {INSTALL}")
    if options.quick:
        options.rounds, options.batch = min(options.rounds, QUICK_ROUNDS), min(options.batch, QUICK_BATCH)
    return options


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    options = options_of(arguments)
    found = run(options.families, options.rounds, options.batch)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
