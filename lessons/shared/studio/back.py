"""Known drawings under noise, and what the network makes of them: five noises at once over the same drawing.

The drawing and its noisy copies need no torch under the shipped seed; restoring always goes through the engine.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import streamlit as st

from diffusion_core.recovery import miss, spread
from diffusion_core.schedules import Schedule
from diffusion_core.shipped import ShippedFileError
from diffusion_core.tickets import Start
from diffusion_core.world.drawing import draw
from diffusion_core.world.prompts import canonical
from diffusion_core.world.vocabulary import NOTHING, Figure, Scene
from lessons.shared.studio import cached, runs
from lessons.shared.studio.forward import from_255
from lessons.shared.studio.seen import Seen, from_record, look
from lessons.shared.studio.workshop import pixels

SCHEDULE = Schedule()
T, STEPS, COUNT, SLOT, SHIPPED = SCHEDULE.T, 20, 5, "back", "back"
SEED, DRAWING, DRAWINGS = 1, 3, 99
OTHERS = 8  # other drawings of the same kind, to compare distances with
DOG, CAT, PURE = TESTS = ("dog", "tabby cat", "pure noise")
LEVELS = {DOG: 100, CAT: 600, PURE: T}  # a trace, much, nothing else
SCENES = {
    DOG: Scene((Figure("dog", "brown", NOTHING),), NOTHING, "beach", "day"),
    CAT: Scene((Figure("tabby cat", "orange", NOTHING),), NOTHING, "room", None),
}
UNSTRIPED = Scene((Figure("cat", "orange", NOTHING),), NOTHING, "room", None)
ALIKE = 8.0  # shades: restorations that differ by less, on average, look the same
SAME_ANIMAL = {"tabby cat": "cat", "corgi": "dog"}  # kinds of one animal
KEPT = "beaker_back"


@dataclass(frozen=True)
class Case:
    """One test: what is under the noise, how much noise, the first of five seeds, and whether it is told."""

    test: str = DOG
    level: int = LEVELS[DOG]
    seed: int = SEED
    drawing: int = DRAWING
    told: bool = False

    @classmethod
    def of(cls, test: str, level: int, seed: int, drawing: int, told: bool) -> Case:
        """Pure noise has no drawing, so neither its level nor its name counts."""
        return cls(test, T, seed) if test == PURE else cls(test, level, seed, drawing, told)

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(range(self.seed, self.seed + COUNT))

    @property
    def truth(self) -> np.ndarray | None:
        """The drawing under the noise, uint8 (32, 32, 3); None for pure noise."""
        return None if self.test == PURE else drawn(self.test, self.drawing)

    @property
    def caption(self) -> str:
        """What the network is told, "" where it is told nothing."""
        return canonical(SCENES[self.test]) if self.told else ""

    @property
    def request(self) -> runs.Request:
        """Five restorations; without words unless it is told, and then plainly (scale 1), not exaggerated."""
        start = None if self.truth is None else Start(self.truth.tobytes(), self.level)
        scale = 1.0 if self.told else 0.0
        return runs.Request(tuple(self.caption.split()), self.seeds, min(STEPS, self.level),
                            guidance_scale=scale, start=start)  # fmt: skip

    @property
    def noise_share(self) -> float:
        """How much of the noisy picture's variance is noise: 1 − ᾱ, in per cent."""
        return 100.0 if self.test == PURE else 100 * (1 - SCHEDULE.alpha_bar(self.level))

    def made(self) -> str:
        """For a badge."""
        told = f"told “{self.caption}”" if self.told else "told nothing"
        return f"noise level {self.level:,} · seeds {self.seeds[0]} to {self.seeds[-1]} · {told} · " + " · ".join(
            runs.describe(self.request).split(" · ")[1:3]
        )


@dataclass(frozen=True)
class Restored:
    """Five restorations of a case, uint8 (5, 32, 32, 3), and what the judge sees in them (nothing without a judge)."""

    case: Case
    pictures: np.ndarray
    seen: tuple[Seen, ...]
    badge: str  # live or cached
    problem: str = ""

    @property
    def spread(self) -> np.ndarray:
        return spread(self.pictures)

    @property
    def animals(self) -> dict[str, int]:
        """What the judge sees and in how many of the five, kinds of one animal taken together."""
        return dict(Counter(" and ".join(map(animal, each.subjects)) or "nothing" for each in self.seen).most_common())

    @property
    def outcome(self) -> str:
        """What differs between the five: the "animal", only "details", or nothing that one sees ("same")."""
        if len(self.animals) > 1:
            return "animal"
        return "same" if self.spread.mean() < ALIKE else "details"

    @property
    def missed(self) -> float:
        """Mean distance of the five from the truth, in shades."""
        return float(miss(self.pictures, self.case.truth).mean())

    @property
    def average(self) -> np.ndarray:
        """The mean of the five, uint8 (32, 32, 3)."""
        return self.pictures.mean(axis=0).round().astype(np.uint8)


