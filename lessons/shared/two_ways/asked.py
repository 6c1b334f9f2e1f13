"""What the controls of the lesson "With and without" say, and what each part of it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from streamlit.delta_generator import DeltaGenerator

from lessons.shared.controls import Ask
from lessons.shared.player import Badge, Track
from lessons.shared.prose import Prose
from lessons.shared.studio import cached, runs, without_shipped
from lessons.shared.studio.without import Requests
from lessons.shared.studio.without_shipped import DEFAULTS, Shipped

PANELS = ("x_t", "x0_hat", "curve")


@dataclass(frozen=True)
class Asked:
    """The controls on one pass of the script."""

    prompt: str  # as typed
    words: tuple[str, ...]  # as heard
    seed: int
    scale: float
    other: str = ""
    other_words: tuple[str, ...] = ()
    when: int = 0  # the first step that hears the other words


@dataclass(frozen=True)
class Place:
    """Where a part draws, with what words, and whether Run was pressed."""

    play: DeltaGenerator
    below: DeltaGenerator
    words: Prose
    ask: Ask

    def title(self, prompt: str) -> str:
        """A prompt as it was typed, or that there is none; the player and the badges escape it."""
        return prompt.strip() or self.words.text("no-words")

    def heard(self, request: runs.Request) -> str:
        """The words of a request for a sentence in Markdown: those of the vocabulary, never a learner's own text."""
        return " ".join(request.words) or self.words.text("no-words")


def shipped() -> tuple[Shipped | None, str]:
    """What was shipped, or why it is not there."""
    try:
        return without_shipped.load(), ""
    except cached.PrecomputedMissing as problem:
        return None, str(problem)


def shipped_tracks(part: str, titles: Sequence[str]) -> list[Track]:
    """The shipped runs of a part, for the player; none where they are missing."""
    found, _ = shipped()
    if found is None:
        return []
    return [Track(f"shipped {slot}", title, Badge("cached", runs.describe(request)), found.tracks[slot])
            for (slot, request), title in zip(DEFAULTS[part].items(), titles, strict=True)]  # fmt: skip


def standing(place: Place, part: str, requests: Requests, ran: Requests, guessed: bool) -> str:
    """One sentence on what is on show, while nothing goes; "" when it is just what the controls ask for."""
    if ran:
        return "" if ran == requests else place.words.text("changed")
    if shipped()[0] is None:
        return place.words.text("press-empty")
    known = "shipped" if guessed else "shipped-guess"
    return place.words.text(known if requests == DEFAULTS[part] else "press")
