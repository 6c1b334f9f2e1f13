"""Words become vectors: a text encoder that learned its meanings from drawings, explored, tested and summed."""

from __future__ import annotations

import streamlit as st

from lessons import catalog
from lessons.shared import controls, guess, links, page, pictures, prose
from lessons.shared.prompt_box import prompt_box
from lessons.shared.studio import meaning as studio
from lessons.shared.word_space import near, scenes

lesson, words = catalog.lesson(__file__), prose.load("words")
labels = dict(line.split(": ", 1) for line in words.text("labels").splitlines())
CLAIM = [(who, whom) for who in ("king", "queen") for whom in ("man", "woman")]


def pick(word: str) -> None:
    """A click on a word puts it into the box."""
    st.session_state["phrase"] = word


page.header(lesson)
near.style()
play, side = page.stage()
with side:
    _, reading = prompt_box("phrase", labels["phrase"], next(iter(studio.EXAMPLES.values())), studio.EXAMPLES)
    look = controls.select("look", labels["look"], list(scenes.LOOKS), row=False, help=words.text("look-help"))
    age = controls.select("encoder", labels["encoder"], [labels["trained"], labels["fresh"]],
                          help=words.text("encoder-help"))  # fmt: skip
    which = studio.TRAINED if age == labels["trained"] else studio.FRESH
    centred = controls.toggle("centred", labels["centred"], help=words.text("centred-help"))
    controls.reset_button(keep=(), label=labels["reset"])
    links.copy_link()

# --- a guess, then arithmetic with words ---

st.header(labels["sum_title"], anchor=False)
st.markdown(words.text("sum"))
options = words.text("sum-options").splitlines()
told = guess.ask("words-sum-guess", words.text("sum-question"), options)
if told.open:
    trained = studio.space(studio.TRAINED)
    claim = {pair: studio.alike(*map(trained.word, pair)) for pair in CLAIM}
    first, second = studio.near_words(studio.word_sum("king", "man", "woman", studio.TRAINED), studio.TRAINED, 2)
    numbers = {"_".join(pair): near.number(cosine) for pair, cosine in claim.items()}
    found = {"nearest": first.what, "cosine": near.number(first.cosine), "second": second.what}
    guess.reveal(told, first.what, words.text("sum-reveal", **numbers, **found, then=near.number(second.cosine)))
    table, rest = st.columns([0.36, 0.64], gap="large")
    table.html(near.table(claim, labels["cosine"]))
    rest.markdown(words.text("table"))
    st.subheader(labels["own_sum"], anchor=False)
    st.markdown(words.text("own-sum"))
    terms = {}
    for place, (key, opens) in zip(st.columns(3), {"a": "king", "b": "man", "c": "woman"}.items(), strict=True):
        with place:
            terms[key] = controls.select(key, labels[key], studio.WORDS, opens, row=False)
    a, b, c = terms.values()
    ranked = studio.near_words(studio.word_sum(a, b, c, which), which, 6, centred)
    fresh = next(n for n in ranked if n.what not in (a, b, c))
    view, list_of = st.columns([0.58, 0.42], gap="medium")
    with view:
        scenes.sum_of_words(a, b, c, fresh.what, which, labels)
    with list_of:
        rows = [(n.what, n.cosine) for n in ranked]
        title = scenes.near_title(f"{a} − {b} + {c}", centred, labels)
        st.html(near.bars(rows, title, (a, b, c), labels["given"]))
        verdict = "sum-hit" if ranked[0] is fresh else "sum-stay"
        st.markdown(words.text(verdict, nearest=ranked[0].what, fresh=fresh.what, cosine=near.number(fresh.cosine)))
        pictures.show_badge("cached", f"{labels['made']} · {age}")
else:
    guess.reveal(told, "", "")

# --- a second phrase, and a guess about order ---

st.header(labels["order_title"], anchor=False)
first, second = (studio.place(studio.heard(text)) for text in (studio.RED_BLUE, studio.BLUE_RED))
asked = guess.ask_number("words-order", words.text("order-question"), 0.0, 1.0, 0.05)
order = near.fine(studio.alike(first.vector, second.vector))
guess.reveal(asked, order, words.text("order-reveal", cosine=order))
st.markdown(words.text("compare"))
box, result = st.columns([0.36, 0.64], gap="large")
with box:
    _, other_reading = prompt_box("other", labels["other"], next(iter(studio.OTHERS.values())), studio.OTHERS)
with st.spinner(words.text("waiting")):
    you, other = studio.place(reading.words, which), studio.place(other_reading.words, which)
    fewer = [studio.place(said, which) for said in studio.left_out(reading.scene)]
with result:
    both = near.fine(studio.alike(you.vector, other.vector, which, centred))
    names = {"one": scenes.name(you, labels), "two": scenes.name(other, labels)}
    st.html(near.alike(names["one"], names["two"], both, labels["cosine"]))
    scenes.neighbours(other, which, centred, labels, few=4, drawn=3)
if fewer and not any(each.problem for each in fewer):
    st.markdown(words.text("left-out"))
    rows = [(" ".join(each.said), studio.alike(you.vector, each.vector, which, centred)) for each in fewer]
    st.html(f'<div class="ws-wide">{near.bars(rows, labels["left_out"].format(phrase=names["one"]))}</div>')

st.header(labels["steer_title"], anchor=False)
st.markdown(words.text("steer"))
scenes.word_by_word(you, which, labels)

with play:
    if you.problem or other.problem:
        st.warning(you.problem or other.problem, icon=":material/warning:")
    share = scenes.vocabulary(you, other, scenes.remember(you.said), look, which, centred, labels, pick)
    pictures.show_badge(you.badge, words.text("axes", share=share, count=len(scenes.LOOKS[look])))
    scenes.neighbours(you, which, centred, labels)

page.try_this(words.moves())
page.what_you_saw(words.text("saw"), belief=words.text("belief"), truth=words.text("truth"))
core = [f"diffusion_core/meaning.py::{part}" for part in ("cosine", "nearest", "analogy", "principal_axes")]
text = [f"diffusion_core/nn/text.py::{part}" for part in ("contrastive_loss", "TextEncoder.pooled")]
page.depth(maths=words.text("maths"), sources=text + core, papers=words.text("papers"), note=words.text("code-note"))
page.check_yourself(words.quiz(), key="words")
page.where_next(lesson, words.text("next"))
