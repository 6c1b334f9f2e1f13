"""What the judge sees in pictures, as plain records. Importing this needs no torch; looking does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from diffusion_core.world.vocabulary import Scene
from lessons.shared.studio.judging import judge

if TYPE_CHECKING:
    from diffusion_core.judge import Sight

AT_ONCE = 24  # pictures in one pass of the judge
KINDS = ("subject", "colour", "place")  # what prompts name most
FIGURES = ("none", "one", "two")


@dataclass(frozen=True)
class Seen:
    """One picture as the judge sees it. None: nothing of this kind, or it cannot tell."""

    subjects: tuple[str | None, ...] = ()  # of each figure, from left to right
    colours: tuple[str | None, ...] = ()
    place: str | None = None
    sure: float = 0.0  # its confidence in the least certain of these answers

    @property
    def label(self) -> tuple[str, str]:
        """The figures, and where they are, in as few words as fit under a small picture."""
        figures = [f"{colour or ''} {subject}" if subject else f"something {colour or ''}"
                   for colour, subject in zip(self.colours, self.subjects, strict=True)]  # fmt: skip
        return " & ".join(figure.strip() for figure in figures) or "nothing it knows", self.place or "no place it knows"

    @property
    def phrase(self) -> str:
        """The same in one line."""
        return ", ".join(self.label)

    def values(self, kind: str) -> tuple[str, ...]:
        """All that is seen of one of KINDS, or how many "figures" there are, in a word."""
        found = {"subject": self.subjects, "colour": self.colours, "place": (self.place,),
                 "figures": (FIGURES[len(self.subjects)],)}[kind]  # fmt: skip
        return tuple(value for value in found if value is not None)

    def shows(self, kind: str, asked: tuple[str, ...]) -> bool:
        """Whether everything `asked` of this kind is there."""
        return all(self.values(kind).count(value) >= asked.count(value) for value in asked)

    def record(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def from_record(record: Mapping[str, Any]) -> Seen:
    """The way back from `record`."""
    return Seen(tuple(record["subjects"]), tuple(record["colours"]), record["place"], record["sure"])


def of_scene(scene: Scene) -> Seen:
    """What is known of a drawing, or named by a prompt, in the same terms."""
    figures = scene.figures
    return Seen(tuple(f.subject for f in figures), tuple(f.colour for f in figures), scene.place, 1.0)


def look(pictures: np.ndarray) -> tuple[Seen, ...]:
    """Pictures uint8 (N, 32, 32, 3), exactly as the page shows them. Raises ShippedFileError without a judge."""
    return _look(np.ascontiguousarray(pictures).tobytes(), pictures.shape)


@st.cache_data(max_entries=128, show_spinner=False)
def _look(pixels: bytes, shape: tuple[int, ...]) -> tuple[Seen, ...]:
    import torch

    x0 = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).reshape(shape)
    x0 = x0.permute(0, 3, 1, 2) / 127.5 - 1  # (N, H, W, 3) → (N, 3, H, W)
    return tuple(_seen(sight) for few in x0.split(AT_ONCE) for sight in judge().look(few))


def _seen(sight: Sight) -> Seen:
    scene = sight.scene
    heads = ["figures", "place", *(f"{name}{i + 1}" for i in range(len(scene.figures)) for name in KINDS[:2])]
    sure = min(sight.answers[head].confidence for head in heads)
    subjects, colours = (tuple(getattr(f, name) for f in scene.figures) for name in KINDS[:2])
    return Seen(subjects, colours, scene.place, round(sure, 3))
