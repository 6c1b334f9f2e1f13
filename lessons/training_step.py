"""One training step by hand: noise a picture, ask for the noise, square the mistake; then take real steps."""

from __future__ import annotations

import random

import streamlit as st

from lessons import catalog
from lessons.shared import controls, guess, links, page, pictures, prose, stepping
from lessons.shared.stepping import cells, numbers
from lessons.shared.stepping.asked import answers
from lessons.shared.stepping.levels import by_level
from lessons.shared.stepping.live import live_training
from lessons.shared.studio import copies
from lessons.shared.studio import training_step as studio

lesson, words = catalog.lesson(__file__), prose.load("training_step")
labels = dict(line.split(": ", 1) for line in words.text("labels").splitlines())
waiting = words.text("waiting")


def roll() -> None:
    """Another noise level, as training draws it."""
    st.session_state["t"] = random.randint(1, studio.T)


def badge(answer: studio.Answers | None, on_shelf: bool, made: str) -> None:
    """Where the pictures come from: with an answer as it came, without one as the noise did."""
    pictures.show_badge(answer.badge if answer else "cached" if on_shelf else "live", f"{picture} · {made}")


# --- one example ---

page.header(lesson)
stepping.style()
play, side = page.stage()
with side:
    picture = controls.select("picture", labels["picture"], list(studio.PICTURES))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        t = controls.slider("t", labels["t"], 1, studio.T, studio.LEVEL, help=words.text("t-help"))
        st.button(labels["roll"], key="roll", icon=":material/casino:", on_click=roll)
    seed = controls.seed(label=labels["seed"], default=studio.SEED)
    ask = controls.run_button(labels["ask"], picture=picture, t=t, seed=seed)
    controls.reset_button()
    links.copy_link()

left, right = st.columns(2, gap="large")
with left:
    told = guess.ask("step-where", words.text("ask-where"), words.text("where-options").splitlines(), ask.linked)
one = studio.examples(picture, (t,), seed)
opens_with = (picture, t, seed) == (studio.PICTURE, studio.LEVEL, studio.SEED)
with play:
    line = st.container(key="bk-status-one")
    now = (lambda: studio.ask(picture, (t,), seed)) if ask.ran else None
    answer = answers("one", now, opens_with and told.open, waiting)
    line.markdown(words.text("asked" if answer else "press-guessed" if told.open else "press"))
    stepping.show(cells.one(one, answer, labels))
    if answer:
        stepping.show(cells.by_hand(one, answer, labels))
    badge(answer, seed == studio.SEED, f"noise level {t:,} · seed {seed}")
with right:
    if answer:
        where, there, elsewhere = numbers.where_wrong(one.x0[0], answer.noise_error(one)[0])
        facts = {"edges": numbers.fine(there), "flat": numbers.fine(elsewhere)}
        facts["why"] = words.text(f"where-{where}-why")
        guess.reveal(told, words.text(f"where-{where}"), words.text("where-reveal", **facts))
    else:
        st.caption(words.text("where-first"))

# --- one picture, ten examples ---

st.header(labels["ten_title"], anchor=False)
left, right = st.columns([0.62, 0.38], gap="large")
with left:
    st.markdown(words.text("ten"))
    options = words.text("hardest-options").splitlines()
    told = guess.ask("step-hardest", words.text("ask-hardest"), options, ask.linked)
with right.container(border=True, key="bk-controls-ten"):
    draw = controls.seed("batch", labels["batch"], studio.DRAW)
    ask_ten = controls.run_button(labels["ask_ten"], key="asked", picture=picture, draw=draw)
levels = studio.levels(draw)
ten = studio.examples(picture, levels, draw)
now = (lambda: studio.ask(picture, levels, draw)) if ask_ten.ran else None
answer = answers("ten", now, (picture, draw) == (studio.PICTURE, studio.DRAW) and told.open, waiting)
stepping.show(cells.many(ten, answer, labels))
badge(answer, draw == studio.DRAW, f"batch {draw}")
if answer and told.open:
    left, right = st.columns([0.55, 0.45], gap="large")
    with left:
        stepping.draw(by_level(ten, answer, labels))
    with right:
        (third, level), (_, other) = (numbers.hardest(levels, errors, studio.T) for errors in answer.means(ten))
        said = words.text("hardest-reveal", level=level, other=other)
        guess.reveal(told, options[numbers.THIRDS.index(third)], said)
else:
    st.caption(words.text("hardest-first" if told.open else "guess-first"))

# --- a copy of your own ---

st.header(labels["train_title"], anchor=False)
st.markdown(words.text("train"))
left, right = st.columns([0.62, 0.38], gap="large")
with left:
    told = guess.ask("step-learned", words.text("ask-learned"), words.text("learned-options").splitlines(), ask.linked)
with right, page.more(labels["more_rate"]):
    rate = controls.select("rate", labels["rate"], list(copies.RATES), "medium", help=words.text("rate-help"))
live_training(copies.Settings(picture, draw, rate), told, words, labels)

page.try_this(words.moves())
page.what_you_saw(words.text("saw"), belief=words.text("belief"), truth=words.text("truth"))
core = [f"diffusion_core/training_step.py::{name}" for name in ("Batch", "squared_errors", "training_step")]
page.depth(maths=words.text("maths"), sources=[*core, "diffusion_core/training.py::sample_log_snr"],
           papers=words.text("papers"), note=words.text("code"))  # fmt: skip
page.check_yourself(words.quiz(), key="training_step")
page.where_next(lesson, words.text("next"))
