"""Asking the shipped network from a page: now, or from the shelf once the guess is made."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lessons.shared import run_line
from lessons.shared.studio import cached
from lessons.shared.studio.training_step import Answers, shipped


def answers(key: str, ask: Callable[[], Answers] | None, on_shelf: bool, waiting: str) -> Answers | None:
    """What `ask` gets now, if there is one; else what was shipped as `key`, where it is; a problem is said."""
    if ask is not None:
        with st.spinner(waiting):
            answer = ask()
        if not answer.problem:
            return answer
        run_line.failure(key, answer.problem)
        return None
    try:
        return shipped(key) if on_shelf else None
    except cached.PrecomputedMissing as problem:
        st.caption(str(problem))
        return None
