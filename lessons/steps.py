"""One step or many: the same noise and weights in few steps or many, by each sampler; what time buys."""

from __future__ import annotations

import streamlit as st

from lessons import catalog
from lessons.shared import controls, guess, links, page, prose
from lessons.shared.many_steps import live, sections
from lessons.shared.prompt_box import prompt_box
from lessons.shared.studio import cached, runs, steps, steps_shipped

EXAMPLES = {
    "turtle": runs.DEFAULT_PROMPT,
    "cat": "a red cat in the snow",
    "horse in space": "a horse in space with a glowing headband",
    "no words": "",
}

lesson, words = catalog.lesson(__file__), prose.load("steps")
page.header(lesson)
live.style()
play, side = page.stage()

with side:
    prompt, reading = prompt_box("prompt", "Your prompt", runs.DEFAULT_PROMPT, EXAMPLES)
    button = st.container()
    seed = controls.seed(default=steps_shipped.ASKED.seed)
    scale = controls.slider("guidance", "Guidance", 0.0, 8.0, 3.0, 0.5, format="%g", help=words.text("guidance"))
    with page.more():
        choices = ["10", "50", "250", "1000"]
        upto = int(controls.select("upto", "Up to this many steps", choices, "50", help=words.text("upto")))
        st.caption(words.text("passes", passes=f"{steps.passes(upto):,}"))
    asked = steps.Asked(reading.words, seed, scale)
    with button:
        ask = controls.run_button("Run", asked=asked, upto=upto)
    controls.reset_button()
    links.copy_link()

if ask.start:
    steps.begin(asked, prompt.strip(), upto)

try:
    shipped, made, missing = steps_shipped.shipped(), words.text("made", machine=steps_shipped.machine()), ""
except cached.PrecomputedMissing as problem:
    shipped, made, missing = None, "", str(problem)
own = steps.current()
if own is None:
    idle = words.text("press-empty" if shipped is None else "shipped" if asked == shipped.asked else "press")
elif (own.asked, own.upto) != (asked, upto):
    idle = words.text("changed")
else:
    idle = words.text(own.state, count=len(own.cells)) if own.state == "cancelled" else words.text("done")

# --- how far from the end ---

st.header(words.text("far-title"), anchor=False)
left, right = st.columns([0.46, 0.54], gap="large")
with left:
    st.markdown(words.text("far", near=f"{sections.NEAR:g}"))
    options = words.text("near-options").splitlines()
    near = guess.ask("g-near", words.text("ask-near", near=f"{sections.NEAR:g}"), options, opened=ask.linked)

with play:
    live.live_grid(shipped, words, idle, near.open, made)
    if missing and own is None:
        st.caption(missing)

with left:
    sections.outcome(near, shipped, words)
with right:
    if near.open:
        sections.curve(shipped, near, words)

# --- one step ---

st.header(words.text("one-title"), anchor=False)
st.markdown(words.text("one"))
options = words.text("one-options").splitlines()
one = guess.ask("g-one", words.text("ask-one"), options, opened=ask.linked)
sections.average(one, shipped, words)

# --- dice ---

st.header(words.text("dice-title"), anchor=False)
st.markdown(words.text("dice"))
thrown = guess.ask_number("g-dice", words.text("ask-dice"), 0, steps.DICE, unit=f"of {steps.DICE}", opened=ask.linked)
sections.dice(thrown, shipped, words)

st.header(words.text("published-title"), anchor=False)
st.markdown(words.text("published"))
st.markdown(words.text("published-table"))

page.try_this(words.moves())
page.what_you_saw(words.text("saw"), belief=words.text("belief"), truth=words.text("truth"))
code = [f"diffusion_core/samplers.py::{name}" for name in ("ddpm", "ddim", "dpmpp_2m")]
code.append("diffusion_core/world/matching.py::scenes_saying")
page.depth(maths=words.text("maths"), sources=code, papers=words.text("papers"), note=words.text("code"))
page.check_yourself(words.quiz(), key="steps")
page.where_next(lesson, words.text("next"))
