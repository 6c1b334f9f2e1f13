"""The anatomy of a lesson, the same everywhere, so that hands learn it once.

Title and promise, the stage with its controls, moves to try, what was seen, depth on demand, questions, what next.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lessons import catalog
from lessons.catalog import Lesson
from lessons.shared import code, controls
from lessons.shared.markdown import paragraphs
from lessons.shared.prose import Move, Question
from lessons.shared.quiz import quiz

FOLD = "bk-fold-"  # how the keys of folds begin
CONTROL_SHARE = 0.31  # of the stage's width: a narrow column, wide enough for one slider


def header(lesson: Lesson) -> None:
    """Title, promise and minutes in two lines, so that the stage stays above the fold."""
    controls.start_page(lesson.file)
    st.html(
        f'<header class="bk-header"><p class="bk-eyebrow">{escape(lesson.part)} · lesson '
        f"{catalog.number(lesson)} of {len(catalog.LESSONS)} · {lesson.minutes} minutes</p>"
        f'<h1>{escape(lesson.title)}</h1><p class="bk-promise">At the end you can '
        f"{escape(lesson.promise)}.</p></header>"
    )
    if notices := controls.notices():
        st.info("  \n".join(notices), icon=":material/link:")


def stage() -> tuple[DeltaGenerator, DeltaGenerator]:
    """The two columns of the stage: the thing to play with, and its controls (framed)."""
    play, side = st.columns([1 - CONTROL_SHARE, CONTROL_SHARE], gap="medium")
    return play.container(key="bk-play"), side.container(key="bk-controls", border=True)


@contextmanager
def more(label: str = "More") -> Iterator[None]:
    """The controls that a beginner need not see; at most five stay outside."""
    with st.expander(label, key=f"bk-more-{label}"):
        yield


def try_this(moves: Sequence[Move], title: str = "Try this") -> None:
    """Numbered moves; what there is to notice is folded under each."""
    st.header(title, anchor=False)
    st.html(f'<div class="bk-prose">{"".join(_move(place, move) for place, move in enumerate(moves, start=1))}</div>')


def _move(place: int, move: Move) -> str:
    notice = paragraphs(move.notice)
    fold = f"<details><summary>What to notice</summary>{notice}</details>" if notice else ""
    return (
        f'<div class="bk-move"><span class="bk-number" role="presentation">{place}</span>'
        f"<div>{paragraphs(move.text)}{fold}</div></div>"
    )


def what_you_saw(text: str, belief: str = "", truth: str = "") -> None:
    """The idea in two or three sentences, and the belief that it corrects."""
    st.header("What you saw", anchor=False)
    said = paragraphs(text)
    if belief:
        corrected = paragraphs(f"**You may have heard:** {belief}\n\n**What happens:** {truth}")
        said += f'<div class="bk-belief">{corrected}</div>'
    st.html(f'<div class="bk-prose">{said}</div>')


def depth(maths: str = "", sources: Sequence[str] = (), papers: str = "", note: str = "") -> None:
    """Depth on demand: the maths (KaTeX), the code that ran (`path::name` of each), the papers."""
    st.header("Go deeper", anchor=False)
    with st.container(key="bk-depth"):
        _folds(maths, sources, papers, note)


@st.fragment
def _folds(maths: str, sources: Sequence[str], papers: str, note: str) -> None:
    """Drawn when they are opened: what shows code and formulas is a third of what a page would have to load."""
    if maths:
        _fold("The maths", ":material/function:", maths, lambda: st.markdown(maths))
    if sources:
        _fold("The code that ran", ":material/code:", " ".join(sources), lambda: _sources(sources, note))
    if papers:
        _fold("The papers", ":material/menu_book:", papers, lambda: st.markdown(papers))


def _fold(label: str, icon: str, content: str, draw: Callable[[], Any]) -> None:
    fold = st.expander(label, icon=icon, key=f"{FOLD}{zlib.crc32(content.encode()):08x}", on_change="rerun")
    if fold.open:
        with fold:
            draw()


def _sources(sources: Sequence[str], note: str) -> None:
    if note:
        st.markdown(note)
    for reference in sources:
        code.show_source(reference)


def check_yourself(questions: Sequence[Question], key: str) -> None:
    """Questions with an explanation for right and wrong answers; answers last for the session."""
    st.header("Check yourself", anchor=False)
    quiz(questions, key)


def where_next(lesson: Lesson, text: str = "") -> None:
    """A door to the next lesson; after the last one, back to the start."""
    after = catalog.following(lesson) or catalog.WELCOME
    st.header("Where next", anchor=False)
    if text:
        st.markdown(text)
    door(after)


def door(lesson: Lesson) -> None:
    """A card that leads to a lesson."""
    with st.container(border=True, height="stretch", key=f"bk-door-{lesson.url or 'welcome'}"):
        st.page_link(lesson.file, label=f"**{lesson.title}**", icon=lesson.icon)
        if lesson.promise:
            st.caption(f"{lesson.minutes} minutes. At the end you can {lesson.promise}.")
