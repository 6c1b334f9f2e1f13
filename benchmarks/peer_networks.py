"""The networks of other packages, made as large as ours: in parameters, or in arithmetic.

Sizes are counted on PyTorch's meta device: shapes without numbers, so that trying a layout costs no memory. There
the fused attention of diffusers is counted, too, which FlopCounterMode passes over on a CPU.
"""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from itertools import product
from types import ModuleType

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from diffusion_core.nn.unet import UNet, UNetConfig

INSTALL = "python -m pip install --no-deps -r benchmarks/requirements-peers.txt"
CLOSE = 0.02  # how far a matched size may be off
GROUPS = 8  # diffusers' GroupNorm wants channels in multiples of its number of groups
Layout = tuple[int, ...]


@dataclass(frozen=True)
class Size:
    """What a network weighs: parameters, and FLOPs for one picture in one pass."""

    parameters: int
    flops: int


@dataclass(frozen=True)
class Family:
    """A package's U-Net in all its sizes.

    layouts(scale) gives layouts around that many times its usual width, those nearest to its usual proportions first.
    """

    name: str
    package: str  # what is imported
    build: Callable[[Layout], nn.Module]
    layouts: Callable[[float], list[Layout]]
    describe: Callable[[Layout], str]


class DiffusersUNet(nn.Module):
    """UNet2DConditionModel of three levels, called as (x, t, words) → prediction."""

    def __init__(self, channels: Layout):
        super().__init__()
        from diffusers import UNet2DConditionModel

        self.unet = UNet2DConditionModel(
            sample_size=32, in_channels=3, out_channels=3, block_out_channels=channels, layers_per_block=1,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            cross_attention_dim=UNetConfig().word_dim, norm_num_groups=GROUPS,
            attention_head_dim=8,  # which in this class is the number of heads: eight, as by default
        )  # fmt: skip

    def forward(self, x: Tensor, t: Tensor, words: Tensor) -> Tensor:
        """No mask for the padding: Stable Diffusion's pipeline gives none, and it is faster without."""
        return self.unet(x, t, encoder_hidden_states=words, return_dict=False)[0]


class PlainUNet(nn.Module):
    """The U-Net of denoising-diffusion-pytorch, called alike; it hears no words, which spares it that work."""

    def __init__(self, layout: Layout):
        super().__init__()
        with without_torchvision():
            from denoising_diffusion_pytorch.denoising_diffusion_pytorch import Unet

        dim, head = layout
        self.unet = Unet(dim, dim_mults=(1, 2, 4), attn_dim_head=head)

    def forward(self, x: Tensor, t: Tensor, words: Tensor) -> Tensor:
        return self.unet(x, t)


@contextmanager
def without_torchvision() -> Iterator[None]:
    """Let a package be imported that asks for torchvision but measures the same without it."""
    if importlib.util.find_spec("torchvision") is not None:
        yield
        return
    empty = ModuleType("torchvision")
    empty.transforms = empty.utils = None
    empty.__spec__ = ModuleSpec("torchvision", None)
    sys.modules["torchvision"] = empty
    try:
        yield
    finally:
        del sys.modules["torchvision"]  # so that nobody else takes it for the real one


def diffusers_layouts(scale: float) -> list[Layout]:
    """Channels near 1:2:4 in multiples of GROUPS: (32, 64, 128) at scale 1."""
    first = max(GROUPS, GROUPS * round(32 * scale / GROUPS))
    steps = product(range(-1, 2), range(-3, 4))
    around = [(first, 2 * first + GROUPS * i, 4 * first + GROUPS * j) for i, j in steps]

    def oddity(channels: Layout) -> tuple[float, int]:
        off = abs(math.log(channels[1] / 2 / first)) + abs(math.log(channels[2] / 4 / first))
        return round(off, 6), -channels[1]  # of two as odd the one wider in the middle, which runs faster

    return sorted(around, key=oddity)


def plain_layouts(scale: float) -> list[Layout]:
    """Even widths (half sines, half cosines) near 32 at scale 1, with attention heads near 32 channels each."""
    middle = 2 * round(16 * scale)
    around = list(product((middle - 2, middle, middle + 2), range(16, 49, 4)))
    return sorted(around, key=lambda layout: (abs(layout[1] - 32), abs(layout[0] - middle)))


DIFFUSERS = Family(
    "diffusers", "diffusers", DiffusersUNet, diffusers_layouts, lambda c: "channels " + ", ".join(map(str, c))
)
PLAIN = Family(
    "denoising-diffusion-pytorch", "denoising_diffusion_pytorch", PlainUNet, plain_layouts,
    lambda layout: "dim {}, heads of {}".format(*layout),
)  # fmt: skip


def parameters_of(network: nn.Module) -> int:
    """How many numbers it learns."""
    return sum(p.numel() for p in network.parameters())


def flops_of(network: nn.Module, *extra: Tensor) -> int:
    """FLOPs for one picture, of a network on the meta device; extra: what it hears beside (x, level, words)."""
    shapes = ((1, 3, 32, 32), (1,), (1, UNetConfig().length, UNetConfig().word_dim))
    given = [torch.zeros(shape, device="meta") for shape in shapes]
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(*given, *extra)
    return counter.get_total_flops()


COUNTS: dict[str, Callable[[nn.Module], int]] = {"parameters": parameters_of, "flops": flops_of}


def our_size(config: UNetConfig) -> Size:
    """The course's own network."""
    with torch.device("meta"):
        network, mask = UNet(config), torch.ones(1, config.length, dtype=torch.bool)
    return Size(parameters_of(network), flops_of(network, mask))


def our_flops_a_row(config: UNetConfig) -> int:
    """What a row of a guided pass costs ours: words are heard beforehand, and what both rows share is done once."""
    with torch.device("meta"):
        network, sentences = UNet(config), 2
        given = torch.zeros(1, 3, 32, 32), torch.zeros(1), torch.zeros(1, sentences, config.length, config.word_dim)
        mask = torch.ones(1, sentences, config.length, dtype=torch.bool)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network.answer(*given, mask)
    return counter.get_total_flops() // sentences


def weightless(family: Family, layout: Layout) -> nn.Module:
    """A package's network without its numbers, to be counted."""
    with torch.device("meta"):
        return family.build(layout)


def family_size(family: Family, layout: Layout) -> Size:
    """One size of a package's network."""
    network = weightless(family, layout)
    return Size(parameters_of(network), flops_of(network))


def match(family: Family, target: Size, by: str) -> Layout:
    """The most usual layout within CLOSE of target.parameters or target.flops, else the nearest that was tried."""
    wanted, count = getattr(target, by), COUNTS[by]
    # both grow with the square of the width
    scale = math.sqrt(wanted / count(weightless(family, family.layouts(1.0)[0])))
    tried: list[tuple[float, Layout]] = []
    for layout in family.layouts(scale):
        tried.append((abs(count(weightless(family, layout)) / wanted - 1), layout))
        if tried[-1][0] <= CLOSE:
            break
    return min(tried)[1]
