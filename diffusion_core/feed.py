"""Batches for training the U-Nets, dealt ahead by helper processes where a fast device would wait for them."""

from __future__ import annotations

import random
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from diffusion_core.nn.text import TextEncoder
from diffusion_core.pool import Emphasis, Pool, Scenes

DEALERS = 2  # processes beside a GPU: one captions some 50,000 pictures a second
CAPTION_DROP = 0.12  # share of captions left out, so that one network learns both with and without words
# Two figures, who stands where, and small clothes are learned last. With the other half as the world holds it, 38% of
# the pictures show two figures, and 43% somebody dressed.
EMPHASIS = Emphasis(pairs=0.25, sides=0.9, dressed=0.25)


def feed(
    pool: Pool, text: TextEncoder, size: int, seed: int, more: Emphasis = EMPHASIS
) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches without end on the pool's device: x0 (B, 3, 32, 32) in [−1, 1] and tokens (B, L).

    On a CPU they are dealt when asked for, the same ones for the same seed in any run.
    """
    device = pool.pictures.device
    dealer = _Dealer(pool.scenes, text, size, seed, more)
    workers = DEALERS if device.type == "cuda" else 0
    for rows, tokens in DataLoader(dealer, batch_size=None, num_workers=workers):
        yield pool.at(rows), tokens.to(device)


class _Dealer(IterableDataset):
    """Numbers of pictures and freshly captioned tokens; holds scenes alone, so that it may be sent to a process."""

    def __init__(self, scenes: Scenes, text: TextEncoder, size: int, seed: int, more: Emphasis):
        self.scenes, self.text, self.size, self.seed, self.more = scenes, text, size, seed, more

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        helper = get_worker_info()
        rng = random.Random(self.seed if helper is None else f"{self.seed} {helper.id}")
        while True:
            rows, sentences = self.scenes.deal(self.size, rng, CAPTION_DROP, self.more)
            yield torch.tensor(rows), self.text.tokenise(sentences)
