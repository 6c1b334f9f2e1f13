"""A prompt, examples to press, and what the reader of prompts made of it.

The network knows the words of its captions and no others, so the words that it really hears stand under the box.
A learner's text only ever reaches the page escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

import streamlit as st

from diffusion_core.world.lexicon import FACTS
from diffusion_core.world.prompts import Reading, canonical, read_prompt
from diffusion_core.world.vocabulary import Figure, Scene
from lessons.shared import controls, prose

LONGEST = 200  # characters in the box; the network hears at most 22 words
STYLE = Path(__file__).with_name("prompt_box.css")
_STARRED = re.compile(r"\*([^*]+)\*")


def prompt_box(
    key: str, label: str, default: str = "", examples: Mapping[str, str] | None = None
) -> tuple[str, Reading]:
    """(what was typed, how it reads). `examples`: words on a chip → the prompt that it puts into the box."""
    st.html(STYLE)
    typed = controls.text(key, label, default, longest=LONGEST)
    if examples:
        with st.container(horizontal=True, gap=None, key=f"bk-chips-{key}"):
            for name, prompt in examples.items():
                st.button(name, key=f"{key}-{name}", on_click=_put, args=(key, prompt))
    reading = read_prompt(typed)
    st.html(reading_html(reading))
    return typed, reading


def _put(key: str, prompt: str) -> None:
    st.session_state[key] = prompt


def reading_html(reading: Reading) -> str:
    """The words that the network hears, and a sentence for whatever else there is to say."""
    words = prose.load("prompt_box")
    heard = "".join(f"<li{_kind(word)}>{escape(word)}</li>" for word in reading.words)
    heard = heard or f'<li class="bk-none">{escape(words.text("nothing"))}</li>'
    notes = [words.text("heard-as", typed=f"*{typed}*", read=f"*{read}*") for typed, read in reading.understood]
    notes += reading.notes
    notes += [words.text("unseen", what=f"*{unseen(block)}*") for block in reading.held_out]
    said = "".join(f"<p>{emphasised(note)}</p>" for note in notes)
    title = escape(words.text("hears"))
    return f'<div class="bk-reading"><ul aria-label="{title}"><li class="bk-title">{title}</li>{heard}</ul>{said}</div>'


def unseen(block: Mapping[str, str]) -> str:
    """A held-out combination in words: {"subject": "bird", "colour": "pink"} → "a pink bird"."""
    if "subjects" in block:
        first, _, second = block["subjects"].partition(" and ")
        return f"a {first} beside a {second}"
    figure = Figure(block.get("subject"), block.get("colour"), block.get("wearing"))
    return canonical(Scene((figure,), block.get("thing"), block.get("place"), block.get("time")))


def emphasised(sentence: str) -> str:
    """Escaped HTML; words in *asterisks*, perhaps a learner's own in any script, kept apart from the sentence."""
    return _STARRED.sub(r"<b><bdi>\1</bdi></b>", escape(sentence))


def _kind(word: str) -> str:
    """Little words (a, on, the) look quieter than those that name something."""
    return "" if word in FACTS else ' class="bk-little"'
