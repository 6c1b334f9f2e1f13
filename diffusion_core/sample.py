"""Make a picture from a prompt: python -m diffusion_core.sample "a red bird wearing a hat in the snow" --out x.png"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor

from diffusion_core.model import Model, load_model
from diffusion_core.samplers import SAMPLERS, Run, SampleStep, drive, sampler_named
from diffusion_core.schedules import SCHEDULES, Schedule
from diffusion_core.shipped import ShippedFileError
from diffusion_core.world.prompts import read_prompt


def paint(
    model: Model, words: Sequence[str], seeds: Sequence[int], schedule: Schedule, steps: int = 20,
    sampler: str = "dpmpp_2m", guidance_scale: float = 3.0, eta: float = 0.0,
) -> Iterator[SampleStep]:  # fmt: skip
    """Yield the steps that turn each seed's noise into a picture of `words`; the last x_t is the result."""
    size = model.unet.config.picture_size
    run = Run.start(schedule, schedule.times(steps), sampler_named(sampler, eta), seeds, (3, size, size))
    yield from drive(model.guided(words, len(seeds), guidance_scale), run)


def to_pixels(x: Tensor) -> np.ndarray:
    """(B, 3, H, W) in [−1, 1] → uint8 (B, H, W, 3), clipped."""
    return ((x.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()


def sheet(pictures: np.ndarray, columns: int, enlarge: int = 4) -> Image.Image:
    """uint8 (N, H, W, 3) → one image, row by row, each pixel a square."""
    count, height, width, _ = pictures.shape
    rows = -(-count // columns)
    canvas = np.full((rows * (height + 1), columns * (width + 1), 3), 24, np.uint8)
    for i, picture in enumerate(pictures):
        top, left = i // columns * (height + 1), i % columns * (width + 1)
        canvas[top : top + height, left : left + width] = picture
    image = Image.fromarray(canvas)
    return image.resize((image.width * enlarge, image.height * enlarge), Image.Resampling.NEAREST)


class OneLineParser(argparse.ArgumentParser):
    """Says one sentence about a wrong option and leaves with 2."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def options_of(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line's options, each within its limits."""
    parser.add_argument("prompt", help='what to draw; "" draws without a prompt')
    parser.add_argument("--seed", type=int, default=0, help="which noise to start from")
    parser.add_argument("--steps", type=int, default=20, help="how many steps, from 1 to 1000")
    parser.add_argument("--sampler", choices=tuple(SAMPLERS), default="dpmpp_2m")
    parser.add_argument("--schedule", choices=tuple(SCHEDULES), default="cosine")
    parser.add_argument("--guidance", type=float, default=3.0, help="guidance scale: 0 ignores the prompt, 1 is plain")
    parser.add_argument("--out", type=Path, default=Path("picture.png"), help="where the picture goes (PNG)")
    parser.add_argument("--gif", type=Path, help="where the way there goes, step by step")
    parser.add_argument("--enlarge", type=int, default=8, help="side of the square drawn for each pixel")
    options = parser.parse_args(arguments)
    limits = {"seed": (0, 2**63 - 1), "steps": (1, 1000), "guidance": (0, 30), "enlarge": (1, 64)}
    for name, (low, high) in limits.items():
        if not low <= getattr(options, name) <= high:
            parser.error(f"--{name} must be from {low} to {high}, not {getattr(options, name)}")
    return options


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = OneLineParser("python -m diffusion_core.sample", description="Make a picture from a prompt.")
    options = options_of(parser, arguments)
    try:
        model = load_model()
    except ShippedFileError as problem:
        parser.error(str(problem))
    reading = read_prompt(options.prompt)
    for note in reading.notes:
        print(note)
    steps = list(paint(model, reading.words, [options.seed], Schedule(options.schedule), options.steps,
                       options.sampler, options.guidance))  # fmt: skip
    frames = [sheet(to_pixels(step.x_t), 1, options.enlarge) for step in steps]
    try:
        frames[-1].save(options.out)
        if options.gif:
            pauses = [100] * (len(frames) - 1) + [2000]
            frames[0].save(options.gif, save_all=True, append_images=frames[1:], duration=pauses, loop=0)
    except (OSError, ValueError) as problem:
        parser.error(f"cannot write the picture: {problem}")
    print(f"{options.out}: {' '.join(reading.words) or 'no prompt'}")


if __name__ == "__main__":
    main()
