"""Pictures for training: drawn once beforehand, captioned afresh every time they are seen."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from diffusion_core.world.captions import SIDES, choose_facts, say, write_caption
from diffusion_core.world.dataset import draw_pool
from diffusion_core.world.scenes import sample_scene, scene_seed
from diffusion_core.world.vocabulary import NOTHING, WORLD_VERSION, Scene

Captioner = Callable[[Scene, random.Random], str]
NOBODY = 0.3  # of the captions that always name clothes


def cache_folder() -> Path:
    """Where drawn pools and training states live: $BEAKER_CACHE, or ~/.cache/beaker."""
    return Path(os.environ.get("BEAKER_CACHE", Path.home() / ".cache" / "beaker"))


@dataclass(frozen=True)
class Emphasis:
    """What training shows more often than the world holds it, because it is the last to be learned."""

    pairs: float = 0.0  # share of pictures drawn from scenes of two figures alone
    sides: float = SIDES  # of the captions of those: who stands on which side
    dressed: float = 0.0  # share of pictures drawn from figures that wear something; their captions say what


AS_DRAWN = Emphasis()

class Scenes(list[Scene]):
    """The scenes behind a pool, which deals them out with captions."""

    def __init__(self, scenes: Sequence[Scene]):
        super().__init__(scenes)
        self._pairs = [i for i, scene in enumerate(self) if len(scene.figures) == 2]
        self._dressed = [i for i, scene in enumerate(self) if scene.figures[0].wearing != NOTHING]

    def deal(
        self, size: int, rng: random.Random, drop: float = 0.0, more: Emphasis = AS_DRAWN
    ) -> tuple[list[int], list[list[str]]]:
        """`size` scenes by number, and a fresh caption for each, as words. A share `drop` stays without words."""
        picked = [self.pick(rng, more) for _ in range(size)]
        words = [[] if rng.random() < drop else caption(self[i], rng).split() for i, caption in picked]
        return [i for i, _ in picked], words

    def pick(self, rng: random.Random, more: Emphasis) -> tuple[int, Captioner]:
        """One scene by number as training picks it, and what writes its captions."""
        draw = rng.random()
        if self._pairs and draw < more.pairs:
            return rng.choice(self._pairs), partial(write_caption, sides=more.sides)
        if self._dressed and more.pairs <= draw < more.pairs + more.dressed:
            return rng.choice(self._dressed), _naming_the_clothes
        return rng.randrange(len(self)), write_caption


def _naming_the_clothes(scene: Scene, rng: random.Random) -> str:
    """A caption that names them, and now and then does not say who wears them: a scarf is a scarf on anybody."""
    while (facts := choose_facts(scene, rng)).figures[0].wearing is None:
        pass
    if rng.random() < NOBODY:
        facts = replace(facts, figures=(replace(facts.figures[0], subject=None),))
    return say(facts, rng)


@dataclass
class Pool:
    """Drawn pictures, uint8 (N, 3, 32, 32), and the scenes behind them."""

    pictures: Tensor
    scenes: Scenes

    @classmethod
    def drawn(cls, count: int, seed: int) -> Pool:
        """Pictures 0 … count − 1 of `seed`, from the cache folder or drawn now on all cores."""
        path = cache_folder() / f"pool-{WORLD_VERSION}-{seed}-{count}.npy"
        if path.is_file():
            pictures, scenes = np.load(path), [_scene(seed, i) for i in range(count)]
        else:
            pictures, scenes = draw_pool(count, seed)
            path.parent.mkdir(parents=True, exist_ok=True)
            np.save(draft := path.with_suffix(".part.npy"), pictures)
            os.replace(draft, path)
        return cls(torch.from_numpy(pictures).permute(0, 3, 1, 2), Scenes(scenes))

    def to(self, device: torch.device | str) -> Pool:
        """The same pool with its pictures on a device."""
        return Pool(self.pictures.to(device), self.scenes)

    def at(self, rows: Tensor) -> Tensor:
        """The pictures of these numbers (B,): x0 (B, 3, 32, 32) in [−1, 1]."""
        return self.pictures[rows.to(self.pictures.device)].float() / 127.5 - 1

    def batch(
        self, size: int, rng: random.Random, drop: float = 0.0, more: Emphasis = AS_DRAWN
    ) -> tuple[Tensor, list[list[str]]]:
        """x0 (B, 3, 32, 32) in [−1, 1] and a fresh caption each, as words; drop and more as in deal."""
        rows, words = self.scenes.deal(size, rng, drop, more)
        return self.at(torch.tensor(rows)), words


def _scene(seed: int, index: int) -> Scene:
    """The scene of dataset.example(seed, index), without its picture."""
    return sample_scene(random.Random(scene_seed(seed, index)))
