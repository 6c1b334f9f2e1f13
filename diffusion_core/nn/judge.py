"""The judge's network: a small convolutional trunk, and one classifier per attribute on top of it.

Like the U-Net it folds pixels 2×2 into channels at the door and works at 16², 8² and 4².
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch.nn.functional as F
from torch import Tensor, nn

from diffusion_core.world.vocabulary import COLOURS, PLACES, SUBJECTS, THINGS, TIMES, WEARABLES

# Every attribute can also be answered with None: nothing of this kind is to be seen. That is true of the
# second figure where there is one only, of the time of day in a room, and of everything in noise.
_FIGURE = {"subject": SUBJECTS, "colour": COLOURS, "wearing": WEARABLES}
ANSWERS: dict[str, tuple[str | int | None, ...]] = {
    "figures": (1, 2, None),
    **{f"{name}{slot}": (*values, None) for slot in (1, 2) for name, values in _FIGURE.items()},
    "thing": (*THINGS, None),
    "place": (*PLACES, None),
    "time": (*TIMES, None),
}  # slot 1 is the only figure or the left one, slot 2 the right one


@dataclass(frozen=True)
class JudgeConfig:
    """Size of the network (`channels` and `blocks` at 16², 8² and 4²) and the answers of each head."""

    answers: Mapping[str, tuple[str | int | None, ...]] = field(default_factory=lambda: dict(ANSWERS))
    channels: tuple[int, int, int] = (48, 96, 144)
    blocks: tuple[int, int, int] = (1, 2, 2)
    picture_size: int = 32


class JudgeNetwork(nn.Module):
    """Pictures (B, 3, 32, 32) in [−1, 1] → logits of every attribute, {name: (B, answers)}."""

    def __init__(self, config: JudgeConfig):
        super().__init__()
        self.config = config
        first, _, last = config.channels
        layers: list[nn.Module] = [nn.PixelUnshuffle(2), nn.Conv2d(12, first, 3, padding=1)]
        for c_in, c_out, blocks in zip((first, *config.channels), config.channels, config.blocks, strict=False):
            layers += [nn.Conv2d(c_in, c_out, 2, stride=2)] if c_in != c_out else []
            layers += [_Block(c_out) for _ in range(blocks)]
        self.trunk = nn.Sequential(*layers, nn.BatchNorm2d(last), nn.ReLU())  # → (B, 144, 4, 4)
        self.sizes = [len(values) for values in config.answers.values()]
        # The heads see where on the 4×4 grid a feature stands: left and right figures have heads of their own.
        self.heads = nn.Linear(last * (config.picture_size // 8) ** 2, sum(self.sizes))

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        logits = self.heads(self.trunk(x).flatten(1)).float()  # (B, all answers of all heads)
        return dict(zip(self.config.answers, logits.split(self.sizes, dim=1), strict=True))


class _Block(nn.Module):
    """Two 3×3 convolutions added to their input (He et al. 2016, arXiv 1603.05027, figure 4e)."""

    def __init__(self, channels: int):
        super().__init__()
        self.norms = nn.ModuleList(nn.BatchNorm2d(channels) for _ in range(2))
        self.convs = nn.ModuleList(nn.Conv2d(channels, channels, 3, padding=1) for _ in range(2))
        nn.init.zeros_(self.convs[1].weight)  # zero-init: the block starts as identity
        nn.init.zeros_(self.convs[1].bias)

    def forward(self, x: Tensor) -> Tensor:
        h = x
        for norm, conv in zip(self.norms, self.convs, strict=True):
            h = conv(F.relu(norm(h)))
        return x + h


def judge_loss(logits: Mapping[str, Tensor], labels: Tensor) -> Tensor:
    """Cross-entropy summed over the heads; labels (B, heads) in the order of the logits."""
    pairs = zip(logits.values(), labels.unbind(1), strict=True)
    return sum(F.cross_entropy(scores, answer) for scores, answer in pairs)
