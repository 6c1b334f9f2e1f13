"""Lesson 3: start from pure noise; again and again predict, and remove a scaled part of the noise."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from lessons import catalog
from lessons.shared import controls, guess, links, page, prose
from lessons.shared.live_player import live_player
from lessons.shared.player import PANELS, Badge, Track
from lessons.shared.prompt_box import prompt_box
from lessons.shared.schedule_controls import choose_schedule
from lessons.shared.studio import cached, outcomes, runs

EXAMPLES = {
    "turtle": runs.DEFAULT_PROMPT,
    "horse in space": "a horse in space with a glowing headband",
    "superhero cat": "a superhero cat",
    "cat and dog": "a red cat and a blue dog in the snow",
    "no words": "",
}
OTHER = "a horse in space with a glowing headband"
SLOTS = ("first", "second")

lesson, words = catalog.lesson(__file__), prose.load("reverse")
page.header(lesson)
play, side = page.stage()

with side:
    prompt, reading = prompt_box("prompt", "Your prompt", runs.DEFAULT_PROMPT, EXAMPLES)
    twice = controls.toggle("twice", "Same noise, another prompt")
    other, other_reading = prompt_box("other", "The other prompt", OTHER) if twice else ("", reading)
    button = st.container()
    seed = controls.seed(default=runs.DEFAULT_REQUEST.seeds[0])
    steps = controls.slider("steps", "Steps", 1, 200, 20, help=words.text("steps"))
    scale = controls.slider("guidance", "Guidance", 0.0, 15.0, 3.0, 0.5, format="%g", help=words.text("guidance"))
    with page.more():
        name = controls.select("sampler", "Sampler", list(runs.SAMPLER_NAMES.values()), row=False)
        sampler = next(key for key, shown in runs.SAMPLER_NAMES.items() if shown == name)
        eta = 0.0
        if sampler == "ddim":
            eta = controls.slider("eta", "Fresh noise η", 0.0, 1.0, 0.0, 0.05, format="%g", help=words.text("eta"))
        schedule = choose_schedule()
    request = runs.Request(reading.words, (seed,), min(steps, schedule.T), sampler, scale, schedule, eta)
    if steps > schedule.T:
        st.caption(words.text("too-many", most=schedule.T))
    if beyond := runs.beyond_training(request):
        st.caption(words.text("clamped", count=len(beyond), steps=request.steps))
    asked = [request, replace(request, words=other_reading.words)] if twice else [request]
    with button:
        ask = controls.run_button("Run", request=asked)
    controls.reset_button()
    links.copy_link()

if ask.start:
    for slot in SLOTS:
        runs.clear(slot)
    for slot, each, title in zip(SLOTS, asked, (prompt, other), strict=False):
        runs.start(slot, each, title.strip() or words.text("no-prompt"))

try:
    frames, missing = runs.default_frames(), ""
except cached.PrecomputedMissing as problem:
    frames, missing = [], str(problem)
badge = Badge("cached", runs.describe(runs.DEFAULT_REQUEST))
shipped = [Track("shipped", runs.DEFAULT_PROMPT, badge, frames)] if frames else []
begun = runs.jobs(SLOTS)
if begun:
    idle = "" if [job.request for job in begun] == asked else words.text("changed")
elif not shipped:
    idle = words.text("press-empty")
else:
    idle = words.text("shipped" if asked == [runs.DEFAULT_REQUEST] else "press")

with play:
    panels = [panel for panel in PANELS if len(begun) < 2 or panel != "cloud"]
    jobs = live_player("reverse", SLOTS, shipped=shipped, panels=panels, idle=idle)
    if missing and not begun:
        st.caption(missing)

finished = [job.frames for job in jobs if job.state == "done"]
left, right = st.columns(2, gap="large")
with left:
    choices = [words.text(f"settle-{when}") for when in ("first", "half", "last")]
    g = guess.ask("g-settles", words.text("ask-settle"), choices, opened=ask.linked)
    shown = finished[0] if finished else frames
    if not g.open:
        guess.reveal(g, "", "")
    elif shown:
        settled = outcomes.settling(shown)
        which = words.text("run-yours" if finished else "run-shipped")
        said = words.text("settled", which=which, near=f"{outcomes.NEAR:g}", **settled)
        guess.reveal(g, f"step {settled['prediction']} of {settled['steps']}", said)
with right:
    choices = [words.text(f"pair-{share}") for share in ("thing", "layout", "none")]
    g = guess.ask("g-pair", words.text("ask-pair"), choices, opened=ask.linked)
    if not g.open:
        guess.reveal(g, "", "")
    elif len(finished) == 2:
        pair = outcomes.comparison(finished[0][-1].x_t, finished[1][-1].x_t)
        guess.reveal(g, words.text(f"pair-{pair.share}"), words.text("paired", **pair.numbers))
    else:
        st.caption(words.text("pair-first"))

page.try_this(words.moves())
page.what_you_saw(words.text("saw"), belief=words.text("belief"), truth=words.text("truth"))
code = [f"diffusion_core/{name}" for name in ("samplers.py::drive", f"samplers.py::{sampler}", "guidance.py::combine")]
page.depth(maths=words.text("maths"), sources=code, papers=words.text("papers"), note=words.text("code"))
page.check_yourself(words.quiz(), key="reverse")
page.where_next(lesson, words.text("next"))
