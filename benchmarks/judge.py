"""How often the judge is right on fresh drawings: python -m benchmarks.judge

Everything right (number of figures, both slots, thing, place, time) on drawings from seeds that no training used:
seen combinations, held-out ones, and slightly spoiled ones.
"""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import torch
from torch import Tensor

from diffusion_core.judge import compare, load_judge
from diffusion_core.judge_training import spoil
from diffusion_core.world.drawing import draw
from diffusion_core.world.scenes import sample_scene, scene_seed
from diffusion_core.world.vocabulary import Scene

SETS = {  # what is drawn → how many, from which seed, held-out combinations?, spoiled?
    "seen combinations": (3000, 900, False, False),
    "held-out combinations": (1500, 901, True, False),
    "slightly spoiled (blur, noise, tint, rounding)": (1500, 902, False, True),
}
BATCH = 200


def drawings(count: int, seed: int, held_out: bool) -> tuple[list[Scene], Tensor]:
    """Fresh scenes and their pictures, x0 (count, 3, 32, 32)."""
    numbers = [scene_seed(seed, i) for i in range(count)]
    scenes = [sample_scene(random.Random(n), held_out) for n in numbers]
    pixels = np.stack([draw(scene, n) for scene, n in zip(scenes, numbers, strict=True)])
    return scenes, torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 127.5 - 1


def main() -> None:
    """Print the table of docs/model-card.md."""
    judge = load_judge()
    print("| drawings | one figure | two figures | all |\n|---|---:|---:|---:|")
    for name, (count, seed, held_out, spoiled) in SETS.items():
        scenes, x0 = drawings(count, seed, held_out)
        x0 = spoil(x0, torch.Generator().manual_seed(0)) if spoiled else x0
        sights = [sight for i in range(0, count, BATCH) for sight in judge.look(x0[i : i + BATCH])]
        asked, right = Counter(len(scene.figures) for scene in scenes), Counter()
        for scene, sight in zip(scenes, sights, strict=True):
            right[len(scene.figures)] += compare(sight, scene, True).right
        shares = [right[1] / asked[1], right[2] / asked[2], right.total() / count]
        print(f"| {count:,} {name} | " + " | ".join(f"{share:.1%}" for share in shares) + " |")


if __name__ == "__main__":
    main()
