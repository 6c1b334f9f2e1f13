"""Guidance taken apart: two predictions, their difference, and what exaggerating it gives and takes."""

from __future__ import annotations

import streamlit as st

from lessons import catalog
from lessons.shared import controls, guess, guided, links, page, prose
from lessons.shared.guided import crowd, scales, stage, twists
from lessons.shared.guided.watch import idle_line
from lessons.shared.prompt_box import prompt_box
from lessons.shared.studio import cached, guided_shipped, runs
from lessons.shared.studio import guided as studio

EXAMPLES = {
    "a cat": studio.PROMPT,
    "king": "a king",
    "bird in the forest": "a bird in the forest",
    "turtle": runs.DEFAULT_PROMPT,
    "no words": "",
}

lesson, words = catalog.lesson(__file__), prose.load("guided")
labels = dict(line.split(": ", 1) for line in words.text("labels").splitlines())


def take_scale(scale: float) -> None:
    """A scale tried in the browser becomes the one that Run uses."""
    st.session_state["guidance"] = min(max(round(scale * 2) / 2, 0.0), 15.0)


page.header(lesson)
guided.style()
play, side = page.stage()
with side:
    prompt, reading = prompt_box("prompt", labels["prompt"], studio.PROMPT, EXAMPLES)
    button = st.container()
    scale = controls.slider("guidance", labels["scale"], 0.0, 15.0, studio.SCALE, 0.5, format="%g",
                            help=words.text("scale-help"))  # fmt: skip
    seed = controls.seed(default=studio.SEED)
    with page.more():
        steps = controls.slider("steps", labels["steps"], 2, 50, studio.STEPS)
    request = studio.maps_request(reading.words, seed, steps, scale)
    with button:
        ask = controls.run_button(labels["run"], request=request)
    controls.reset_button()
    links.copy_link()

title = prompt.strip() or words.text("no-prompt")
if ask.start:
    runs.start(studio.MAPS, request, title)
try:
    shipped, missing = guided_shipped.load(), ""
except cached.PrecomputedMissing as problem:
    shipped, missing = None, str(problem)

with play:
    maps = st.container()
    asked = guess.ask("g-when", words.text("ask-when"), [words.text(f"when-{part}") for part in stage.WHEN],
                      opened=ask.linked)  # fmt: skip
    moments, own = stage.moments_on_show(shipped.moments if shipped else [])
    stage.reveal(asked, moments, own, words)
    with maps:
        if missing:
            st.caption(missing)
        part = "told" if asked.open else "maps"
        idle = idle_line(runs.jobs([studio.MAPS]), ask.ran, shipped is not None, words, part)
        stage.maps(shipped.moments if shipped else [], scale, idle, asked.open, take_scale)

st.header(labels["title-scales"], anchor=False)
scales.scales(request, title, shipped and shipped.row, words, labels)
st.header(labels["title-crowd"], anchor=False)
crowd.crowd(request, title, shipped and shipped.crowd, words, labels)
st.header(labels["title-twists"], anchor=False)
st.markdown(words.text("twists"))
twists.twists(request, title, shipped and shipped.twists, words, labels)

page.try_this(words.moves())
page.what_you_saw(words.text("saw"), belief=words.text("belief"), truth=words.text("truth"))
core = ["guidance.py::combine", "guidance.py::scale_within", "courses.py::Course.advance"]
core += [f"metrics.py::{name}" for name in ("diversity", "clipped")]
page.depth(
    maths=words.text("maths"),
    sources=[f"diffusion_core/{name}" for name in core],
    papers=words.text("papers"),
    note=words.text("code"),
)
page.check_yourself(words.quiz(), key="guided")
page.where_next(lesson, words.text("next"))
