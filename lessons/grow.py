"""A network grows up: the same noise through one network at ten moments of its training; loss against quality."""

from __future__ import annotations

import streamlit as st

from lessons import catalog
from lessons.shared import controls, guess, line_chart, links, page, prose
from lessons.shared.growing import sections
from lessons.shared.growing.live import live
from lessons.shared.growing.outcome import settled
from lessons.shared.prompt_box import prompt_box
from lessons.shared.studio import cached, grow, grow_shipped

EXAMPLES = {
    "corgi": grow.PROMPT,
    "turtle": "a green turtle on the beach",
    "queen": "a blue queen in the snow",
    "tree": "a pink tree on the beach",
    "two": "a red cat and a blue dog on the beach",
}
BY = (4, 6, 7, 9)  # the moments at which the spans of the first guess end

lesson, words = catalog.lesson(__file__), prose.load("grow")
page.header(lesson)
line_chart.style()
play, side = page.stage()

with side:
    prompt, reading = prompt_box("prompt", "Your prompt", grow.PROMPT, EXAMPLES)
    button = st.container()
    seed = controls.seed(default=grow.SEED)
    with page.more():
        scale = controls.slider("guidance", "Guidance", 0.0, 8.0, grow.SCALE, 0.5, format="%g",
                                help=words.text("guidance"))  # fmt: skip
    asked = grow.Asked(reading.words, seed, scale)
    with button:
        ask = controls.run_button("Run all ten", asked=asked)
    controls.reset_button()
    links.copy_link()

if ask.start:
    grow.start(asked, prompt.strip())

try:
    shipped, measured, missing = grow_shipped.shipped(), grow_shipped.measured(), ""
except cached.PrecomputedMissing as problem:
    shipped, measured, missing = None, None, str(problem)
own = grow.current()

# --- when does a corgi become a corgi, or a turtle a turtle? ---

when = st.container()
with when:
    ends = {name: f"{grow.SEEN[moment]:,}" for name, moment in zip("abcd", BY, strict=True)}
    options = words.text("when-options", **ends).splitlines()
    told = guess.ask("grow-when", words.text("ask-when", most=ends["d"]), options, opened=ask.linked)
if own is not None and own.asked != asked:
    idle = words.text("changed")
elif own is not None:
    idle = words.text("yours-guess") if own.done and not told.open else ""
elif shipped is None:
    idle = words.text("press-empty")
elif asked != shipped.asked:
    idle = words.text("press")
else:
    idle = words.text("shipped" if told.open else "shipped-guess")
with play:
    shown = live(shipped, words, idle, told.open)
    if missing:
        st.caption(missing)
with when:
    sections.when(told, shown, words)

# --- the loss, and what it does not say ---

st.header(words.text("curves-title"), anchor=False)
if measured is None:
    st.markdown(words.text("curves"))
    st.caption(missing)
else:
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(words.text("curves"))
        st.markdown(sections.loss_said(measured, words))
    with right:
        done, (_, count) = settled(measured.error), measured.right["all"][0]
        question = words.text("ask-quality", seen=f"{grow.SEEN[done]:,}", count=count)
        told = guess.ask_number("grow-quality", question, 0, count, unit=f"of {count}", opened=ask.linked)
    sections.curves(told, measured, words)
    sections.quality(told, measured, words)

page.try_this(words.moves())
page.what_you_saw(words.text("saw"), belief=words.text("belief"), truth=words.text("truth"))
code = ("train.py::train_sibling", "training.py::v_loss", "growth.py::error", "growth.py::quality")
sources = [f"diffusion_core/{name}" for name in code]
page.depth(maths=words.text("maths"), sources=sources, papers=words.text("papers"), note=words.text("code"))
page.check_yourself(words.quiz(), key="grow")
page.where_next(lesson, words.text("next"))
