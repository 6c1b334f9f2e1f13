"""What the lesson "A network grows up" ships: ten runs of the opening prompt, and both curves of the growth."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from lessons.shared.studio import cached, engines, grow
from lessons.shared.studio.grow import SLOTS, Asked, Growth
from lessons.shared.studio.judging import pack, unpack

NAME = "grow"
COMMAND = "python -m lessons.precompute grow"
PROMPTS, DRAWINGS = 100, 256  # that quality and error are measured on
# What is counted on its own, coarse things first: attributes of the judge by the name of a curve.
PARTS = {"place": ("place",), "colour": ("colour",), "subject": ("subject",), "details": ("wearing", "thing")}


@dataclass(frozen=True)
class Measured:
    """Both curves: at each moment the error, and in how many of how many pictures something is right."""

    error: tuple[float, ...]
    right: dict[str, tuple[tuple[int, int], ...]]  # "all" and each of PARTS → (right, named) at each moment
    interval: tuple[tuple[float, float], ...]  # 95% of the share of "all" at each moment
    ceiling: tuple[int, int]  # (right, tried): the judge on true drawings of the same scenes
    record: tuple[tuple[float, float], ...]  # (pictures seen, loss) as the training wrote it; empty where it is gone
    guidance: float


@lru_cache(maxsize=1)
def shipped() -> Growth:
    """The ten shipped runs. Raises PrecomputedMissing."""
    arrays, told = cached.load(NAME)
    x_T = np.broadcast_to(arrays["x_T"], (len(SLOTS), 1, *arrays["x_T"].shape))
    return Growth(Asked(**{**told["asked"], "words": tuple(told["asked"]["words"])}), told["prompt"], "cached",
                  tuple(told["times"]), tuple(told["steps"]), np.concatenate([x_T, arrays["x_t"]], 1),
                  np.concatenate([arrays["x0_hat"], arrays["x_t"][:, -1:]], 1),
                  unpack(told["looks"]))  # fmt: skip


def measured() -> Measured:
    """Both shipped curves. Raises PrecomputedMissing."""
    told = cached.load(NAME)[1]["measured"]
    right = {name: tuple(map(tuple, each)) for name, each in told["right"].items()}
    return Measured(tuple(told["error"]), right, tuple(map(tuple, told["interval"])), tuple(told["ceiling"]),
                    tuple(map(tuple, told["record"])), told["guidance"])  # fmt: skip


def make_shipped() -> cached.Result:
    """Run, judge and measure all ten, for `python -m lessons.precompute grow`."""
    growth = grow.look(grow.side_by_side(_run(), grow.DEFAULT, grow.PROMPT, "cached"))
    if growth.problem:
        raise RuntimeError(growth.problem)
    # the first x_t is the same noise ten times, and the last x0_hat is the picture: neither is kept twice
    arrays = {"x_T": growth.x_t[0, 0], "x_t": growth.x_t[:, 1:].copy(), "x0_hat": coarse(growth.x0_hat[:, :-1])}
    arrays["x_t"][:, :-1] = coarse(arrays["x_t"][:, :-1])
    settings = {"asked": vars(growth.asked), "prompt": growth.prompt, "times": growth.times, "steps": growth.steps,
                "looks": pack(growth.looks), "measured": _measure()}  # fmt: skip
    return arrays, settings


def coarse(x: np.ndarray) -> np.ndarray:
    """Colours in 64 shades instead of 256: finer than an eye sees in noise, and a quarter less to ship."""
    return (np.round(x * (63 / 255)) * (255 / 63)).round().astype(np.uint8)


def _run() -> list[list]:
    """All steps of the ten runs."""
    own = engines.own_engine()
    tickets = [own.submit(grow.DEFAULT.request(slot), slot) for slot in SLOTS]
    while not all(ticket.over for ticket in tickets):
        for ticket in tickets:
            ticket.since(0)  # the engine drops what nobody asks for
        time.sleep(0.05)
    own.stop()
    for ticket in tickets:
        if ticket.state != "done":
            raise RuntimeError(ticket.problem or f"the run is {ticket.state}")
    return [ticket.since(0) for ticket in tickets]


def _measure() -> dict[str, Any]:
    """Error and quality at each moment, on drawings and prompts that are the same for all."""
    from tqdm import tqdm

    from diffusion_core import growth
    from diffusion_core.evaluate import SETTINGS, painter
    from diffusion_core.feed import CAPTION_DROP
    from diffusion_core.intervals import wilson
    from diffusion_core.judge import load_judge
    from diffusion_core.model import WEIGHTS, load_model, load_text
    from diffusion_core.pool import cache_folder
    from diffusion_core.train import SIBLING_EMPHASIS

    text, judge, asked = load_text(), load_judge(), growth.prompts(PROMPTS)
    examples = growth.fresh_examples(DRAWINGS, CAPTION_DROP, SIBLING_EMPHASIS)
    errors, scores = [], []
    for name in tqdm(SLOTS, unit="moment"):
        model = load_model(WEIGHTS / f"{name}.safetensors", text)
        errors.append(growth.error(model, examples))
        scores.append(growth.quality(judge, painter(model, 1), asked))
    right, best = counts(scores), growth.ceiling(judge, asked).right
    path = cache_folder() / "train" / "sibling" / "loss.jsonl"
    return {"error": errors, "right": right, "interval": [wilson(*each) for each in right["all"]],
            "ceiling": (best.hits, best.count),
            "record": growth.thinned(growth.read_record(path)) if path.is_file() else _kept_record(),
            "guidance": SETTINGS["guidance_scale"]}  # fmt: skip


def _kept_record() -> tuple:
    """The training's record out of the shipped file, where the training itself was on another machine."""
    try:
        return measured().record
    except cached.PrecomputedMissing:
        return ()


def counts(scores: list) -> dict[str, list[tuple[int, int]]]:
    """Agreement scores (agreement.Score) of the ten moments as the curves of Measured.right."""
    right = {"all": [(score.right.hits, score.right.count) for score in scores]}
    for part, attributes in PARTS.items():
        rates = [[score.attributes[name] for name in attributes] for score in scores]
        right[part] = [(sum(r.hits for r in each), sum(r.count for r in each)) for each in rates]
    return right
