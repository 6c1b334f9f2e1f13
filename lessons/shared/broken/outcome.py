"""What came of a pair: the guess beside the outcome, the fault's own number, and symptom, cause, cure."""

from __future__ import annotations

from html import escape

import streamlit as st

from lessons.shared import figures, guess, pictures, theming
from lessons.shared.guess import Guess
from lessons.shared.prose import Prose
from lessons.shared.studio import breaking, broken, model_card
from lessons.shared.studio.broken import Numbers, Pair
from lessons.shared.studio.schedules import pixels

TOLD = {  # which numbers the sentence about each kind of outcome tells
    "static": ("detail", "usual_detail", "apart"),
    "soft": ("detail", "usual_detail", "sharp", "usual_sharp", "apart"),
    "same": ("apart",),
    "dull": ("contrast", "usual_contrast", "apart"),
    "hard": ("contrast", "usual_contrast"),
    "other": ("apart",),
}


def show(g: Guess, pair: Pair | None, words: Prose) -> None:
    """Shut until there is a guess and a finished pair."""
    if not g.open:
        return guess.reveal(g, "", "")
    if pair is None or not pair.done:
        st.caption(words.text("run-first"))
        return None
    numbers, fault = broken.measure(pair), pair.asked.fault
    kind = broken.kind(fault, numbers)
    left, right = st.columns(2, gap="large")
    with left:
        said = _said(numbers)
        sentence = words.text(f"was-{kind}", **{name: said[name] for name in TOLD.get(kind, ())})
        guess.reveal(g, words.text(f"kind-{kind}"), f"{sentence} {_judged(pair, words)}".strip())
    with right:
        st.html(_number(pair, numbers, words))
        if fault == "grow":
            _variance(words)
    if fault == "bare":
        _seeds(pair, words)
    _three(fault, words)
    return None


def _three(fault: str, words: Prose) -> None:
    for place, name in zip(st.columns(3, gap="medium"), ("symptom", "cause", "cure"), strict=True):
        with place, st.container(border=True, key=f"bk-broken-{name}", height="stretch"):
            st.markdown(f"**{name.capitalize()}**  \n{words.text(f'{fault}-{name}')}")


def _said(n: Numbers) -> dict[str, str]:
    return {
        "detail": f"{n.detail[0]:.1f}",
        "usual_detail": f"{n.detail[1]:.1f}",
        "sharp": f"{100 * n.sharpness[0]:.0f}",
        "usual_sharp": f"{100 * n.sharpness[1]:.0f}",
        "contrast": f"{n.contrast[0]:.0f}",
        "usual_contrast": f"{n.contrast[1]:.0f}",
        "apart": f"{n.apart:.0f}",
    }


def _number(pair: Pair, n: Numbers, words: Prose) -> str:
    """The one number that shows this fault, of the run with it and of the run without."""
    fault, both = pair.asked.fault, broken.sides(pair.asked)
    values = {
        "few": [f"{100 * v:.0f}%" for v in n.sharpness],
        "grow": [f"{v:.2f}" for v in n.variance],
        "bare": [f"{v:.0f}" for v in n.spread],
        "loud": [f"{100 * v:.0f}%" for v in n.limits],
    }
    left = [f"{100 * side.schedule.signal_rate(side.schedule.T):.1f}%" for side in both]
    names = zip(("with the fault", "without it"), values.get(fault, left), ("you", "seen"), strict=True)
    cells = "".join(
        f'<div class="bk-cell bk-{kind}"><dt>{name}</dt><dd>{escape(value)}</dd></div>' for name, value, kind in names
    )
    return f'<p class="bk-caption">{escape(words.text(f"number-{fault}"))}</p><dl class="bk-compare">{cells}</dl>'


def _judged(pair: Pair, words: Prose) -> str:
    problem = ""
    if pair.right is None:
        pair, problem = breaking.with_judge(pair)
    if pair.right is None:
        return problem
    (right, named), (usual, _) = pair.right
    if not named:
        return ""
    sentence = words.text("judged", right=right, usual=usual, named=named)
    try:
        return f"{sentence} {words.text('judge-trust', all=model_card.judge()[0].all)}"
    except model_card.CardError:
        return sentence


def _variance(words: Prose) -> None:
    t, lines = broken.variances()
    dark = theming.is_dark()
    ink = figures.palette(dark)
    look = {"x_title": "step t", "y_title": "variance of x_t", "dark": dark, "height": 220}
    figure = figures.curves(t, lines, colours=(ink.you, ink.data), **look)
    alt = words.text("alt-variance", grown=f"{lines['without √(1−β)'][-1]:.1f}")
    theming.show_figure(figure, key="broken-variance", alt=alt)


def _seeds(pair: Pair, words: Prose) -> None:
    """All finished pictures: a row with the fault, a row without."""
    for end, side, which in zip(pair.ends, broken.sides(pair.asked), ("faulty", "right"), strict=True):
        st.markdown(words.text(f"seeds-{which}"))
        captions = [f"seed {seed}" for seed in side.seeds]
        one, all_three = f"seed {side.seeds[0]}", f"seeds {side.seeds[0]} to {side.seeds[-1]}"
        label = pictures.badge(pair.badge, side.describe().replace(one, all_three, 1))
        pictures.strip([pixels(each) for each in end], captions, scale=4, label=label)
