"""Part one: a single noise, without words and with them, under one cursor."""

from __future__ import annotations

import streamlit as st

from lessons.shared import guess
from lessons.shared.live_player import live_player
from lessons.shared.player import Frame
from lessons.shared.studio import outcomes, runs, without, without_shipped
from lessons.shared.studio.seen import Seen
from lessons.shared.studio.without_shipped import DEFAULTS
from lessons.shared.two_ways.asked import PANELS, Asked, Place, shipped_tracks, standing

OPTIONS = ("average", "own", "same")


def show(asked: Asked, place: Place) -> None:
    """The player, then the guess and what the judge says of the run without words."""
    words = place.words
    requests = without.one_noise(asked.words, asked.seed, asked.scale)
    if place.ask.start:
        without.begin(requests, (words.text("no-words"), place.title(asked.prompt)))
    tracks = shipped_tracks("one", (words.text("no-words"), without.PROMPT))
    begun = runs.jobs(requests)
    ran = {slot: job.request for slot, job in zip(requests, begun, strict=False)}
    choices = [words.text(f"alone-{name}") for name in OPTIONS]
    with place.below:
        told = guess.ask("g-alone", words.text("ask-alone"), choices, opened=place.ask.linked)
    with place.play:
        idle = standing(place, "one", requests, ran, told.open)
        jobs = live_player("without-one", list(requests), shipped=tracks, panels=PANELS, idle=idle)
    pair = [job.frames for job in jobs] if jobs else [track.frames for track in tracks]
    told_request = jobs[-1].request if jobs else DEFAULTS["one"]["told"]
    with place.below:
        if not told.open:
            guess.reveal(told, "", "")
        elif not pair or any(job.state != "done" for job in jobs):
            st.caption(words.text("run-first"))
        else:
            _reveal(told, place, pair, place.heard(told_request), cached=not jobs)


def _reveal(told: guess.Guess, place: Place, pair: list[list[Frame]], prompt: str, cached: bool) -> None:
    seen, problem = _sights(pair, cached)
    if problem:
        st.caption(problem)
        return
    free, other = seen
    kind = without.kind_of(pair[0][-1].x_t, free, pair[1][-1].x_t, other)
    shades = f"{outcomes.apart(pair[0][-1].x_t, pair[1][-1].x_t):.0f}"
    facts = {"free": free.phrase, "sure": f"{100 * free.sure:.0f}", "shades": shades}
    sentence = place.words.text(f"alone-was-{kind}", prompt=prompt, told=other.phrase, **facts)
    guess.reveal(told, place.words.text(f"alone-{kind}"), sentence)


def _sights(pair: list[list[Frame]], cached: bool) -> tuple[list[Seen], str]:
    if cached:
        return [without_shipped.seen_shipped(slot) for slot in ("free", "told")], ""
    last = {str(i): without.pixels(frames[-1].x_t)[None] for i, frames in enumerate(pair)}
    seen, problem = without.judged(last)
    return [each[0] for each in seen.values()], problem
