"""A learner's copy while it learns: asks for a few more steps five times a second, and draws what came of them."""

from __future__ import annotations

import streamlit as st

from lessons.shared import guess, pictures, run_line, stepping
from lessons.shared.following import follow
from lessons.shared.guess import Guess
from lessons.shared.line_chart import Line
from lessons.shared.prose import Prose
from lessons.shared.stepping import cells, numbers
from lessons.shared.stepping.chart import line_chart
from lessons.shared.stepping.numbers import fine
from lessons.shared.studio import copies
from lessons.shared.studio.copies import Copy, Settings

RUN = 50  # steps that the long button takes
NARROW = (370, 230)  # the chart as wide as its column, so that its words are not made smaller
LEAPS = 2  # times the untrained error: what lies higher leaves the chart
ENOUGH = 20  # steps, from which the guess can be judged
SHOWN = (1, 3, 5, 7, 9)  # of the ten examples, those shown while the copy learns
BUTTONS = (("one-step", 1, "primary"), ("fifty-steps", RUN, "secondary"))


def live_training(settings: Settings, told: Guess, words: Prose, labels: dict[str, str]) -> None:
    """Buttons, the falling curve, the copy's answers as they stand; then guess and outcome."""
    copy = copies.of(settings)
    going = copy is not None and copy.left > 0
    if note := st.session_state.get(copies.NOTE):
        st.caption(note)

    def show() -> bool:
        copy = copies.of(settings)
        _buttons(settings, copy, labels)
        if copy is not None and copy.left:
            copies.advance(copy)
        _status(copy, words)
        if copy is not None and copy.losses:
            _draw(copy, labels)
        _outcome(copy, told, words)
        return copy is not None and copy.left > 0

    follow("copy", going, show)


def _buttons(settings: Settings, copy: Copy | None, labels: dict[str, str]) -> None:
    full = copy is not None and copy.steps >= copies.MOST_STEPS
    with st.container(horizontal=True, gap="small", key="bk-train-buttons"):
        for key, steps, kind in BUTTONS:
            st.button(labels[key], key=key, type=kind, on_click=copies.aim, args=(settings, steps), disabled=full)
        st.button(labels["start-over"], key="start-over", type="tertiary", icon=":material/restart_alt:",
                  on_click=copies.drop, disabled=copy is None)  # fmt: skip


def _status(copy: Copy | None, words: Prose) -> None:
    """One line below the buttons, always there, so that nothing jumps."""
    if copy is not None and copy.problem:
        return run_line.failure("training", copy.problem)
    with st.container(horizontal=True, vertical_alignment="center", key="bk-status-training"):
        st.markdown(say(copy, words), width="stretch")
        if copy is not None and copy.left:
            st.button("Cancel", key="training-cancel", on_click=copies.stop)


def say(copy: Copy | None, words: Prose) -> str:
    """How the copy stands, in one sentence of Markdown."""
    if copy is None:
        return words.text("copy-none", most=copies.MOST_STEPS, minutes=round(copies.KEPT / 60))
    if copy.left:
        return words.text("copy-going", steps=copy.steps, target=copy.target)
    facts = {"steps": f"**{copy.steps} step{'s' * (copy.steps != 1)}**", "loss": fine(copy.losses[-1])}
    full = words.text("copy-full", most=copies.MOST_STEPS) if copy.steps >= copies.MOST_STEPS else ""
    return f"{words.text('copy-stands', first=fine(copy.losses[0]), **facts)} {full}".strip()


def _outcome(copy: Copy | None, told: Guess, words: Prose) -> None:
    """After enough steps: what became of the error on pictures that the copy never saw."""
    if copy is None or copy.steps < ENOUGH or copy.left:
        st.caption(words.text("learned-first"))
        return
    own, never = (copy.losses[0], copy.losses[-1]), (copy.tests[0], copy.tests[copy.steps])
    facts = dict(zip(("own0", "own1", "never0", "never1"), map(fine, own + never), strict=True))
    found = f"learned-{numbers.learned(own, never)}"
    said = words.text("learned-reveal", steps=copy.steps, why=words.text(f"{found}-why"), **facts)
    guess.reveal(told, words.text(found), said)


def _draw(copy: Copy, labels: dict[str, str]) -> None:
    curve, answers = st.columns([0.42, 0.58], gap="large")
    with curve:
        stepping.draw(falling(copy, labels))
    with answers:
        stepping.show(cells.many(copy.examples, copy.answers, labels, SHOWN))
        made = (
            f"your copy · {copy.steps} step{'s' * (copy.steps != 1)} · learning rate {copies.RATES[copy.settings.rate]}"
        )
        pictures.show_badge("live", made)


def falling(copy: Copy, labels: dict[str, str]) -> str:
    """The error on the copy's own ten, and on ten that it never saw, over its steps."""
    end = max(copies.MOST_STEPS / 6, 50 * -(-copy.target // 50))
    tested = sorted(copy.tests)
    lines = [
        Line(labels["own"], range(len(copy.losses)), copy.losses, "predicted"),
        Line(labels["never"], tested, [copy.tests[k] for k in tested], "noise"),
    ]
    told = labels["alt_falling"].format(first=fine(copy.losses[0]), last=fine(copy.losses[-1]), steps=copy.steps)
    # steps that are too large throw the error up by many thousands: the rest must stay readable
    return line_chart(lines, end, labels["steps"], labels["error"], told, LEAPS * copy.losses[0], NARROW)
