"""Which word did that? Cross-attention of the real network: where each word acts, at every look and layer size."""

from __future__ import annotations

import streamlit as st

from lessons import catalog
from lessons.shared import controls, guess, links, page, prose
from lessons.shared.prompt_box import prompt_box
from lessons.shared.studio import attention as studio
from lessons.shared.studio import prompt_words, runs
from lessons.shared.word_maps import parts, stage

EXAMPLES = {
    "turtle": runs.DEFAULT_PROMPT,
    "cat at night": "a red cat wearing a hat on the beach at night",
    "two animals": studio.PAIR_PROMPT,
    "no words": "",
}

lesson, words = catalog.lesson(__file__), prose.load("attention")
labels = dict(line.split(": ", 1) for line in words.text("labels").splitlines())
page.header(lesson)
parts.style()
for slot in studio.SLOTS:
    studio.gather(slot)
opening = studio.shipped()
play, side = page.stage()
with side:
    prompt, reading = prompt_box("prompt", labels["prompt"], runs.DEFAULT_PROMPT, EXAMPLES)
    button = st.container()
    seed = controls.seed(default=studio.DEFAULT.seeds[0])
    with page.more():
        scale = controls.slider("guidance", labels["guidance"], 0.0, 15.0, 3.0, 0.5, format="%g",
                                help=words.text("guidance"))  # fmt: skip
        steps = controls.slider("steps", labels["steps"], 1, 100, 20, help=words.text("steps"))
    request = runs.Request(reading.words, (seed,), steps, guidance_scale=scale, attention=True)
    with button:
        ask = controls.run_button(labels["run"], request=request)
    controls.reset_button()
    links.copy_link()
if ask.start:
    studio.begin(studio.OWN, request, prompt)
with play:
    shown = stage.show(words, labels, request, opening)
    if not scale:
        st.caption(words.text("deaf"))

named = prompt_words.naming(request.words)
if shown is not None:
    topic = stage.topic(shown.result)
    told = guess.ask("g-size", words.text("ask-size", word=topic), stage.SIZES, opened=ask.linked)
    stage.sizes(words, told, shown.result, topic)

# --- one word changed, same noise ---

st.header(labels["swap_title"], anchor=False)
left, right = st.columns([0.36, 0.64], gap="large")
with left:
    st.markdown(words.text("swap" if named else "no-names"))
    if named:
        one = controls.select("swap", labels["swap"], list(named), stage.first(named, studio.SWAP[0]), row=False)
        into = prompt_words.others(request.words[named[one]])
        to = controls.select("to", labels["to"], into, stage.first(into, studio.SWAP[1]), row=False)
        changed = studio.swap_request(request, named[one], to)
        label = labels["run_swap"].format(word=one, to=to)
        again = controls.run_button(label, key="runswap", request=changed)
        if again.start:
            studio.begin_beside(studio.SWAPPED, changed, request, opening)
        stage.wait(words, studio.SWAPPED, changed, opening)
if named:
    parts.swap(words, right.container(key="attention-swap"), again.linked,
               (request, changed), (one, named[one], to), opening)  # fmt: skip

# --- one word turned up or down ---

st.header(labels["turn_title"], anchor=False)
left, right = st.columns([0.36, 0.64], gap="large")
places = prompt_words.labels(request.words)
with left:
    st.markdown(words.text("turn" if places else "no-names"))
    if places:
        word = controls.select(
            "turn", labels["turn"], list(places), stage.first(places, studio.TURN[0], *named), row=False
        )
        options = {"format": "× %g", "help": words.text("factor")}
        factor = controls.slider("factor", labels["factor"], 0.0, 3.0, studio.TURN[1], 0.25, **options)
        turned = studio.scaled(request, places[word], factor)
        label = labels["run_turn"].format(word=word, factor=f"{factor:g}")
        again = controls.run_button(label, key="runturn", request=turned)
        if again.start:
            studio.begin_beside(studio.TURNED, turned, request, opening)
        stage.wait(words, studio.TURNED, turned, opening)
if places:
    parts.turn(words, right.container(key="attention-turn"), again.linked,
               (request, turned), (word, places[word], factor), opening)  # fmt: skip

# --- two figures ---

st.header(labels["pair_title"], anchor=False)
left, right = st.columns([0.36, 0.64], gap="large")
with left:
    st.markdown(words.text("pair"))
    first = controls.number("first", labels["first"], 0, controls.LARGEST_SEED - studio.PAIR_SEEDS, studio.PAIR_FIRST)
    eight = studio.pair_request(int(first))
    again = controls.run_button(labels["run_pair"], key="runpair", request=eight)
    if again.start:
        studio.begin(studio.PAIR, eight)
    stage.wait(words, studio.PAIR, eight, opening)
parts.pair(words, right.container(key="attention-pair"), again.linked, eight, opening)

page.try_this(words.moves())
page.what_you_saw(words.text("saw"), belief=words.text("belief"), truth=words.text("truth"))
layers, maths = "diffusion_core/nn/layers.py", "diffusion_core/attention.py"
code = (f"{layers}::Attention.forward", f"{layers}::Probe", f"{maths}::together", f"{maths}::share_inside")
page.depth(maths=words.text("maths"), sources=code, papers=words.text("papers"), note=words.text("code"))
page.check_yourself(words.quiz(), key="attention")
page.where_next(lesson, words.text("next"))
