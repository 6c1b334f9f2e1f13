"""What ships for the first paint of the lesson on guidance; made by `python -m lessons.precompute guided`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diffusion_core.world.prompts import read_prompt
from lessons.shared.studio import cached, engines, guided, runs
from lessons.shared.studio.guided import Crowd, Moment, Pictures

SHIPPED = "guided"
REQUEST = guided.maps_request(read_prompt(guided.PROMPT).words)
FIELDS = ("eps_without", "eps_with", "x0_without", "x0_with")


@dataclass(frozen=True)
class Shipped:
    """Everything on the page before anything has been run."""

    moments: list[Moment]
    row: Pictures
    crowd: Crowd
    twists: Pictures


def load() -> Shipped:
    """Raises PrecomputedMissing."""
    arrays, told = cached.load(SHIPPED)
    rows = zip(arrays["t"], *(arrays[name] for name in FIELDS), strict=True)
    moments = [Moment(int(t), *pictures, guided.SCALE) for t, *pictures in rows]
    row, twists = (Pictures(guided.PROMPT, arrays[name], tuple(told[name]["clipped"]), "cached", told[name]["made"])
                   for name in ("row", "twists"))  # fmt: skip
    measures = (tuple(told["crowd"][name]) for name in (*guided.MEASURES, "right"))
    crowd = Crowd(guided.PROMPT, arrays["crowd"], *measures, "cached", told["crowd"]["made"])
    return Shipped(moments, row, crowd, twists)


def make_shipped() -> cached.Result:
    """Run all of it on an engine of its own."""
    engine = engines.own_engine()
    moments = guided.moments(list(engine.submit(REQUEST, "precompute")))
    row = Pictures.of(
        guided.PROMPT, _last(engine, guided.row_requests(REQUEST)), "cached", guided.describe_row(REQUEST)
    )
    negative = read_prompt(guided.NEGATIVE).words
    asked = guided.twist_requests(REQUEST, guided.TWIST_SCALE, negative, guided.FROM, guided.UNTIL)
    twists = Pictures.of(guided.PROMPT, _last(engine, asked), "cached", runs.describe(asked[0]))
    requests = guided.crowd_requests(REQUEST)
    crowd = guided.measured(_last(engine, requests), guided.PROMPT, "cached", guided.describe_crowd(requests[0]))
    engine.stop()
    if crowd.problem:  # nothing ships without its verdicts
        raise SystemExit(crowd.problem)
    arrays = {name: np.stack([getattr(moment, name) for moment in moments]) for name in FIELDS}
    arrays |= {"t": np.array([moment.t for moment in moments]), "row": row.shown, "twists": twists.shown,
               "crowd": crowd.shown}  # fmt: skip
    told = {name: {"clipped": p.clipped, "made": p.made} for name, p in (("row", row), ("twists", twists))}
    told["crowd"] = {name: getattr(crowd, name) for name in (*guided.MEASURES, "right", "made")}
    return arrays, told | {"made": runs.describe(REQUEST)}


def _last(engine: engines.Engine, requests: Sequence[runs.Request]) -> np.ndarray:
    """The finished pictures of some requests, one after the other, not clipped."""
    return np.concatenate([list(engine.submit(each, "precompute"))[-1].x_t for each in requests])
