"""The text and picture encoders at work, NumPy in and out. Importing this needs no torch; calling it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

if TYPE_CHECKING:
    from diffusion_core.nn.text import PictureEncoder, TextEncoder

TRAINED, FRESH = "trained", "fresh"  # the shipped encoders; the same networks with random weights
FRESH_SEED = 0
Said = tuple[str, ...]  # a phrase as the encoder hears it


def encode(phrases: list[Said], which: str = TRAINED) -> np.ndarray:
    """Phrases as unit vectors (N, 128), by the text encoder."""
    import torch

    text, _ = encoders(which)
    with torch.inference_mode():
        return text.pooled(text.tokenise(phrases)).numpy()


def encode_words(said: Said, which: str = TRAINED) -> np.ndarray:
    """One vector for the start and one for each word (n + 1, 128): the U-Net's own input, see model.encode."""
    import torch

    text, _ = encoders(which)
    with torch.inference_mode():
        return text(text.tokenise([said]))[0, : len(said) + 1].numpy()


def encode_pictures(pictures: np.ndarray, which: str = TRAINED) -> np.ndarray:
    """Drawings uint8 (N, 32, 32, 3) as unit vectors (N, 128), by the picture encoder."""
    import torch

    _, picture = encoders(which)
    x0 = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1  # (N, 3, 32, 32)
    with torch.inference_mode():
        return picture(x0).numpy()


@st.cache_resource(max_entries=2, show_spinner=False)
def encoders(which: str) -> tuple[TextEncoder, PictureEncoder]:
    """Text and picture encoder, loaded once for all learners; `fresh` are two that have learned nothing."""
    import torch

    from diffusion_core.checkpoints import load_weights
    from diffusion_core.model import TEXT_COMMAND, TEXT_FILE, load_text
    from diffusion_core.nn.text import PictureEncoder, TextEncoder

    text = load_text()
    if which == FRESH:
        with torch.random.fork_rng(devices=[]):  # layers draw their first weights from the global generator
            torch.manual_seed(FRESH_SEED)
            return TextEncoder(text.config).eval(), PictureEncoder(text.config).eval()
    picture, (tensors, _, _) = PictureEncoder(text.config), load_weights(TEXT_FILE, TEXT_COMMAND)
    picture.load_state_dict({n.removeprefix("picture."): t for n, t in tensors.items() if n.startswith("picture.")})
    return text, picture.eval().requires_grad_(False)
