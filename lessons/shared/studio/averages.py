"""The true average of the drawings that a prompt allows, and how far they differ: NumPy and the picture world alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import streamlit as st

from diffusion_core.world.facts import facts_of
from diffusion_core.world.matching import drawings_saying
from diffusion_core.world.vocabulary import held_out_blocks
from lessons.shared.studio.outcomes import apart

LIVE, SHIPPED = 500, 2000  # drawings that are averaged on demand, and for the first paint
SEED = 4242  # of the drawings: no network was trained on it
PAIRED, JUDGED = 40, 100  # of them, to measure how far any two differ, and for the judge's own score


@dataclass(frozen=True)
class Average:
    """What drawings of one prompt have in common."""

    mean: np.ndarray | None  # (32, 32, 3) in [−1, 1]; None where nothing can be drawn of it
    count: int = 0
    spread: float = 0.0  # shades between any two of them, on average
    withheld: bool = False  # training never showed a picture of this prompt
    some: np.ndarray | None = None  # uint8 (JUDGED or fewer, 32, 32, 3), for the judge


def average(words: tuple[str, ...], count: int = LIVE) -> Average:
    """The average over fresh drawings to which a caption with these facts could belong; no words: over all."""
    facts, sided, _ = facts_of(words)
    pictures = list(drawings_saying(facts, count, SEED, sided))
    if not pictures:
        return Average(None)
    drawn = np.stack(pictures)
    mean = (drawn.mean(0) / 127.5 - 1).astype(np.float32)
    few = drawn[:PAIRED].astype(np.float32) / 127.5 - 1
    return Average(mean, len(drawn), spread(few), bool(held_out_blocks(facts)), drawn[:JUDGED])


remembered = st.cache_data(max_entries=64, show_spinner=False)(average)


def spread(pictures: Sequence[np.ndarray]) -> float:
    """How far any two pictures are apart, on average, in shades."""
    pairs = list(combinations(pictures, 2))
    return sum(apart(a, b) for a, b in pairs) / len(pairs) if pairs else 0.0
