"""Break it: six real failures, each beside the run without it; guess the symptom, then see cause and cure."""

from __future__ import annotations

import streamlit as st

from lessons import catalog
from lessons.shared import controls, guess, links, page, prose
from lessons.shared.broken import outcome, stage
from lessons.shared.prompt_box import prompt_box
from lessons.shared.studio import breaking, broken, broken_shipped, cached

EXAMPLES = {"turtle": broken_shipped.PROMPT, "cat": "a red cat in the snow", "queen": "a purple queen in a room"}
OPTIONS = {  # what may be guessed of each fault; names in the lesson's words
    "few": ("static", "soft", "same"),
    "short": ("soft", "static", "same"),
    "never": ("same", "static", "dull"),
    "grow": ("same", "static", "soft"),
    "bare": ("varied", "one", "static"),
    "loud": ("same", "hard", "static"),
}
KNOBS = {  # faults with a strength: name in the link, lowest, highest, step
    "few": ("steps", 1, 20, 1),
    "short": ("T", 2, 1000, 1),
    "never": ("beta_end", 0.0005, 0.02, 0.0005),
    "loud": ("guidance", 3.0, 20.0, 0.5),
}
CODE = {
    "few": ("schedules.py::Schedule.times", "samplers.py::dpmpp_2m"),
    "short": ("schedules.py::linear", "process.py::add_noise"),
    "never": ("schedules.py::linear", "process.py::add_noise"),
    "grow": ("process.py::forward_step", "mistakes.py::chain"),
    "bare": ("samplers.py::ddpm", "mistakes.py::ddpm_without_noise"),
    "loud": ("guidance.py::combine",),
}

lesson, words = catalog.lesson(__file__), prose.load("broken")
page.header(lesson)
unmend = {"on_change": lambda: st.session_state.update(mend=False)}  # each fault is met unmended
name = controls.select(
    "fault", "What breaks", list(broken.FAULTS.values()), row=True, label_visibility="collapsed", **unmend
)
fault = next(key for key, shown in broken.FAULTS.items() if shown == name)
for key in {each[0] for other, each in KNOBS.items() if other != fault}:
    st.query_params.pop(key, None)  # a link must not claim what this fault does not have
play, side = page.stage()

with side:
    strength = 0.0
    if fault in KNOBS:
        key, low, high, step = KNOBS[fault]
        usual = broken_shipped.STRENGTH[fault]
        strength = controls.slider(key, words.text(f"knob-{fault}"), low, high, usual, step, format="%g",
                                   help=words.text(f"help-{fault}"))  # fmt: skip
    mend = controls.toggle("mend", "Mend it", help=words.text("mend"))
    button = st.container()
    prompt, reading = prompt_box("prompt", "Your prompt", broken_shipped.PROMPT, EXAMPLES)
    seed = controls.seed(default=broken_shipped.SEED)
    asked = broken.Asked(fault, reading.words, seed, strength)
    with button:
        ask = controls.run_button("Run", asked=asked)
    controls.reset_button(keep=("seed", "fault"))
    links.copy_link()

if ask.start:
    breaking.start(asked, prompt.strip())
try:
    shipped, missing = broken_shipped.load(fault), ""
except cached.PrecomputedMissing as problem:
    shipped, missing = None, str(problem)

with play:
    choices = [words.text(f"kind-{each}") for each in OPTIONS[fault]]
    g = guess.ask(f"g-broken-{fault}", words.text(f"ask-{fault}"), choices, opened=ask.linked)
    own = breaking.current(fault)
    if own is not None:
        done = "cancelled" if own.state == "cancelled" else "done"
        idle = words.text(done if own.asked == asked else "changed")
    elif shipped is None:
        idle = words.text("press-empty")
    else:
        idle = words.text("shipped" if asked == shipped.asked else "press")
    covered = "" if g.open else words.text("covered")
    stage.show(fault, shipped, words, f"{idle} {covered}".strip(), g.open, mend and g.open)
    if missing and own is None:
        st.caption(missing)
    if mend:
        st.caption(words.text("mended" if g.open else "mended-covered"))

st.header(words.text("outcome-title"), anchor=False)
outcome.show(g, shipped if own is None else own.pair, words)

page.try_this(words.moves())
page.what_you_saw(words.text("saw"), belief=words.text("belief"), truth=words.text("truth"))
sources = [f"diffusion_core/{each}" for each in CODE[fault]]
page.depth(maths=words.text("maths"), sources=sources, papers=words.text("papers"), note=words.text("code"))
page.check_yourself(words.quiz(), key="broken")
page.where_next(lesson, words.text("next"))
