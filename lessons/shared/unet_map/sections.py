"""What is measured on the page: each connection cut alone, and the words' share at three noise levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import streamlit as st

from lessons.shared import guess, pictures, run_line
from lessons.shared.guess import Guess
from lessons.shared.prose import Prose
from lessons.shared.studio import inside as studio
from lessons.shared.studio.inside import Asked, Look
from lessons.shared.unet_map import parts

STYLE = Path(__file__).with_name("parts.css")
LITTLE = 1.0  # shades: a connection whose loss adds less is said to hurt hardly at all
STEADY = 0.03  # a change of the words' share smaller than this is no change


def style() -> None:
    """The lesson's style sheet, once a page."""
    st.html(STYLE)


def skips_measured(asked: Asked, whole: Look, told: Guess, ran: bool, words: Prose, labels: Mapping[str, str]) -> None:
    """Each connection cut alone, once there is a guess: what the page opens with at once, all else when asked."""
    if not told.open or not (ran or asked == studio.OPENS):
        st.caption(words.text("skip-first" if told.open else "guess-first"))
        return
    with st.spinner(words.text("waiting")):
        each = studio.each_alone(asked, now=ran)
    if not _sound("inside-skips", each):
        return
    st.html(parts.alone(asked.picture, whole, each, labels))
    pictures.show_badge(each["A"].badge, f"{asked.picture} · noise level {asked.t:,} · seed {asked.seed}")
    st.caption(words.text("added"))
    added = parts.losses(asked.picture, whole, each)
    worst = parts.worst(added)
    size = parts.size_of(worst)
    why = words.text("skip-none" if added[worst] < LITTLE else f"skip-{size}")
    outcome = labels["skip_outcome"].format(size=size, letter=worst)
    facts = {"letter": worst, "added": f"{added[worst]:.1f}", "t": f"{asked.t:,}", "why": why}
    guess.reveal(told, outcome, words.text("skip-reveal", **facts))


def words_measured(asked: Asked, told: Guess, words: Prose, labels: Mapping[str, str]) -> None:
    """The same picture at three noise levels, once there is a guess."""
    if not told.open:
        st.caption(words.text("words-first"))
        return
    with st.spinner(words.text("waiting")):
        seen = studio.at_levels(asked)
    if not _sound("inside-levels", seen):
        return
    st.html(parts.levels(seen, labels))
    same = replace(asked, t=studio.OPENS.t, words=True) == studio.OPENS
    pictures.show_badge("cached" if same and seen[studio.LEVELS[0]].badge == "cached" else "live",
                        f"{asked.picture} · seed {asked.seed}")  # fmt: skip
    first, last = seen[studio.LEVELS[0]], seen[studio.LEVELS[-1]]
    way = parts.trend(first.share, last.share, STEADY)
    facts = {"low": studio.LEVELS[0], "high": studio.LEVELS[-1], "first": f"{100 * first.share:.0f}",
             "last": f"{100 * last.share:.0f}", "near": f"{first.reach:.1f}", "far": f"{last.reach:.1f}",
             "why": words.text(f"words-{way}-why")}  # fmt: skip
    guess.reveal(told, words.text(f"words-{way}"), words.text("words-reveal", **facts))


def _sound(key: str, seen: Mapping[object, Look]) -> bool:
    """True when every pass came; else what went wrong is said."""
    problem = next((look.problem for look in seen.values() if look.problem), "")
    if problem:
        run_line.failure(key, problem)
    return not problem
