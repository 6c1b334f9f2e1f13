"""Building blocks of the networks: noise-level embedding, residual block, attention.

Pictures travel as (B, C, H, W) in channels-last memory, which is what CPU convolutions like best;
words travel as (B, L, D).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn

NEVER = -1e4  # a score that softmax turns into exactly 0, and that every number type can hold


@dataclass
class Probe:
    """What a lesson may read from, or change in, one forward pass.

    word_scale: (B, L) factors on the attention that each word gets; 1 leaves it as it is.
    skips_off: names of skip connections to cut (their activations become zero).
    record: when True, `activations` and `attention` are filled, by block name.
    """

    word_scale: Tensor | None = None
    skips_off: frozenset[str] = frozenset()
    record: bool = False
    activations: dict[str, Tensor] = field(default_factory=dict)  # name → (B, C, H, W)
    attention: dict[str, Tensor] = field(default_factory=dict)  # name → (B, heads, H·W, L or H·W)

    def attend(self, weights: Tensor, name: str, words: bool) -> Tensor:
        """Record attention weights (B, heads, N, L), and scale them word by word where L counts words."""
        if self.record:
            self.attention[name] = weights.float()
        if words and self.word_scale is not None:
            return weights * self.word_scale[:, None, None, :]
        return weights


class NoiseLevelEmbedding(nn.Module):
    """log-SNR → vector, by sines of many periods and a small MLP (after DDPM's time embedding)."""

    def __init__(self, dim: int, features: int = 64):
        super().__init__()
        # periods from about 40 (the whole range of log-SNR) down to about 1: smooth in between
        frequencies = torch.exp(torch.linspace(math.log(0.15), math.log(5.0), features // 2))
        self.register_buffer("frequencies", frequencies, persistent=False)
        self.mlp = nn.Sequential(nn.Linear(features, dim), nn.SiLU(), nn.Linear(dim, dim))

    def forward(self, log_snr: Tensor) -> Tensor:
        angles = log_snr.float()[:, None] * self.frequencies  # (B, features/2)
        waves = torch.cat([angles.sin(), angles.cos()], dim=1)
        return self.mlp(waves.to(self.mlp[0].weight.dtype))


class Norm(nn.GroupNorm):
    """Group normalisation over eight groups.

    In bfloat16 on CPUs PyTorch's own is the slower way where a group holds few channels, so these go by float32.
    """

    WIDE = 16  # channels a group, from which on PyTorch's own is faster

    def __init__(self, channels: int):
        super().__init__(8, channels)

    def forward(self, x: Tensor) -> Tensor:
        if self.num_channels // self.num_groups >= self.WIDE:
            return F.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)
        weight, bias = self.weight.float(), self.bias.float()
        return F.group_norm(x.float(), self.num_groups, weight, bias, self.eps).to(x.dtype)


class ResBlock(nn.Module):
    """Two 3×3 convolutions around a shift and scale by the noise level, added to the input."""

    def __init__(self, c_in: int, c_out: int, dim: int):
        super().__init__()
        self.norm1 = Norm(c_in)
        self.conv1 = nn.Conv2d(c_in, c_out, 3, padding=1)
        self.level = nn.Linear(dim, 2 * c_out)
        self.norm2 = Norm(c_out)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, padding=1)
        self.skip = nn.Conv2d(c_in, c_out, 1) if c_in != c_out else nn.Identity()
        nn.init.zeros_(self.conv2.weight)  # zero-init: the block starts as identity
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x: Tensor, level: Tensor) -> Tensor:
        h = self.conv1(F.silu(self.norm1(x)))
        scale, shift = self.level(level)[:, :, None, None].chunk(2, dim=1)  # (B, c_out, 1, 1) each
        h = self.conv2(F.silu(self.norm2(h) * (1 + scale) + shift))
        return self.skip(x) + h


