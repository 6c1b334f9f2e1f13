"""Eight pictures of one prompt, each looked at by the judge. Importing this needs no torch; judging does.

What ships for the first paint: the pictures of the opening prompt, of a pair and of the weak prompts, all judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from diffusion_core.world.drawing import draw
from diffusion_core.world.prompts import Reading, read_prompt
from diffusion_core.world.vocabulary import NOTHING, Figure, Scene
from lessons.shared.player import Badge
from lessons.shared.studio import cached, engines, runs
from lessons.shared.studio.judging import Look, judged, pack, unpack

SHIPPED, COUNT, SEED, DRAWING = "workshop", 8, 5, 1


@dataclass(frozen=True)
class Eight:
    """The pictures of one run, finished and judged; `looks` is empty where the judge is missing."""

    prompt: str  # as it was typed
    pictures: np.ndarray  # uint8 (8, 32, 32, 3)
    looks: tuple[Look, ...]
    badge: Badge
    problem: str = ""  # why there are no looks, and what to do

    @property
    def right(self) -> int:
        """How many of the pictures show all that was asked."""
        return sum(look.right for look in self.looks)

    @property
    def reading(self) -> Reading:
        return read_prompt(self.prompt)


@dataclass(frozen=True)
class Weak:
    """A weak prompt, and what its writer had in mind: the prompt that says so."""

    prompt: str
    wish: str


OPENING = "a turtle wearing sunglasses playing basketball"
EXAMPLES = {  # on a chip → the prompt
    "turtle": OPENING,
    "horse in space": "a horse in space with a glowing headband",
    "superhero cat": "a superhero cat",
    "cat and dog": "a red cat and a blue dog",
}
PAIRS = ("a red cat and a blue dog", "a blue cat and a red dog", "a green bird and a yellow car",
         "a red cat on the left and a blue dog on the right")  # fmt: skip
WEAK = {
    "vague": Weak("something nice", "a yellow bird in the snow"),
    "two tasks in one": Weak("a red cat and a blue dog playing basketball with hats",
                             "a red cat wearing a hat playing basketball"),
    "contradictory": Weak("a sunny day at night in a room", "in a room"),
}  # fmt: skip


def request(words: Sequence[str], seed: int = SEED, steps: int = 20, scale: float = 3.0) -> runs.Request:
    """Eight seeds in a row, in one request."""
    return runs.Request(tuple(words), tuple(range(seed, seed + COUNT)), steps, guidance_scale=scale)


OPENING_REQUEST = request(OPENING.split())


def describe(asked: runs.Request) -> str:
    """As runs.describe, with all the seeds."""
    first, last = asked.seeds[0], asked.seeds[-1]
    return runs.describe(asked).replace(f"seed {first}", f"seeds {first} to {last}", 1)


def finished(slot: str, wish: str | None = None) -> Eight | None:
    """The pictures of the run in a slot once it is done, judged by its own prompt or by a wish."""
    job = runs.job(slot)
    if job is None or job.state != "done":
        return None
    pictures = pixels(runs.records(slot)[-1].x_t)
    looks, problem = judged(pictures, job.title if wish is None else wish)
    return Eight(job.title, pictures, looks, Badge("live", describe(job.request)), problem)


def pixels(x: np.ndarray) -> np.ndarray:
    """[−1, 1] units as uint8, values beyond clipped."""
    return ((np.clip(x, -1, 1) + 1) * 127.5).round().astype(np.uint8)


# --- one drawing and what is done to it ---------------------------------------------------------------------

DRAWN = "a red cat with an apple on the beach by day"
_CAT = Scene((Figure("cat", "red", NOTHING),), "apple", "beach", "day")
_EDITS = {  # name → the scene that is drawn with the same seed
    "drawn": _CAT,
    "apple": Scene(_CAT.figures, NOTHING, "beach", "day"),
    "colour": Scene((Figure("cat", "blue", NOTHING),), "apple", "beach", "day"),
    "subject": Scene((Figure("dog", "red", NOTHING),), "apple", "beach", "day"),
}
EDITS = (*_EDITS, "noise")


@dataclass(frozen=True)
class Edited:
    """The drawing and its edits in the order of EDITS, each judged by DRAWN."""

    pictures: np.ndarray  # uint8 (5, 32, 32, 3)
    looks: tuple[Look, ...]
    badge: str
    problem: str = ""


def edited(drawing: int = DRAWING) -> Edited:
    """Drawing number `drawing`, edited by drawing it again; the shipped one needs no judge."""
    pictures = _edit(drawing)
    if drawing == DRAWING:
        try:
            return Edited(pictures, unpack(cached.load(SHIPPED)[1]["edited"]), "cached")
        except cached.PrecomputedMissing:
            pass  # the judge can do it now
    looks, problem = judged(pictures, DRAWN)
    return Edited(pictures, looks, "live", problem)


def _edit(drawing: int) -> np.ndarray:
    noise = pixels(np.random.default_rng(drawing).standard_normal((32, 32, 3)))
    return np.stack([*(draw(scene, drawing) for scene in _EDITS.values()), noise])


# --- what ships -----------------------------------------------------------------------------------------------


def make_shipped() -> cached.Result:
    """Draw and judge the opening prompt, the first pair, the weak prompts and the edits."""
    own = engines.own_engine()
    arrays, told = {}, {}
    for name, prompt, wish in _shipped_prompts():
        *_, last = own.submit(request(read_prompt(prompt).words), "precompute")
        arrays[name] = pixels(last.x_t)
        told[name] = pack(_sure(arrays[name], wish))
    own.stop()
    told["edited"] = pack(_sure(_edit(DRAWING), DRAWN))
    return arrays, told | {"made": describe(request(()))}


def _sure(pictures: np.ndarray, prompt: str) -> tuple[Look, ...]:
    looks, problem = judged(pictures, prompt)
    if problem:  # nothing ships without its verdicts
        raise SystemExit(problem)
    return looks


def _shipped_prompts() -> list[tuple[str, str, str]]:
    """(name in the archive, prompt, what it is judged by)."""
    weak = [(f"weak{i}", each.prompt, each.wish) for i, each in enumerate(WEAK.values())]
    return [("opening", OPENING, OPENING), ("pair", PAIRS[0], PAIRS[0]), *weak]


@cache
def _shipped_names() -> dict[str, str]:
    return {prompt: name for name, prompt, _ in _shipped_prompts()}


def shipped(prompt: str) -> Eight:
    """The shipped pictures of a prompt. Raises PrecomputedMissing."""
    arrays, told = cached.load(SHIPPED)
    name = _shipped_names()[prompt]
    return Eight(prompt, arrays[name], unpack(told[name]), Badge("cached", told["made"]))
