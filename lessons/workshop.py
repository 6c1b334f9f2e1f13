"""Prompt workshop: free prompts against the judge's count, weak prompts to repair, colours that stick or leak."""

from __future__ import annotations

import streamlit as st

from lessons import catalog
from lessons.shared import controls, links, page, prose, workshop
from lessons.shared.prompt_box import prompt_box
from lessons.shared.studio import cached, runs
from lessons.shared.studio import workshop as studio
from lessons.shared.workshop import counted, said
from lessons.shared.workshop.grid import live_grid
from lessons.shared.workshop.measured import measured
from lessons.shared.workshop.pair import pair
from lessons.shared.workshop.repair import repair
from lessons.shared.workshop.trust import trust

lesson, words = catalog.lesson(__file__), prose.load("workshop")
labels = dict(line.split(": ", 1) for line in words.text("labels").splitlines())
page.header(lesson)
workshop.style()
play, side = page.stage()

with side:
    prompt, reading = prompt_box("prompt", labels["prompt"], studio.OPENING, studio.EXAMPLES)
    button = st.container()
    seed = controls.seed(default=studio.SEED)
    scale = controls.slider("guidance", "Guidance", 0.0, 15.0, 3.0, 0.5, format="%g", help=words.text("guidance"))
    with page.more():
        steps = controls.slider("steps", "Steps", 1, 50, 20, help=words.text("steps"))
    request = studio.request(reading.words, seed, steps, scale)
    with button:
        ask = controls.run_button(labels["run"], request=request, prompt=prompt)
    controls.reset_button()
    links.copy_link()

if ask.start:
    runs.start("eight", request, prompt.strip())
try:
    opening, missing = studio.shipped(studio.OPENING), ""
except cached.PrecomputedMissing as problem:
    opening, missing = None, str(problem)
job, eight = runs.job("eight"), studio.finished("eight") or opening

with play:
    grid = st.container()
    if missing:
        st.caption(missing)
    shown = counted.prompt_on_show("eight", eight)
    told = counted.ask("right", words.text("ask-right"), shown, ask.linked)
    finished = eight if job is None or job.state == "done" else None
    if job is not None:
        idle = "stopped" if job.state == "cancelled" else "done" if ask.ran else "changed"
    else:
        idle = "press-empty" if missing else "shipped" if request == studio.OPENING_REQUEST else "press"
    counted.reveal(told, finished, words, labels)
    which = 0
    if finished and finished.looks and told.open:
        which = int(controls.select("look", labels["look"], [str(i + 1) for i in range(studio.COUNT)], row=True))
        st.html(said.table(finished.looks[which - 1], labels))
    with grid:
        live_grid("eight", "eight", finished, labels, idle=words.text(idle), marks=told.open, chosen=which)
        st.html(said.reach(studio.read_prompt(shown), labels))

for section, draw in {"trust": trust, "repair": repair, "pair": pair, "measured": measured}.items():
    st.header(labels[f"title-{section}"], anchor=False)
    draw(words, labels)

page.try_this(words.moves())
page.what_you_saw(words.text("saw"), belief=words.text("belief"), truth=words.text("truth"))
core = ["judge.py::compare", "judge.py::Judge.look", "world/vocabulary.py::held_out_blocks", "intervals.py::wilson"]
page.depth(
    maths=words.text("maths"),
    sources=[f"diffusion_core/{name}" for name in core],
    papers=words.text("papers"),
    note=words.text("code"),
)
page.check_yourself(words.quiz(), key="workshop")
page.where_next(lesson, words.text("next"))
