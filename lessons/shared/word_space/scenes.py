"""What the lesson's two views show: the vocabulary with a learner's phrases in it, and one sum of words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import streamlit as st

from lessons.shared import pictures
from lessons.shared.studio import meaning
from lessons.shared.studio.meaning import Placed, Said
from lessons.shared.word_space import Point, near, word_space

LOOKS: dict[str, Said] = {
    "all words": meaning.WORDS,
    "subjects": meaning.KINDS["subject"],
    "colours": meaning.KINDS["colour"],
    "things worn": meaning.KINDS["worn"],
    "things beside": meaning.KINDS["thing"],
    "places": meaning.KINDS["place"],
    "times of day": meaning.KINDS["time"],
}
PATH, LONGEST_PATH = "words-path", 3
Labels = Mapping[str, str]


def remember(said: Said) -> list[Said]:
    """The phrases before this one, oldest first; this one joins them when it is new."""
    path: list[Said] = st.session_state.setdefault(PATH, [])
    if not path or path[-1] != said:
        path.append(said)
        del path[: -LONGEST_PATH - 1]
    return path[:-1]


def vocabulary(you: Placed, other: Placed, before: Sequence[Said], look: str, which: str, centred: bool,
               labels: Labels, on_pick: Callable[[str], None]) -> int:
    """The big view. Returns how much of the spread its axes keep, in percent."""
    home, shown = meaning.space(which), LOOKS[look]
    view = meaning.axes(shown, which)
    spots = {word: meaning.spot(view, home.word(word)) for word in meaning.WORDS}
    points = [Point(word, meaning.KIND_OF[word], at, word not in shown) for word, at in spots.items()]
    here = meaning.spot(view, you.vector)
    near = meaning.near_words(you.vector, which, 3, centred)
    own = [Point("", "past", meaning.spot(view, meaning.place(said, which).vector)) for said in before]
    own.append(Point(name(other, labels), "other", meaning.spot(view, other.vector)))
    own.append(Point(name(you, labels), "you", here))
    word_space(points, key="words-all", labels=labels, own=own, on_pick=on_pick, tall=390,
               threads=[(here, spots[n.what]) for n in near if n.what in shown])  # fmt: skip
    return meaning.kept(view)


def sum_of_words(a: str, b: str, c: str, answer: str, which: str, labels: Labels) -> None:
    """a − b + c from a side where nothing is lost: the step from b to a, and the same step from c."""
    home, view = meaning.space(which), meaning.sum_axes(a, b, c, answer, which)
    spots = {w: meaning.spot(view, home.word(w)) for w in dict.fromkeys((a, b, c, answer))}
    end = meaning.spot(view, meaning.word_sum(a, b, c, which))
    points = [Point(word, meaning.KIND_OF[word], at) for word, at in spots.items()]
    own_labels = {**labels, "what": labels["what_sum"], "hint": labels["hint_sum"]}
    word_space(points, key="words-sum", labels=own_labels, tall=300,
               own=[Point(f"{a} − {b} + {c}", "sum", end)],
               arrows=[(spots[b], spots[a]), (spots[c], end)])  # fmt: skip


def neighbours(placed: Placed, which: str, centred: bool, labels: Labels, few: int = 5, drawn: int = 4) -> None:
    """Nearest words and nearest drawings of a phrase, side by side."""
    left, right = st.columns([0.42, 0.58], gap="small")
    rows = [(n.what, n.cosine) for n in meaning.near_words(placed.vector, which, few, centred)]
    left.html(near.bars(rows, near_title(name(placed, labels), centred, labels)))
    shown, said = meaning.drawings()
    found = meaning.near_pictures(placed.vector, which, drawn)
    cells = [(said[n.what], n.cosine) for n in found]
    right.html(near.row_of_pictures([shown[n.what] for n in found], cells, labels["near_pictures"]))


def near_title(phrase: str, centred: bool, labels: Labels) -> str:
    """What a list of nearest words is called; it says so when the common part was taken away."""
    return labels["near_words"].format(phrase=phrase) + (labels["from_middle"] if centred else "")


def word_by_word(placed: Placed, which: str, labels: Labels) -> None:
    """What the drawing network gets of a phrase: 128 numbers a word, black −3 to white +3."""
    vectors, badge = meaning.word_vectors(placed.said, which)
    greys = np.clip((vectors + 3) * 42.5, 0, 255).astype(np.uint8)
    st.html(near.stripes(greys, [labels["start"], *placed.said]))
    pictures.show_badge(badge, labels["greys"])


def name(placed: Placed, labels: Labels) -> str:
    return " ".join(placed.said) or labels["no_words"]
