"""With and without: the same noises with words, without them, and with other words halfway."""

from __future__ import annotations

import streamlit as st

from lessons import catalog
from lessons.shared import controls, links, page, prose, two_ways
from lessons.shared.prompt_box import prompt_box
from lessons.shared.studio import without as studio
from lessons.shared.two_ways import change, many, one
from lessons.shared.two_ways.asked import Asked, Place, shipped

PARTS = {"One noise": "one", "Twenty-four": "many", "New words": "change"}
TOLD, FREE = SHOWN = ("with words", "without words")
EXAMPLES = {
    "red cat": studio.PROMPT,
    "horse": "a green horse in the snow",
    "queen": "a purple queen in a room",
}
OTHERS = {"blue robot": studio.OTHER, "red dog": "a red dog on the beach", "no words": ""}

lesson, words = catalog.lesson(__file__), prose.load("without")
page.header(lesson)
two_ways.style()
part = PARTS[controls.select("part", "Experiment", list(PARTS), row=True, label_visibility="collapsed")]
if part != "change":
    st.query_params.pop("every", None)  # a link must not claim what stands on another part
play, side = page.stage()

with side:
    label = words.text("first-words" if part == "change" else "your-words")
    prompt, reading = prompt_box("prompt", label, studio.PROMPT, EXAMPLES)
    other, other_words, when, shown = "", (), 0, TOLD
    if part == "change":
        other, other_reading = prompt_box("other", words.text("other-words"), studio.OTHER, OTHERS)
        other_words = other_reading.words
        help_when = words.text("when-help", steps=studio.STEPS)
        when = controls.slider("when", words.text("when"), 0, studio.STEPS, studio.WHEN, help=help_when)
    if part == "many":
        shown = controls.select("show", words.text("show"), SHOWN, help=words.text("show-help"))
    button = st.container()
    seed = controls.seed(default=studio.SEED)
    with page.more():
        scale = controls.slider("guidance", "Guidance", 0.0, 15.0, studio.SCALE, 0.5, format="%g",
                                help=words.text("guidance"))  # fmt: skip
    asked = Asked(prompt, reading.words, seed, scale, other, other_words, when)
    with button:
        ask = controls.run_button("Run", request=(part, asked))
    controls.reset_button(keep=("seed", "part"))
    links.copy_link()

below = st.container()
place = Place(play, below, words, ask)
studio.stop_others(part)
if part == "one":
    one.show(asked, place)
elif part == "many":
    many.show(asked, place, "told" if shown == TOLD else "free")
else:
    change.show(asked, place)
if missing := shipped()[1]:
    below.caption(missing)
with below:
    two_ways.judge_note(words)

page.try_this(words.moves())
page.what_you_saw(words.text("saw"), belief=words.text("belief"), truth=words.text("truth"))
code = ("courses.py::Course.context", "guidance.py::combine", "pool.py::Pool.batch", "judge.py::Judge.look")
sources = [f"diffusion_core/{name}" for name in code]
page.depth(maths=words.text("maths"), sources=sources, papers=words.text("papers"), note=words.text("code"))
page.check_yourself(words.quiz(), key="without")
page.where_next(lesson, words.text("next"))
