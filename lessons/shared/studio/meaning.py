"""Words as vectors: what the text and picture encoders make of words, phrases and drawings, in NumPy.

Vocabulary, pictures and example phrases are shipped; any other phrase is encoded when it is asked for.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from diffusion_core.meaning import Axes, analogy, cosine, nearest, principal_axes
from diffusion_core.world.dataset import example
from diffusion_core.world.prompts import canonical, read_prompt
from diffusion_core.world.vocabulary import COLOURS, NOTHING, PLACES, SUBJECTS, THINGS, TIMES, WEARABLES, Scene
from lessons.shared.studio import cached
from lessons.shared.studio.encoders import (
    FRESH,
    FRESH_SEED,
    TRAINED,
    Said,
    encode,
    encode_pictures,
    encode_words,
)

SHIPPED, PICTURES, PICTURE_SEED = "words", 240, 20_777
KINDS: dict[str, tuple[str, ...]] = {  # words that name something; two kinds also hold other words for the same
    "subject": SUBJECTS,
    "colour": COLOURS,
    "worn": (*(w for w in WEARABLES if w != NOTHING), "mask", "superhero"),
    "thing": tuple(t for t in THINGS if t != NOTHING),
    "place": PLACES,
    "time": (*TIMES, "daylight", "sunny"),
}
WORDS = tuple(word for words in KINDS.values() for word in words)
KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
RED_BLUE, BLUE_RED = "a red cat and a blue dog", "a blue cat and a red dog"
EXAMPLES = {  # on a chip → the phrase
    "king": "a king",
    "red cat": "a red cat",
    "red cat, beach": "a red cat on the beach",
    "superhero turtle": "a turtle dressed as a superhero",
    "red cat, blue dog": RED_BLUE,
}
OTHERS = {"queen": "a queen", "cat": "a cat", "blue cat, red dog": BLUE_RED}


@dataclass(frozen=True)
class Space:
    """Where one pair of encoders puts the vocabulary's words and the shipped drawings."""

    words: np.ndarray  # (50, 128) unit vectors, in the order of WORDS
    pictures: np.ndarray  # (240, 128) unit vectors
    mean: np.ndarray  # (128,) what all words have in common

    def word(self, word: str) -> np.ndarray:
        return self.words[WORDS.index(word)]


@dataclass(frozen=True)
class Near:
    """A neighbour: a word, or the number of a drawing, and the cosine."""

    what: str | int
    cosine: float


@dataclass(frozen=True)
class Placed:
    """A phrase as a unit vector (128,), and whether that is live or cached."""

    said: Said
    vector: np.ndarray
    badge: str
    problem: str = ""  # why it could not be placed, and what to do; then the first example stands in


@lru_cache(maxsize=2)
def space(which: str = TRAINED) -> Space:
    """The words and drawings under the trained encoders, or under those before training."""
    words, pictures = (_shipped()[0][f"{which}_{part}"] for part in ("words", "pictures"))
    return Space(words, pictures, words.mean(axis=0))


@lru_cache(maxsize=1)
def drawings() -> tuple[np.ndarray, tuple[str, ...]]:
    """The drawings that neighbours are looked for in, uint8 (240, 32, 32, 3), and each in words."""
    scenes = [example(PICTURE_SEED, index) for index in range(PICTURES)]
    return np.stack([picture for _, picture in scenes]), tuple(canonical(scene) for scene, _ in scenes)


def heard(text: str) -> Said:
    """The words of any text that the encoder knows."""
    return read_prompt(text).words


def place(said: Said, which: str = TRAINED) -> Placed:
    """A phrase as one vector: from the shelf, or encoded now."""
    arrays, settings = _shipped()
    row = settings["phrases"].get(" ".join(said))
    if row is not None:
        return Placed(said, arrays[f"{which}_phrases"][row], "cached")
    try:
        return Placed(said, _encoded(said, which), "live")
    except RuntimeError as problem:  # ShippedFileError: it says which command helps
        return replace(place(heard(next(iter(EXAMPLES.values()))), which), problem=str(problem))


@st.cache_data(max_entries=512, show_spinner=False)
def _encoded(said: Said, which: str) -> np.ndarray:
    return encode([said], which)[0]


def word_vectors(said: Said, which: str = TRAINED) -> tuple[np.ndarray, str]:
    """What the U-Net hears of a phrase: (start and words, 128), before any mean is taken; live or cached."""
    arrays, settings = _shipped()
    at = settings["word_vectors"].get(" ".join(said))
    if at is not None:
        return arrays[f"{which}_word_vectors"][slice(*at)], "cached"
    return _encoded_words(said, which), "live"


