"""Words and pictures as vectors: a text encoder and a picture encoder trained together by contrast.

A caption and its picture are pulled together, all other pairs of the batch pushed apart (CLIP,
Radford et al. 2021, arXiv 2103.00020, figure 3). Afterwards the text encoder is frozen; its vectors,
one a word, are what steers the U-Net.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PAD, START = 0, 1  # token numbers; the words of the vocabulary follow from 2 on


@dataclass(frozen=True)
class TextConfig:
    """Size of both encoders. `words` is the vocabulary in token order, `length` counts the start token."""

    words: tuple[str, ...]
    dim: int = 128
    layers: int = 2
    head_dim: int = 32
    length: int = 24


class TextEncoder(nn.Module):
    """Token numbers (B, L) → one vector a word (B, L, D), each knowing its neighbours."""

    def __init__(self, config: TextConfig):
        super().__init__()
        self.config = config
        self.number = {word: i + 2 for i, word in enumerate(config.words)}
        self.embedding = nn.Embedding(len(config.words) + 2, config.dim)
        self.position = nn.Parameter(torch.randn(config.length, config.dim) * 0.02)
        layer = nn.TransformerEncoderLayer(
            config.dim, config.dim // config.head_dim, 2 * config.dim, dropout=0.0, activation="gelu",
            batch_first=True, norm_first=True,
        )  # fmt: skip
        self.layers = nn.TransformerEncoder(layer, config.layers, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(config.dim)
        self.project = nn.Linear(config.dim, config.dim, bias=False)
        nn.init.normal_(self.embedding.weight, std=0.5)

    def tokenise(self, sentences: Sequence[Sequence[str]]) -> Tensor:
        """Sentences as word lists → (B, L) token numbers: start, words, padding.

        Raises ValueError naming the first word outside the vocabulary; longer sentences are cut.
        """
        length = self.config.length
        rows = torch.full((len(sentences), length), PAD, dtype=torch.long)
        for row, words in zip(rows, sentences, strict=True):
            try:
                numbers = [START, *(self.number[word] for word in words)][:length]
            except KeyError as unknown:
                raise ValueError(
                    f"the text encoder never learned the word {unknown}; read the prompt first"
                ) from None
            row[: len(numbers)] = torch.tensor(numbers)
        return rows

    def forward(self, tokens: Tensor) -> Tensor:
        h = self.embedding(tokens) + self.position  # (B, L, D)
        h = self.layers(h, src_key_padding_mask=tokens == PAD)
        return self.norm(h)

    def pooled(self, tokens: Tensor) -> Tensor:
        """One unit vector a sentence (B, D): the mean over its words, projected (start token only if no words)."""
        h = self(tokens)
        counts = (tokens > START).float()
        counts[:, 0] = (counts.sum(dim=1) == 0).float()
        mean = (h * counts[..., None]).sum(dim=1) / counts.sum(dim=1, keepdim=True)
        return F.normalize(self.project(mean), dim=-1)


class PictureEncoder(nn.Module):
    """Pictures (B, 3, 32, 32) in [−1, 1] → unit vectors (B, D) in the space of the captions."""

    def __init__(self, config: TextConfig, channels: tuple[int, ...] = (64, 96, 128)):
        super().__init__()
        layers: list[nn.Module] = [nn.PixelUnshuffle(2), nn.Conv2d(12, channels[0], 3, padding=1), nn.SiLU()]
        for c_in, c_out in itertools.pairwise(channels):
            layers += [nn.Conv2d(c_in, c_out, 2, stride=2), nn.GroupNorm(8, c_out), nn.SiLU()]
            layers += [nn.Conv2d(c_out, c_out, 3, padding=1), nn.GroupNorm(8, c_out), nn.SiLU()]
        self.layers = nn.Sequential(*layers)  # (B, 12, 16, 16) → … → (B, 128, 4, 4)
        self.project = nn.Linear(16 * channels[-1], config.dim)

    def forward(self, x0: Tensor) -> Tensor:
        return F.normalize(self.project(self.layers(x0).flatten(1)).float(), dim=-1)


def contrastive_loss(texts: Tensor, pictures: Tensor, log_scale: Tensor) -> Tensor:
    """Symmetric cross-entropy of which caption belongs to which picture (CLIP, figure 3).

    texts, pictures: unit vectors (B, D), row i of one belongs to row i of the other.
    """
    logits = log_scale.exp() * texts.float() @ pictures.float().T  # (B, B)
    target = torch.arange(len(logits), device=logits.device)
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2
