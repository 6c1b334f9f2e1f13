"""Train the course's networks: python -m diffusion_core.train text_image | unet | sibling"""

from __future__ import annotations

import copy
import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

from diffusion_core.checkpoints import load_weights, save_weights
from diffusion_core.feed import EMPHASIS, feed
from diffusion_core.guidance import cfg_one_pass
from diffusion_core.jobs import Job, autocast, watch
from diffusion_core.judge_training import train_judge
from diffusion_core.model import TEXT_FILE, UNET_COMMAND, UNET_FILE, WEIGHTS, Model, load_text
from diffusion_core.nn.text import PictureEncoder, TextConfig, TextEncoder, contrastive_loss
from diffusion_core.nn.unet import UNet, UNetConfig
from diffusion_core.pool import Emphasis, Pool
from diffusion_core.sample import OneLineParser, sheet, to_pixels
from diffusion_core.samplers import SAMPLERS, Run, drive
from diffusion_core.schedules import Schedule
from diffusion_core.shipped import ShippedFileError, write_manifest
from diffusion_core.sibling import SIBLING_MOMENTS
from diffusion_core.training import WEIGHTINGS, DivergedError, TrainState, TrainStep, fit, v_loss
from diffusion_core.world.captions import CAPTION_WORDS
from diffusion_core.world.prompts import read_prompt

WEIGHTING = "plain"  # settled by short runs of equal length: see docs/training.md
SIBLING = UNetConfig(channels=(32, 48, 64), blocks=1, thin=16, level_dim=64, reach=2)
SIBLING_EMPHASIS = Emphasis(pairs=0.25)
GRID_PROMPTS = (
    "a green turtle wearing sunglasses with a basketball on the beach",
    "a horse in space with a glowing headband",
    "a superhero cat in the city at night",
    "a red king with an apple in the forest",
    "a blue queen in the snow",
    "a tabby cat in a room",
    "a brown dog wearing a hat in the desert at sunset",
    "an orange corgi with a balloon",
    "a purple fish underwater",
    "a white bird wearing a scarf with a flower",
    "a red cat and a blue dog in the snow",
    "a green robot on the left and a pink woman on the right in the forest",
    "a yellow car in the city",
    "a white house in the snow at night",
    "a pink tree on the beach",
    "",
)


class TextImage(nn.Module):
    """Both encoders and their temperature, trained as one."""

    def __init__(self, config: TextConfig):
        super().__init__()
        self.text, self.picture = TextEncoder(config), PictureEncoder(config)
        self.log_scale = nn.Parameter(torch.tensor(2.3))  # 1/temperature = 10


def train_text_image(job: Job) -> None:
    """Text and picture encoders by contrast (CLIP); writes assets/weights/text_image.safetensors."""
    config = TextConfig(words=CAPTION_WORDS)
    network = TextImage(config).to(job.device, memory_format=torch.channels_last)
    pool, rng = Pool.drawn(job.pool, job.seed).to(job.device), random.Random(job.seed)
    state = TrainState.fresh(network, job.settings)
    _resume(job, state)

    def loss() -> Tensor:
        x0, sentences = pool.batch(job.batch, rng)
        tokens = network.text.tokenise(sentences).to(job.device)
        with autocast(job.device):
            texts, pictures = network.text.pooled(tokens), network.picture(x0)
        return contrastive_loss(texts, pictures, network.log_scale.clamp(max=4.6))

    last = watch(job, fit(state, loss, job.settings, job.state_path), lambda step: None)
    save_weights(TEXT_FILE, state.average, config, job.record(last, state))
    write_manifest()


def train_unet(job: Job) -> None:
    """The shipped U-Net; writes assets/weights/unet.safetensors."""
    network = UNet(UNetConfig())
    state, last = fit_unet(job, network, load_text(), lambda step, state: None)
    save_weights(UNET_FILE, state.average, network.config, job.record(last, state) | {"weighting": WEIGHTING})
    write_manifest()


def train_sibling(job: Job) -> None:
    """The small sibling, kept at ten moments; writes assets/weights/sibling_0.safetensors … _9."""
    network, left = UNet(SIBLING), list(SIBLING_MOMENTS)

    def keep(step: TrainStep | None, state: TrainState) -> None:
        while step is None and state.pictures and left and left[0] <= state.pictures:
            left.pop(0)  # an earlier run kept it
        if left and state.pictures >= left[0]:
            left.pop(0)
            path = WEIGHTS / f"sibling_{len(SIBLING_MOMENTS) - 1 - len(left)}.safetensors"
            save_weights(path, state.average, network.config, job.record(step, state))

    fit_unet(job, network, load_text(), keep, SIBLING_EMPHASIS)
    if left:
        print(f"{len(left)} of {len(SIBLING_MOMENTS)} moments are still to come; go on with --resume.")
    write_manifest()


