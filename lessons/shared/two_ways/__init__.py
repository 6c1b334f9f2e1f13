"""Blocks of the lesson "With and without": many pictures as they come, what was counted in them, a change of words."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lessons.shared.prose import Prose
from lessons.shared.studio import model_card

STYLE = Path(__file__).with_name("two_ways.css")


def style() -> None:
    """The style sheet, once a page."""
    st.html(STYLE)


def judge_note(words: Prose) -> None:
    """How far the judge can be trusted, as the model card says; nothing where the card does not say."""
    try:
        seen, held_out = model_card.judge()
    except model_card.CardError:
        return
    st.caption(words.text("judge", seen=seen.all, held_out=held_out.all))
