"""Training the judge: drawings that the generator never saw, spoiled a little, and pictures of nothing.

The judge must read a sampled picture as well as a drawing, so half of what it sees is blurred, noisy, coarse or
tinted. It must also know when there is nothing to read: empty places, noise, and two pictures shown through
each other are answered with "nothing of this kind".
"""

from __future__ import annotations

import multiprocessing
import os
import random
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from diffusion_core.checkpoints import save_weights
from diffusion_core.jobs import Job, autocast, watch
from diffusion_core.judge import JUDGE_FILE, labels_of
from diffusion_core.nn.judge import ANSWERS, JudgeConfig, JudgeNetwork, judge_loss
from diffusion_core.pool import cache_folder
from diffusion_core.process import rates_from_log_snr
from diffusion_core.shipped import write_manifest
from diffusion_core.training import TrainState, fit
from diffusion_core.world.dataset import SIZE
from diffusion_core.world.drawing import draw
from diffusion_core.world.pen import Pen
from diffusion_core.world.places import SKY_PLACES
from diffusion_core.world.places_apart import TIMELESS_PLACES
from diffusion_core.world.scenes import sample_scene, scene_seed
from diffusion_core.world.vocabulary import NOTHING, PLACES, WORLD_VERSION, Scene, times_of

SEED_STEP = 10  # the generator's pictures have seed 1, the judge's 11
POOL = 200_000  # pictures drawn, at most
EMPTY_SHARE, HELD_OUT_SHARE, PAIR_SHARE = 0.03, 0.15, 0.40  # pairs are harder, so more of them
SPOILED_SHARE = 0.6
NOISE_SHARE, BLEND_SHARE = 0.05, 0.05
NONE = torch.tensor([values.index(None) for values in ANSWERS.values()])
CHUNK = 500


def judged_example(seed: int, index: int) -> tuple[Scene, np.ndarray]:
    """Picture number `index` of the judge's data: one or two figures, perhaps held out, perhaps nobody."""
    number = scene_seed(seed, index)
    rng = random.Random(number)
    if rng.random() < EMPTY_SHARE:
        place = rng.choice(PLACES)
        scene = Scene((), NOTHING, place, rng.choice(times_of(place)))
        return scene, draw_empty(scene, number)
    held_out = rng.random() < HELD_OUT_SHARE
    figures = 2 if rng.random() < PAIR_SHARE else 1
    while len((scene := sample_scene(rng, held_out)).figures) != figures:
        pass
    return scene, draw(scene, number, SIZE)


def draw_empty(scene: Scene, seed: int) -> np.ndarray:
    """A place with nobody in it: uint8 (32, 32, 3)."""
    pen, rng = Pen(SIZE), random.Random(seed)
    if scene.place in SKY_PLACES:
        SKY_PLACES[scene.place](pen, rng, scene.time)
    else:
        TIMELESS_PLACES[scene.place](pen, rng)
    return pen.finish()


def judged_pool(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Pictures uint8 (N, 3, 32, 32) and labels (N, heads), from the cache folder or drawn now on all cores."""
    path = cache_folder() / f"judge-{WORLD_VERSION}-{seed}-{count}.npz"
    if not path.is_file():
        jobs = [(seed, start, min(start + CHUNK, count)) for start in range(0, count, CHUNK)]
        method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
        with multiprocessing.get_context(method).Pool(min(os.cpu_count() or 1, len(jobs))) as workers:
            drawn = list(workers.imap(_draw_chunk, jobs))
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part.npz")
        pictures, labels = (np.concatenate(parts) for parts in zip(*drawn, strict=True))
        np.savez(draft, pictures=pictures, labels=labels)
        os.replace(draft, path)
    with np.load(path) as stored:
        pictures, labels = stored["pictures"], stored["labels"]
    return torch.from_numpy(pictures).permute(0, 3, 1, 2), torch.from_numpy(labels).long()


def _draw_chunk(job: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    seed, start, stop = job
    examples = [judged_example(seed, index) for index in range(start, stop)]
    labels = np.array([labels_of(scene) for scene, _ in examples], np.int8)
    return np.stack([picture for _, picture in examples]), labels


def spoil(x: Tensor, rng: torch.Generator) -> Tensor:
    """Blur, tint, coarsen and add noise to pictures (B, 3, H, W) in [−1, 1], each by a random amount.

    Small enough for a person to read them as easily as before.
    """

    def amount(high: float, *shape: int) -> Tensor:
        return high * torch.rand((len(x), *(shape or (1, 1, 1))), generator=rng)

    blurred = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    x = torch.lerp(x, blurred, amount(0.9))
    x = x * (0.94 + amount(0.12, 3, 1, 1)) + amount(0.1, 3, 1, 1) - 0.05
    step = 0.01 + amount(0.12)  # the finest differences are rounded away, as in a compressed file
    x = (x / step).round() * step
    return x + amount(0.15) * torch.randn(x.shape, generator=rng)


def unreadable(x: Tensor, labels: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Turn the first rows of a batch into noise and into blends of two pictures; labels follow.

    Noise says nothing: every answer is None. Of two pictures shown through each other only what they share stays.
    """
    noisy, blended = round(NOISE_SHARE * len(x)), round(BLEND_SHARE * len(x))
    log_snr = -9 + 7 * torch.rand(noisy, generator=rng)  # from nothing to a hint of the picture
    signal, noise = (rate[:, None, None, None] for rate in rates_from_log_snr(log_snr))
    x[:noisy] = signal * x[:noisy] + noise * torch.randn(x[:noisy].shape, generator=rng)
    labels[:noisy] = NONE
    rows = slice(noisy, noisy + blended)
    other, others = x[-blended:], labels[-blended:]
    share = 0.4 + 0.2 * torch.rand((blended, 1, 1, 1), generator=rng)
    x[rows] = torch.lerp(x[rows], other, share)
    labels[rows] = torch.where(labels[rows] == others, labels[rows], NONE)
    return x, labels


def train_judge(job: Job) -> None:
    """The judge; writes assets/weights/judge.safetensors."""
    job = replace(job, seed=job.seed + SEED_STEP, pool=min(job.pool, POOL))
    pictures, labels = judged_pool(job.pool, job.seed)
    network = JudgeNetwork(JudgeConfig()).to(job.device, memory_format=torch.channels_last)
    state, rng = TrainState.fresh(network, job.settings), torch.Generator().manual_seed(job.seed)
    if job.resume and job.state_path.is_file():
        state.load(job.state_path)

    def loss() -> Tensor:
        x, answers = judged_batch(pictures, labels, job.batch, rng)
        x = x.to(job.device, memory_format=torch.channels_last)
        with autocast(job.device):
            logits = network(x)
        return judge_loss(logits, answers.to(job.device))

    last = watch(job, fit(state, loss, job.settings, job.state_path), lambda step: None)
    save_weights(JUDGE_FILE, state.average, network.config, job.record(last, state))
    write_manifest()


def judged_batch(pictures: Tensor, labels: Tensor, size: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """x (B, 3, 32, 32) in [−1, 1], clean, spoiled and unreadable, with its labels (B, heads)."""
    rows = torch.randint(len(pictures), (size,), generator=rng)
    x, answers = pictures[rows].float() / 127.5 - 1, labels[rows]
    spoiled = torch.rand((size, 1, 1, 1), generator=rng) < SPOILED_SHARE
    x = torch.where(spoiled, spoil(x, rng), x)
    x, answers = unreadable(x, answers, rng)
    return x.clamp(-1, 1), answers
