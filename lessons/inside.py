"""Inside the U-Net: the network as a U of its own blocks, its connections cut, and what it heeds in more noise."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from lessons import catalog
from lessons.shared import controls, guess, links, page, pictures, prose, run_line
from lessons.shared.studio import inside as studio
from lessons.shared.unet_map import parts, unet_map
from lessons.shared.unet_map.sections import skips_measured, style, words_measured

lesson, words = catalog.lesson(__file__), prose.load("inside")
labels = dict(line.split(": ", 1) for line in words.text("labels").splitlines())

# --- the stage: what is chosen here, and what is drawn once the connections are known ---

page.header(lesson)
style()
play, side = page.stage()
with side:
    picture = controls.select("picture", labels["picture"], list(studio.PICTURES), studio.OPENS.picture)
    t = controls.slider("t", labels["t"], 1, studio.T, studio.OPENS.t, help=words.text("t-help"))
    heard = controls.toggle("words", labels["words"], True)
    st.caption(f"“{studio.caption(picture)}”" if heard else words.text("unheard"))
    seed = controls.seed(label=labels["seed"], default=studio.OPENS.seed)
    controls.reset_button()
    links.copy_link()
asked = studio.Asked(picture, t, seed, heard)

# --- the connections ---

st.header(labels["skips_title"], anchor=False)
st.markdown(words.text("skips"))
left, right = st.columns([0.62, 0.38], gap="large")
with right.container(border=True, key="bk-controls-skips"):
    st.markdown(words.text("toggles"))
    ask = controls.run_button(labels["ask"], **vars(asked))
with left:
    told = guess.ask("inside-skip", words.text("ask-skip"), words.text("skip-options").splitlines(), ask.linked)
with st.container(horizontal=True, key="bk-skips"):
    # a link opens what it was made with; by hand, the guess comes first
    on = {letter: controls.toggle(f"skip_{letter}", labels["skip"].format(letter=letter, size=parts.size_of(letter)),
                                  True, disabled=not told.open) for letter in studio.SKIPS}  # fmt: skip
cut = replace(asked, off=tuple(name for letter, name in studio.SKIPS.items() if not on[letter]))

with play:
    st.markdown(words.text("stage"))
    with st.spinner(words.text("waiting")):
        whole, shown = studio.look(asked), studio.look(cut)
    if shown.problem or whole.problem:
        run_line.failure("inside", shown.problem or whole.problem)
    else:
        unet_map(shown, key="inside-map", skips=studio.SKIPS, off=cut.off, labels=labels)
        made = f"{picture} · noise level {t:,} · seed {seed}" + (" · no words" if not heard else "")
        pictures.show_badge(shown.badge, made)

if not (shown.problem or whole.problem):
    st.html(parts.beside_truth(picture, whole, shown if cut.off else None, labels))
    st.caption(words.text("shades"))
    skips_measured(asked, whole, told, ask.ran, words, labels)

# --- three noise levels ---

st.header(labels["levels_title"], anchor=False)
st.markdown(words.text("levels"))
told = guess.ask("inside-words", words.text("ask-words"), words.text("words-options").splitlines(), ask.linked)
words_measured(asked, told, words, labels)

page.try_this(words.moves())
page.what_you_saw(words.text("saw"), belief=words.text("belief"), truth=words.text("truth"))
core = [f"diffusion_core/probing.py::{name}" for name in ("liveliest", "word_share", "reach")]
page.depth(maths=words.text("maths"), sources=["diffusion_core/nn/unet.py::UNet.answer", *core],
           papers=words.text("papers"), note=words.text("code"))  # fmt: skip
page.check_yourself(words.quiz(), key="inside")
page.where_next(lesson, words.text("next"))
