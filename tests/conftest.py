"""For all tests: one thread for torch, so that runs are repeatable and small tensors do not start threads."""

from __future__ import annotations

import pytest
import torch

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_model():
    """A real U-Net and text encoder, far too small to draw anything."""
    return make_tiny_model()


def make_tiny_model():
    """The same, for a process of its own."""
    from diffusion_core.model import Model
    from diffusion_core.nn.text import TextConfig, TextEncoder
    from diffusion_core.nn.unet import UNet, UNetConfig
    from diffusion_core.world.captions import CAPTION_WORDS

    torch.manual_seed(0)
    unet = UNet(UNetConfig(channels=(16, 32, 32), blocks=1, thin=8, level_dim=32))
    for p in unet.parameters():
        if p.abs().max() == 0:
            torch.nn.init.normal_(p, std=0.1)  # a fresh network predicts zero: stir it
    text = TextEncoder(TextConfig(words=CAPTION_WORDS))
    return Model(unet.eval().requires_grad_(False), text.eval().requires_grad_(False), {})
