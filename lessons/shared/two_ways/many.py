"""Part two: twenty-four noises without words and with them, counted by the judge."""

from __future__ import annotations

import streamlit as st

from lessons.shared import controls, guess, pictures, run_line
from lessons.shared.prose import Prose
from lessons.shared.studio import tallies, without, without_shipped
from lessons.shared.studio.without import COUNT, Batch
from lessons.shared.two_ways import grid
from lessons.shared.two_ways.asked import Asked, Place, shipped, standing
from lessons.shared.two_ways.batch import Pictures, batch

SUBJECTS = 16


def show(asked: Asked, place: Place, which: str) -> None:
    """The pictures of `which` ("told" or "free", the latter after the guess), then guess, outcome and counts."""
    words = place.words
    requests = without.many(asked.words, asked.seed, asked.scale)
    if place.ask.start:
        title = place.title(asked.prompt)
        without.begin(requests, [title])
    done = without.collected("many", requests)
    ran = dict(done.requests) if done else {}
    ready = shipped()[0]
    done = done or (ready.batches["many"] if ready else None)
    with place.below:
        told = guess.ask_number("g-many", words.text("ask-many", count=COUNT), 1, SUBJECTS, opened=place.ask.linked)
    locked = which == "free" and not told.open

    def draw(latest: Pictures | None) -> None:
        if locked:
            st.info(words.text("locked", count=COUNT), icon=":material/lock:")
        elif latest is not None:
            _grid(Batch(latest, {}, "live", requests, (place.title(asked.prompt),)), which, words)
        elif done is not None:
            _grid(done, which, words)

    with place.play:
        idle = standing(place, "many", requests, ran, told.open)
        batch("many", requests, draw, idle or words.text("many-seen" if told.open else "many-guess"))
    with place.below:
        _outcome(told, done, place)


def _grid(shown: Batch, which: str, words: Prose) -> None:
    st.html(grid.grid(*shown.joined(which), shown.first_seed))
    title = words.text("no-words") if which == "free" else shown.told[0]
    pictures.show_badge(shown.badge, f"{title} · {shown.made(which)}")


def _outcome(told: guess.Guess, done: Batch | None, place: Place) -> None:
    words = place.words
    if not told.open:
        return guess.reveal(told, "", "")
    if done is None:
        st.caption(words.text("run-first"))
        return None
    if done.problem:
        return run_line.failure("without", done.problem)
    free, with_words = (done.joined(name)[1] for name in ("free", "told"))
    usual = without_shipped.training()
    found, bound = tallies.distinct(free, "subject"), tallies.distinct(with_words, "subject")
    facts = {"count": COUNT, "found": found, "usual": f"{usual.distinct['subject']:.0f}", "bound": bound}
    guess.reveal(told, found, words.text("many-was", prompt=place.heard(done.requests["told-0"]), **facts))
    _counts(free, with_words, usual, words)
    return None


def _counts(free: tuple, told: tuple, usual: tallies.Training, words: Prose) -> None:
    name = controls.select("count", words.text("count-by"), list(tallies.COUNTED), row=True)
    kind = tallies.COUNTED[name]
    one, other = tallies.tally(free, kind), tallies.tally(told, kind)
    rows = [(value, one[value], COUNT * usual.shares[kind][value], other[value]) for value in tallies.VALUES[kind]]
    rows.sort(key=lambda row: -row[1])
    most = max(max(row[1], row[2]) for row in rows)
    st.html(grid.counts(rows, most, words.text("count-heads").splitlines(), words.text("count-caption", count=COUNT)))
    st.markdown(words.text("count-note"))
