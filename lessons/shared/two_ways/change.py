"""Part three: other words from some step on, under one cursor; then the same change tried at every second step."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lessons.shared import controls, figures, guess, pictures, run_line, theming
from lessons.shared.live_player import live_player
from lessons.shared.prose import Prose
from lessons.shared.studio import runs, without, without_shipped
from lessons.shared.studio.tallies import Turn, turns
from lessons.shared.studio.without import STEPS, SWITCHES, Batch
from lessons.shared.two_ways import grid
from lessons.shared.two_ways.asked import PANELS, Asked, Place, shipped, shipped_tracks, standing
from lessons.shared.two_ways.batch import Pictures, batch

LINKED = "beaker_every_linked"


def show(asked: Asked, place: Place) -> None:
    """The player for one change, then the guess and every change."""
    words = place.words
    requests = without.change(asked.words, asked.other_words, asked.when, asked.seed, asked.scale)
    if place.ask.start:
        then = words.text("then", step=asked.when, prompt=place.title(asked.other))
        without.begin(requests, (place.title(asked.prompt), then))
    with place.below:
        st.header(words.text("every-title"), anchor=False)
        st.markdown(words.text("every"))
        told = guess.ask_number("g-when", words.text("ask-when"), 0, STEPS, opened=_linked(place))
    then = words.text("then", step=without.WHEN, prompt=without.OTHER)
    tracks = shipped_tracks("change", (without.PROMPT, then))
    ran = {slot: job.request for slot, job in zip(requests, runs.jobs(requests), strict=False)}
    with place.play:
        idle = standing(place, "change", requests, ran, told.open)
        live_player("without-change", list(requests), shipped=tracks, panels=PANELS, idle=idle)
    with place.below:
        if told.open:
            _every(told, asked, place)
        else:
            guess.reveal(told, "", "")


def _linked(place: Place) -> bool:
    """Whether this session began with a link in which either of the two buttons had been pressed."""
    return st.session_state.setdefault(LINKED, st.query_params.get("every") == "1") or place.ask.linked


def _every(told: guess.Guess, asked: Asked, place: Place) -> None:
    """The outcome, every change in pictures, and as curves: of the shipped words until the button is pressed."""
    words = place.words
    requests = without.every_switch(asked.words, asked.other_words, asked.seed, asked.scale)
    outcome = st.container()
    with st.container(width=280):
        ask = controls.run_button(words.text("every-button"), key="every", request=requests)
    if ask.start:
        without.begin(requests, list(_titles(asked, place)))
    done = without.collected("switches", requests)
    ran = dict(done.requests) if done else {}
    ready = shipped()[0]
    done = done or (ready.batches["switches"] if ready else None)
    same = (asked.words, asked.other_words) == (without_shipped.WORDS, without_shipped.OTHER_WORDS)
    as_asked = ran == requests or (not ran and same)

    def draw(latest: Pictures | None) -> None:
        if latest is not None:
            _rows(Batch(latest, {}, "live", requests, _titles(asked, place)), asked.when, words)
        elif done is not None:
            _rows(done, asked.when, words)

    batch("every", requests, draw, words.text("every-rows" if as_asked else "every-changed"))
    if any(not job.over for job in runs.jobs(requests)):
        outcome.caption(words.text("run-first-every"))
    elif done is not None and done.problem:
        run_line.failure("without", done.problem)
    elif done is not None:
        _outcome(told, done, asked.when, place, outcome)


def _titles(asked: Asked, place: Place) -> tuple[str, str]:
    return place.title(asked.prompt), place.title(asked.other)


def _rows(shown: Batch, when: int, words: Prose) -> None:
    columns = {step: shown.pictures[f"switch-{step}"] for step in SWITCHES}
    seen = {step: shown.seen[f"switch-{step}"] for step in SWITCHES} if shown.seen else {}
    st.html(grid.rows(columns, seen, max(s for s in SWITCHES if s <= when), words.text("every-label")))
    pictures.show_badge(shown.badge, f"{' → '.join(shown.told)} · {shown.made('switch')}")


def _outcome(told: guess.Guess, done: Batch, when: int, place: Place, above: DeltaGenerator) -> None:
    words = place.words
    first, second = (without_shipped.named(prompt) for prompt in (done.told[0], done.told[-1]))
    found = turns(first, second, {step: done.seen[f"switch-{step}"] for step in SWITCHES})
    if not found:
        above.caption(words.text("every-alike"))
        return
    sentence = " ".join(_say(turn, words) for turn in found)
    runs_each = len(done.seen[f"switch-{SWITCHES[0]}"])
    with above:
        until = found[0].until
        said = f"{sentence} {words.text('half', runs=runs_each)}"
        guess.reveal(told, words.text("never") if until is None else until, said)
    dark = theming.is_dark()
    for column, turn in zip(st.columns(3), found, strict=False):
        with column:
            st.markdown(f"**{words.text(f'kind-{turn.kind}').capitalize()}**")
            alt = _say(turn, words).replace("*", "")
            theming.show_figure(curve(turn, when, dark), key=f"turn-{turn.kind}", alt=alt)
    st.caption(words.text("curves"))


def _say(turn: Turn, words: Prose) -> str:
    kind = words.text(f"kind-{turn.kind}")
    if turn.until is None:
        return words.text("until-never", kind=kind)
    return words.text("until-end" if turn.until == STEPS else "until", kind=kind, step=turn.until)


def curve(turn: Turn, when: int, dark: bool) -> go.Figure:
    """How often the judge finds what the first and the second words name, by the step of the change."""
    ink = figures.palette(dark)
    figure = go.Figure()
    sides = ((turn.first, turn.shows_first, ink.data), (turn.second, turn.shows_second, ink.predicted))
    for (asked, shares, hue), dash, symbol in zip(sides, figures.DASHES, ("circle", "square"), strict=False):
        if asked:
            look = {"line": {"color": hue, "width": 2.5, "dash": dash}, "marker": {"symbol": symbol, "size": 8}}
            percents = [100 * share for share in shares]
            figure.add_scatter(x=turn.steps, y=percents, name=" & ".join(asked), mode="lines+markers", **look)
    figure.add_vline(x=when, line={"color": ink.you, "width": 2})
    figures.frame(figure, ink, "the words change at step", "% of runs", 240)
    return figure.update_yaxes(range=[-5, 105], dtick=25).update_xaxes(dtick=4)
