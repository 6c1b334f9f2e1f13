"""The judge at work for lessons: pictures as NumPy in, what it sees of each against a prompt out.

Importing this needs no torch; judging does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from diffusion_core.world.prompts import Reading, read_prompt

if TYPE_CHECKING:
    from diffusion_core.judge import Judge, Sight

Value = str | int | None


@dataclass(frozen=True)
class Mark:
    """What the judge sees of one attribute, and what the prompt asked of it (None: left open)."""

    head: str  # a name of nn.judge.ANSWERS: figures, subject1, colour2, thing, …
    asked: Value
    best: Value  # its likeliest answer; None: nothing of this kind
    saw: Value  # that answer where it counts, else None
    confidence: float

    @property
    def right(self) -> bool:
        return self.asked is None or self.saw == self.asked

    @property
    def attribute(self) -> str:
        """The head without its slot."""
        return self.head.rstrip("12")


@dataclass(frozen=True)
class Look:
    """One picture as the judge sees it, against one prompt: a mark for each attribute."""

    marks: tuple[Mark, ...]

    @property
    def named(self) -> tuple[Mark, ...]:
        """The marks that count: what the prompt named."""
        return tuple(mark for mark in self.marks if mark.asked is not None)

    @property
    def wrong(self) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.marks if not mark.right)

    @property
    def right(self) -> bool:
        return not self.wrong

    @property
    def figures(self) -> tuple[tuple[Value, Value], ...]:
        """(subject, colour) of each figure seen, from left to right."""
        saw = {mark.head: mark.saw for mark in self.marks}
        return tuple((saw[f"subject{i}"], saw[f"colour{i}"]) for i in range(1, 1 + int(saw["figures"] or 0)))


def judged(pictures: np.ndarray, prompt: str) -> tuple[tuple[Look, ...], str]:
    """Pictures uint8 (N, 32, 32, 3), as the learner sees them, against a prompt; or none and the reason why."""
    from diffusion_core.shipped import ShippedFileError

    try:
        return _judged(pictures.tobytes(), pictures.shape, prompt), ""
    except ShippedFileError as problem:
        return (), str(problem)


@st.cache_data(max_entries=256, show_spinner=False)
def _judged(pixels: bytes, shape: tuple[int, ...], prompt: str) -> tuple[Look, ...]:
    import torch

    x0 = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).reshape(shape).permute(0, 3, 1, 2) / 127.5 - 1
    reading = read_prompt(prompt)
    return tuple(_look(sight, reading) for sight in judge().look(x0))


def _look(sight: Sight, reading: Reading) -> Look:
    from diffusion_core.judge import compare

    verdict = compare(sight, reading.scene, reading.sided)
    asked = {c.attribute if c.figure is None else f"{c.attribute}{verdict.slots[c.figure]}": c.asked
             for c in verdict.checks}  # fmt: skip
    return Look(tuple(Mark(head, asked.get(head), answer.best, answer.value, round(answer.confidence, 4))
                      for head, answer in sight.answers.items()))  # fmt: skip


@st.cache_resource(show_spinner=False)
def judge() -> Judge:
    """The judge, loaded once for all learners."""
    from diffusion_core.judge import load_judge

    return load_judge()


def pack(looks: Sequence[Look]) -> list[list[tuple]]:
    """Looks as plain lists, for the settings of a shipped result."""
    return [[astuple(mark) for mark in look.marks] for look in looks]


def unpack(rows: Sequence[Sequence[Sequence]]) -> tuple[Look, ...]:
    """The inverse of pack."""
    return tuple(Look(tuple(Mark(*mark) for mark in marks)) for marks in rows)
