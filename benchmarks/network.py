"""How fast the network is on this machine: python -m benchmarks.network [--json FILE]

Forward passes by batch size, one training step, and the best matrix product measured in the same run, so that
the share of the machine's ceiling can be said. Medians of interleaved rounds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from diffusion_core.jobs import autocast
from diffusion_core.nn.unet import UNet, UNetConfig
from diffusion_core.training import WEIGHTINGS, FitSettings, TrainState, v_loss

BATCHES = (1, 2, 4, 8, 16, 32)
TRAIN_BATCH = 64


def inputs(rows: int) -> tuple[Tensor, ...]:
    """x_t, log_snr, words, mask for `rows` pictures."""
    x = torch.randn(rows, 3, 32, 32).to(memory_format=torch.channels_last)
    return x, torch.randn(rows), torch.randn(rows, 24, 128), torch.ones(rows, 24, dtype=torch.bool)


def forward(unet: UNet, rows: int, half: bool) -> Callable[[], None]:
    """One pass without gradients, in float32 or under bfloat16 autocast."""
    given = inputs(rows)

    def run() -> None:
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=half):
            unet(*given)

    return run


def training_step(unet: UNet) -> Callable[[], None]:
    """One whole optimiser step, moving average included, as diffusion_core.train takes it."""
    settings = FitSettings(1.0, batch=TRAIN_BATCH)
    state, generator = TrainState.fresh(unet, settings), torch.Generator().manual_seed(0)
    x0, _, words, mask = inputs(TRAIN_BATCH)

    def run() -> None:
        with autocast(torch.device("cpu")):
            loss = v_loss(lambda x, s: unet(x, s, words, mask), x0, WEIGHTINGS["plain"], generator)
        state.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        state.optimiser.step()
        state.update_average(settings)

    return run


def matmul(kind: torch.dtype) -> Callable[[], None]:
    """The best matrix product this machine does: 2,048 squared."""
    a, b = torch.randn(2, 2048, 2048).to(kind)
    return lambda: (a @ b, None)[1]


def medians(jobs: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Seconds of each job, interleaved so that a slow moment hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for round_ in range(rounds + 1):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            if round_:  # the first warms up
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(spent) for name, spent in times.items()}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    unet = UNet(UNetConfig()).to(memory_format=torch.channels_last)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        unet(*inputs(1))
    flops = counter.get_total_flops()
    jobs = {f"forward {kind} {n}": forward(unet, n, kind == "bf16") for n in BATCHES for kind in ("float32", "bf16")}
    jobs |= {"matmul float32": matmul(torch.float32), "matmul bf16": matmul(torch.bfloat16)}
    jobs["training step"] = training_step(UNet(UNetConfig()).to(memory_format=torch.channels_last))
    spent = medians(jobs, options.rounds)
    ceiling = {kind: 2 * 2048**3 / spent[f"matmul {kind}"] for kind in ("float32", "bf16")}
    parameters = sum(p.numel() for p in unet.parameters())
    print(f"{parameters / 1e6:.2f} M parameters, {flops / 1e9:.2f} GFLOP a picture, {torch.get_num_threads()} threads")
    print(f"best matrix product: {ceiling['float32'] / 1e9:.0f} GFLOP/s float32, {ceiling['bf16'] / 1e9:.0f} bf16\n")
    print("| batch | float32 | share of ceiling | bf16 | share of ceiling |\n|---|---|---|---|---|")
    for n in BATCHES:
        cells = []
        for kind in ("float32", "bf16"):
            seconds = spent[f"forward {kind} {n}"]
            cells += [f"{seconds * 1e3:.1f} ms", f"{n * flops / seconds / ceiling[kind]:.0%}"]
        print(f"| {n} | {' | '.join(cells)} |")
    rate = TRAIN_BATCH / spent["training step"]
    share = 3 * flops * rate / ceiling["bf16"]
    print(f"\ntraining: {rate:.0f} pictures/s at batch {TRAIN_BATCH} (bf16), {share:.0%} of the bf16 ceiling")
    if options.json:
        options.json.write_text(json.dumps({"seconds": spent, "ceiling": ceiling, "flops": flops}, indent=1))


if __name__ == "__main__":
    main()