def fit_unet(
    job: Job, network: UNet, text: TextEncoder, on_step: Callable[[TrainStep | None, TrainState], None],
    more: Emphasis = EMPHASIS,
) -> tuple[TrainState, TrainStep | None]:
    """Train a U-Net on drawn pictures; a grid of samples from fixed noise goes beside each saved state."""
    network = network.to(job.device, memory_format=torch.channels_last)
    state = TrainState.fresh(network, job.settings)
    _resume(job, state, UNET_FILE if job.name == "unet" else None)
    pool, seed = Pool.drawn(job.pool, job.seed).to(job.device), job.seed + state.pictures
    batches = feed(pool, text, job.batch, seed, more)
    speaker = copy.deepcopy(text).to(job.device)
    generator = torch.Generator(job.device).manual_seed(seed)

    def loss() -> Tensor:
        x0, tokens = next(batches)
        with autocast(job.device):
            with torch.no_grad():
                words = speaker(tokens)
            x0 = x0.to(memory_format=torch.channels_last)
            return v_loss(lambda x, s: network(x, s, words, tokens > 0), x0, WEIGHTINGS[WEIGHTING], generator)

    def steps() -> Iterator[TrainStep]:
        on_step(None, state)
        for step in fit(state, loss, job.settings, job.state_path):
            on_step(step, state)
            yield step

    last = watch(job, steps(), lambda step: save_grid(job, state, network.config, text))
    save_grid(job, state, network.config, text)
    return state, last


def save_grid(job: Job, state: TrainState, config: UNetConfig, text: TextEncoder) -> None:
    """Draw the fixed prompts from fixed noise with the averaged weights: samples/000123456.png."""
    unet = UNet(config).to(memory_format=torch.channels_last)
    unet.load_state_dict({name: t.cpu() for name, t in state.average.items()})
    model = Model(unet.eval(), text, {})
    words = [read_prompt(prompt).words for prompt in GRID_PROMPTS]
    denoise = cfg_one_pass(model.denoiser(model.encode([*words, *[()] * len(words)])), 3.0)
    schedule, size = Schedule(), config.picture_size
    run = Run.start(schedule, schedule.times(10), SAMPLERS["dpmpp_2m"], range(len(words)), (3, size, size))
    *_, last = drive(denoise, run)
    folder = job.folder / "samples"
    folder.mkdir(parents=True, exist_ok=True)
    sheet(to_pixels(last.x_t), 8).save(folder / f"{state.pictures:09d}.png")


def _resume(job: Job, state: TrainState, shipped: Path | None = None) -> None:
    """With --resume: go on from the saved state, or else from the shipped weights alone."""
    if job.resume and job.state_path.is_file():
        state.load(job.state_path)
        print(f"going on from {state.pictures:,} pictures")
    elif job.resume and shipped is not None and shipped.is_file():
        tensors, _, training = load_weights(shipped, UNET_COMMAND)
        state.network.load_state_dict(tensors)
        state.average = {n: p.detach().clone() for n, p in state.network.state_dict().items()}
        state.pictures, state.step = training["pictures"], training["steps"]
        state.seconds = training["minutes"] * 60
        print(f"warm start from shipped weights, {state.pictures:,} pictures old")
    elif job.curve_path.is_file():
        os.remove(job.curve_path)


TRAINERS: dict[str, Callable[[Job], None]] = {
    "text_image": train_text_image,
    "unet": train_unet,
    "sibling": train_sibling,
    "judge": train_judge,
}
DEFAULTS = {  # minutes, pictures, batch
    "text_image": (5.0, None, 256),
    "unet": (120.0, None, 64),
    "sibling": (0.0, SIBLING_MOMENTS[-1], 64),
    "judge": (9.0, None, 128),
}


def main() -> None:
    """The command line."""
    parser = OneLineParser("python -m diffusion_core.train", description="Train one of the course's networks.")
    parser.add_argument("network", choices=tuple(TRAINERS))
    parser.add_argument("--minutes", type=float, help="how long; the learning rate falls to zero at the end")
    parser.add_argument("--pictures", type=int, help="how many pictures, instead of minutes")
    parser.add_argument("--resume", action="store_true", help="go on from the saved state, or from shipped weights")
    parser.add_argument("--batch", type=int, help="pictures in one step")
    parser.add_argument("--rate", type=float, default=1e-3, help="learning rate between warm-up and decay")
    parser.add_argument("--pool", type=int, default=400_000, help="pictures drawn beforehand")
    parser.add_argument("--seed", type=int, default=1, help="seed of the drawn pictures and of the training noise")
    options = parser.parse_args()
    minutes, pictures, batch = DEFAULTS[options.network]
    if options.minutes is not None or options.pictures is not None:
        minutes, pictures = options.minutes or 0.0, options.pictures
    batch = options.batch or batch
    if (minutes <= 0 and (pictures or 0) <= 0) or batch < 2 or options.pool < batch or options.rate <= 0:
        parser.error(
            "--minutes or --pictures and --rate must be above 0, --batch at least 2 and --pool at least one batch"
        )
    torch.manual_seed(options.seed)  # initial weights
    command = " ".join(["python -m diffusion_core.train", *sys.argv[1:]])
    job = Job(
        options.network, minutes, pictures, batch, options.pool, options.seed, options.resume, command, options.rate
    )
    try:
        TRAINERS[options.network](job)
    except (ShippedFileError, DivergedError) as problem:
        parser.error(str(problem))


if __name__ == "__main__":
    main()
