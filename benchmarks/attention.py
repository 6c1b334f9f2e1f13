"""Attention written out against torch's fused kernel, in a training step: python -m benchmarks.attention

Forward and backward of 64 pictures in bfloat16, interleaved; the fastest round of each counts.
"""

from __future__ import annotations

import time

import torch
import torch.nn.functional as F
from torch import Tensor

from benchmarks.network import TRAIN_BATCH, inputs
from diffusion_core.jobs import autocast
from diffusion_core.nn import layers
from diffusion_core.nn.layers import Probe
from diffusion_core.nn.unet import UNet, UNetConfig

ROUNDS = 8


def fused(
    self: layers.Attention, x: Tensor, context: Tensor, mask: Tensor | None = None,
    probe: Probe | None = None, name: str = "",
) -> Tensor:  # fmt: skip
    """Attention.forward with F.scaled_dot_product_attention in its middle; it cannot be probed."""
    q = self._split(self.q(x))
    k, v = (self._split(half) for half in self.kv(context).chunk(2, dim=-1))
    where = None if mask is None else mask[:, None, None, :]
    return self.out(F.scaled_dot_product_attention(q, k, v, attn_mask=where).transpose(1, 2).flatten(2))


def main() -> None:
    """Print both times."""
    unet = UNet(UNetConfig()).to(memory_format=torch.channels_last)
    given, times = inputs(TRAIN_BATCH), {"written out": [], "fused": []}
    kinds = {"written out": layers.Attention.forward, "fused": fused}
    for _ in range(ROUNDS):
        for name, forward in kinds.items():
            layers.Attention.forward = forward
            start = time.perf_counter()
            with autocast(torch.device("cpu")):
                v = unet(*given)
            v.float().square().mean().backward()
            times[name].append(time.perf_counter() - start)
    for name, spent in times.items():
        print(f"{name}: {min(spent):.3f} s for forward and backward of {TRAIN_BATCH} pictures")


if __name__ == "__main__":
    main()