@st.cache_data(max_entries=256, show_spinner=False)
def _encoded_words(said: Said, which: str) -> np.ndarray:
    return encode_words(said, which)


def near_words(vector: np.ndarray, which: str, count: int = 5, centred: bool = False, without: Said = ()) -> list[Near]:
    """The vocabulary's nearest words; `centred` first takes away what all words have in common."""
    home = space(which)
    middle = home.mean if centred else 0
    found = nearest(vector - middle, home.words - middle, len(WORDS))
    return [Near(WORDS[row], alike) for row, alike in found if WORDS[row] not in without][:count]


def near_pictures(vector: np.ndarray, which: str, count: int = 4) -> list[Near]:
    """The drawings nearest to a phrase."""
    return [Near(row, alike) for row, alike in nearest(vector, space(which).pictures, count)]


def alike(a: np.ndarray, b: np.ndarray, which: str = TRAINED, centred: bool = False) -> float:
    """Cosine of two vectors, from the origin or from the middle of all words."""
    middle = space(which).mean if centred else 0
    return float(cosine(a - middle, b - middle)[0, 0])


def axes(words: Said, which: str) -> Axes:
    """Three axes along which these words vary most."""
    return principal_axes(np.stack([space(which).word(word) for word in words]))


def kept(view: Axes) -> int:
    """How much of the words' spread the axes keep, in percent."""
    return round(100 * float(view.share.sum()))


def spot(view: Axes, vector: np.ndarray) -> tuple[float, float, float]:
    """Where a vector falls along three axes; missing axes (fewer words than that) count as 0."""
    x, y, z = (*view.project(vector).tolist(), 0.0, 0.0, 0.0)[:3]
    return x, y, z


def word_sum(a: str, b: str, c: str, which: str) -> np.ndarray:
    """The vector a − b + c."""
    home = space(which)
    return analogy(home.word(a), home.word(b), home.word(c))


def sum_axes(a: str, b: str, c: str, answer: str, which: str) -> Axes:
    """Axes through three words and the answer: four points span three dimensions, so this view is exact."""
    return axes(tuple(dict.fromkeys((a, b, c, answer))), which)


def left_out(scene: Scene) -> list[Said]:
    """The same scene with one thing left unsaid, as many ways as there are things to leave out (not the subject)."""
    fewer = [replace(scene, **{part: None}) for part in ("thing", "place", "time") if _says(getattr(scene, part))]
    for i, figure in enumerate(scene.figures):
        for part in ("colour", "wearing"):
            if _says(getattr(figure, part)) and figure.subject:
                figures = list(scene.figures)
                figures[i] = replace(figure, **{part: None})
                fewer.append(replace(scene, figures=tuple(figures)))
    phrases = [read_prompt(canonical(each)).words for each in fewer]
    return list(dict.fromkeys(phrase for phrase in phrases if phrase))


def _says(value: str | None) -> bool:
    return value not in (None, NOTHING)


@lru_cache(maxsize=1)
def _shipped() -> cached.Result:
    try:
        return cached.load(SHIPPED)
    except cached.PrecomputedMissing:
        return make_shipped()  # then it is computed, in two or three seconds


def shipped_phrases() -> dict[str, Said]:
    """What is on the page before anything is typed, and what each example becomes with one thing left out."""
    asked = [read_prompt(text) for text in (*EXAMPLES.values(), *OTHERS.values())]
    phrases = [reading.words for reading in asked] + [p for reading in asked for p in left_out(reading.scene)]
    return {" ".join(said): said for said in dict.fromkeys(phrases)}


def make_shipped() -> cached.Result:
    """Vectors of words, drawings and example phrases under both pairs, for `python -m lessons.precompute`."""
    phrases, arrays = shipped_phrases(), {}
    for which in (TRAINED, FRESH):
        arrays[f"{which}_words"] = encode([tuple(word.split()) for word in WORDS], which)
        arrays[f"{which}_pictures"] = encode_pictures(drawings()[0], which)
        arrays[f"{which}_phrases"] = encode(list(phrases.values()), which)
        told = {" ".join(said): encode_words(said, which) for said in map(heard, EXAMPLES.values())}
        arrays[f"{which}_word_vectors"] = np.concatenate(list(told.values()))
    ends = np.cumsum([0, *map(len, told.values())]).tolist()
    settings: dict[str, Any] = {"phrases": {text: row for row, text in enumerate(phrases)}, "seed": FRESH_SEED}
    settings["word_vectors"] = dict(zip(told, itertools.pairwise(ends), strict=True))
    return arrays, settings
