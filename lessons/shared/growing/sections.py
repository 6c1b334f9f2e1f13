"""What is said of a growth: when the thing became the thing, and what the loss tells of the pictures."""

from __future__ import annotations

import streamlit as st

from lessons.shared import guess, line_chart, pictures
from lessons.shared.growing import chart, outcome
from lessons.shared.growing.live import labels_of
from lessons.shared.prose import Prose
from lessons.shared.studio import model_card
from lessons.shared.studio.grow import SEEN, Growth
from lessons.shared.studio.grow_shipped import PARTS, Measured

MUCH = 0.5  # of the quality that comes in the end: with less than this when the loss is done, the loss said little
NEARLY = 0.9


def when(told: guess.Guess, growth: Growth | None, words: Prose) -> None:
    """At which moment the judge first sees what the prompt is about, in the growth on the stage."""
    if not told.open:
        return guess.reveal(told, "", "")
    if growth is None or not growth.done:
        return st.caption(words.text("when-missing"))
    if growth.problem:
        return st.caption(growth.problem)
    found = outcome.became(growth.looks)
    if found is None:
        return st.caption(words.text("when-nothing"))
    guess.reveal(told, _moment(found.first, words), became_said(found, growth, words))
    try:
        seen, held_out = model_card.judge()
    except model_card.CardError:
        return None
    return st.caption(words.text("judge", seen=seen.all, held_out=held_out.all))


def became_said(found: outcome.Became, growth: Growth, words: Prose) -> str:
    """The same in sentences."""
    which = words.text("which-shipped" if growth.badge == "cached" else "which-yours")
    if found.first is None:
        return words.text("became-never", which=which, what=found.what)
    seen, sure = f"{SEEN[found.first]:,}", f"{100 * found.sure[found.first]:.0f}"
    said = words.text("became", which=which, what=found.what, seen=seen, sure=sure)
    if found.lost:
        said += " " + words.text("became-lost", lost=outcome.spelt(found.lost))
    else:
        said += " " + words.text("became-held")
    whole = outcome.first(found.whole)
    if whole is None:
        return said + " " + words.text("whole-never")
    return said + " " + words.text("whole", seen=f"{SEEN[whole]:,}")


def loss_said(measured: Measured, words: Prose) -> str:
    """How the loss went over the ten moments: said from the start, for the guess builds on it."""
    settled = outcome.settled(measured.error)
    return words.text("loss-said", first=f"{measured.error[0]:.2f}", settled=f"{measured.error[settled]:.3f}",
                      seen=f"{SEEN[settled]:,}", last=f"{measured.error[-1]:.3f}", most=f"{SEEN[-1]:,}")  # fmt: skip


def curves(told: guess.Guess, measured: Measured, words: Prose) -> None:
    """The loss, and beside it on the same axis, once guessed, how often the pictures are right."""
    settled, labels = outcome.settled(measured.error), labels_of(words)
    left, right = st.columns(2, gap="large", vertical_alignment="bottom")
    with left:
        line_chart.draw(chart.loss_curve(measured, labels, settled, loss_said(measured, words).replace("*", "")))
        pictures.show_badge("cached", words.text("measured-loss"))
    with right:
        if not told.open:
            return st.caption(words.text("quality-locked"))
        guessed, said = told.value if told.made else None, quality_said(measured, words).replace("*", "")
        line_chart.draw(chart.quality_curve(measured, labels, settled, said, guessed))
        count = measured.right["all"][0][1]
        pictures.show_badge("cached", words.text("measured-quality", count=count, scale=f"{measured.guidance:g}"))


def quality(told: guess.Guess, measured: Measured, words: Prose) -> None:
    """The guess beside what the pictures did, and what that says of the loss."""
    if told.open:
        now, count = measured.right["all"][outcome.settled(measured.error)]
        guess.reveal(told, now, quality_said(measured, words), unit=f"of {count}")
        st.markdown(order_said(measured, words))


def quality_said(measured: Measured, words: Prose) -> str:
    """What the pictures did after the loss was done falling, in a sentence that follows the numbers."""
    settled = outcome.settled(measured.error)
    (now, count), (end, _) = measured.right["all"][settled], measured.right["all"][-1]
    right, tried = measured.ceiling
    kind = "none" if end == 0 else "poor" if now < MUCH * end else "partly" if now < NEARLY * end else "fair"
    left = round(100 * (1 - outcome.fallen(measured.error)[settled]))
    return words.text("quality-said", now=now, end=end, count=count, seen=f"{SEEN[settled]:,}", right=right,
                      tried=tried, left=left) + " " + words.text(f"judge-of-quality-{kind}")  # fmt: skip


def order_said(measured: Measured, words: Prose) -> str:
    """Which part of a prompt is met from when on, earliest first."""
    names = labels_of(words)
    starts = {part: outcome.half_right(measured.right[part]) for part in PARTS}
    order = sorted(starts, key=lambda part: len(SEEN) if starts[part] is None else starts[part])
    parts = [words.text("order-never" if starts[p] is None else "order-from", part=names[p].lower(),
                        **({} if starts[p] is None else {"seen": f"{SEEN[starts[p]]:,}"})) for p in order]  # fmt: skip
    return words.text("order", parts="; ".join(parts))


def _moment(place: int | None, words: Prose) -> str:
    return words.text("never") if place is None else words.text("after", seen=f"{SEEN[place]:,}")
