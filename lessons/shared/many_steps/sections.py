"""What came of an experiment: how far from the end, what one step gives, and what DDPM's dice do."""

from __future__ import annotations

import streamlit as st

from lessons.shared import guess, pictures, theming
from lessons.shared.following import follow
from lessons.shared.many_steps import figure, grid
from lessons.shared.many_steps.live import going
from lessons.shared.prose import Prose
from lessons.shared.studio import averages, steps, steps_shipped
from lessons.shared.studio.outcomes import apart
from lessons.shared.studio.runs import SAMPLER_NAMES
from lessons.shared.studio.steps import COUNTS, FINEST, SOLVERS, Series

NEAR = 5.0  # shades of 0…255: closer than this, two pictures look alike
ASKED_AT = 10  # steps of DDPM that the guess is about
CURVE_POLL = 1.0  # seconds between two looks of the curve at a run that goes


def newest(shipped: Series | None) -> Series | None:
    """The learner's experiment, else the shipped one; measured against the shipped end point where it is theirs."""
    own = steps.current()
    return shipped if own is None else steps.with_shipped_end(own, shipped)


# --- how far from the end ---


def outcome(told: guess.Guess, shipped: Series | None, words: Prose) -> None:
    """From how many steps on DPM-Solver++ is near its 1,000-step picture."""
    if not told.open:
        return guess.reveal(told, "", "")
    own = newest(shipped)
    full = own if own is not None and _whole(own) else shipped
    if full is None or not _whole(full):
        return st.caption(words.text("far-missing"))
    far = full.distances(FINEST[0])
    first = figure.near_from(far, NEAR)
    which = words.text("which-shipped" if full.badge == "cached" else "which-yours")
    beside = figure.near_from(full.distances("ddim"), NEAR)
    facts = {"which": which, "near": f"{NEAR:g}", "ddim": _steps(beside, words)}
    section = "near-never" if first is None else "near-from"
    sentence = words.text(section, steps=_steps(first, words), far=_listed(far, words), **facts)
    if own is not full:
        sentence += " " + words.text("near-own", most=f"{own.finest.steps:,}" if own.finest else "0")
    guess.reveal(told, words.text("never") if first is None else grid.many(first), sentence)


def _whole(series: Series) -> bool:
    end = series.finest
    return end is not None and (end.sampler, end.steps) == FINEST and len(series.distances("ddim")) > 2


def _steps(count: int | None, words: Prose) -> str:
    return words.text("never") if count is None else grid.many(count)


def _listed(far: dict[int, float], words: Prose) -> str:
    """The distances at 5, 10, 20 and 50 steps, in one line."""
    return ", ".join(f"{grid.shades(far[n])} at {n}" for n in (5, 10, 20, 50) if n in far)


def curve(shipped: Series | None, told: guess.Guess, words: Prose) -> None:
    """The distances as a curve that grows while the experiment runs."""

    def show() -> bool:
        _curve(newest(shipped), told, words)
        return going()

    follow("steps-curve", going(), show, CURVE_POLL)


def _curve(series: Series | None, told: guess.Guess, words: Prose) -> None:
    far = {} if series is None else {sampler: series.distances(sampler) for sampler in SOLVERS}
    if not any(far.values()):
        return st.caption(words.text("curve-empty"))
    said = _curve_said(series, far, words)
    guessed = int(told.value.split()[0].replace(",", "")) if told.made else None
    chart = figure.distance_curve(far, NEAR, guessed, theming.is_dark())
    theming.show_figure(chart, key="steps-curve", alt=said.replace("*", ""))
    st.markdown(said)
    return pictures.show_badge(series.badge, f"seed {series.asked.seed} · guidance {series.asked.scale:g}")


def _curve_said(series: Series, far: dict[str, dict[int, float]], words: Prose) -> str:
    ratios = {sampler: figure.halving(each) for sampler, each in far.items()}
    against = words.text("against", steps=f"{series.finest.steps:,}")
    if None in ratios.values() or not _whole(series):  # an end point that is still on its way bends the line
        return against
    said = ", ".join(f"{r:.1f} for {SAMPLER_NAMES[s]}" for s, r in ratios.items())
    return f"{words.text('halving', said=said)} {against}"


