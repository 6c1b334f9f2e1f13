"""What the judge sees in pictures, in words and numbers. Importing this needs no torch; asking it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from diffusion_core.world.prompts import canonical, read_prompt
from lessons.shared.studio.judging import judge

SIZE = 32


@dataclass(frozen=True)
class Seen:
    """One picture under the judge's eye, against a prompt."""

    said: str  # what it sees, as a caption
    right: bool | None  # whether all that the prompt names is there; None when it names nothing
    sure: float  # how sure it is of the least sure answer that this rests on
    bound: bool  # each figure named is there in its own colour
    slots: tuple[int, ...] = ()  # where each figure of the prompt stands: 1 left, 2 right; empty unless all are there

    @classmethod
    def of(cls, told: dict[str, Any]) -> Seen:
        """From its JSON."""
        return cls(**{**told, "slots": tuple(told["slots"])})


def look(pictures: np.ndarray, prompt: str) -> list[Seen]:
    """Pictures (N, 32, 32, 3) in [−1, 1] against the facts of a prompt, or of one word. Raises ShippedFileError."""
    return _look(np.ascontiguousarray(pictures, dtype=np.float32).tobytes(), prompt)


@st.cache_data(max_entries=256, show_spinner=False)
def _look(pixels: bytes, prompt: str) -> list[Seen]:
    import torch

    from diffusion_core.judge import compare

    pictures = torch.frombuffer(bytearray(pixels), dtype=torch.float32).reshape(-1, SIZE, SIZE, 3)
    facts = read_prompt(prompt)
    sights = judge().look(pictures.permute(0, 3, 1, 2))
    return [_seen(sight, compare(sight, facts.scene, facts.sided)) for sight in sights]


def _seen(sight: Any, verdict: Any) -> Seen:
    # a word on its own ("turtle") does not say how many figures there are
    checks = [c for c in verdict.checks if c.attribute != "figures" or len(verdict.checks) > 2]
    there = all(c.right for c in checks if c.attribute == "subject")
    right = all(c.right for c in checks) if checks else None
    sure = min((c.answer.confidence for c in checks), default=sight.answers["figures"].confidence)
    return Seen(canonical(sight.scene), right, round(float(sure), 4), verdict.bound, verdict.slots if there else ())
