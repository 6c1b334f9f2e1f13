"""The text-conditioned U-Net: noisy picture, noise level and words in; v-prediction out.

Layout (32×32 pictures): pixels fold 2×2 into channels at the door, so that the work is done at
16², 8² and 4², where it is cheap; one thin convolution at full resolution on the way out sees the
noisy picture again and keeps flat areas flat.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from diffusion_core.nn.layers import NoiseLevelEmbedding, Probe, ResBlock, TransformerBlock, WordAdapter


@dataclass(frozen=True)
class UNetConfig:
    """Size of the network. `channels` at 16², 8² and 4²; `thin` at 32² on the way out."""

    channels: tuple[int, int, int] = (64, 128, 160)
    blocks: int = 2
    thin: int = 24
    level_dim: int = 192
    word_dim: int = 128
    length: int = 24  # words, with the start token
    reach: int = 4  # words on either side that each word hears at first: "cat on the left" is three apart
    picture_size: int = 32


class UNet(nn.Module):
    """v-prediction network: (x_t, log_snr, words, mask) → v̂ = √ᾱ·eps − √(1−ᾱ)·x0 (Salimans & Ho 2022)."""

    def __init__(self, config: UNetConfig):
        super().__init__()
        self.config = config
        dim, words = config.level_dim, config.word_dim
        self.level = NoiseLevelEmbedding(dim)
        self.adapter = WordAdapter(words, config.length, config.reach)
        self.stem = nn.Conv2d(12, config.channels[0], 3, padding=1)
        self.down, self.up = nn.ModuleDict(), nn.ModuleDict()
        self.shrink, self.grow = nn.ModuleDict(), nn.ModuleDict()
        for i, c in enumerate(config.channels):
            size = config.picture_size >> (i + 1)
            if i:
                self.shrink[f"{size}"] = nn.Conv2d(config.channels[i - 1], c, 2, stride=2)
                self.grow[f"{size}"] = nn.ConvTranspose2d(c, config.channels[i - 1], 2, stride=2)
            for b in range(config.blocks if i < 2 else 1):
                self.down[f"down{size}_{b}"] = ResBlock(c, c, dim)
                self.up[f"up{size}_{b}"] = ResBlock(2 * c, c, dim)
        first, second, third = config.channels
        sizes = [config.picture_size >> (i + 1) for i in range(3)]
        self.attention = nn.ModuleDict(
            {
                f"down{sizes[0]}_{config.blocks - 1}": TransformerBlock(first, words, self_attention=False),
                f"down{sizes[1]}_{config.blocks - 1}": TransformerBlock(second, words),
                f"down{sizes[2]}_0": TransformerBlock(third, words),
                f"up{sizes[1]}_0": TransformerBlock(second, words),
                f"up{sizes[0]}_0": TransformerBlock(first, words, self_attention=False),
            }
        )
        self.first_heeding = f"down{sizes[0]}_{config.blocks - 1}"
        self.unfold = nn.Conv2d(first, 4 * config.thin, 1)
        self.fine = nn.Conv2d(config.thin + 3, config.thin, 3, padding=1)
        self.out = nn.Conv2d(config.thin, 3, 3, padding=1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(
        self, x: Tensor, log_snr: Tensor, words: Tensor, mask: Tensor, probe: Probe | None = None
    ) -> Tensor:
        """x (B, 3, 32, 32), log_snr (B,), words (B, L, D), mask (B, L) True at words → v̂ (B, 3, 32, 32)."""
        heard = self.adapter(words, mask)
        return self.answer(x, log_snr, heard[:, None], mask[:, None], probe)[:, 0]

    def answer(
        self, x: Tensor, log_snr: Tensor, heard: Tensor, mask: Tensor, probe: Probe | None = None
    ) -> Tensor:
        """Each picture with K sentences: heard (B, K, L, D) from the adapter, mask (B, K, L) → v̂ (B, K, 3, 32, 32).

        Guidance asks of each picture with its prompt and without. Before the first block that heeds words the two
        have nothing of their own, so that part is computed once.
        """
        sentences = heard.shape[1]
        heard, mask = heard.flatten(0, 1), mask.flatten(0, 1)  # (B, K, …) → (B·K, …)
        level = F.silu(self.level(log_snr))
        h = self.stem(F.pixel_unshuffle(x, 2))  # (B, 12, 16, 16) → (B, 64, 16, 16)
        skips: dict[str, Tensor] = {}
        for name, block in self.down.items():
            size = name[4:].split("_")[0]
            if name.endswith("_0") and size in self.shrink:
                h = self.shrink[size](h)
            h = block(h, level)
            if name == self.first_heeding:
                h, level, x = (_each(part, sentences) for part in (h, level, x))  # from here on B·K rows
                skips = {partner: _each(skip, sentences) for partner, skip in skips.items()}
            h = self._heed(name, h, heard, mask, probe)
            skips[name.replace("down", "up")] = h
        for name in reversed(list(self.up)):
            skip = skips[name]
            if probe is not None and name in probe.skips_off:
                skip = torch.zeros_like(skip)
            h = self._heed(name, self.up[name](torch.cat([h, skip], dim=1), level), heard, mask, probe)
            size = name[2:].split("_")[0]
            if name.endswith("_0") and size in self.grow:
                h = self.grow[size](h)
        h = F.pixel_shuffle(self.unfold(F.silu(h)), 2)  # (B·K, 4·thin, 16, 16) → (B·K, thin, 32, 32)
        h = F.silu(self.fine(torch.cat([F.silu(h), x], dim=1)))  # sees the noisy pixels again
        return self.out(h).unflatten(0, (-1, sentences))

    def _heed(self, name: str, h: Tensor, words: Tensor, mask: Tensor, probe: Probe | None) -> Tensor:
        """What the attention after block `name` makes of h, where there is one."""
        if name in self.attention:
            h = self.attention[name](h, words, mask, probe, name)
        if probe is not None and probe.record:
            probe.activations[name] = h.detach()
        return h


def _each(part: Tensor, times: int) -> Tensor:
    """Every row `times` times in a row; pictures stay in channels-last memory."""
    if part.dim() < 4:
        return part.repeat_interleave(times, 0)
    return part.permute(0, 2, 3, 1).repeat_interleave(times, 0).permute(0, 3, 1, 2)
