"""How fast the network is on this machine: python -m benchmarks.network [--json FILE]

One pass by batch size in three ways: asked for operation by operation, frozen with every operation shared out over the
cores, and frozen with the rows shared out, as the course runs it. One training step, and the best matrix product and
3×3 convolution of the same run, so that the share of the machine's ceiling can be said. Medians of interleaved rounds.
Then what a pass of sixteen rows on one core is made of: the profile that says where the rest of the ceiling went.
The course's server has its cores sleep while they wait: OMP_WAIT_POLICY=PASSIVE in front of the command does the same.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

from diffusion_core.frozen import fast_bfloat16, freeze
from diffusion_core.jobs import autocast
from diffusion_core.model import Typed
from diffusion_core.nn.unet import UNet, UNetConfig
from diffusion_core.spread import spread
from diffusion_core.training import WEIGHTINGS, FitSettings, TrainState, v_loss

BATCHES = (1, 2, 4, 8, 16, 32)
TRAIN_BATCH = 64
WAYS = ("plain", "frozen", "by rows")
PROFILED = 16  # rows
KINDS = {  # of operations, by what PyTorch calls them
    "convolutions": ("convolution",),
    "matrix products": ("mm", "addmm", "bmm", "baddbmm"),
    "norms": ("native_group_norm", "native_layer_norm"),
    "activations and softmax": ("silu", "gelu", "softmax", "masked_fill"),
    "copies and changes of type": ("copy", "cat", "clone", "index_select", "pixel_shuffle", "pixel_unshuffle"),
    "sums and products, element by element": ("add", "mul", "div"),
}
REST = "all the rest"
SIDE, WIDTH = 16, 256  # of the convolution that says what the machine can do


def inputs(rows: int) -> tuple[Tensor, ...]:
    """x_t, log_snr, words heard, mask for `rows` pictures of one sentence each."""
    x = torch.randn(rows, 3, 32, 32).to(memory_format=torch.channels_last)
    return x, torch.randn(rows), torch.randn(rows, 1, 24, 128), torch.ones(rows, 1, 24, dtype=torch.bool)


def forward(unet: UNet, rows: int, kind: torch.dtype) -> dict[str, Callable[[], None]]:
    """One pass without gradients, in each way."""
    given, typed = inputs(rows), Typed(unet, kind).eval()
    frozen = freeze(typed, *inputs(2))
    ways = zip(WAYS, (typed, frozen, spread(frozen, least=1 if kind is torch.float32 else 2)), strict=True)
    return {way: _quietly(network, given) for way, network in ways}


def _quietly(network: Callable, given: tuple[Tensor, ...]) -> Callable[[], None]:
    @torch.inference_mode()
    def run() -> None:
        network(*given)

    return run


def training_step(unet: UNet) -> Callable[[], None]:
    """One whole optimiser step, moving average included, as diffusion_core.train takes it."""
    settings = FitSettings(1.0, batch=TRAIN_BATCH)
    state, generator = TrainState.fresh(unet, settings), torch.Generator().manual_seed(0)
    x0, _, words, mask = inputs(TRAIN_BATCH)
    words, mask = words[:, 0], mask[:, 0]

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


def convolution(kind: torch.dtype) -> Callable[[], None]:
    """A 3×3 convolution as the network has them, of eight pictures, on each core by itself."""
    layer = nn.Conv2d(WIDTH, WIDTH, 3, padding=1, bias=False).to(kind).to(memory_format=torch.channels_last)
    x = torch.randn(8 * torch.get_num_threads(), WIDTH, SIDE, SIDE).to(kind).to(memory_format=torch.channels_last)
    whole = spread(layer)
    return lambda: (whole(x), None)[1]


def convolution_flops() -> int:
    """Of one such."""
    return 2 * 9 * WIDTH**2 * SIDE**2 * 8 * torch.get_num_threads()


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


def made_of(unet: UNet, kind: torch.dtype, passes: int = 10) -> dict[str, float]:
    """The share of each kind of operation in the time of a frozen pass on one core."""
    frozen, given, threads = freeze(Typed(unet, kind).eval(), *inputs(2)), inputs(PROFILED), torch.get_num_threads()
    torch.set_num_threads(1)
    run = _quietly(frozen, given)
    for _ in range(4):  # the interpreter settles on its third call
        run()
    with profile(activities=[ProfilerActivity.CPU]) as profiled:
        for _ in range(passes):
            run()
    torch.set_num_threads(threads)
    spent: Counter[str] = Counter()
    for each in profiled.key_averages():
        spent[_kind_of(each.key)] += each.self_cpu_time_total
    return {name: spent[name] / spent.total() for name in (*KINDS, REST)}


def _kind_of(operation: str) -> str:
    name = operation.removeprefix("aten::").strip("_").removeprefix("mkldnn_")
    return next((kind for kind, names in KINDS.items() if name in names), REST)


def tell(
    spent: dict[str, float], products: dict[str, float], convolutions: dict[str, float], flops: int, parameters: int
) -> None:
    """Print a table for each number type, and the rate of training."""
    waiting = os.environ.get("OMP_WAIT_POLICY", "as OpenMP likes")
    print(f"{parameters / 1e6:.2f} M parameters, {flops / 1e9:.2f} GFLOP a picture, {torch.get_num_threads()} threads "
          f"that wait {waiting}\n")  # fmt: skip
    for name, product in products.items():
        print(f"{name}: best matrix product {product / 1e9:.0f} GFLOP/s, 3×3 convolution "
              f"{convolutions[name] / 1e9:.0f}\n")  # fmt: skip
        print("| batch | plain | frozen | frozen, by rows | GFLOP/s | share of product |\n|---|---|---|---|---|---|")
        for n in BATCHES:
            times = [spent[f"{way} {name} {n}"] for way in WAYS]
            rate = n * flops / times[-1]
            cells = [f"{seconds * 1e3:.1f} ms" for seconds in times]
            print(f"| {n} | {' | '.join(cells)} | {rate / 1e9:.0f} | {rate / product:.0%} |")
        print()
    print(f"training: {TRAIN_BATCH / spent['training step']:.0f} pictures/s at batch {TRAIN_BATCH}")


def tell_shares(shares: dict[str, dict[str, float]]) -> None:
    """Print what a pass is made of, in each number type."""
    print(f"\n| one pass of {PROFILED} rows on one core | {' | '.join(shares)} |\n|---{'|---' * len(shares)}|")
    for name in (*KINDS, REST):
        print(f"| {name} | {' | '.join(f'{share[name]:.0%}' for share in shares.values())} |")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    unet = UNet(UNetConfig()).to(memory_format=torch.channels_last)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        unet.answer(*inputs(1))
    flops = counter.get_total_flops()
    kinds = {"float32": torch.float32} | ({"bfloat16": torch.bfloat16} if fast_bfloat16() else {})
    jobs = {
        f"{way} {name} {n}": job
        for n in BATCHES
        for name, kind in kinds.items()
        for way, job in forward(unet, n, kind).items()
    }
    jobs |= {f"product {name}": matmul(kind) for name, kind in kinds.items()}
    jobs |= {f"convolution {name}": convolution(kind) for name, kind in kinds.items()}
    jobs["training step"] = training_step(UNet(UNetConfig()).to(memory_format=torch.channels_last))
    spent = medians(jobs, options.rounds)
    products = {name: 2 * 2048**3 / spent[f"product {name}"] for name in kinds}
    convolutions = {name: convolution_flops() / spent[f"convolution {name}"] for name in kinds}
    parameters = sum(p.numel() for p in unet.parameters())
    tell(spent, products, convolutions, flops, parameters)
    shares = {name: made_of(unet, kind) for name, kind in kinds.items()}
    tell_shares(shares)
    if options.json:
        found = {"seconds": spent, "products": products, "convolutions": convolutions, "flops": flops,
                 "made_of": shares}  # fmt: skip
        options.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
