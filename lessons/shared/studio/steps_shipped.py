"""The experiment that ships: the opening prompt with all numbers of steps, its averages, and the judge's verdicts."""

from __future__ import annotations

import platform
import time
from functools import lru_cache

import numpy as np

from lessons.shared.studio import averages, cached, runs
from lessons.shared.studio.averages import Average
from lessons.shared.studio.judging import judged
from lessons.shared.studio.steps import COUNTS, DICE, Asked, Cell, Key, Series

NAME = "steps"
ASKED = Asked(tuple(runs.DEFAULT_PROMPT.split()), 5, 3.0)


@lru_cache(maxsize=1)
def shipped() -> Series:
    """The shipped experiment. Raises PrecomputedMissing."""
    arrays, settings = cached.load(NAME)
    keys = [Key(*row) for row in settings["keys"]]
    made = zip(keys, arrays["pictures"], arrays["seconds"], strict=True)
    cells = {key: Cell(picture, float(seconds)) for key, picture, seconds in made}
    return Series(ASKED, settings["prompt"], COUNTS[-1], "cached", "done", cells=cells)


def machine() -> str:
    """What the shipped times were measured on."""
    return cached.load(NAME)[1]["machine"]


def average(words: tuple[str, ...]) -> Average:
    """The true average for these words: shipped for the opening prompt and for no words, else drawn now."""
    try:
        arrays, settings = cached.load(NAME)
    except cached.PrecomputedMissing:
        return averages.remembered(words)
    name = {ASKED.words: "with", (): "without"}.get(words)
    if name is None:
        return averages.remembered(words)
    return Average(arrays[f"mean_{name}"], **settings[f"average_{name}"])


def verdicts(series: Series) -> dict[int, int] | str:
    """Steps → how many of DDPM's pictures show all that was asked, by the judge; or why it cannot say."""
    if series.badge == "cached":
        return {int(n): right for n, right in cached.load(NAME)[1]["right"].items()}
    found: dict[int, int] = {}
    for steps in series.counts:
        if dice := series.dice(steps):
            looks, problem = judged(pixels(np.stack(dice)), series.prompt)
            if problem:
                return problem
            found[steps] = sum(look.right for look in looks)
    return found


def judge_score(series: Series) -> tuple[int, int]:
    """How many of so many fresh drawings of the prompt the judge finds right: how far it can be trusted here."""
    if series.asked.words == ASKED.words:
        try:
            return tuple(cached.load(NAME)[1]["score"])
        except cached.PrecomputedMissing:
            pass  # then it is counted now
    some = average(series.asked.words).some
    if some is None:
        return 0, 0
    looks, _ = judged(some, series.prompt)
    return sum(look.right for look in looks), len(looks)


def pixels(x: np.ndarray) -> np.ndarray:
    """[−1, 1] units as uint8, values beyond clipped."""
    return ((np.clip(x, -1, 1) + 1) * 127.5).round().astype(np.uint8)


def make_shipped() -> cached.Result:
    """Run everything on one core, for `python -m lessons.precompute steps`; times are that core's own seconds."""
    from diffusion_core.model import load_model

    keys = [Key(sampler, n) for n in COUNTS for sampler in runs.SAMPLER_NAMES]
    keys += [Key("ddpm", n, die) for n in COUNTS for die in range(1, DICE)]
    keys += [Key("with", 1), Key("without", 1)]
    model = load_model()
    cells = {key: _run(model, key.request(ASKED)) for key in keys}
    series = Series(ASKED, runs.DEFAULT_PROMPT, COUNTS[-1], cells=cells)
    settings = {"prompt": runs.DEFAULT_PROMPT, "keys": [[k.sampler, k.steps, k.die] for k in keys],
                "machine": f"one core, {platform.machine()}"}  # fmt: skip
    arrays = {"pictures": np.stack([c.picture for c in cells.values()]),
              "seconds": np.array([c.seconds for c in cells.values()])}  # fmt: skip
    for name, words in (("with", ASKED.words), ("without", ())):
        true = averages.average(words, averages.SHIPPED)
        arrays |= {f"mean_{name}": true.mean, f"some_{name}": true.some}
        settings[f"average_{name}"] = {"count": true.count, "spread": true.spread, "withheld": true.withheld}
    looks, _ = judged(arrays["some_with"], series.prompt)
    arrays = {name: a for name, a in arrays.items() if not name.startswith("some_")}
    settings |= {"right": verdicts(series), "score": [sum(look.right for look in looks), len(looks)]}
    return arrays, settings


def _run(model, request: runs.Request) -> Cell:
    import torch

    from diffusion_core.samplers import Run, drive, sampler_named

    torch.set_num_threads(1)
    size = model.unet.config.picture_size
    denoise = model.guided(request.words, 1, request.guidance_scale)
    sampler = sampler_named(request.sampler)
    run = Run.start(request.schedule, request.times, sampler, request.seeds, (3, size, size))
    began = time.thread_time()  # of this core alone: whatever else the machine does does not count
    *_, last = drive(denoise, run)
    return Cell(last.x_t[0].permute(1, 2, 0).numpy(), time.thread_time() - began)
