"""Where the network looks while it draws: maps of words and of pixels, what one word changes, what eight pictures show.

A run that is over is boiled down to what the page shows of it, so that its hundreds of maps can be let go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import streamlit as st

from diffusion_core import attention
from lessons.shared.studio import cached, engines, runs
from lessons.shared.studio.binding import Eight, eight_of
from lessons.shared.studio.prompt_words import labels, swapped
from lessons.shared.studio.runs import Request, StepRecord
from lessons.shared.studio.sights import Seen, look

SHIPPED, KEPT = "attention", "beaker_attention"
OWN, SWAPPED, TURNED, PAIR = "attention-own", "attention-swapped", "attention-turned", "attention-pair"
SLOTS = (OWN, SWAPPED, TURNED, PAIR)
MOST_LOOKS = 40  # kept of one run; beyond it every second, third, … is
START = "(start)"
DEFAULT = Request(tuple(runs.DEFAULT_PROMPT.split()), (5,), attention=True)
SWAP, TURN = ("green", "red"), ("sunglasses", 0.0)  # what parts two and three open with
PAIR_PROMPT, PAIR_SEEDS = "a red cat and a blue dog in the snow", 8
PAIR_FIRST = 56  # the first eight hold a failure, of which there are few: one of each can be looked into


@dataclass(frozen=True)
class Maps:
    """A run's pictures and maps, one of each for every look kept. Pictures are (…, 32, 32, 3) in [−1, 1] units."""

    words: tuple[str, ...]  # without the start token, which is place 0 of every map
    looks: tuple[int, ...]  # which of the run's steps each is
    t: tuple[int, ...]
    x_t: np.ndarray
    x0_hat: np.ndarray
    cross: dict[int, np.ndarray]  # layer size → (looks, size, size, words + 1)
    own: dict[int, np.ndarray]  # layer size → (looks, size, size, size²)
    finished: np.ndarray | None = None  # (32, 32, 3), once there is one

    def mean(self, word: int) -> np.ndarray:
        """One word's map (16, 16) over all looks and sizes; word 0 is the start token."""
        return attention.together({size: a[..., word].mean(0)[..., None] for size, a in self.cross.items()})[..., 0]

    def shares(self, word: int) -> dict[int, float]:
        """The share of each size's attention that a word gets, over all places and looks."""
        return {size: float(a[..., word].mean()) for size, a in self.cross.items()}


@dataclass(frozen=True)
class Done:
    """A run that is over: what was asked, what came (Maps, a picture, or Eight), and where it comes from."""

    request: Request
    result: Maps | np.ndarray | Eight
    badge: str = "live"
    seconds: float = 0.0


@dataclass(frozen=True)
class Effect:
    """What one changed word did: where the picture changed, and how much of that fell where the word is heard."""

    before: np.ndarray
    after: np.ndarray
    shades: np.ndarray  # (32, 32)
    heard: np.ndarray  # (16, 16) the word's attention in the first run
    cells: np.ndarray  # (16, 16) its strongest quarter

    @property
    def inside(self) -> float:
        return attention.share_inside(self.shades, self.cells)

    @property
    def mean(self) -> float:
        return float(self.shades.mean())


def maps_of(words: Sequence[str], records: Sequence[StepRecord], picture: int = 0) -> Maps:
    """The maps of one picture of a run; at most MOST_LOOKS looks are kept, the first and the last always."""
    looked = [record for record in records if record.attention is not None]
    chosen = np.unique(np.linspace(0, len(looked) - 1, min(len(looked), MOST_LOOKS)).round().astype(int))
    kept = [looked[i] for i in chosen]
    layers = [{name: a[picture] for name, a in record.attention.items()} for record in kept]
    stacked = {name: np.stack([each[name] for each in layers]) for name in layers[0]}
    cross, own = (_by_size(stacked, kind) for kind in (attention.WORDS, attention.SELF))
    pictures = (np.stack([getattr(r, name)[picture] for r in kept]) for name in ("x_t", "x0_hat"))
    finished = records[-1].x_t[picture] if records[-1].t == 0 else None
    heard = {size: a[..., : len(words) + 1] for size, a in cross.items()}
    return Maps(tuple(words), tuple(r.index for r in kept), tuple(r.t for r in kept), *pictures, heard, own, finished)


def _by_size(layers: dict[str, np.ndarray], kind: str) -> dict[int, np.ndarray]:
    """attention.by_size for maps with looks in front: (looks, H, W, …) → {size: (looks, H, W, …)}."""
    moved = {name: np.moveaxis(a, 0, 2) for name, a in layers.items()}  # (H, W, looks, …)
    return {size: np.moveaxis(a, 2, 0) for size, a in attention.by_size(moved, kind).items()}


# --- runs: begun, gathered when over, and at hand until others replace them ----------------------------------


def begin(slot: str, request: Request, title: str = "") -> None:
    """Start a run in a slot; what its slot held is let go."""
    _kept().pop(slot, None)
    runs.start(slot, request, title)


def gather(slot: str) -> Done | None:
    """What the slot's last run came to. A finished run is boiled down here, and its records are let go."""
    job = runs.job(slot)
    if job is not None and job.state == "done":
        records, request = runs.records(slot), job.request
        result = (eight_of(records) if len(request.seeds) > 1
                  else maps_of(request.words, records) if request.attention else job.frames[-1].x_t)  # fmt: skip
        _kept()[slot] = Done(request, result, seconds=job.seconds)
        runs.clear(slot)
    return _kept().get(slot)


