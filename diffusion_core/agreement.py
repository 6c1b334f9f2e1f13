"""How often a picture shows what its prompt says: prompts to ask, rates with their uncertainty, scores.

Prompts are captions as training writes them, of scenes never drawn before: what is named varies from the
subject alone to everything, and at least every subject is named. Held-out prompts always name the
combination that training never showed, and prompts of two figures both colours.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from diffusion_core.intervals import wilson
from diffusion_core.judge import ATTRIBUTES, Judge, Verdict, compare
from diffusion_core.world.captions import choose_facts, say
from diffusion_core.world.drawing import draw
from diffusion_core.world.prompts import Reading, read_prompt
from diffusion_core.world.scenes import sample_scene, scene_seed
from diffusion_core.world.vocabulary import Scene, held_out_blocks

SEED = 77  # of the prompts: no pool that anything was trained on has it
PICTURES = 4  # for each prompt
TWO, THREE, PAIR = "two attributes", "three attributes", "pair of subjects"  # distances from training
GROUPS = ("seen", "held_out", "two_figures", "two_held_out")
# PICTURES pictures of each prompt, prompt after prompt: (B·PICTURES, 3, 32, 32)
Painter = Callable[[Sequence["Asked"]], Tensor]


@dataclass(frozen=True)
class Asked:
    """One prompt of the evaluation, the complete scene behind it, and a number to start randomness from."""

    prompt: str
    reading: Reading
    scene: Scene
    seed: int

    @property
    def distance(self) -> str | None:
        """How far from training: which kind of combination was held out; None for a seen one."""
        sizes = {len(block) for block in self.reading.held_out}
        return None if not sizes else PAIR if 1 in sizes else TWO if 2 in sizes else THREE


def prompt_at(group: str, index: int) -> Asked:
    """Prompt number `index` of a group, the same for ever and however many are asked."""
    seed = scene_seed(SEED + GROUPS.index(group), index)
    rng = random.Random(seed)
    held_out, figures = group.endswith("held_out"), 2 if group.startswith("two") else 1
    while True:
        scene = sample_scene(rng, held_out)
        if len(scene.figures) != figures:
            continue
        facts = choose_facts(scene, rng)
        if _names_enough(facts, held_out):
            prompt = say(facts, rng)
            return Asked(prompt, read_prompt(prompt), scene, seed)


def _names_enough(facts: Scene, held_out: bool) -> bool:
    subjects = all(figure.subject for figure in facts.figures)
    colours = len(facts.figures) == 1 or all(figure.colour for figure in facts.figures)
    return subjects and colours and (not held_out or bool(held_out_blocks(facts)))


@dataclass(frozen=True)
class Rate:
    """So many hits among so many tries."""

    hits: int
    count: int

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.hits + other.hits, self.count + other.count)

    @property
    def share(self) -> float:
        """Hits per try; not a number without tries."""
        return self.hits / self.count if self.count else math.nan

    def record(self) -> dict[str, Any]:
        """For JSON: the share as all_correct (null without tries), with its interval."""
        low, high = wilson(self.hits, self.count)
        return {"all_correct": _plain(self.share), "low": low, "high": high, "hits": self.hits, "pictures": self.count}


def _plain(share: float) -> float | None:
    return None if math.isnan(share) else share  # JSON knows no "not a number"


@dataclass(frozen=True)
class Score:
    """Pictures of some prompts against them: everything named right, each attribute, colours on their figures.

    bound: each figure there in its own colour, on whichever side; sides: of those that are bound, where the prompt
    named sides, how many stand on them.
    """

    prompts: int
    right: Rate
    attributes: dict[str, Rate]
    bound: Rate
    sides: Rate

    @classmethod
    def of(cls, verdicts: Sequence[Verdict], prompts: int) -> Score:
        """Count the verdicts."""
        checks = [check for verdict in verdicts for check in verdict.checks]
        named, met = Counter(c.attribute for c in checks), Counter(c.attribute for c in checks if c.right)
        attributes = {name: Rate(met[name], named[name]) for name in ATTRIBUTES}
        right, bound = (sum(getattr(v, what) for v in verdicts) for what in ("right", "bound"))
        placed = [verdict.placed for verdict in verdicts if verdict.placed is not None]
        sides = Rate(sum(placed), len(placed))
        return cls(prompts, Rate(right, len(verdicts)), attributes, Rate(bound, len(verdicts)), sides)


@dataclass(frozen=True)
class Measured:
    """The score of sampled pictures, and the judge's score on fresh drawings of the very same scenes."""

    sampled: Score
    drawn: Score

    @property
    def share_of_ceiling(self) -> float:
        """Sampled pictures right, as a share of the drawings that the judge finds right."""
        return self.sampled.right.share / self.drawn.right.share if self.drawn.right.hits else math.nan

    def record(self) -> dict[str, Any]:
        """For JSON."""
        named = {n: rate.share for n, rate in self.sampled.attributes.items() if rate.count}
        return self.sampled.right.record() | {
            "prompts": self.sampled.prompts, "ceiling": _plain(self.drawn.right.share),
            "share_of_ceiling": _plain(self.share_of_ceiling), "attributes": named,
        }  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """One prompt with the verdicts on its sampled pictures, and on as many fresh drawings of its scene."""

    asked: Asked
    sampled: list[Verdict]
    drawn: list[Verdict]


def judge_prompts(judge: Judge, paint: Painter, asked: Sequence[Asked], batch: int = 16) -> Iterator[Judged]:
    """Paint and judge the prompts, `batch` of them at a time."""
    for start in range(0, len(asked), batch):
        some = asked[start : start + batch]
        sampled, drawn = judge.look(paint(some)), judge.look(drawings(some))
        for i, one in enumerate(some):
            rows = slice(i * PICTURES, (i + 1) * PICTURES)
            facts, sided = one.reading.scene, one.reading.sided
            yield Judged(one, *([compare(s, facts, sided) for s in sights[rows]] for sights in (sampled, drawn)))


def drawings(asked: Sequence[Asked]) -> Tensor:
    """PICTURES fresh drawings of each prompt's scene: (B, 3, 32, 32) in [−1, 1]."""
    pictures = [draw(one.scene, one.seed + n) for one in asked for n in range(PICTURES)]
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1


def measure(judged: Sequence[Judged]) -> Measured:
    """The scores of some prompts."""
    sampled, drawn = ([v for one in judged for v in getattr(one, what)] for what in ("sampled", "drawn"))
    return Measured(Score.of(sampled, len(judged)), Score.of(drawn, len(judged)))
