"""What a sequence of caption words says: the partial scene, and where the words contradict each other.

Binding follows the captions: a colour belongs to the next figure ("a red cat"), or to the last one
after "in" or "is" ("a king in red"); left over, it belongs to whoever is there.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from diffusion_core.world.lexicon import FACTS
from diffusion_core.world.vocabulary import Figure, Scene

_OF_OBJECTS = frozenset({"a", "an", "the", "with", "wearing", "holding"})  # "a red hat": the hat's colour


@dataclass
class _Said:
    """Everything said of one figure; more than one colour is a contradiction."""

    subject: str | None = None
    colour: list[str] = field(default_factory=list)
    wearing: list[str] = field(default_factory=list)
    side: str | None = None

    def figure(self) -> Figure:
        return Figure(self.subject, next(iter(self.colour), None), next(iter(self.wearing), None))


@dataclass
class _State:
    figures: list[_Said] = field(default_factory=list)
    ahead: _Said = field(default_factory=_Said)  # said before its figure is named
    scene: dict[str, list[str]] = field(default_factory=lambda: {"thing": [], "place": [], "time": []})
    swapped: bool | None = None  # the second figure named stands on the left; None: no side named
    clashes: list[str] = field(default_factory=list)


def facts_of(words: tuple[str, ...]) -> tuple[Scene, bool, list[str]]:
    """The scene that `words` describe, whether they name sides, and one sentence for each contradiction.

    Figures stand left to right where sides are named, else in the order of mention.
    """
    state = _State()
    for i, word in enumerate(words):
        before, after = words[i - 1] if i else "", words[i + 1] if i + 1 < len(words) else ""
        if word in {"left", "right"}:
            _side(state, word, after)
        elif word in FACTS:
            _fact(state, word, before, words[i + 1 : i + 3])
    _settle(state)
    order = state.figures[::-1] if state.swapped else state.figures
    first = {kind: next(iter(values), None) for kind, values in state.scene.items()}
    scene = Scene(tuple(said.figure() for said in order), **first)
    return scene, state.swapped is not None, state.clashes


def _fact(state: _State, word: str, before: str, ahead: tuple[str, ...]) -> None:
    kind, value = FACTS[word]
    if kind == "subject":
        state.ahead.subject = "tabby cat" if before == "tabby" else value
        state.figures.append(state.ahead)
        state.ahead = _Said()
    elif kind == "colour":
        _colour(state, value, before, ahead[0] if ahead else "")
    elif kind == "wearing":
        names_next = word == "superhero" and any(FACTS.get(w, ("",))[0] == "subject" for w in ahead)
        last = state.figures[-1] if state.figures and not names_next else state.ahead
        _add(last.wearing, value)
    else:
        _add(state.scene[kind], value)


def _add(values: list[str], value: str) -> None:
    if value not in values:
        values.append(value)


def _colour(state: _State, colour: str, before: str, after: str) -> None:
    kind = FACTS.get(after, ("",))[0]
    if before in _OF_OBJECTS and kind in {"wearing", "thing", "place"} and after != "superhero":
        state.clashes.append(f"Only figures have a colour of their own here: *{colour}* may tint the figure, "
                             f"not the *{after}*.")  # fmt: skip
    elif before in {"in", "is"} and state.figures:
        _add(state.figures[-1].colour, colour)
    else:
        _add(state.ahead.colour, colour)


def _side(state: _State, side: str, after: str) -> None:
    if after == "of":  # "a cat left of a dog"
        state.swapped = side == "right"
    elif state.figures and state.figures[-1].side is None:
        state.figures[-1].side = side
    else:
        state.ahead.side = side


def _settle(state: _State) -> None:
    """Give what is left over to a figure, decide the sides, and name the contradictions."""
    over = state.ahead
    if over.colour or over.wearing:
        if not state.figures:
            state.figures.append(_Said())
        for colour in over.colour:
            _add(state.figures[-1].colour, colour)
        for wearing in over.wearing:
            _add(state.figures[-1].wearing, wearing)
    if len(state.figures) == 2:
        first, second = (said.side for said in state.figures)
        if first or second:
            state.swapped = first == "right" or second == "left"
            if first == second:
                state.clashes.append(f"Two figures cannot both stand on the *{first}*; name one side each.")
    else:
        if over.side or state.swapped is not None or any(said.side for said in state.figures):
            state.clashes.append("Left and right only tell two figures apart; one alone stands anywhere.")
        state.swapped = None
    _contradictions(state)


def _contradictions(state: _State) -> None:
    kinds = {"thing": "one thing beside the figure", "place": "one place", "time": "one time of day"}
    for kind, values in state.scene.items():
        if len(values) > 1:
            state.clashes.append(f"A picture has {kinds[kind]}, and this prompt names {_listed(values)}; "
                                 "the model may mix them.")  # fmt: skip
    for said in state.figures:
        who = f"the *{said.subject}*" if said.subject else "this one"
        if len(said.colour) > 1:
            state.clashes.append(f"A figure has one colour here, and {who} got {_listed(said.colour)}; "
                                 "the model may mix them.")  # fmt: skip
        if len(said.wearing) > 1:
            state.clashes.append(f"A figure wears one thing at a time here, and {who} got "
                                 f"{_listed(said.wearing)}; the model may mix them.")  # fmt: skip


def _listed(values: list[str]) -> str:
    starred = [f"*{value}*" for value in values]
    return ", ".join(starred[:-1]) + " and " + starred[-1]
