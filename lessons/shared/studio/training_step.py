"""Training examples and the shipped network's answers to them, NumPy in and out.

The shipped noise and answers need no torch; others are drawn and asked for on the engine's thread. Pictures are
(H, W, 3) in [−1, 1] units, as in a player's frames.
"""

from __future__ import annotations

from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from diffusion_core.schedules import Schedule
from diffusion_core.shipped import ShippedFileError
from diffusion_core.tickets import EngineBusy
from diffusion_core.world.dataset import example
from diffusion_core.world.prompts import canonical
from lessons.shared.studio import cached, forward, runs

if TYPE_CHECKING:
    from diffusion_core.model import Model
    from diffusion_core.training_step import Batch

SCHEDULE = Schedule()
T, SHIPPED = SCHEDULE.T, "training_step"
PICTURES = tuple(forward.SCENES)
PICTURE, LEVEL, SEED, DRAW = PICTURES[0], 400, 3, 7  # when the page opens
TEN = 10  # examples in a batch
STRANGERS = 77  # the data set from which pictures come that a copy never trains on
PATIENCE = 60.0  # seconds to wait for an answer: the first one also loads the network
BUSY = "The network is busy and did not answer in time. Press the button again in a minute; your settings are kept."


@dataclass(frozen=True)
class Examples:
    """Pictures with noise: x0 and eps (N, 32, 32, 3), and the noise level t (N,) of each, 1 … T."""

    x0: np.ndarray
    eps: np.ndarray
    t: tuple[int, ...]
    captions: tuple[str, ...]

    @property
    def x_t(self) -> np.ndarray:
        """What the network sees."""
        signal, noise = (rate(np.array(self.t))[:, None, None, None] for rate in (SCHEDULE.signal_rate,
                                                                                 SCHEDULE.noise_rate))  # fmt: skip
        return (signal * self.x0 + noise * self.eps).astype(np.float32)


@dataclass(frozen=True)
class Answers:
    """What a network said to examples: both predictions (N, 32, 32, 3). `problem`: why there are none."""

    eps_hat: np.ndarray | None
    x0_hat: np.ndarray | None
    badge: str = "live"
    problem: str = ""

    def noise_error(self, asked: Examples) -> np.ndarray:
        """(eps_hat − eps)², (N, 32, 32, 3)."""
        return np.square(self.eps_hat - asked.eps)

    def picture_error(self, asked: Examples) -> np.ndarray:
        """(x0_hat − x0)², (N, 32, 32, 3)."""
        return np.square(self.x0_hat - asked.x0)

    def means(self, asked: Examples) -> tuple[np.ndarray, np.ndarray]:
        """The mean squared error of each example, (N,): of the noise, of the picture."""
        return tuple(error(asked).mean(axis=(1, 2, 3)) for error in (self.noise_error, self.picture_error))


def levels(draw: int) -> tuple[int, ...]:
    """Ten noise levels, drawn at random: one from each tenth, so that every batch has easy and hard ones."""
    width = T // TEN
    drawn = np.random.default_rng(draw).integers(1, width + 1, TEN)
    return tuple(int(place * width + t) for place, t in enumerate(drawn))


def examples(picture: str, t: tuple[int, ...], seed: int) -> Examples:
    """One picture at the levels t, each with its own noise from `seed`."""
    x0 = forward.from_255(forward.scene_picture(picture))
    caption = canonical(forward.SCENES[picture][0])
    return Examples(np.repeat(x0[None], len(t), 0), noise(seed, len(t)), t, (caption,) * len(t))


def strangers(t: tuple[int, ...], draw: int) -> Examples:
    """Other pictures, one for each level, with noise of their own: what a copy is tested on, never trained on."""
    drawn = [example(STRANGERS, draw * TEN + place) for place in range(len(t))]
    x0 = forward.from_255(np.stack([pixels for _, pixels in drawn]))
    return Examples(x0, noise(draw + forward.T, len(t)), t, tuple(canonical(scene) for scene, _ in drawn))


def noise(seed: int, count: int) -> np.ndarray:
    """`count` draws of noise (count, 32, 32, 3); those that the page opens with come from the shelf."""
    for key, known in (("one", (SEED, 1)), ("ten", (DRAW, TEN))):
        if (seed, count) == known:
            try:
                return cached.load(SHIPPED)[0][f"{key}_eps"]
            except cached.PrecomputedMissing:
                break  # then it is drawn, as all other noise is
    return _drawn(seed, count)


@st.cache_data(max_entries=64, show_spinner=False)
def _drawn(seed: int, count: int) -> np.ndarray:
    import torch

    eps = torch.randn((count, 3, 32, 32), generator=torch.Generator().manual_seed(seed))
    return eps.half().float().movedim(1, -1).contiguous().numpy()  # half precision, as on the shelf


def shipped(key: str) -> Answers:
    """The answers to what the page opens with: key "one" or "ten". Raises PrecomputedMissing."""
    arrays, _ = cached.load(SHIPPED)
    return Answers(arrays[f"{key}_eps_hat"], arrays[f"{key}_x0_hat"], "cached")


def ask(picture: str, t: tuple[int, ...], seed: int) -> Answers:
    """The shipped network's answers to examples(picture, t, seed), asked now; a problem becomes a sentence."""
    try:
        return _asked(picture, t, seed)
    except (ShippedFileError, EngineBusy) as problem:
        return Answers(None, None, problem=str(problem))
    except TooLate:
        return Answers(None, None, problem=BUSY)


@st.cache_data(max_entries=64, show_spinner=False)
def _asked(picture: str, t: tuple[int, ...], seed: int) -> Answers:
    asked = examples(picture, t, seed)
    return runs.answer(lambda model: answers(model, asked), PATIENCE)


# --- below: on the engine's thread ---------------------------------------------------------------------------


def answers(model: Model, asked: Examples) -> Answers:
    """The model's predictions for examples; it hears each picture's caption."""
    rows = batch(asked)
    heard = model.encode([caption.split() for caption in asked.captions])
    answer = model.denoiser(heard)(rows.x_t, rows.log_snr)
    return Answers(pixels_last(answer.eps_hat), pixels_last(answer.x0_hat))


def batch(asked: Examples) -> Batch:
    """Examples as tensors."""
    import torch

    from diffusion_core.training_step import Batch

    x0, eps = (torch.from_numpy(np.array(a)).movedim(-1, 1) for a in (asked.x0, asked.eps))
    return Batch(x0, eps, SCHEDULE.log_snr(torch.tensor(asked.t)).float())


def pixels_last(pictures: Any) -> np.ndarray:
    """(N, 3, H, W) → (N, H, W, 3)."""
    return pictures.detach().movedim(1, -1).contiguous().numpy()


def make_shipped() -> cached.Result:
    """What the page opens with, for `python -m lessons.precompute`."""
    from diffusion_core.model import load_model

    model, arrays = load_model(), {}
    for key, t, seed in (("one", (LEVEL,), SEED), ("ten", levels(DRAW), DRAW)):
        x0 = forward.from_255(forward.scene_picture(PICTURE))
        caption = canonical(forward.SCENES[PICTURE][0])
        asked = Examples(np.repeat(x0[None], len(t), 0), _drawn.__wrapped__(seed, len(t)), t, (caption,) * len(t))
        said = answers(model, asked)
        arrays |= {f"{key}_eps": asked.eps, f"{key}_eps_hat": said.eps_hat, f"{key}_x0_hat": said.x0_hat}
    return arrays, {"made": f"{PICTURE}, seeds {SEED} and {DRAW}, cosine schedule"}
