"""The data set without end: any (seed, index) is one scene with its picture, in every process alike."""

from __future__ import annotations

import multiprocessing
import os
import random
from collections.abc import Callable, Iterator

import numpy as np

from diffusion_core.world.drawing import draw
from diffusion_core.world.scenes import sample_scene, scene_seed
from diffusion_core.world.vocabulary import Scene

SIZE = 32
CHUNK = 500


def example(seed: int, index: int) -> tuple[Scene, np.ndarray]:
    """Scene number `index` of the data set `seed`, and its picture: uint8 (32, 32, 3)."""
    number = scene_seed(seed, index)
    scene = sample_scene(random.Random(number))
    return scene, draw(scene, number, SIZE)


def draw_pool(
    count: int,
    seed: int,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[np.ndarray, list[Scene]]:
    """Examples 0 … count - 1: pictures uint8 (count, 32, 32, 3) and their scenes.

    `workers` is the number of processes (all cores by default) and does not change the result.
    `progress` hears how many are done, after every chunk of 500.
    """
    if count < 1:
        raise ValueError(f"A pool holds at least one picture, not {count}: ask for a positive count.")
    workers = workers or os.cpu_count() or 1
    pictures, scenes = np.empty((count, SIZE, SIZE, 3), np.uint8), []
    jobs = [(seed, start, min(start + CHUNK, count)) for start in range(0, count, CHUNK)]
    for chunk_scenes, chunk_pictures in _chunks(jobs, min(workers, len(jobs))):
        done = len(scenes) + len(chunk_scenes)
        pictures[len(scenes) : done] = chunk_pictures
        scenes += chunk_scenes
        if progress is not None:
            progress(done)
    return pictures, scenes


def _chunks(jobs: list[tuple[int, int, int]], workers: int) -> Iterator[tuple[list[Scene], np.ndarray]]:
    if workers == 1:
        yield from map(_draw_chunk, jobs)
        return
    # Forked workers start at once and import nothing: they only draw, and never touch torch.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    with multiprocessing.get_context(method).Pool(workers) as pool:
        yield from pool.imap(_draw_chunk, jobs)


def _draw_chunk(job: tuple[int, int, int]) -> tuple[list[Scene], np.ndarray]:
    seed, start, stop = job
    examples = [example(seed, index) for index in range(start, stop)]
    return [scene for scene, _ in examples], np.stack([picture for _, picture in examples])
