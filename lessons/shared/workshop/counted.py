"""A guess at how many of eight are right, the judge's count beside it, and beside that how good the judge itself is."""

from __future__ import annotations

import zlib
from collections import Counter

import streamlit as st

from lessons.shared import guess
from lessons.shared.prose import Prose
from lessons.shared.studio import model_card, runs
from lessons.shared.studio import workshop as studio
from lessons.shared.studio.judging import Look
from lessons.shared.workshop.said import Labels

_SKIPPED = "beaker_workshop_skipped"  # one skip is enough: a workshop of many prompts must not nag


def prompt_on_show(slot: str, eight: studio.Eight | None) -> str:
    """The prompt of the run that is going or over, else of what was shipped."""
    job = runs.job(slot)
    return job.title if job is not None else eight.prompt if eight is not None else ""


def ask(name: str, question: str, prompt: str, linked: bool) -> guess.Guess:
    """One guess for each prompt; a learner who once skipped sees the marks from then on."""
    key = f"workshop-{name}-{zlib.crc32(prompt.encode()):08x}"
    skips = st.session_state.setdefault(_SKIPPED, {})
    asked = guess.ask_number(key, question, 0, studio.COUNT, opened=linked or name in skips)
    if asked.skipped and not linked and name not in skips:
        skips[name] = True
    return asked


def reveal(asked: guess.Guess, eight: studio.Eight | None, words: Prose, labels: Labels, wish: str = "") -> None:
    """The count under the pictures, once there is something to count; `wish`: what they were judged by instead."""
    if eight is None:
        st.caption(words.text("count-later") if asked.open else f":material/lock: {words.text('count-locked')}")
    elif eight.problem:
        st.warning(eight.problem, icon=":material/build:")
    elif not any(look.named for look in eight.looks):
        guess.reveal(asked, labels["nothing-named"], words.text("counts-nothing"), source=labels["counts"])
    else:
        sentence = " ".join([missed(eight, words, labels), judge_beside(wish or eight.prompt, words)])
        outcome = labels["of-eight"].format(right=eight.right, count=len(eight.looks))
        guess.reveal(asked, outcome, sentence, source=labels["counts"])


def missed(eight: studio.Eight, words: Prose, labels: Labels) -> str:
    """Which attributes were missed how often, the most missed first."""
    wrong = Counter(mark.attribute for look in eight.looks for mark in {m.attribute: m for m in look.wrong}.values())
    if not wrong:
        return words.text("missed-none")
    listed = ", ".join(labels["missed"].format(name=labels[name], count=count) for name, count in wrong.most_common())
    return words.text("missed", listed=listed)


def judge_beside(prompt: str, words: Prose) -> str:
    """How often the judge is right on fresh drawings of this kind, from the model card."""
    try:
        seen, held_out = model_card.judge()
    except model_card.CardError as problem:
        return str(problem)
    reading = studio.read_prompt(prompt)
    row = held_out if reading.held_out else seen
    share = row.two if len(reading.scene.figures) == 2 else row.one
    figures = "two figures" if len(reading.scene.figures) == 2 else "one figure"
    return words.text("judge-beside", share=share, drawings=row.drawings, figures=figures)


def sure(look: Look) -> float:
    """The least confidence among the attributes that were named; 1 where none was."""
    return min((mark.confidence for mark in look.named), default=1.0)
