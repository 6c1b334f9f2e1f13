"""Short runs with one thing changed: python -m benchmarks.recipes --pictures 30000 --variants base min_snr

Each variant trains the shipped layout from scratch on the same pool, noise and captions. Afterwards the averaged
weights are scored on fresh drawings: error of the predicted noise and clean picture in three bands of noise,
with the true caption. Lower is better; only rows of one table compare.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

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

# name → (weighting, changes to the network, changes to the settings, train the text encoder along?)
VARIANTS: dict[str, tuple[str, dict, dict, bool]] = {
    "base": ("plain", {}, {}, False),
    "min_snr": ("min_snr", {}, {}, False),
    "joint_text": ("plain", {}, {}, True),
    "fast": ("plain", {}, {"learning_rate": 2e-3}, False),
    "no_thin": ("plain", {"thin": 8}, {}, False),
    "wide_16": ("plain", {"channels": (80, 128, 128)}, {}, False),
}


class WithText(nn.Module):
    """A U-Net and, in the joint variant, the text encoder it trains along with."""

    def __init__(self, unet: UNet, text: TextEncoder):
        super().__init__()
        self.unet, self.text = unet, text

    def forward(self, x: Tensor, log_snr: Tensor, tokens: Tensor) -> Tensor:
        return self.unet(x, log_snr, self.text(tokens), tokens > 0)


def train(name: str, pictures: int, pool: Pool) -> tuple[WithText, TrainState]:
    """Train one variant from scratch."""
    weighting, network, changes, joint = VARIANTS[name]
    torch.manual_seed(0)
    text = load_text().requires_grad_(joint)
    both = WithText(UNet(replace(UNetConfig(), **network)).to(memory_format=torch.channels_last), text)
    settings = replace(FitSettings(0, pictures), **changes)
    state, rng, generator = (
        TrainState.fresh(both, settings),
        random.Random(1),
        torch.Generator().manual_seed(1),
    )

    def loss() -> Tensor:
        x0, sentences = pool.batch(settings.batch, rng, CAPTION_DROP)
        tokens = text.tokenise(sentences)
        with autocast(torch.device("cpu")):
            x0 = x0.to(memory_format=torch.channels_last)
            return v_loss(lambda x, s: both(x, s, tokens), x0, WEIGHTINGS[weighting], generator)

    for _ in fit(state, loss, settings, None):
        pass
    both.load_state_dict(state.average)
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
        start = time.monotonic()
        both, state = train(name, options.pictures, pool)
        rows[name] = {"pictures": state.pictures, **score(both, fresh), "seconds": time.monotonic() - start}
        show(
            f"{name:12s} {state.pictures:>8,} pictures in {state.seconds:5.0f} s  "
            + "  ".join(f"{b} {rows[name][b]:.4f}" for b in BANDS)
        )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
