"""Counting what was seen: in many pictures beside the training drawings, and along a change of words."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from diffusion_core.world.scenes import sample_scene, scene_seed
from diffusion_core.world.vocabulary import COLOURS, PLACES, SUBJECTS
from lessons.shared.studio.seen import FIGURES, KINDS, Seen, of_scene

COUNTED = {"places": "place", "subjects": "subject", "colours": "colour", "figures": "figures"}  # on screen → kind
VALUES: dict[str, tuple[str, ...]] = {
    "place": PLACES, "subject": SUBJECTS, "colour": COLOURS, "figures": FIGURES[1:],
}  # fmt: skip
DRAWINGS, DRAWING_SEED, HANDFULS = 20_000, 1, 2_000
HALF = 0.5  # of the runs: from here on a change counts as seen


def tally(seen: Sequence[Seen], kind: str) -> dict[str, int]:
    """In how many pictures each value is seen; two cats in one picture count once."""
    found = Counter(value for each in seen for value in set(each.values(kind)))
    return {value: found[value] for value in VALUES[kind]}


def distinct(seen: Sequence[Seen], kind: str) -> int:
    """How many different values are seen at all."""
    return sum(count > 0 for count in tally(seen, kind).values())


# --- the training drawings ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Training:
    """What the network's training showed, by kind: the share of drawings with each value, and how many different
    values a handful of drawings shows on average."""

    shares: Mapping[str, Mapping[str, float]]
    distinct: Mapping[str, float]


@lru_cache(maxsize=2)
def training(handful: int) -> Training:
    """Counted in scenes dealt as training deals them, with its larger shares of what is hard to learn."""
    from diffusion_core.feed import EMPHASIS
    from diffusion_core.pool import Scenes

    scenes = Scenes([sample_scene(random.Random(scene_seed(DRAWING_SEED, i))) for i in range(DRAWINGS)])
    rng = random.Random(0)
    seen = [of_scene(scenes[scenes.pick(rng, EMPHASIS)[0]]) for _ in range(DRAWINGS)]
    shares = {kind: {value: count / DRAWINGS for value, count in tally(seen, kind).items()} for kind in VALUES}
    hands = [rng.choices(seen, k=handful) for _ in range(HANDFULS)]
    mean = {kind: sum(distinct(hand, kind) for hand in hands) / HANDFULS for kind in VALUES}
    return Training(shares, mean)


# --- a change of words -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turn:
    """How often the first and the second words' value of one kind is seen, by the step of the change."""

    kind: str
    first: tuple[str, ...]  # what the first words name of this kind; may be nothing
    second: tuple[str, ...]
    steps: tuple[int, ...]
    shows_first: tuple[float, ...]
    shows_second: tuple[float, ...]

    @property
    def until(self) -> int | None:
        """The last step tried up to which the change still counts in half of the runs; None: not even at once."""
        # what the second words name too says nothing of a change
        gone = bool(set(self.first) - set(self.second))
        changed = [1 - share for share in self.shows_first] if gone else self.shows_second
        last = None
        for step, share in zip(self.steps, changed, strict=True):
            if share < HALF:
                break
            last = step
        return last


def turns(first: Seen, second: Seen, runs_by_step: Mapping[int, Sequence[Seen]]) -> list[Turn]:
    """One Turn for each of KINDS in which two prompts (seen.of_scene of their readings) differ."""
    found = []
    for kind in KINDS:
        one, other = first.values(kind), second.values(kind)
        if sorted(one) == sorted(other):
            continue
        shares = [[sum(run.shows(kind, asked) for run in runs) / len(runs) for runs in runs_by_step.values()]
                  for asked in (one, other)]  # fmt: skip
        found.append(Turn(kind, one, other, tuple(runs_by_step), *map(tuple, shares)))
    return found
