"""What every training run has: its settings, its folder, its record, its progress bar."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from diffusion_core.frozen import fast_bfloat16
from diffusion_core.pool import cache_folder
from diffusion_core.training import FitSettings, TrainState, TrainStep, share_done
from diffusion_core.world.vocabulary import WORLD_VERSION


@dataclass
class Job:
    """One training run as asked for on the command line."""

    name: str
    minutes: float
    pictures: int | None
    batch: int
    pool: int
    seed: int
    resume: bool
    command: str
    rate: float = FitSettings.learning_rate

    @property
    def folder(self) -> Path:
        """Where state, sample grids and the loss curve of this run live."""
        return cache_folder() / "train" / self.name

    @property
    def state_path(self) -> Path:
        """What a resumed run starts from."""
        return self.folder / "state.safetensors"

    @property
    def curve_path(self) -> Path:
        """Pictures seen, seconds and smoothed loss, one JSON record a line."""
        return self.folder / "loss.jsonl"

    @property
    def device(self) -> torch.device:
        """CUDA where there is one."""
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")

    @property
    def settings(self) -> FitSettings:
        """How long to train, with which batch and learning rate."""
        return FitSettings(self.minutes, self.pictures, self.batch, self.rate)

    def record(self, step: TrainStep | None, state: TrainState) -> dict[str, Any]:
        """What the weights file says about its training."""
        return {
            "command": self.command, "world": WORLD_VERSION, "data_seed": self.seed, "pool": self.pool,
            "pictures": state.pictures, "minutes": round(state.seconds / 60, 1), "steps": state.step,
            "batch": self.batch, "rate": self.rate, "loss": None if step is None else round(step.loss, 4),
            "hardware": hardware(self.device), "torch": torch.__version__,
        }  # fmt: skip


def hardware(device: torch.device) -> str:
    """The processor, in words."""
    if device.type == "cuda":
        return torch.cuda.get_device_name()
    return f"{platform.machine()} CPU, {torch.get_num_threads()} threads"


def autocast(device: torch.device) -> torch.autocast:
    """bfloat16 where it is safe and fast: on CUDA, and on processors that multiply in it.

    A processor that must imitate bfloat16 is far slower in it than in float32.
    """
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda" or fast_bfloat16())


def watch(job: Job, steps: Iterator[TrainStep], on_save: Callable[[TrainStep], None]) -> TrainStep | None:
    """Run a training generator under a progress bar; Ctrl-C ends it in good order."""
    bar = tqdm(total=100, bar_format="{l_bar}{bar}| {elapsed} gone, {postfix}")
    begun, last = None, None
    job.folder.mkdir(parents=True, exist_ok=True)
    curve = open(job.curve_path, "a")  # noqa: SIM115 - closed below, after the generator
    try:
        for last in steps:
            begun = begun or last
            _show(bar, job.settings, begun, last)
            if last.step % 20 == 0:
                line = {"pictures": last.pictures, "seconds": round(last.seconds, 1), "loss": round(last.mean_loss, 5)}
                curve.write(json.dumps(line) + "\n")
            if last.saved:
                curve.flush()
                on_save(last)
    except KeyboardInterrupt:
        print("\nStopped; go on with --resume.")
    finally:
        steps.close()
        bar.close()
        curve.close()
    return last


def _show(bar: tqdm, settings: FitSettings, begun: TrainStep, last: TrainStep) -> None:
    spent, seen = last.seconds - begun.seconds, last.pictures - begun.pictures
    share = min(max(share_done(spent, seen, settings), 1e-6), 1.0)
    left = spent / share - spent
    bar.n = round(100 * share)
    bar.set_postfix_str(
        f"{left / 60:.1f} min left, {seen / max(spent, 1e-6):.0f} pictures/s, {last.pictures:,} seen, "
        f"loss {last.mean_loss:.4f}"
    )