# --- one step ---


def average(told: guess.Guess, shipped: Series | None, words: Prose) -> None:
    """What the network predicts from pure noise, beside the true average of the drawings."""
    if not told.open:
        return guess.reveal(told, "", "")
    series = newest(shipped)
    one, none = (None if series is None else series.picture(name, 1) for name in ("with", "without"))
    if one is None or none is None:
        return st.caption(words.text("average-missing"))
    with st.spinner(words.text("drawing")):
        true, any_ = (steps_shipped.average(said) for said in (series.asked.words, ()))
    label = pictures.badge(series.badge)
    drawn = pictures.badge("cached" if true.count == averages.SHIPPED else "live")
    shown = [(one, words.text("one-with"), label)]
    if true.mean is not None:
        shown.append((true.mean, words.text("true-with", count=f"{true.count:,}"), drawn))
    shown += [(none, words.text("one-without"), label),
              (any_.mean, words.text("true-without", count=f"{any_.count:,}"),
               pictures.badge("cached" if any_.count == averages.SHIPPED else "live"))]  # fmt: skip
    _reveal_average(told, series, true, one, words)
    st.html(grid.row(shown, 4))
    if true.withheld:
        st.caption(words.text("withheld"))


def _reveal_average(told: guess.Guess, series: Series, true: averages.Average, one, words: Prose) -> None:
    end = series.cells[series.finest].picture
    to_end = apart(one, end)
    if true.mean is None:
        return guess.reveal(told, words.text("one-unknown"), words.text("no-average", end=grid.shades(to_end)))
    to_mean = apart(one, true.mean)
    which = words.text("one-average" if to_mean < to_end else "one-rough")
    sentence = words.text("one-said", mean=grid.shades(to_mean), end=grid.shades(to_end),
                          steps=f"{series.finest.steps:,}", count=f"{true.count:,}")  # fmt: skip
    guess.reveal(told, which, sentence)


# --- DDPM's dice ---


def dice(told: guess.Guess, shipped: Series | None, words: Prose) -> None:
    """DDPM from several seeds: what the judge finds right, and how far the pictures differ."""
    if not told.open:
        return guess.reveal(told, "", "")
    series = newest(shipped)
    counts = [] if series is None else [n for n in COUNTS if series.dice(n)]
    if not counts or going():
        return st.caption(words.text("dice-missing"))
    right, spreads = steps_shipped.verdicts(series), {n: averages.spread(series.dice(n)) for n in counts}
    if isinstance(right, str):  # the judge is missing: what makes it
        st.caption(right)
        right = {}
    elif not series.asked.words:
        st.caption(words.text("dice-no-words"))
        right = {}
    else:
        _reveal_dice(told, series, right, spreads, words)
    st.html(grid.dice(series, right, spreads, words))
    true = steps_shipped.average(series.asked.words)
    if true.count:
        alike = " " + words.text("dice-alike") if spreads[counts[0]] < true.spread else ""
        st.caption(words.text("dice-drawings", spread=grid.shades(true.spread)) + alike)
    seeds = f"seeds {series.asked.seed} to {series.asked.seed + steps.DICE - 1}"
    pictures.show_badge(series.badge, f"{seeds} · DDPM · guidance {series.asked.scale:g}")


def _reveal_dice(
    told: guess.Guess, series: Series, right: dict[int, int], spreads: dict[int, float], words: Prose
) -> None:
    hits, tried = steps_shipped.judge_score(series)
    score = words.text("judge", hits=hits, tried=tried) if tried else words.text("judge-unknown")
    least, most = min(spreads), max(spreads)
    at = min(spreads, key=lambda steps: abs(steps - ASKED_AT))
    facts = {"least": grid.many(least), "few": grid.shades(spreads[least]),
             "most": grid.many(most), "many": grid.shades(spreads[most])}  # fmt: skip
    sentence = words.text("dice-said", steps=grid.many(at), right=right[at], score=score, **facts)
    guess.reveal(told, right[at], sentence, unit=f"of {steps.DICE}")
