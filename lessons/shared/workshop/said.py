"""What the judge saw, in words: short marks under a picture, a table of one picture, and how far a prompt reaches.

Pure functions of looks and labels; everything a learner typed is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from diffusion_core.world.prompts import Reading
from lessons.shared.prompt_box import unseen
from lessons.shared.studio.judging import Look, Mark

Labels = Mapping[str, str]
SHORT = 2  # wrong attributes named under a picture; of more only the number


def short(look: Look, labels: Labels) -> str:
    """Under a picture: "all right", or what is missing: "no sunglasses"."""
    if look.right:
        return labels["right"] if look.named else labels["open"]
    if len(look.wrong) == len(look.named) and len(look.named) > 1:
        return labels["all-wrong"]
    named = [_wrong(mark, labels) for mark in look.wrong[:SHORT]]
    more = [labels["more"].format(count=len(look.wrong) - SHORT)] if len(look.wrong) > SHORT else []
    return ", ".join([*named, *more])


def _wrong(mark: Mark, labels: Labels) -> str:
    """One attribute that is not as asked: "cat → dog"; with nothing in its place: "no apple"."""
    if mark.attribute == "figures":
        return labels["not-figures"].format(asked=mark.asked, saw=mark.saw if mark.saw else 0)
    if mark.saw is None or mark.saw == "nothing":
        return labels["no"].format(asked=mark.asked)
    return labels["instead"].format(asked=mark.asked, saw=mark.saw)


def percent(confidence: float) -> str:
    """A confidence in per cent; never a hundred, since no answer of a network is certain."""
    return "> 99%" if confidence >= 0.995 else f"{100 * confidence:.0f}%"


def saw(mark: Mark, labels: Labels) -> str:
    """The judge's answer for one attribute; an unsure one says what it leans to."""
    if mark.best is None:
        return labels["nothing-seen"]
    return str(mark.best) if mark.saw is not None else labels["unsure"].format(best=mark.best)


def table(look: Look, labels: Labels) -> str:
    """One picture, attribute by attribute: asked, seen, how sure; what was left open comes last."""
    marks = [*look.named, *(mark for mark in look.marks if mark.asked is None and _there(mark, look))]
    heads = "".join(f'<th scope="col">{escape(labels[f"head-{name}"])}</th>' for name in ("asked", "saw", "sure"))
    body = "".join(_line(mark, _pair(look), labels) for mark in marks)
    return f'<table class="pw-saw"><thead><tr><td></td>{heads}</tr></thead><tbody>{body}</tbody></table>'


def _pair(look: Look) -> bool:
    return any(mark.head == "figures" and 2 in (mark.asked, mark.saw) for mark in look.marks)


def _there(mark: Mark, look: Look) -> bool:
    """Whether an attribute that was left open says anything: not of a second figure that is not there."""
    return not mark.head.endswith("2") or _pair(look)


def _line(mark: Mark, pair: bool, labels: Labels) -> str:
    side = labels[f"slot-{mark.head[-1]}"].format(name=labels[mark.attribute]) if mark.head[-1] in "12" and pair else ""
    name = escape(side or labels[mark.attribute])
    asked = escape(str(mark.asked)) if mark.asked is not None else f"<i>{escape(labels['left-open'])}</i>"
    kind = "open" if mark.asked is None else "right" if mark.right else "wrong"
    tick = {"right": "✓ ", "wrong": "✗ ", "open": ""}[kind]
    wide = f'<b><i style="width:{100 * mark.confidence:.0f}%"></i></b>'
    sure = f"{wide}<span>{escape(percent(mark.confidence))}</span>"
    cells = f'<td class="pw-answer">{tick}{escape(saw(mark, labels))}</td><td class="pw-sure">{sure}</td>'
    return f'<tr class="pw-{kind}"><th scope="row">{name}</th><td>{asked}</td>{cells}</tr>'


def distance(blocks: tuple[Mapping[str, str], ...]) -> str:
    """How far a prompt is from training: none, two, three, or pair (of subjects); the nearest miss first."""
    kinds = ["pair" if "subjects" in block else {2: "two", 3: "three"}[len(block)] for block in blocks]
    return next((kind for kind in ("pair", "two", "three") if kind in kinds), "none")


def reach(reading: Reading, labels: Labels) -> str:
    """A tag and a sentence for each combination that training never held, or that there is none."""
    if reading.unconditional:
        return '<p class="pw-reach"></p>'
    if not reading.held_out:
        return f'<p class="pw-reach"><b>{escape(labels["seen"])}</b> {escape(labels["reach-none"])}</p>'
    lines = [f'<p class="pw-reach pw-unseen"><b>{escape(labels["unseen"])}</b> <em>{escape(unseen(block))}</em>: '
             f'{escape(labels[f"reach-{distance((block,))}"])}</p>' for block in reading.held_out]  # fmt: skip
    return "".join(lines)
