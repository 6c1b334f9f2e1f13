"""How much can it bring back? A drawing under noise, restored five times: what stays was there, the rest is made up."""

from __future__ import annotations

import streamlit as st

from lessons import catalog
from lessons.shared import controls, guess, links, page, prose, restoring
from lessons.shared.restoring import outcome, stage
from lessons.shared.studio import back as studio
from lessons.shared.studio import cached

lesson, words = catalog.lesson(__file__), prose.load("back")
labels = dict(line.split(": ", 1) for line in words.text("labels").splitlines())


def take_level() -> None:
    """Each test comes with its own noise: a trace, much, nothing else."""
    st.session_state["level"] = studio.LEVELS[st.session_state["test"]]


def only_noise() -> None:
    """Nothing lies under pure noise: no level and no name, whatever a link says."""
    opened = "level" not in st.session_state  # a control's first value comes from the link, so mend that once
    st.session_state.update(level=studio.T, told=False)
    if opened and not {"level", "told"}.isdisjoint(st.query_params):
        for key in ("level", "told"):
            st.query_params.pop(key, None)
        st.rerun()


page.header(lesson)
restoring.style()
play, side = page.stage()
with side:
    test = controls.select("test", labels["test"], studio.TESTS, row=True, on_change=take_level)
    pure = test == studio.PURE
    if pure:
        only_noise()
    level = controls.slider("level", labels["level"], 1, studio.T, studio.LEVELS[studio.DOG], disabled=pure,
                            help=words.text("level-help"))  # fmt: skip
    told = controls.toggle("told", labels["tell"], disabled=pure, help=words.text("tell-help"))
    button = st.container()
    seed = controls.seed(default=studio.SEED)
    with page.more():
        drawing = controls.slider("drawing", labels["drawing"], 1, studio.DRAWINGS, studio.DRAWING, disabled=pure,
                                  help=words.text("drawing-help"))  # fmt: skip
    case = studio.Case.of(test, level, seed, drawing, told)
    with button:
        ask = controls.run_button("Run", case=case)
    controls.reset_button()
    links.copy_link()

if ask.start:
    studio.begin(case)
studio.stop_other(case)
missing, live = "", studio.collected()
try:
    result = live if live is not None and live.case == case else studio.shipped(case)
except cached.PrecomputedMissing as problem:
    result, missing = None, str(problem)

left, right = st.columns([0.55, 0.45], gap="large")
with left:
    options = [words.text(f"differ-{kind}") for kind in outcome.KINDS]
    told_so = guess.ask(f"back-{studio.TESTS.index(test)}", words.text(f"ask-{'pure' if pure else 'five'}"), options,
                        opened=ask.linked)  # fmt: skip
    outcome.reveal(told_so, result, words)
with right:
    if told_so.open and result is not None:
        outcome.distances(result, words, labels)
with play:
    line = "press" if result is None else "guess" if not told_so.open else "seen-pure" if pure else "seen"
    stage.show(case, result, told_so.open, words.text(f"line-{line}"), labels)
    if missing:
        st.caption(missing)

st.header(labels["curve_title"], anchor=False)
outcome.curve_section(case, result, ask.linked, words, labels)

page.try_this(words.moves())
page.what_you_saw(words.text("saw"), belief=words.text("belief"), truth=words.text("truth"))
core = ["recovery.py::miss", "recovery.py::spread", "courses.py::_under_noise", "process.py::add_noise"]
page.depth(
    maths=words.text("maths"),
    sources=[f"diffusion_core/{name}" for name in [*core, "samplers.py::dpmpp_2m"]],
    papers=words.text("papers"),
    note=words.text("code"),
)
page.check_yourself(words.quiz(), key="back")
page.where_next(lesson, words.text("next"))
