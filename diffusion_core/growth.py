"""How a network grows up: its error and the quality of its pictures, at several moments of one training.

Both are measured alike at every moment: the error on the same fresh drawings under the same noise, the pictures
from the same prompts and the same noise. So whatever changes, changed in the network.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from diffusion_core.agreement import PICTURES, Asked, Score, drawings, prompt_at
from diffusion_core.judge import Judge, compare
from diffusion_core.model import Model
from diffusion_core.pool import AS_DRAWN, Emphasis, Pool, Scenes
from diffusion_core.training import WEIGHTINGS, v_loss
from diffusion_core.world.dataset import draw_pool

SEED = 4_099  # of drawings and noise: no training was given it
Examples = tuple[Tensor, list[list[str]]]  # x0 (B, 3, 32, 32) in [−1, 1], and the words of a caption each
Painter = Callable[[Sequence[Asked]], Tensor]  # one picture of each prompt: (B, 3, 32, 32)


def fresh_examples(count: int, drop: float = 0.0, more: Emphasis = AS_DRAWN) -> Examples:
    """Drawings that no training has seen, mixed as Pool.batch mixes a training batch."""
    pictures, scenes = draw_pool(count, SEED, workers=1)
    pool = Pool(torch.from_numpy(pictures).permute(0, 3, 1, 2), Scenes(scenes))
    return pool.batch(count, random.Random(SEED), drop, more)


@torch.inference_mode()
def error(model: Model, examples: Examples, batch: int = 64) -> float:
    """The training loss E|v̂ − v|² on these examples, at the same noise levels and noises on every call."""
    generator = torch.Generator().manual_seed(SEED)
    x0, sentences = examples
    total = 0.0
    for start in range(0, len(x0), batch):
        some = x0[start : start + batch].contiguous(memory_format=torch.channels_last)
        heard = model.encode(sentences[start : start + batch])

        def predict_v(x: Tensor, log_snr: Tensor, heard=heard) -> Tensor:
            return model.unet(x, log_snr, heard.words, heard.mask)

        total += v_loss(predict_v, some, WEIGHTINGS["plain"], generator).item() * len(some)
    return total / len(x0)


def prompts(count: int) -> list[Asked]:
    """The first `count` prompts of one figure, of combinations that training has shown."""
    return [prompt_at("seen", i) for i in range(count)]


def quality(judge: Judge, paint: Painter, asked: Sequence[Asked], batch: int = 25) -> Score:
    """One picture of each prompt, judged: how often everything named is there, and how often each attribute."""
    verdicts = []
    for start in range(0, len(asked), batch):
        some = asked[start : start + batch]
        sights = judge.look(paint(some))
        verdicts += [compare(s, one.reading.scene, one.reading.sided) for s, one in zip(sights, some, strict=True)]
    return Score.of(verdicts, len(asked))


def ceiling(judge: Judge, asked: Sequence[Asked]) -> Score:
    """The same score for true drawings of the same scenes: the judge's own mistakes, and nobody else's."""
    return quality(judge, lambda some: drawings(some)[::PICTURES], asked)


def read_record(path: Path) -> list[tuple[int, float]]:
    """(pictures seen, loss) of every line that a training wrote to its loss.jsonl."""
    lines = (json.loads(line) for line in path.read_text().splitlines())
    return [(line["pictures"], line["loss"]) for line in lines]


def thinned(record: Iterable[tuple[int, float]], points: int = 60) -> list[tuple[float, float]]:
    """The mean loss within each of `points` spans that are even in log(pictures); empty spans are left out."""
    rows = sorted(record)
    if len(rows) < 2:
        return rows
    seen, loss = np.array(rows, float).T
    edges = np.geomspace(seen[0], seen[-1], points + 1)
    span = np.clip(np.searchsorted(edges, seen, side="right") - 1, 0, points - 1)
    return [(float(seen[span == i].mean()), float(loss[span == i].mean())) for i in np.unique(span)]
