"""Captions: a scene put into words, in several wordings and lengths, often leaving things out.

A caption is written in two steps. `choose_facts` decides what is said (a partial scene), `say` how
it is said. The reader of prompts undoes the second step: reading what `say` wrote gives back the
facts, so a network trained on these captions and a learner's prompt speak the same language.

"nothing" is never said, and captions hold words only: no commas, no capitals.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from diffusion_core.world.vocabulary import BUILT, COLOURS, NOTHING, SUBJECTS, Figure, Scene

MAX_WORDS = 22  # the longest wording of the fullest scene; the text encoder's length

PEOPLE = frozenset({"man", "woman", "king", "queen"})  # their colour is worn: "a king in red"
ARTICLES = frozenset({"a", "an", "the"})

WEARING = {
    "sunglasses": ("wearing sunglasses", "with sunglasses", "in sunglasses"),
    "hat": ("wearing a hat", "with a hat", "in a hat"),
    "headband": (
        "wearing a glowing headband", "with a glowing headband", "wearing a headband", "with a headband",
    ),
    "cape": (
        "dressed as a superhero", "in a cape and mask", "wearing a cape and mask", "wearing a cape",
        "with a cape", "in a superhero cape", "wearing a mask",
    ),
    "scarf": ("wearing a scarf", "with a scarf", "in a scarf"),
}  # fmt: skip
# The last wording of each thing joins it with "and", which only reads well right after the figure.
BESIDE = {
    "basketball": ("with a basketball", "playing basketball", "next to a basketball", "beside a basketball",
                   "and a basketball"),
    "apple": ("with an apple", "holding an apple", "next to an apple", "beside an apple", "and an apple"),
    "flower": ("with a flower", "holding a flower", "next to a flower", "beside a flower", "and a flower"),
    "balloon": ("with a balloon", "holding a balloon", "next to a balloon", "beside a balloon",
                "and a balloon"),
}  # fmt: skip
# A house has no hands.
BESIDE_BUILT = {thing: (first, *rest) for thing, (first, _, *rest) in BESIDE.items()}
PLACED = {
    "beach": ("on the beach", "on a beach", "at the beach"),
    "forest": ("in the forest", "in a forest"),
    "space": ("in space",),
    "city": ("in the city", "in a city"),
    "snow": ("in the snow", "in snow"),
    "room": ("in a room", "in the room"),
    "underwater": ("underwater",),
    "desert": ("in the desert", "in a desert"),
}
TIMED = {
    "day": ("by day", "in daylight", "on a sunny day"),
    "sunset": ("at sunset",),
    "night": ("at night", "by night"),
}
# Bare words, for captions that are lists: "turtle green beach sunglasses".
TAGS = {
    "headband": ("headband", "glowing headband"),
    "cape": ("cape", "superhero", "cape mask"),
    "day": ("day", "daylight", "sunny", "sunny day"),
}
OPENINGS = ("a picture of", "a drawing of")
# {l} is the left figure, {r} the right one. Where no side is named either may come first.
SIDED = (
    "{l} on the left and {r} on the right", "{r} on the right and {l} on the left",
    "{l} left of {r}", "{l} to the left of {r}", "{r} right of {l}", "{r} to the right of {l}",
)  # fmt: skip
SIDES = 0.45  # of sentences about two figures: who stands on which side
UNSIDED = ("{l} and {r}", "{l} and {r}", "{l} next to {r}", "{l} beside {r}", "{l} with {r}")
_FIGURE_WORDS = "a an the in that is superhero"
_PAIR_WORDS = "on the left and right to of next beside with"


def _caption_words() -> tuple[str, ...]:
    tables = (WEARING, BESIDE, PLACED, TIMED, TAGS)
    phrases = [phrase for table in tables for wordings in table.values() for phrase in wordings]
    names = [*SUBJECTS, *COLOURS, *(name for table in tables for name in table)]
    return tuple(sorted(set(" ".join([*phrases, *names, *OPENINGS, _FIGURE_WORDS, _PAIR_WORDS]).split())))


CAPTION_WORDS = _caption_words()  # every word that a caption can hold


def write_caption(scene: Scene, rng: random.Random, sides: float = SIDES) -> str:
    """One caption of `scene`: at most MAX_WORDS words of CAPTION_WORDS, all of them true of it.

    sides: the share of sentences about two figures that name their sides.
    """
    return say(choose_facts(scene, rng), rng, sides) or scene.figures[0].subject  # a caption is never empty


def choose_facts(scene: Scene, rng: random.Random) -> Scene:
    """The part of `scene` that a caption will tell: all in 25% and the subject alone in 10% of captions."""
    draw = rng.random
    kind = draw()
    keep = 1.0 if kind < 0.25 else 0.0 if kind < 0.35 else 0.62
    alone = len(scene.figures) == 1 and keep == 0.62
    figures = tuple(
        Figure(
            # once in a hundred, so that "night beach" alone means something too
            None if alone and draw() < 0.015 else figure.subject,
            figure.colour if draw() < keep else None,
            figure.wearing if figure.wearing != NOTHING and draw() < keep else None,
        )
        for figure in scene.figures
    )
    return Scene(
        figures,
        scene.thing if scene.thing != NOTHING and draw() < keep else None,
        scene.place if draw() < keep else None,
        scene.time if draw() < keep else None,
    )


def say(facts: Scene, rng: random.Random, sides: float = SIDES) -> str:
    """Put a partial scene into words: everything it says, and nothing else (None = left out)."""
    figures = facts.figures
    if rng.random() < 0.15 or not figures or figures[0].subject is None:
        return _tags(facts, rng)
    caption = _sentence_of_two(facts, rng, sides) if len(figures) == 2 else _sentence_of_one(facts, rng)
    opens = caption.startswith(("a ", "an ", "the ")) and caption.count(" ") < MAX_WORDS - 3
    if opens and rng.random() < 0.12:
        caption = f"{_pick(OPENINGS, rng)} {caption}"
    if rng.random() < 0.15:  # as one types in a hurry: "green turtle with hat on beach"
        caption = " ".join(word for word in caption.split() if word not in ARTICLES)
    return caption


def _pick(wordings: Sequence[str], rng: random.Random) -> str:
    return wordings[int(rng.random() * len(wordings))]  # a quarter of the time rng.choice takes


def _with_article(noun: str, rng: random.Random) -> str:
    if rng.random() < 0.06:
        return f"the {noun}"
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _figure(figure: Figure, rng: random.Random, hero: bool = False, long: bool = True) -> str:
    """One of "a green turtle", "a turtle that is green", "a king in red", "a superhero cat"."""
    subject = f"superhero {figure.subject}" if hero else figure.subject
    if figure.colour is None:
        return _with_article(subject, rng)
    draw = rng.random()
    if figure.subject in PEOPLE and draw < 0.4:
        return f"{_with_article(subject, rng)} in {figure.colour}"
    if long and draw > 0.92:
        return f"{_with_article(subject, rng)} that is {figure.colour}"
    return _with_article(f"{figure.colour} {subject}", rng)


def _sentence_of_one(facts: Scene, rng: random.Random) -> str:
    figure = facts.figures[0]
    hero = figure.wearing == "cape" and rng.random() < 0.35
    who = _figure(figure, rng, hero)
    order = rng.random()
    parts = [] if hero or figure.wearing is None else [_pick(WEARING[figure.wearing], rng)]
    if facts.thing is not None:
        wordings = (BESIDE_BUILT if figure.subject in BUILT else BESIDE)[facts.thing]
        parts.append(_pick(wordings if order < 0.8 else wordings[:-1], rng))
    where = _where(facts, rng)
    if order < 0.65:
        parts = [who, *parts, *where]
    elif order < 0.8:
        parts = [*where, who, *parts]
    elif order < 0.9:
        parts = [who, *where, *parts]
    else:
        parts = [who, *parts[::-1], *where]
    return " ".join(parts)


def _sentence_of_two(facts: Scene, rng: random.Random, sides: float) -> str:
    left, right = (_figure(figure, rng, long=False) for figure in facts.figures)
    if rng.random() < sides:
        who = _pick(SIDED, rng).format(l=left, r=right)
    else:
        if rng.random() < 0.5:
            left, right = right, left
        who = _pick(UNSIDED, rng).format(l=left, r=right)
    where = _where(facts, rng)
    return " ".join([*where, who] if rng.random() < 0.2 else [who, *where])


def _where(facts: Scene, rng: random.Random) -> list[str]:
    """Place and time, in either order."""
    parts = [] if facts.place is None else [_pick(PLACED[facts.place], rng)]
    if facts.time is not None:
        parts.insert(0 if rng.random() < 0.2 else 1, _pick(TIMED[facts.time], rng))
    return parts


def _tags(facts: Scene, rng: random.Random) -> str:
    """Bare words in random order; with two figures each colour stays before its own."""
    tags = []
    for figure in facts.figures:
        if figure.subject and figure.colour and (len(facts.figures) == 2 or rng.random() < 0.75):
            tags.append(f"{figure.colour} {figure.subject}")
        else:
            tags += [figure.subject, figure.colour]
        tags.append(figure.wearing)
    tags = [tag for tag in (*tags, facts.thing, facts.place, facts.time) if tag is not None]
    rng.shuffle(tags)
    return " ".join(_pick(TAGS[tag], rng) if tag in TAGS else tag for tag in tags)