def animal(subject: str | None) -> str:
    """A subject without its kind: a tabby is a cat."""
    return SAME_ANIMAL.get(subject, subject) or "something"


@lru_cache(maxsize=64)
def drawn(test: str, drawing: int) -> np.ndarray:
    """Drawing number `drawing` of a test's scene, read-only."""
    picture = draw(SCENES[test], drawing)
    picture.setflags(write=False)
    return picture


@lru_cache(maxsize=64)
def stripes(drawing: int) -> np.ndarray:
    """Where the tabby cat's stripes are, bool (32, 32): what changes when the same cat is drawn without them."""
    return (drawn(CAT, drawing) != draw(UNSTRIPED, drawing)).any(axis=-1)


@lru_cache(maxsize=64)
def unstriped_miss(drawing: int) -> float:
    """How far the same cat without any stripes is from the truth, where the stripes are."""
    return float(miss(draw(UNSTRIPED, drawing)[None], drawn(CAT, drawing), stripes(drawing))[0])


@lru_cache(maxsize=64)
def others_miss(test: str, drawing: int) -> float:
    """How far other drawings of the same caption are from this one, on average."""
    rest = np.stack([drawn(test, drawing + i) for i in range(1, OTHERS + 1)])
    return float(miss(rest, drawn(test, drawing)).mean())


def noisy(case: Case) -> tuple[np.ndarray, str]:
    """What the network gets, as a screen shows it, uint8 (5, 32, 32, 3); and the badge: cached or live noise."""
    eps, badge = noise(case.seed)
    if case.truth is None:
        return pixels(eps), badge
    level = SCHEDULE.level(case.level)
    return pixels(level.signal_rate * from_255(case.truth) + level.noise_rate * eps), badge


def noise(seed: int) -> tuple[np.ndarray, str]:
    """The five noises from `seed` on, (5, 32, 32, 3); the shipped ones come from the shelf."""
    if seed == SEED:
        try:
            return cached.load(SHIPPED)[0]["eps"], "cached"
        except cached.PrecomputedMissing:
            pass  # then it is drawn, as all other noise is
    return draw_noise(seed), "live"


@st.cache_data(max_entries=64, show_spinner=False)
def draw_noise(seed: int) -> np.ndarray:
    """Exactly the noise that the engine draws for these seeds."""
    from diffusion_core.samplers import initial_noise

    return initial_noise(range(seed, seed + COUNT), (3, 32, 32)).movedim(1, -1).contiguous().numpy()


# --- runs ------------------------------------------------------------------------------------------------------


def begin(case: Case) -> None:
    """Restore a case now; an earlier result makes room."""
    st.session_state[KEPT] = (case, None)
    runs.start(SLOT, case.request, case.test)


def collected() -> Restored | None:
    """The last finished run; one that has just been finished is judged, and only its pictures are kept."""
    case, result = st.session_state.get(KEPT, (None, None))
    job = runs.job(SLOT)
    if case is not None and job is not None and job.state == "done":
        pictures = pixels(runs.records(SLOT)[-1].x_t)
        result = Restored(case, pictures, *judged(pictures))
        st.session_state[KEPT] = (case, result)
        runs.clear(SLOT)  # every step of every picture would be megabytes
    return result


def stop_other(case: Case) -> None:
    """Stop a run that the controls no longer ask for: its pictures would stand beside another truth."""
    if st.session_state.get(KEPT, (case, None))[0] != case:
        runs.clear(SLOT)


def judged(pictures: np.ndarray) -> tuple[tuple[Seen, ...], str, str]:
    """What the judge sees, the badge, and why there is no judge."""
    try:
        return look(pictures), "live", ""
    except ShippedFileError as problem:
        return (), "live", str(problem)


def shipped(case: Case) -> Restored | None:
    """The shipped restorations of exactly this case, where there are any. Raises PrecomputedMissing."""
    if case != DEFAULTS[case.test]:
        return None
    arrays, told = cached.load(SHIPPED)
    seen = tuple(map(from_record, told["seen"][case.test]))
    return Restored(case, arrays[case.test], seen, "cached")


DEFAULTS = {test: Case.of(test, level, SEED, DRAWING, False) for test, level in LEVELS.items()}
