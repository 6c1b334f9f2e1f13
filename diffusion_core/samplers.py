"""From noise to picture: three samplers as pure steps, and the run that they advance.

A run asks and is advanced: run.needs() says what has to be predicted, run.advance(prediction) takes one
step. sample() drives one run; an engine drives many, of different samplers and schedules, in one batch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor

from diffusion_core.denoiser import Denoiser, Prediction
from diffusion_core.schedules import Level, Schedule

Previous = tuple[Level, Prediction]
# (x_t, here, there, prediction, previous, noise) → x_s, from the level here to the cleaner level there.
# previous is the last step's level and prediction, None on the first; noise() draws noise shaped like x_t.
Sampler = Callable[[Tensor, Level, Level, Prediction, Previous | None, Callable[[], Tensor]], Tensor]


def ddpm(
    x_t: Tensor, here: Level, there: Level, prediction: Prediction, previous: Previous | None, noise: Callable
) -> Tensor:
    """Draw x_s from q(x_s | x_t, x0_hat) (DDPM eq. 6 and 7, for any s < t).

    mean = √ᾱ_s·β/(1 − ᾱ_t)·x0_hat + √(1 − β)·(1 − ᾱ_s)/(1 − ᾱ_t)·x_t, variance = β·(1 − ᾱ_s)/(1 − ᾱ_t),
    where 1 − β = ᾱ_t/ᾱ_s spans all the steps from s to t.
    """
    kept = here.signal_rate / there.signal_rate  # √(1 − β)
    beta = 1 - kept**2
    shrink = (there.noise_rate / here.noise_rate) ** 2
    mean = there.signal_rate * beta / here.noise_rate**2 * prediction.x0_hat + kept * shrink * x_t
    return mean + math.sqrt(beta * shrink) * noise() if shrink > 0 else mean  # no noise on a finished picture


def ddim(
    x_t: Tensor,
    here: Level,
    there: Level,
    prediction: Prediction,
    previous: Previous | None,
    noise: Callable,
    eta: float = 0.0,
) -> Tensor:
    """x_s = √ᾱ_s·x0_hat + √(1 − ᾱ_s − σ²)·eps_hat + σ·noise (Song et al. 2021, arXiv 2010.02502, eq. 12).

    σ = eta·√((1 − ᾱ_s)/(1 − ᾱ_t))·√(1 − ᾱ_t/ᾱ_s) (eq. 16): eta 0 adds no noise, eta 1 is DDPM.
    """
    kept = here.signal_rate / there.signal_rate
    sigma = eta * there.noise_rate / here.noise_rate * math.sqrt(1 - kept**2)
    towards = math.sqrt(max(there.noise_rate**2 - sigma**2, 0.0))
    x_s = there.signal_rate * prediction.x0_hat + towards * prediction.eps_hat
    return x_s + sigma * noise() if sigma > 0 else x_s


def dpmpp_2m(
    x_t: Tensor, here: Level, there: Level, prediction: Prediction, previous: Previous | None, noise: Callable
) -> Tensor:
    """DPM-Solver++(2M): extrapolate x0_hat from the last two (Lu et al. 2022, arXiv 2211.01095, algorithm 2).

    x_s = noise_rate_s/noise_rate_t·x_t + signal_rate_s·(1 − e^−h)·D, with λ = log_snr/2, h = λ_s − λ_t and
    D = x0_hat + h/(2·h_prev)·(x0_hat − x0_prev). Without a previous step D = x0_hat, which is DDIM.
    """
    if there.noise_rate == 0:
        # h = ∞: one cannot extrapolate that far, so the last step is first order, which is x0_hat. diffusers
        # ends so too (final_sigmas_type="zero"); its lower_order_final, under 15 steps, asks for the same.
        return prediction.x0_hat
    guess = prediction.x0_hat
    if previous is not None:
        was, earlier = previous
        # from pure noise (zero terminal SNR) the last step was infinitely long: its prediction counts nothing
        ratio = (there.log_snr - here.log_snr) / (here.log_snr - was.log_snr)
        guess = guess + ratio / 2 * (guess - earlier.x0_hat)
    fade = there.noise_rate / here.noise_rate  # fade·signal_rate_t = signal_rate_s·e^−h
    return fade * x_t + (there.signal_rate - fade * here.signal_rate) * guess


SAMPLERS: dict[str, Sampler] = {"ddpm": ddpm, "ddim": ddim, "dpmpp_2m": dpmpp_2m}


def sampler_named(name: str, eta: float = 0.0) -> Sampler:
    """The sampler of that name; eta is how much of DDPM's fresh noise "ddim" mixes in, from 0 to 1."""
    if name not in SAMPLERS:
        raise ValueError(f"no sampler is called {name!r}; choose one of {', '.join(SAMPLERS)}")
    if not 0 <= eta <= 1:
        raise ValueError(f"eta must be from 0 to 1, not {eta}")
    return partial(ddim, eta=eta) if name == "ddim" else SAMPLERS[name]