class Attention(nn.Module):
    """Multi-head attention of `x` (B, N, C) on `context` (B, L, D); self-attention when they are one."""

    def __init__(self, dim: int, context_dim: int, head_dim: int = 32):
        super().__init__()
        self.heads = max(1, dim // head_dim)
        self.q = nn.Linear(dim, dim, bias=False)
        self.kv = nn.Linear(context_dim, 2 * dim, bias=False)
        self.out = nn.Linear(dim, dim)
        nn.init.zeros_(self.out.weight)  # zero-init: the block starts as identity
        nn.init.zeros_(self.out.bias)

    def forward(
        self,
        x: Tensor,
        context: Tensor,
        mask: Tensor | None = None,
        probe: Probe | None = None,
        name: str = "",
    ) -> Tensor:
        """mask: (B, L), True where there is a word. The probe reads and scales attention.

        Written out rather than fused: on sizes this small the fused kernel's backward pass takes longer
        (python -m benchmarks.attention).
        """
        q = self._split(self.q(x))  # (B, heads, N, d)
        k, v = (self._split(half) for half in self.kv(context).chunk(2, dim=-1))  # (B, heads, L, d)
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])  # (B, heads, N, L)
        if mask is not None:
            scores = scores.masked_fill(~mask[:, None, None, :], NEVER)
        weights = scores.float().softmax(dim=-1)
        if probe is not None:
            weights = probe.attend(weights, name, words=mask is not None)
        h = weights.to(v.dtype) @ v  # (B, heads, N, d)
        return self.out(h.transpose(1, 2).flatten(2))  # (B, N, C)

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # (B, N, C) → (B, heads, N, d)


class TransformerBlock(nn.Module):
    """Pixels heed pixels, pixels heed words, then each pixel thinks for itself."""

    def __init__(self, dim: int, context_dim: int, self_attention: bool = True):
        super().__init__()
        if self_attention:
            self.norm_self = nn.LayerNorm(dim)
            self.attend_self = Attention(dim, dim)
        self.norm_words = nn.LayerNorm(dim)
        self.attend_words = Attention(dim, context_dim)
        if self_attention:
            self.norm_mlp = nn.LayerNorm(dim)
            self.mlp = nn.Sequential(
                nn.Linear(dim, 2 * dim), nn.GELU(approximate="tanh"), nn.Linear(2 * dim, dim)
            )
            nn.init.zeros_(self.mlp[2].weight)
            nn.init.zeros_(self.mlp[2].bias)
        self.self_attention = self_attention

    def forward(self, x: Tensor, words: Tensor, mask: Tensor, probe: Probe | None, name: str) -> Tensor:
        height, width = x.shape[-2:]
        h = x.flatten(2).transpose(1, 2)  # (B, C, H, W) → (B, H·W, C)
        if self.self_attention:
            n = self.norm_self(h)
            h = h + self.attend_self(n, n, None, probe, f"{name}.self")
        h = h + self.attend_words(self.norm_words(h), words, mask, probe, f"{name}.words")
        if self.self_attention:
            h = h + self.mlp(self.norm_mlp(h))
        return h.transpose(1, 2).unflatten(2, (height, width))  # (B, C, H, W)


class WordAdapter(nn.Module):
    """Between the frozen text encoder and the U-Net: tells words their order again, and lets them talk.

    Contrast with pictures teaches what words mean but hardly which adjective belongs to which noun:
    "a red cat and a blue dog" and "a blue cat and a red dog" come out almost alike. So each word first hears
    its `reach` neighbours on either side, by a convolution along the sentence ("red" stands beside "cat", "in
    red" behind "king"), then all words by one attention layer; both are trained with the U-Net.
    """

    def __init__(self, dim: int, length: int, reach: int):
        super().__init__()
        self.position = nn.Parameter(torch.randn(length, dim) * 0.3)
        self.neighbours = nn.Conv1d(dim, dim, 2 * reach + 1, padding=reach)
        nn.init.zeros_(self.neighbours.weight)  # zero-init: words start by hearing themselves alone
        nn.init.zeros_(self.neighbours.bias)
        self.norm = nn.LayerNorm(dim)
        self.attend = Attention(dim, dim)
        self.norm_mlp = nn.LayerNorm(dim)
        self.mlp = nn.Sequential(nn.Linear(dim, 2 * dim), nn.GELU(approximate="tanh"), nn.Linear(2 * dim, dim))

    def forward(self, words: Tensor, mask: Tensor) -> Tensor:
        """words (B, L, D), mask (B, L) → (B, L, D)."""
        spoken = (words * mask[..., None]).transpose(1, 2)  # (B, D, L), padding silent
        h = words + self.neighbours(spoken).transpose(1, 2) + self.position[: words.shape[1]]
        n = self.norm(h)
        h = h + self.attend(n, n, mask)
        return h + self.mlp(self.norm_mlp(h))
