"""Weak prompts to repair: before and after side by side, from the same eight seeds, judged by the same wish."""

from __future__ import annotations

import streamlit as st

from lessons.shared import controls, guess
from lessons.shared.pictures import badge
from lessons.shared.prompt_box import prompt_box
from lessons.shared.prose import Prose
from lessons.shared.studio import cached, runs
from lessons.shared.studio import workshop as studio
from lessons.shared.workshop import counted
from lessons.shared.workshop.grid import caption, grid, live_grid
from lessons.shared.workshop.said import Labels


def repair(words: Prose, labels: Labels) -> None:
    """Choose a weak prompt, write a better one, run it, compare."""
    kind = controls.select("fix", labels["fix"], list(studio.WEAK), row=True)
    weak, number = studio.WEAK[kind], list(studio.WEAK).index(kind)
    st.markdown(words.text(f"weak-{number}", prompt=weak.prompt))
    before, after = st.columns(2, gap="large")
    with before:
        first = _before(weak, words, labels)
    with after:
        _after(weak, number, first, words, labels)


def _before(weak: studio.Weak, words: Prose, labels: Labels) -> studio.Eight | None:
    st.subheader(labels["before"], anchor=False)
    try:
        first = studio.shipped(weak.prompt)
    except cached.PrecomputedMissing as problem:
        st.caption(str(problem))
        return None
    st.markdown(words.text("by-wish"))
    st.html(grid(first.pictures, first.looks, first.prompt, labels))
    st.html(caption(first.prompt, badge(first.badge.kind, first.badge.text), labels))
    score = labels["score"].format(right=first.right, count=len(first.looks))
    st.html(f'<p class="pw-score">{score}</p>')
    st.markdown(f"{counted.missed(first, words, labels)} {counted.judge_beside(weak.wish, words)}")
    return first


def _after(weak: studio.Weak, number: int, first: studio.Eight | None, words: Prose, labels: Labels) -> None:
    st.subheader(labels["after"], anchor=False)
    typed, reading = prompt_box(f"mine{number}", labels["mine"], weak.prompt)
    ask = controls.run_button(labels["run-repair"], key="repair", number=number, prompt=typed)
    slot = f"repair-{number}"
    if ask.start:
        runs.start(slot, studio.request(reading.words), typed.strip())
    eight, job = studio.finished(slot, weak.wish), runs.job(slot)
    place = st.container()
    mine = counted.ask("repair", words.text("ask-repair"), f"{number} {job.title if job else ''}", ask.linked) \
        if job else guess.Guess("")  # fmt: skip
    with place:
        idle = words.text("repair-changed" if eight and eight.prompt != typed.strip() else "repair-done" if eight
                          else "repair-first")  # fmt: skip
        live_grid("repair", slot, eight, labels, idle=idle, marks=mine.open)
    if job and (eight or not job.over):
        counted.reveal(mine, eight, words, labels, weak.wish)
    if eight and first and mine.open and eight.looks:
        verdict = "better" if eight.right > first.right else "worse" if eight.right < first.right else "same"
        hint = "" if verdict == "better" else f" {words.text('wished', wish=weak.wish)}"
        st.markdown(words.text(f"moved-{verdict}", before=first.right, after=eight.right) + hint)
