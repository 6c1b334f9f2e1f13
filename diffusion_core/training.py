"""Training: losses, the moving average of weights, and one loop that yields its steps and can be resumed."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from diffusion_core.process import rates_from_log_snr
from diffusion_core.schedules import LOG_SNR_MAX, LOG_SNR_MIN

Weighting = Callable[[Tensor], Tensor]

WEIGHTINGS: dict[str, Weighting] = {
    "plain": torch.ones_like,
    # min-SNR-γ with γ = 5, written for v-prediction (Hang et al. 2023, arXiv 2303.09556, eq. 9)
    "min_snr": lambda log_snr: log_snr.exp().clamp(max=5.0) / (log_snr.exp() + 1.0),
}


def sample_log_snr(count: int, generator: torch.Generator, device: torch.device | str = "cpu") -> Tensor:
    """Noise levels for a batch, (B,): the cosine schedule's density, log-SNR = −2·log tan(πu/2).

    u is stratified, one draw in each of `count` equal slices, so that every batch sees all levels
    (Kingma et al. 2021, arXiv 2107.00630, appendix I.1, where one draw shifts them all). The ends are the range any
    schedule reaches.
    """
    first, last = (2 / math.pi * math.atan(math.exp(-end / 2)) for end in (LOG_SNR_MAX, LOG_SNR_MIN))
    slices = (
        torch.arange(count, device=device) + torch.rand(count, generator=generator, device=device)
    ) / count
    u = first + (last - first) * slices
    return -2 * torch.log(torch.tan(math.pi / 2 * u))


def v_loss(
    predict_v: Callable[[Tensor, Tensor], Tensor],
    x0: Tensor,
    weighting: Weighting,
    generator: torch.Generator,
) -> Tensor:
    """Weighted mean of |v̂ − v|² at random noise levels, with v = √ᾱ·eps − √(1−ᾱ)·x0.

    x0: (B, 3, H, W) in [−1, 1]; predict_v: (x_t, log_snr) → v̂ (Salimans & Ho 2022, arXiv 2202.00512).
    """
    log_snr = sample_log_snr(len(x0), generator, x0.device)
    eps = torch.randn(x0.shape, generator=generator, device=x0.device)
    signal, noise = (rate[:, None, None, None] for rate in rates_from_log_snr(log_snr))
    v_hat = predict_v(signal * x0 + noise * eps, log_snr).float()
    squared = (v_hat - (signal * eps - noise * x0)).square().mean(dim=(1, 2, 3))  # (B,)
    return (weighting(log_snr) * squared).mean()


@dataclass(frozen=True)
class FitSettings:
    """One training run. Pictures, not steps, are the unit of whatever should not change with the batch.

    The run ends after `minutes`, or after `pictures` where they are given: the same on any machine.
    """

    minutes: float
    pictures: int | None = None
    batch: int = 64
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warm_up: int = 160  # steps, however large the batch
    decay_share: float = 0.3  # of the minutes: the learning rate falls to zero at the end
    ema_half_life: int = 100_000  # pictures; a run ends at rate 0, which averages, too
    save_every: float = 50.0  # seconds: a kill loses less than a minute


@dataclass(frozen=True)
class TrainStep:
    """What one optimiser step reports."""

    step: int
    pictures: int
    seconds: float  # of training in all, earlier runs included
    loss: float
    mean_loss: float  # smoothed over some fifty steps
    learning_rate: float
    saved: bool


@dataclass
class TrainState:
    """Everything a run needs to go on: network, optimiser, moving average, counters."""

    network: nn.Module
    optimiser: torch.optim.Optimizer
    average: dict[str, Tensor] = field(default_factory=dict)
    step: int = 0
    pictures: int = 0
    seconds: float = 0.0

    @classmethod
    def fresh(cls, network: nn.Module, settings: FitSettings) -> TrainState:
        """A new state around `network`; only matrices and kernels decay."""
        matrices = [p for p in network.parameters() if p.requires_grad and p.ndim > 1]
        vectors = [p for p in network.parameters() if p.requires_grad and p.ndim <= 1]
        groups = [
            {"params": matrices, "weight_decay": settings.weight_decay},
            {"params": vectors, "weight_decay": 0.0},
        ]
        optimiser = torch.optim.AdamW(groups, lr=settings.learning_rate, betas=(0.9, 0.99), fused=True)
        return cls(network, optimiser, {n: p.detach().clone() for n, p in network.state_dict().items()})

    def update_average(self, settings: FitSettings) -> None:
        """Exponential moving average whose half-life grows with training, up to a limit (EDM, Karras 2022)."""
        half_life = min(settings.ema_half_life, 0.1 * self.pictures + 1)
        keep = 0.5 ** (settings.batch / half_life)
        now = {name: value for name, value in self.network.state_dict().items() if value.is_floating_point()}
        torch._foreach_lerp_([self.average[name] for name in now], list(now.values()), 1 - keep)  # all at once

    def save(self, path: Path) -> None:
        """Write the state as safetensors, atomically."""
        tensors = {f"net.{n}": t for n, t in self.network.state_dict().items()}
        tensors |= {f"average.{n}": t for n, t in self.average.items()}
        for i, moments in self.optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser.{i}.{key}": value for key, value in moments.items()}
        counters = {"step": self.step, "pictures": self.pictures, "seconds": self.seconds}
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        plain = {
            n: t.detach().to("cpu", memory_format=torch.contiguous_format).clone() for n, t in tensors.items()
        }
        save_file(plain, str(draft), metadata={"counters": json.dumps(counters)})
        os.replace(draft, path)

    def load(self, path: Path) -> None:
        """Continue from a saved state of the same network."""
        with safe_open(str(path), framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            for name, value in json.loads(file.metadata()["counters"]).items():
                setattr(self, name, value)
        self.network.load_state_dict(_strip(tensors, "net."))
        device = next(self.network.parameters()).device
        self.average = {n: t.to(device) for n, t in _strip(tensors, "average.").items()}
        weights = [p for group in self.optimiser.param_groups for p in group["params"]]
        moments: dict[int, dict[str, Tensor]] = {}
        for name, value in _strip(tensors, "optimiser.").items():
            index, key = name.split(".")
            moments.setdefault(int(index), {})[key] = _laid_like(weights[int(index)], value)
        groups = self.optimiser.state_dict()["param_groups"]
        self.optimiser.load_state_dict({"state": moments, "param_groups": groups})


def _laid_like(weight: Tensor, value: Tensor) -> Tensor:
    """A moment in its weight's order in memory, which the fused optimiser takes for granted; a counter as it is."""
    return torch.empty_like(weight).copy_(value) if value.shape == weight.shape else value


