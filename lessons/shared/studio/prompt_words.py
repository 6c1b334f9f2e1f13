"""The words of a prompt as things to choose: which name something, what could stand in their place."""

from __future__ import annotations

from collections.abc import Sequence

from diffusion_core.world.lexicon import FACTS
from diffusion_core.world.prompts import read_prompt


def labels(words: Sequence[str]) -> dict[str, int]:
    """Each word → its place, from 0; a word that comes again is numbered: "red", "red (2)"."""
    found: dict[str, int] = {}
    for place, word in enumerate(words):
        again = words[:place].count(word) + 1
        found[word if again == 1 else f"{word} ({again})"] = place
    return found


def naming(words: Sequence[str]) -> dict[str, int]:
    """Those labels whose word names something, rather than tying others together."""
    return {label: place for label, place in labels(tuple(words)).items() if words[place] in FACTS}


def others(word: str) -> tuple[str, ...]:
    """Words that could stand in its place and say something else."""
    kind, value = FACTS[word]
    return tuple(other for other, fact in FACTS.items() if fact[0] == kind and fact[1] != value)


def swapped(words: Sequence[str], place: int, to: str) -> tuple[str, ...]:
    """The prompt with one word replaced (and "a" or "an" put right)."""
    start = place - 1 if place and words[place - 1] == "tabby" else place
    return read_prompt(" ".join((*words[:start], to, *words[place + 1 :]))).words


def named_by(words: Sequence[str], place: int) -> str:
    """The word as a prompt of its own, for the judge; empty where it names nothing."""
    word = words[place]
    tabby = word == "cat" and place and words[place - 1] == "tabby"
    return "tabby cat" if tabby else word if word in FACTS else ""
