"""Can the judge be trusted? One drawing, edited by drawing it again, and noise: all against the same prompt."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st

from lessons.shared import controls, guess
from lessons.shared.pictures import picture_html, show_badge
from lessons.shared.prose import Prose
from lessons.shared.studio import workshop as studio
from lessons.shared.studio.judging import Look
from lessons.shared.workshop import counted
from lessons.shared.workshop.said import Labels, percent, saw

DRAWINGS = 99


def trust(words: Prose, labels: Labels) -> None:
    """Five pictures, a guess, and the judge's verdict on each."""
    st.markdown(words.text("trust", prompt=studio.DRAWN))
    narrow, _ = st.columns([0.4, 0.6])
    with narrow:
        drawing = controls.slider("drawing", labels["drawing"], 1, DRAWINGS, studio.DRAWING, help=words.text("drawing"))
    with st.spinner(words.text("waiting")):
        edited = studio.edited(int(drawing))
    if edited.problem:
        st.warning(edited.problem, icon=":material/build:")
    place = st.container()
    told = guess.ask_number("workshop-trust", words.text("ask-trust"), 0, len(studio.EDITS))
    with place:
        _pictures(edited, told.open, labels)
        verdict = [labels[f"verdict-{edited.badge}"]] if edited.looks else []
        show_badge("illustration", " · ".join([labels["made-drawing"].format(number=drawing), *verdict]))
    if edited.looks:
        right = [name for name, look in zip(studio.EDITS, edited.looks, strict=True) if look.right]
        passed = ", ".join(labels[f"edit-{name}"] for name in right) or labels["none-of-them"]
        sentence = words.text("trusted" if right == ["drawn"] else "slipped", passed=passed)
        beside = counted.judge_beside(studio.DRAWN, words)
        guess.reveal(told, len(right), f"{sentence} {beside}", source=labels["passed"])


def _pictures(edited: studio.Edited, opened: bool, labels: Labels) -> None:
    looks = edited.looks if opened and edited.looks else [None] * len(studio.EDITS)
    cells = [_cell(picture, labels[f"edit-{name}"], look, labels)
             for name, picture, look in zip(studio.EDITS, edited.pictures, looks, strict=True)]  # fmt: skip
    st.html(f'<div class="pw-edits">{"".join(cells)}</div>')


def _cell(picture: np.ndarray, name: str, look: Look | None, labels: Labels) -> str:
    """A picture with its name; once open, what is wrong with it and how sure the judge is."""
    kind = "" if look is None else " pw-right" if look.right else " pw-wrong"
    lines = "" if look is None else "".join(f"<li>{line}</li>" for line in lines_of(look, labels))
    shown = picture_html(picture, 5, name, alt=f"{name}: {labels['drawing-alt']}")
    return f'<div class="pw-edit{kind}">{shown}<ul>{lines}</ul></div>'


def lines_of(look: Look, labels: Labels) -> list[str]:
    """HTML: a verdict, then each wrong attribute as asked and seen."""
    if look.right:
        least = labels["least"].format(least=percent(counted.sure(look)))
        return [f'<span class="pw-tick">✓</span> {escape(labels["right"])}', escape(least)]
    verdict = f'<span class="pw-tick">✗</span> {escape(labels["not-right"])}'
    if all(mark.best is None for mark in look.named):
        return [verdict, escape(labels["saw-none"].format(count=len(look.named), sure=percent(counted.sure(look))))]
    lines = [labels["asked-saw"].format(asked=_asked(mark.asked, mark.attribute, labels), saw=saw(mark, labels),
                                        sure=percent(mark.confidence)) for mark in look.wrong]  # fmt: skip
    return [verdict, *map(escape, lines)]


def _asked(value: object, attribute: str, labels: Labels) -> str:
    return labels["figures-asked"].format(count=value) if attribute == "figures" else str(value)
