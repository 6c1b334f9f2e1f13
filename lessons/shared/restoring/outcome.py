"""What came of it: whether the five agree, how far they are from the truth, and from which level on nothing is left."""

from __future__ import annotations

import streamlit as st

from diffusion_core.recovery import miss
from lessons.shared import guess, pictures, run_line, theming, two_ways
from lessons.shared.prose import Prose
from lessons.shared.restoring import cells, chart
from lessons.shared.restoring.stage import percent
from lessons.shared.studio import back, back_shipped, cached
from lessons.shared.studio.back import Case, Restored

KINDS = ("same", "details", "animal")
Labels = dict[str, str]


def reveal(told: guess.Guess, result: Restored | None, words: Prose) -> None:
    """Guess and outcome of one test, from the five on the page."""
    if not told.open:
        return guess.reveal(told, "", "")
    if result is None:
        st.caption(words.text("run-first"))
        return None
    spread = f"{result.spread.mean():.0f}"
    kind = result.outcome
    limit = {"alike": f"{back.ALIKE:g}"} if kind == "same" else {}
    sentence = words.text(f"was-{kind}", spread=spread, **limit)
    if result.seen:
        sentence += " " + words.text("judge-saw", saw=_saw(result.animals, words))
    guess.reveal(told, words.text(f"differ-{kind}"), sentence)
    if result.problem:
        return run_line.failure("back-judge", result.problem)
    return two_ways.judge_note(words)


def _saw(animals: dict[str, int], words: Prose) -> str:
    """What the judge sees, and in how many of the five."""
    if len(animals) == 1:
        return words.text("in-all", what=next(iter(animals)))
    return ", ".join(words.text("in-some", what=what, count=count) for what, count in animals.items())


def distances(result: Restored, words: Prose, labels: Labels) -> None:
    """How far noise, restorations, their average and a stranger are from the truth."""
    if result.case.truth is None:
        st.markdown(words.text("no-truth", spread=f"{result.spread.mean():.0f}"))
        return
    case, truth = result.case, result.case.truth
    average = float(miss(result.average[None], truth)[0])
    noisy = float(miss(back.noisy(case)[0], truth).mean())
    rows = [
        (labels["bar_noisy"], noisy, "noise"),
        (labels["bar_restored"], result.missed, "predicted"),
        (labels["bar_average"], average, "predicted"),
        (labels["bar_other"], back.others_miss(case.test, case.drawing), "data"),
    ]
    st.html(cells.bars(rows, labels["bars"]))
    nearer = "nearer" if result.missed < noisy else "farther"
    st.markdown(words.text(f"restored-{nearer}", average=f"{average:.0f}", missed=f"{result.missed:.0f}"))
    if case.test == back.CAT:
        off = float(miss(result.pictures, truth, back.stripes(case.drawing)).mean())
        bare = back.unstriped_miss(case.drawing)
        which = "stripes-kept" if off <= back_shipped.SOLD_SHORT * bare else "stripes-lost"
        st.markdown(words.text(which, off=f"{off:.0f}", bare=f"{bare:.0f}"))


def curve_section(case: Case, result: Restored | None, linked: bool, words: Prose, labels: Labels) -> None:
    """The guess about the stripes, then the curve of this network with the learner's own run on it."""
    st.markdown(words.text("curve"))
    told = guess.ask_number("back-stripes", words.text("ask-stripes"), 0, back.T, 50, opened=linked)
    if not told.open:
        return guess.reveal(told, "", "")
    try:
        cat = back_shipped.curve(back.CAT, case.told)
        test = back.CAT if case.test == back.PURE else case.test
        shown = back_shipped.curve(test, case.told)
    except cached.PrecomputedMissing as problem:
        st.caption(str(problem))
        return None
    plot, said = st.columns([0.58, 0.42], gap="large")
    with said:
        _stripes(told, cat, case, words)
    with plot:
        point = (case.level, result.missed) if result is not None and case.truth is not None else None
        alt = words.text("curve-alt", test=test, low=f"{shown.missed[0]:.0f}", level=f"{shown.levels[0]:g}",
                         high=f"{shown.missed[-1]:.0f}", other=f"{shown.other:.0f}")  # fmt: skip
        figure = chart.comes_back(shown, labels, theming.is_dark(), point)
        theming.show_figure(figure, key="comes-back", alt=alt)
        count = len(back_shipped.CURVE_DRAWINGS)
        told_text = labels["told" if case.told else "untold"]
        pictures.show_badge("cached", labels["curve_made"].format(count=count, test=test, told=told_text))
    return None


def _stripes(told: guess.Guess, cat: back_shipped.Curve, case: Case, words: Prose) -> None:
    how = words.text("with-name" if case.told else "without-name")
    if cat.stripes_lost is None:
        return guess.reveal(told, words.text("never"), words.text("stripes-never", how=how))
    lost = round(cat.stripes_lost)
    animal = words.text("animal-never") if cat.animal_lost is None else words.text(
        "animal-lost", animal=f"{round(cat.animal_lost, -1):,.0f}")  # fmt: skip
    sentence = words.text("stripes-were", how=how, lost=f"{lost:,}", animal=animal,
                          share=percent(100 * (1 - back.SCHEDULE.alpha_bar(lost))))  # fmt: skip
    return guess.reveal(told, lost, sentence)
