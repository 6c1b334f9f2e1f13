"""What the lesson "How much can it bring back?" ships: three tests, and how much comes back at each noise level."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diffusion_core.recovery import lost_from, miss
from lessons.shared.studio import back, cached, engines
from lessons.shared.studio.back import CAT, DOG, Case
from lessons.shared.studio.seen import look
from lessons.shared.studio.workshop import pixels

GRID = (20, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000)  # noise levels of the curve
CURVE_DRAWINGS = (3, 11, 12, 13)  # of each animal, each under five noises
SOLD_SHORT = 0.5  # stripes count as lost when restoring misses half as much as leaving them out would


@dataclass(frozen=True)
class Curve:
    """What comes back of one animal at each level of GRID: means over drawings and noises, in shades."""

    levels: np.ndarray
    missed: np.ndarray  # over the whole picture
    noisy: np.ndarray  # the same for the noisy picture
    stripes: np.ndarray  # where the stripes are (the cat only, else empty)
    animal: np.ndarray  # share of restorations in which the judge sees the animal, of whatever kind
    exact: np.ndarray  # share in which it sees the very kind: a tabby, not any cat
    unstriped: float  # what a cat without stripes would miss, where the stripes are
    other: float  # distance between two drawings of the same caption

    @property
    def stripes_lost(self) -> float | None:
        """The level from which on restoring misses the stripes by half as much as leaving them out would.

        Below it the restored stripes are nearer to the true ones than to none (triangle inequality).
        """
        return lost_from(self.levels, self.stripes, SOLD_SHORT * self.unstriped)

    @property
    def animal_lost(self) -> float | None:
        """The level from which on fewer than half of the restorations still show the animal."""
        return lost_from(self.levels, 1 - self.animal, 0.5)


def curve(test: str, told: bool) -> Curve:
    """Raises PrecomputedMissing."""
    arrays, known = cached.load(back.SHIPPED)
    numbers = arrays[f"curve-{test}-{told:d}"].astype(float)  # flat, so that it stays float32
    missed, noisy, stripes, animal, exact = numbers.reshape(5, len(GRID))
    return Curve(np.array(GRID), missed, noisy, stripes if test == CAT else stripes[:0], animal, exact,
                 known["unstriped"], known["other"][test])  # fmt: skip


def make_shipped() -> cached.Result:
    """Restore the three tests and every level of the curve, for `python -m lessons.precompute`."""
    own = engines.own_engine()
    arrays: dict[str, np.ndarray] = {"eps": back.draw_noise.__wrapped__(back.SEED)}
    seen = {}
    for test, case in back.DEFAULTS.items():
        (arrays[test],) = _restore(own, [case])
        seen[test] = [each.record() for each in look(arrays[test])]
    for test in (DOG, CAT):
        for told in (False, True):
            arrays[f"curve-{test}-{told:d}"] = _measure(own, test, told)
    own.stop()
    unstriped = float(np.mean([back.unstriped_miss(d) for d in CURVE_DRAWINGS]))
    other = {test: float(np.mean([back.others_miss(test, d) for d in CURVE_DRAWINGS])) for test in (DOG, CAT)}
    return arrays, {"seen": seen, "unstriped": unstriped, "other": other}


def _measure(own: engines.Engine, test: str, told: bool) -> np.ndarray:
    """The five rows of a curve, one after another."""
    rows = []
    for level in GRID:
        cases = [Case.of(test, level, back.SEED + 5 * i, d, told) for i, d in enumerate(CURVE_DRAWINGS)]
        rows.append(np.mean([_numbers(c, p) for c, p in zip(cases, _restore(own, cases), strict=True)], axis=0))
    return np.array(rows).T.astype(np.float32).ravel()


def _numbers(case: Case, restored: np.ndarray) -> tuple[float, ...]:
    level = back.SCHEDULE.level(case.level)
    x0 = back.from_255(case.truth)
    noisy = pixels(level.signal_rate * x0 + level.noise_rate * back.draw_noise.__wrapped__(case.seed))
    striped = miss(restored, case.truth, back.stripes(case.drawing)).mean() if case.test == CAT else 0.0
    seen = look(restored)
    exact = np.mean([case.test in each.subjects for each in seen])
    animal = np.mean([back.animal(case.test) in map(back.animal, each.subjects) for each in seen])
    return miss(restored, case.truth).mean(), miss(noisy, case.truth).mean(), striped, animal, exact


def _restore(own: engines.Engine, cases: Sequence[Case]) -> list[np.ndarray]:
    """The finished pictures of several cases, uint8 (5, 32, 32, 3) each."""
    tickets = [own.submit(case.request, f"precompute {i}") for i, case in enumerate(cases)]
    while not all(ticket.over for ticket in tickets):
        for ticket in tickets:
            ticket.since(0)  # the engine drops what nobody asks for
        time.sleep(0.02)
    for ticket in tickets:
        if ticket.state != "done":
            raise RuntimeError(ticket.problem or f"the run is {ticket.state}")
    return [pixels(ticket.since(0)[-1].x_t) for ticket in tickets]
