"""A drop in the beaker: dye spreads by chance; backwards by chance it goes on spreading; with an arrow it gathers."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from lessons import catalog
from lessons.shared import controls, guess, links, page, pictures, prose
from lessons.shared.beaker import Ended, beaker, runs
from lessons.shared.beaker.timeline import timeline
from lessons.shared.studio import drop

KEY = "drop-beaker"
NEARLY_EVEN = 0.95  # of the spread of an even beaker: from here on, chance may well show a smaller spread at the end

lesson, words = catalog.lesson(__file__), prose.load("drop")
labels = dict(line.split(": ", 1) for line in words.text("labels").splitlines())


def blind_guess(ended: Ended | None) -> guess.Guess:
    """First question: time backwards, and nothing known. The outcome opens once it has been run."""
    options = words.text("guess-blind-options").splitlines()
    made = guess.ask("drop-blind", words.text("guess-blind"), options)
    if ended and made.open:
        numbers = {"before": f"{ended.before:.2f}", "after": f"{ended.after:.2f}"}
        told = words.text("guess-blind-reveal", said=settled(made, options[1]), **numbers)
        if ended.before > NEARLY_EVEN * drop.even_spread():
            told += " " + words.text("guess-blind-even")
        guess.reveal(made, options[1], told)
    return made


def score_guess(ended: Ended | None) -> guess.Guess:
    """Second question: time backwards, with the arrow."""
    options = words.text("guess-score-options").splitlines()
    made = guess.ask("drop-score", words.text("guess-score"), options)
    if ended and made.open:
        numbers = {name: f"{value:.2f}" for name, value in asdict(ended).items()}
        guess.reveal(made, options[1], words.text("guess-score-reveal", said=settled(made, options[1]), **numbers))
    return made


def settled(made: guess.Guess, outcome: str) -> str:
    """How the revealing sentence opens."""
    if not made.made:
        return ""
    return words.text("said-right" if made.value == outcome else "said-other") + " "


page.header(lesson)
play, side = page.stage()
with side:
    scene = controls.select("scene", labels["scene"], list(drop.SCENES))
    speed = controls.slider("speed", labels["speed"], drop.SLOWEST, drop.FASTEST, drop.USUAL, 0.05,
                            help=words.text("speed-help"))  # fmt: skip
    arrows = controls.toggle("arrows", labels["arrows"])
    path = controls.toggle("path", labels["path"], default=True)
    seed = controls.seed()
    with page.more():
        count = controls.slider("count", labels["count"], *drop.COUNTS, 500)
        dice = controls.toggle("dice", labels["dice"], default=True, help=words.text("dice-help"))
    controls.reset_button()
    links.copy_link()

with play:
    stage, questions = st.container(), st.container()
    ended = runs(KEY)
    with questions:
        blind = blind_guess(ended.get("blind"))
        later = ended.get("blind") or ended.get("score") or blind.skipped
        score = score_guess(ended.get("score")) if later else guess.Guess("drop-score")
    with stage:
        beaker(drop.setup(scene, float(speed)), key=KEY, count=count, seed=seed, words=labels,
               open_acts={"blind": blind.open, "score": score.open}, arrows=arrows, path=path, dice=dice)  # fmt: skip
        pictures.show_badge("live", labels["made"].format(count=f"{count:,}", seed=seed, speed=f"{speed:g}"))

page.try_this(words.moves())
page.what_you_saw(words.text("saw"), belief=words.text("belief"), truth=words.text("truth"))
st.header(labels["history"], anchor=False)
timeline(words.text("history"))
core = [f"diffusion_core/particles.py::{name}" for name in ("forward_step", "marginal", "score", "reverse_step")]
page.depth(maths=words.text("maths"), sources=core, papers=words.text("papers"), note=words.text("code"))
page.check_yourself(words.quiz(), key="drop")
page.where_next(lesson, words.text("next"))
