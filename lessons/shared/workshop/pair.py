"""Two figures in one prompt: where each of the two colours went, picture by picture, and what chance would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

import streamlit as st

from diffusion_core.world.vocabulary import Figure
from lessons.shared import controls, guess
from lessons.shared.prose import Prose
from lessons.shared.studio import cached, model_card, runs
from lessons.shared.studio import workshop as studio
from lessons.shared.studio.judging import Look, Value
from lessons.shared.workshop import counted
from lessons.shared.workshop.grid import live_grid
from lessons.shared.workshop.said import Labels

WENT = ("stuck", "swapped", "leaked", "other", "figures")
CHANCE, NEAR_ALL = 25.0, 90.0  # per cent: two coins, one for each figure's colour; from here on it just works


def went(asked: Sequence[Figure], seen: Sequence[tuple[Value, Value]]) -> str:
    """What became of two colours: one of WENT.

    stuck: each on its own figure; swapped: on the other's; leaked: one of them on both figures; other: some
    third colour; figures: the two figures are not there, so nothing can be said of their colours.
    """
    wanted = [(figure.subject, figure.colour) for figure in asked]
    if Counter(subject for subject, _ in wanted) != Counter(subject for subject, _ in seen):
        return "figures"
    if Counter(wanted) == Counter(seen):
        return "stuck"
    colours = [colour for _, colour in wanted]
    got = [colour for _, colour in seen]
    if Counter(got) == Counter(colours):
        return "swapped"
    return "leaked" if len(set(got)) == 1 and got[0] in colours else "other"


def tally(asked: Sequence[Figure], looks: Sequence[Look]) -> Counter[str]:
    """How many pictures went which way."""
    return Counter(went(asked, look.figures) for look in looks)


def pair(words: Prose, labels: Labels) -> None:
    """Choose a pair, guess, run, and count where the colours are."""
    box, stage = st.columns([0.36, 0.64], gap="large")
    with box:
        prompt = controls.select("pair", labels["pair"], list(studio.PAIRS), row=False)
        ask = controls.run_button(labels["run-pair"], key="pairs", prompt=prompt)
        options = {labels[f"ask-{way}"]: way for way in ("stuck", "swapped", "leaked", "figures")}
        told = guess.ask("workshop-pair", words.text("ask-pair"), list(options), opened=ask.linked)
    if ask.start:
        runs.start("pair", studio.request(studio.read_prompt(prompt).words), prompt)
    with stage:
        eight = _eight(words)
        asked_now = eight is not None and eight.prompt == prompt
        idle = words.text("pair-shown" if asked_now else "pair-changed")
        live_grid("pair", "pair", eight, labels, idle=idle, marks=told.open)
    if eight is not None and eight.looks:
        _outcome(told, eight, words, labels)


def _eight(words: Prose) -> studio.Eight | None:
    try:
        return studio.finished("pair") or studio.shipped(studio.PAIRS[0])
    except cached.PrecomputedMissing as problem:
        st.caption(str(problem))
        return None


def _outcome(told: guess.Guess, eight: studio.Eight, words: Prose, labels: Labels) -> None:
    figures = eight.reading.scene.figures
    ways = tally(figures, eight.looks)
    most = max(ways.values())
    often = f" {labels['or']} ".join(labels[f"ask-{way}"] for way in WENT if ways[way] == most)
    sentence = words.text("pair-told", **{way: ways[way] for way in WENT}, prompt=eight.prompt)
    guess.reveal(told, often, f"{sentence} {counted.judge_beside(eight.prompt, words)}", source=labels["most-often"])
    if told.open:
        st.html(bars(ways, labels, len(eight.looks)))
        st.markdown(measured(words))


def bars(ways: Counter[str], labels: Labels, count: int) -> str:
    """One bar for each way that two colours can go."""
    lines = [f'<li><span>{escape(labels[f"ask-{way}"])}</span><b><i style="width:{100 * ways[way] / count:.1f}%">'
             f"</i></b><em>{ways[way]}</em></li>" for way in WENT]  # fmt: skip
    return f'<ol class="pw-ways">{"".join(lines)}</ol>'


def measured(words: Prose) -> str:
    """What a thousand pictures of two figures say, in words that follow the table of the model card."""
    try:
        row = model_card.agreement()[model_card.PAIR]
    except (model_card.CardError, KeyError) as problem:
        return words.text("no-table", problem=str(problem))
    low, high = row.bound_interval
    values = {"bound": row.bound, "low": low, "high": high, "ceiling": row.ceiling}
    numbers = {name: f"{value:.1f}" for name, value in values.items()}
    return words.text(f"bound-{binding(row)}", count=f"{row.pictures:,}", **numbers)


def binding(row: model_card.Row) -> str:
    """Whether colours keep to their figures: below, chance, above, or sticks."""
    if row.bound is not None and row.bound >= NEAR_ALL:
        return "sticks"
    low, high = row.bound_interval
    return "above" if low > CHANCE else "below" if high < CHANCE else "chance"
