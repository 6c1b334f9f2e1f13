"""A network as one call: traced, its weights frozen in, run by PyTorch's own interpreter instead of Python's.

A pass of the U-Net is some four hundred small operations. Asked for one after another from Python they wait for
Python's lock each time, beside thirty learners' pages that want it too. Frozen, the whole pass is one call that holds
no lock; up to four rows it is also a quarter faster. It needs no compiler. What was tried beside it, and its figures:
docs/performance.md.
"""

from __future__ import annotations

import copy
import warnings

import torch
from torch import Tensor, nn

from diffusion_core.spread import Pass


def fast_bfloat16() -> bool:
    """Does this processor have bfloat16 arithmetic of its own? One that must imitate it is far slower in it."""
    can = torch.cpu.get_capabilities()
    return any(can.get(name, False) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def freeze(network: nn.Module, *example: Tensor) -> Pass:
    """`network` for inference, as one call of the same arguments, of any batch; else the network itself.

    example: arguments to trace with; their batch must be 2 or more, as a 1 would be taken for a constant.
    """
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch.jit is marked as old, and traces sizes that never change
            return torch.jit.freeze(torch.jit.trace(copy.deepcopy(network).eval(), example, check_trace=False))
    except Exception:  # no tracing on this platform or with this network: slower, and the same pictures
        return network
