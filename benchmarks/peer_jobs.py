"""What is timed side by side: four guided pictures, one training step, one pass of sixteen rows.

Ours is what the course runs: pictures through its engine, training steps through its own loop.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from diffusion_core.engine import Engine, Request
from diffusion_core.jobs import autocast
from diffusion_core.model import Model
from diffusion_core.nn.unet import UNet
from diffusion_core.training import WEIGHTINGS, FitSettings, TrainState, fit, v_loss
from diffusion_core.world.prompts import read_prompt

Job = Callable[[], object]

WORDS = read_prompt("a red cat and a blue dog in the snow").words
PICTURES, STEPS, SCALE = 4, 20, 3.0
ROWS = 16  # the most that the engine puts into one pass


def our_pictures(engine: Engine, count: int = PICTURES, exact: bool = False) -> Job:
    """Guided pictures as a learner gets them: from the request to its last step; exact: in float32 everywhere."""
    request = Request(WORDS, tuple(range(count)), STEPS, "dpmpp_2m", SCALE, exact=exact)

    def run() -> None:
        for _ in engine.submit(request, "peers"):
            pass

    return run


def their_pictures(network: nn.Module, model: Model, half: bool = False) -> Job:
    """The same with another network and diffusers' DPM-Solver++(2M), the way its pipelines do it.

    Both sides encode the same prompt with the same text encoder.
    """
    from diffusers import DPMSolverMultistepScheduler

    scheduler = DPMSolverMultistepScheduler(
        beta_schedule="squaredcos_cap_v2", prediction_type="v_prediction", timestep_spacing="trailing"
    )
    noise = torch.randn(PICTURES, 3, 32, 32, generator=torch.Generator().manual_seed(0))

    @torch.inference_mode()
    def run() -> Tensor:
        scheduler.set_timesteps(STEPS)
        words = as_given(model.encode([WORDS, []]).words.repeat_interleave(PICTURES, 0), half)
        x = as_given(noise, half)
        for t in scheduler.timesteps:
            cond, uncond = network(torch.cat([x, x]), t.expand(2 * PICTURES), words).chunk(2)
            x = scheduler.step(uncond + SCALE * (cond - uncond), t, x).prev_sample
        return x

    return run


def their_pass(network: nn.Module, half: bool = False) -> Job:
    """One pass of ROWS rows."""
    x, words = as_given(torch.randn(ROWS, 3, 32, 32), half), as_given(torch.randn(ROWS, 24, 128), half)
    t = torch.full((ROWS,), 500)

    @torch.inference_mode()
    def run() -> Tensor:
        return network(x, t, words)

    return run


def as_given(x: Tensor, half: bool) -> Tensor:
    """float32 as it is; in bfloat16 pictures lie channels-last, which convolutions on CPUs like best."""
    if not half:
        return x
    return x.to(torch.bfloat16, memory_format=torch.channels_last if x.ndim == 4 else torch.contiguous_format)


def our_training_step(model: Model, batch: int) -> Job:
    """One step of the course's training: bfloat16 where the processor multiplies in it."""
    unet = UNet(model.unet.config).to(memory_format=torch.channels_last)
    mask = model.encode([WORDS] * batch).mask.clone()
    return training_step(unet, lambda x, s, words: unet(x, s, words, mask), model, batch, autocast(torch.device("cpu")))


def their_training_step(network: nn.Module, model: Model, batch: int, half: bool = False) -> Job:
    """The same with another network in float32, or under autocast to bfloat16 in channels-last.

    Their networks are told log_snr where they expect a time: for the clock one number is as good as another.
    """
    if half:
        network = network.to(memory_format=torch.channels_last)
    return training_step(network, network, model, batch, torch.autocast("cpu", torch.bfloat16, enabled=half), half)


def training_step(
    network: nn.Module, predict: Callable[..., Tensor], model: Model, batch: int, precision: torch.autocast,
    channels_last: bool = True,
) -> Job:  # fmt: skip
    """Forward, backward, clipping, fused AdamW and moving average, by the course's own loop for both sides."""
    settings = FitSettings(minutes=1e9, batch=batch)
    layout = torch.channels_last if channels_last else torch.contiguous_format
    x0 = torch.randn(batch, 3, 32, 32).clamp(-1, 1).to(memory_format=layout)
    words = model.encode([WORDS] * batch).words.clone()  # a clone outside inference mode may be trained with
    generator = torch.Generator().manual_seed(0)

    def loss() -> Tensor:
        with precision:
            return v_loss(lambda x, s: predict(x, s, words), x0, WEIGHTINGS["plain"], generator)

    steps = fit(TrainState.fresh(network.train(), settings), loss, settings, None)
    return lambda: next(steps)
