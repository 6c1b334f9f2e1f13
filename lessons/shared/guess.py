"""Predict, run, compare: a guess comes before what happens, and both are shown together.

Students who only watch understand little more than those who saw nothing; predicting first raises it
(Crouch et al. 2004, Am. J. Phys. 72:835). So the outcome stays shut until there is a guess, or a plain "skip".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from lessons.shared.limits import Number, judge_number, say


@dataclass(frozen=True)
class Guess:
    """A learner's guess. `open` says whether the outcome may be shown."""

    key: str
    value: Any = None
    made: bool = False
    skipped: bool = False

    @property
    def open(self) -> bool:
        return self.made or self.skipped


def ask(key: str, question: str, options: Sequence[str], opened: bool = False) -> Guess:
    """Ask for one of `options`. `opened` shows the outcome without a guess, as for a link that was run."""

    def widget(name: str) -> str | None:
        return st.radio(question, options, index=None, key=name)

    return _ask(key, question, widget, opened, lambda value: value in options)


def ask_number(
    key: str, question: str, low: Number, high: Number, step: Number = 1, unit: str = "", opened: bool = False
) -> Guess:
    """Ask for a number on a slider from `low` to `high`, which starts in the middle."""
    middle = judge_number((low + high) / 2, key, low, high, step, low)[0]

    def widget(name: str) -> Number:
        spelt = _with("%g", unit.replace("%", "%%"))  # the slider reads it as a printf format
        return st.slider(question, low, high, middle, step, key=name, format=spelt)

    return _ask(key, question, widget, opened, lambda value: low <= value <= high, unit)


def reveal(guess: Guess, outcome: Any, sentence: str, unit: str = "", source: str = "What happened") -> None:
    """Guess and outcome side by side, with a sentence that says what was seen; shut until there is a guess."""
    if not guess.open:
        st.caption(":material/lock: The answer opens after your guess.")
        return
    cells = [("You guessed", _say(guess.value, unit), "you")] if guess.made else []
    cells.append((source, _say(outcome, unit), "seen"))
    boxes = "".join(
        f'<div class="bk-cell bk-{kind}"><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>'
        for name, value, kind in cells
    )
    with st.container(key=f"bk-reveal-{guess.key}"):
        sentences = " bk-words" if any(len(value) > 12 for _, value, _ in cells) else ""
        st.html(f'<dl class="bk-compare{sentences}">{boxes}</dl>')
        st.markdown(sentence)


def forget(key: str) -> None:
    """Drop a guess, so that it can be made again."""
    st.session_state.pop(_memory(key), None)


def _ask(key: str, question: str, widget: Any, opened: bool, allowed: Any, unit: str = "") -> Guess:
    kept = st.session_state.get(_memory(key))
    if kept is not None:
        _show_kept(key, question, kept, unit)
        return Guess(key, *kept)
    with st.container(key=f"bk-guess-{key}"):
        st.markdown(":material/psychology_alt: **Your guess first**")
        value = widget(f"{key}-guess")
        with st.container(horizontal=True, gap="small"):
            ready = value is not None and allowed(value)
            keep = {"on_click": _keep, "disabled": not ready, "args": (key, value, True, False)}
            st.button("That is my guess", key=f"{key}-keep", **keep)
            st.button("Skip", key=f"{key}-skip", type="tertiary", on_click=_keep, args=(key, None, False, True))
    return Guess(key, skipped=opened)


def _show_kept(key: str, question: str, kept: tuple[Any, bool, bool], unit: str) -> None:
    value, made, _ = kept
    with st.container(key=f"bk-guess-{key}", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{question} {f'Your guess: **{_say(value, unit)}**' if made else 'You skipped the guess.'}")
        st.button("Guess again", key=f"{key}-again", type="tertiary", on_click=forget, args=(key,))


def _keep(key: str, value: Any, made: bool, skipped: bool) -> None:
    st.session_state[_memory(key)] = (value, made, skipped)


def _memory(key: str) -> str:
    return f"beaker_guess_{key}"


def _say(value: Any, unit: str = "") -> str:
    """A number with its unit; words, such as an outcome of "never", as they are."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _with(say(value), unit)
    return str(value)


def _with(number: str, unit: str) -> str:
    return f"{number}{'' if unit.startswith('%') else ' '}{unit}".strip()