def latest(slot: str) -> Maps | None:
    """The newest look of a run that is under way."""
    looked = [record for record in runs.records(slot)[-2:] if record.attention is not None]
    job = runs.job(slot)
    return maps_of(job.request.words, looked[-1:]) if job is not None and looked else None


def at_hand(slot: str, request: Request, opening: Shipped | None) -> Done | None:
    """This very request's outcome, if it has been run or was shipped."""
    candidates = (_kept().get(slot), opening.done[slot] if opening else None)
    return next((done for done in candidates if done is not None and done.request == request), None)


def begin_beside(slot: str, request: Request, first: Request, opening: Shipped | None) -> None:
    """Start a run that is compared with the page's first one; that one too, unless it is there or on its way."""
    begin(slot, request)
    job = runs.job(OWN)
    going = job is not None and not job.over and job.request == first
    if not going and at_hand(OWN, first, opening) is None:
        begin(OWN, first, " ".join(first.words))


def seen_in(slot: str, done: Done, pictures: np.ndarray, prompt: str, opening: Shipped | None) -> list[Seen]:
    """What the judge sees: shipped with shipped pictures, else it looks now. Raises ShippedFileError."""
    if done.badge == "cached" and opening is not None:
        return opening.seen[slot]
    return look(pictures, prompt)


def _kept() -> dict[str, Done]:
    return st.session_state.setdefault(KEPT, {})


# --- one word changed, or turned -----------------------------------------------------------------------------


def scaled(request: Request, place: int, factor: float) -> Request:
    """The same request with one word's attention turned up or down."""
    factors = tuple(factor if i == place else 1.0 for i in range(len(request.words)))
    return replace(request, word_scale=factors, attention=False)


def swap_request(request: Request, place: int, to: str) -> Request:
    """The same request with one word replaced."""
    return replace(request, words=swapped(request.words, place, to), attention=False)


def pair_request(first_seed: int) -> Request:
    """Eight pictures of the two animals, of seeds that follow each other."""
    seeds = tuple(range(first_seed, first_seed + PAIR_SEEDS))
    return Request(tuple(PAIR_PROMPT.split()), seeds, attention=True)


def effect(maps: Maps, place: int, after: np.ndarray) -> Effect:
    """What a run with one word changed did, against the run as it was; `place` of the word, from 0."""
    heard = maps.mean(place + 1)
    shades = attention.change(maps.finished, after)
    return Effect(maps.finished, after, shades, heard, attention.strongest(heard))


# --- what ships -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shipped:
    """The runs that the page opens with, by slot, and what the judge saw in their pictures."""

    done: dict[str, Done]
    seen: dict[str, list[Seen]]


def shipped_requests() -> dict[str, Request]:
    """What each part opens with."""
    places = labels(DEFAULT.words)
    return {OWN: DEFAULT, SWAPPED: swap_request(DEFAULT, places[SWAP[0]], SWAP[1]),
            TURNED: scaled(DEFAULT, places[TURN[0]], TURN[1]), PAIR: pair_request(PAIR_FIRST)}  # fmt: skip


def make_shipped() -> cached.Result:
    """All four parts' first results and what the judge says of them, for `python -m lessons.precompute`."""
    engine = engines.own_engine()
    records = {slot: list(engine.submit(request, slot)) for slot, request in shipped_requests().items()}
    engine.stop()
    own, eight = maps_of(DEFAULT.words, records[OWN]), eight_of(records[PAIR])
    arrays = {f"cross{size}": a for size, a in own.cross.items()} | {f"own{size}": a for size, a in own.own.items()}
    arrays |= {"x_t": own.x_t, "x0_hat": own.x0_hat, "t": np.array(own.t), "looks": np.array(own.looks)}
    arrays |= {"finished": own.finished, "eight": eight.pictures, "eight_maps": eight.maps}
    arrays |= {slot: records[slot][-1].x_t[0] for slot in (SWAPPED, TURNED)}
    word = TURN[0]
    seen = {SWAPPED: look(np.stack([own.finished, arrays[SWAPPED]]), ""),
            TURNED: look(np.stack([own.finished, arrays[TURNED]]), word),
            PAIR: look(eight.pictures, PAIR_PROMPT)}  # fmt: skip
    return arrays, {"seen": {slot: [asdict(each) for each in some] for slot, some in seen.items()}}


def shipped() -> Shipped | None:
    """The shipped results; None where they are missing or of another version."""
    try:
        return _shipped()
    except (cached.PrecomputedMissing, KeyError, TypeError):
        return None


def _shipped() -> Shipped:
    arrays, settings = cached.load(SHIPPED)
    cross, own = ({int(name.removeprefix(kind)): a for name, a in arrays.items() if name.startswith(kind)}
                  for kind in ("cross", "own"))  # fmt: skip
    looks, t = (tuple(arrays[name].tolist()) for name in ("looks", "t"))
    maps = Maps(DEFAULT.words, looks, t, arrays["x_t"], arrays["x0_hat"], cross, own, arrays["finished"])
    results = {OWN: maps, SWAPPED: arrays[SWAPPED], TURNED: arrays[TURNED],
               PAIR: Eight(arrays["eight"], arrays["eight_maps"])}  # fmt: skip
    done = {slot: Done(request, results[slot], "cached") for slot, request in shipped_requests().items()}
    seen = {slot: [Seen.of(each) for each in some] for slot, some in settings["seen"].items()}
    return Shipped(done, seen)
