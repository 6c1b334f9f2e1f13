"""What one forward pass shows of itself: its strongest channels, how far pixels look, how much words are heeded.

Pure functions of what a Probe recorded (diffusion_core/nn/layers.py).
"""

from __future__ import annotations

import torch
from torch import Tensor

START = 0  # the place of the start token, which every sentence has and which says nothing


def liveliest(activation: Tensor, count: int) -> Tensor:
    """The channels that vary most over the picture, most first.

    A channel's rank is its standard deviation over the H·W places; one that is the same everywhere shows nothing.
    activation (C, H, W) → (min(count, C),) places of channels.
    """
    spread = activation.flatten(1).std(dim=1)  # (C,)
    return spread.topk(min(count, len(spread))).indices


def word_share(weights: Tensor) -> Tensor:
    """The share of attention that goes to words, at each place: 1 − w[START], averaged over heads.

    Each row of weights adds up to 1; what no word gets falls to the start token, a place to look at when there
    is nothing to heed. weights (heads, N, L) → (N,).
    """
    return 1 - weights[..., START].mean(dim=0)


def reach(weights: Tensor, picture_size: int) -> float:
    """How far pixels look in self-attention, in pixels of the picture: Σ_j w_ij·‖p_i − p_j‖, averaged.

    The mean attention distance of Dosovitskiy et al. 2021 (arXiv 2010.11929, figure 7). weights (heads, N, N)
    for a square of N = n² places.
    """
    n = round(weights.shape[-1] ** 0.5)
    line = torch.arange(n) * (picture_size / n)
    places = torch.cartesian_prod(line, line)  # (N, 2)
    return float((weights * torch.cdist(places, places)).sum(-1).mean())