@dataclass(frozen=True)
class SampleStep:
    """One record of a run: x_t before the step from t to t_next, and what was predicted of it.

    The last record of a run has t = t_next = 0 and the finished pictures as x_t and x0_hat; eps_hat is 0.
    """

    index: int
    t: int
    t_next: int
    x_t: Tensor
    x0_hat: Tensor
    eps_hat: Tensor


@dataclass(frozen=True)
class Run:
    """A batch of pictures on its way from noise. Records never change: advance() returns the next one.

    The generators are the one thing that does: one for each picture, or one for all.
    """

    schedule: Schedule
    times: tuple[int, ...]
    sampler: Sampler
    x_t: Tensor
    generators: tuple[torch.Generator, ...]
    index: int = 0
    previous: Previous | None = None

    def __post_init__(self) -> None:
        ahead = self.times[1:]
        if not ahead or ahead[-1] != 0 or any(t <= s for t, s in zip(self.times, ahead, strict=False)):
            raise ValueError("times must descend to 0, as schedule.times(steps) does")
        if len(self.generators) not in (1, len(self.x_t)):
            raise ValueError(f"{len(self.x_t)} pictures need 1 or {len(self.x_t)} generators")

    @classmethod
    def start(
        cls,
        schedule: Schedule,
        times: Sequence[int],
        sampler: Sampler,
        seeds: Sequence[int],
        shape: Sequence[int],
        x_T: Tensor | None = None,
    ) -> Run:
        """Begin with one picture of that shape, (C, H, W), for each seed, or with x_T instead of its noise.

        Each picture has a generator of its own, so it depends on its seed and not on the others beside it.
        """
        generators = generators_from(seeds)
        noise = noise_from(generators, shape)  # drawn even when x_T is given: later noise is then the same
        return cls(schedule, tuple(times), sampler, noise if x_T is None else x_T, generators)

    @property
    def done(self) -> bool:
        """Whether the pictures are finished."""
        return self.index == len(self.times) - 1

    @property
    def t(self) -> int:
        """The time that x_t stands at."""
        return self.times[self.index]

    def needs(self) -> tuple[Tensor, Tensor]:
        """What has to be predicted next: x_t, and its log_snr as float32 (B,)."""
        return self.x_t, torch.full((len(self.x_t),), self.schedule.log_snr(self.t), device=self.x_t.device)

    def advance(self, prediction: Prediction) -> tuple[Run, SampleStep]:
        """Take one step with the prediction for needs(): the run after it, and a record of it."""
        if self.done:
            raise ValueError("this run is finished; start another")
        t, s = self.times[self.index : self.index + 2]
        here, there = self.schedule.level(t), self.schedule.level(s)
        x_s = self.sampler(self.x_t, here, there, prediction, self.previous, self._fresh_noise)
        step = SampleStep(self.index, t, s, self.x_t, prediction.x0_hat, prediction.eps_hat)
        return replace(self, x_t=x_s, index=self.index + 1, previous=(here, prediction)), step

    def last_step(self) -> SampleStep:
        """The record that ends a finished run: nothing is left to predict."""
        return SampleStep(self.index, self.t, self.t, self.x_t, self.x_t, torch.zeros_like(self.x_t))

    def _fresh_noise(self) -> Tensor:
        shape = self.x_t.shape if len(self.generators) == 1 else self.x_t.shape[1:]
        return noise_from(self.generators, shape).reshape(self.x_t.shape).to(self.x_t)


def sample(
    denoise: Denoiser,
    sampler: Sampler,
    x_T: Tensor,
    schedule: Schedule,
    times: Sequence[int],
    rng: torch.Generator,
) -> Iterator[SampleStep]:
    """Drive one run from x_T to its end: a record for each step, then one with the finished pictures."""
    yield from drive(denoise, Run(schedule, tuple(times), sampler, x_T, (rng,)))


def drive(denoise: Denoiser, run: Run) -> Iterator[SampleStep]:
    """Yield the records of a run that has begun."""
    while not run.done:
        run, step = run.advance(denoise(*run.needs()))
        yield step
    yield run.last_step()


def generators_from(seeds: Sequence[int]) -> tuple[torch.Generator, ...]:
    """One fresh generator for each seed."""
    return tuple(torch.Generator().manual_seed(seed) for seed in seeds)


def noise_from(generators: Sequence[torch.Generator], shape: Sequence[int]) -> Tensor:
    """Standard normal noise, one row of that shape from each generator: (B, *shape), float32."""
    return torch.stack([torch.randn(tuple(shape), generator=generator) for generator in generators])


def initial_noise(seeds: Sequence[int], shape: Sequence[int]) -> Tensor:
    """The noise x_T that Run.start draws: row i depends on seeds[i] alone."""
    return noise_from(generators_from(seeds), shape)
