"""Short runs with one thing changed: python -m benchmarks.recipes --pictures 30000 --variants base min_snr

Each variant trains the shipped layout from scratch on the same pool, noise and captions. Afterwards the averaged
weights, and the last ones, are scored on fresh drawings: error of the predicted noise and clean picture in three bands
of noise, with the true caption. Lower is better; only rows of one table compare.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from diffusion_core.denoiser import from_v_network
from diffusion_core.feed import CAPTION_DROP
from diffusion_core.jobs import autocast
from diffusion_core.model import load_text
from diffusion_core.nn.text import TextEncoder
from diffusion_core.nn.unet import UNet, UNetConfig
from diffusion_core.pool import Pool
from diffusion_core.process import per_row, rates_from_log_snr
from diffusion_core.training import WEIGHTINGS, FitSettings, TrainState, fit, v_loss

BANDS = {"low noise": 5.0, "middle": 0.0, "high noise": -4.0}  # log-SNR

@dataclass(frozen=True)
class Variant:
    """What one run does otherwise than the recipe."""

    weighting: str = "plain"
    network: Mapping[str, Any] = field(default_factory=dict)  # changes to UNetConfig
    settings: Mapping[str, Any] = field(default_factory=dict)  # changes to FitSettings
    joint: bool = False  # train the text encoder along
    compiled: bool = False  # by torch.compile, which wants a C++ compiler


VARIANTS = {
    "base": Variant(),
    "min_snr": Variant(weighting="min_snr"),
    "joint_text": Variant(joint=True),
    "fast": Variant(settings={"learning_rate": 2e-3}),
    "no_thin": Variant(network={"thin": 8}),
    "wide_16": Variant(network={"channels": (80, 128, 128)}),
    "compiled": Variant(compiled=True),
}


class WithText(nn.Module):
    """A U-Net and, in the joint variant, the text encoder it trains along with."""

    def __init__(self, unet: UNet, text: TextEncoder):
        super().__init__()
        self.unet, self.text = unet, text

    def forward(self, x: Tensor, log_snr: Tensor, tokens: Tensor) -> Tensor:
        return self.unet(x, log_snr, self.text(tokens), tokens > 0)


def train(variant: Variant, pictures: int, pool: Pool) -> tuple[WithText, TrainState]:
    """Train one variant from scratch."""
    torch.manual_seed(0)
    text = load_text().requires_grad_(variant.joint)
    unet = UNet(replace(UNetConfig(), **variant.network)).to(memory_format=torch.channels_last)
    both = WithText(unet, text)
    settings = replace(FitSettings(0, pictures), **variant.settings)
    state, rng = TrainState.fresh(both, settings), random.Random(1)
    generator = torch.Generator().manual_seed(1)
    predict = torch.compile(both) if variant.compiled else both

    def loss() -> Tensor:
        x0, sentences = pool.batch(settings.batch, rng, CAPTION_DROP)
        tokens = text.tokenise(sentences)
        with autocast(torch.device("cpu")):
            x0 = x0.to(memory_format=torch.channels_last)
            return v_loss(lambda x, s: predict(x, s, tokens), x0, WEIGHTINGS[variant.weighting], generator)

    for _ in fit(state, loss, settings, None):
        pass
    return both.eval(), state


@torch.inference_mode()
def score(both: WithText, fresh: Pool) -> dict[str, float]:
    """Root mean square error per band: of the noise at low noise, of the clean picture elsewhere."""
    x0, sentences = fresh.batch(len(fresh.scenes), random.Random(0))
    tokens = both.text.tokenise(sentences)
    eps = torch.randn(x0.shape, generator=torch.Generator().manual_seed(0))
    errors = {}
    for band, level in BANDS.items():
        log_snr = torch.full((len(x0),), level)
        signal, noise = (per_row(rate, x0) for rate in rates_from_log_snr(log_snr))
        denoise = from_v_network(lambda x, s: both(x, s, tokens))
        prediction = denoise(signal * x0 + noise * eps, log_snr)
        error = prediction.eps_hat - eps if level > 0 else prediction.x0_hat - x0
        errors[band] = error.square().mean().sqrt().item()
    return errors


def main(show: Callable[[str], None] = print) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=30_000)
    parser.add_argument("--variants", nargs="+", choices=tuple(VARIANTS), default=list(VARIANTS))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    pool, fresh, rows = Pool.drawn(60_000, 2), Pool.drawn(256, 99), {}
    for name in options.variants:
        both, state = train(VARIANTS[name], options.pictures, pool)
        made = {"pictures": state.pictures, "seconds": state.seconds}
        rows[f"{name}, last"] = made | score(both, fresh)
        both.load_state_dict(state.average)
        rows[name] = made | score(both, fresh)
        for title in (name, f"{name}, last"):
            errors = "  ".join(f"{band} {rows[title][band]:.4f}" for band in BANDS)
            show(f"{title:17s} {state.pictures:>8,} pictures in {state.seconds:5.0f} s  {errors}")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