def _strip(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}


def share_done(elapsed: float, pictures: int, settings: FitSettings) -> float:
    """How much of a run is over, from 0 to 1 and beyond: by the clock, or by pictures where they are given."""
    return elapsed / (settings.minutes * 60) if settings.pictures is None else pictures / settings.pictures


def learning_rate_at(share: float, steps: int, settings: FitSettings) -> float:
    """Warm-up, plateau, linear fall to zero over the last `decay_share`; share and steps: of this run."""
    rise = min(1.0, steps / settings.warm_up)
    fall = min(1.0, (1.0 - min(share, 1.0)) / settings.decay_share)
    return settings.learning_rate * rise * fall


class DivergedError(RuntimeError):
    """Training ran away before anything was saved; the text says what to do."""


@dataclass
class Pulse:
    """Is training still well? Smoothed loss, and the lowest that it has been."""

    mean: float | None = None
    lowest: float = math.inf

    def hear(self, loss: float) -> bool:
        """Take in one step's loss; False when it is no number, or the mean has doubled since its lowest."""
        if not math.isfinite(loss):
            return False
        self.mean = loss if self.mean is None else 0.98 * self.mean + 0.02 * loss
        self.lowest = min(self.lowest, self.mean)
        return self.mean <= 2 * self.lowest


def fit(
    state: TrainState, loss: Callable[[], Tensor], settings: FitSettings, path: Path | None
) -> Iterator[TrainStep]:
    """Train for `settings.minutes`, yielding a TrainStep after every optimiser step.

    loss: draws a batch and returns its scalar loss. The state is saved to `path` every `save_every` seconds and
    when the generator is closed or interrupted. A run that diverges goes back to what it saved last and on with
    half the learning rate; raises DivergedError when it has saved nothing yet.
    """
    start, before, first = time.monotonic(), state.seconds, state.pictures
    pulse, well, kept, last_save = Pulse(), True, False, start
    try:
        while (share := share_done(time.monotonic() - start, state.pictures - first, settings)) < 1:
            rate = learning_rate_at(share, (state.pictures - first) // settings.batch, settings)
            for group in state.optimiser.param_groups:
                group["lr"] = rate
            value = loss()
            state.optimiser.zero_grad(set_to_none=True)
            value.backward()
            nn.utils.clip_grad_norm_(state.network.parameters(), 1.0)
            state.optimiser.step()
            state.step, state.pictures = state.step + 1, state.pictures + settings.batch
            state.update_average(settings)
            well = pulse.hear(value.item())  # last of all: only now does the processor wait for a GPU
            if not well:
                if not kept:
                    raise DivergedError(
                        f"The loss ran away after {state.pictures:,} pictures. Start again with a smaller --rate."
                    )
                state.load(path)
                settings, pulse = replace(settings, learning_rate=settings.learning_rate / 2), Pulse()
                continue
            state.seconds = before + time.monotonic() - start
            saved = path is not None and time.monotonic() - last_save > settings.save_every
            if saved:
                state.save(path)
                kept, last_save = True, time.monotonic()
            yield TrainStep(state.step, state.pictures, state.seconds, value.item(), pulse.mean, rate, saved)
    finally:
        if path is not None and well:
            state.save(path)
