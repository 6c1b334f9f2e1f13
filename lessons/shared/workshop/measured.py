"""Measured agreement, seen against unseen: the table of the model card as bars with their uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from lessons.shared import guess
from lessons.shared.pictures import show_badge
from lessons.shared.prose import Prose
from lessons.shared.studio import model_card
from lessons.shared.studio.model_card import HELD_OUT, PAIR, SEEN, THREE, TWO, Row
from lessons.shared.workshop.said import Labels


def measured(words: Prose, labels: Labels) -> None:
    """A guess at the held-out score, then the table and what it says."""
    try:
        rows = model_card.agreement()
        seen, held_out = rows[SEEN], rows[HELD_OUT]
    except (model_card.CardError, KeyError) as problem:
        st.caption(words.text("no-table", problem=str(problem)))
        return
    st.markdown(words.text("measured", seen=f"{seen.right:.1f}", count=f"{seen.pictures:,}"))
    told = guess.ask_number("workshop-measured", words.text("ask-measured"), 0, 100)
    guess.reveal(told, f"{held_out.right:.1f}", finding(rows, words, labels), unit="", source=labels["measured"])
    if told.open:
        st.html(chart(rows, labels))
        trained = model_card.trained_on()
        made = [model_card.COMMAND, labels["trained"].format(count=trained) if trained else ""]
        show_badge("cached", " · ".join(filter(None, made)))
        with st.expander(labels["all-columns"]):
            st.html(columns(rows, labels))
            st.markdown(words.text("columns"))


def finding(rows: Mapping[str, Row], words: Prose, labels: Labels) -> str:
    """What seen against held out says, whichever way the numbers lie."""
    seen, held_out = rows[SEEN], rows[HELD_OUT]
    gap = seen.right - held_out.right
    apart = held_out.high < seen.low or seen.high < held_out.low
    verdict = "lower" if apart and gap > 0 else "higher" if apart else "alike"
    said = words.text(f"gap-{verdict}", seen=f"{seen.right:.1f}", held=f"{held_out.right:.1f}", gap=f"{abs(gap):.1f}")
    return " ".join([said, _weakest(held_out, words, labels), _by_distance(rows, words)]).strip()


def _weakest(row: Row, words: Prose, labels: Labels) -> str:
    rates = {name: rate for name, rate in row.attributes.items() if rate is not None and name in labels}
    name = min(rates, key=rates.get)
    return words.text("weakest", name=labels[name], rate=f"{rates[name]:.1f}")


def _by_distance(rows: Mapping[str, Row], words: Prose) -> str:
    if TWO not in rows or THREE not in rows:
        return ""
    two, three = rows[TWO], rows[THREE]
    apart = two.high < three.low or three.high < two.low
    harder = "alike" if not apart else "two" if two.right < three.right else "three"
    return words.text(f"distance-{harder}", two=f"{two.right:.1f}", three=f"{three.right:.1f}")


def chart(rows: Mapping[str, Row], labels: Labels) -> str:
    """A bar for each row, its 95% interval as a line across the bar's end, its number beside."""
    lines = []
    for name, row in rows.items():
        low, high = f"{row.low:.1f}%", f"{row.high - row.low:.1f}%"
        bar = f'<b><i style="width:{row.right:.1f}%"></i><s style="left:{low};width:{high}"></s></b>'
        figures = {what: f"{getattr(row, what):.1f}" for what in ("low", "high", "ceiling")}
        beside = labels["interval"].format(count=f"{row.pictures:,}", **figures)
        kind = "" if name in (SEEN, PAIR) else " class='pw-held'"
        lines.append(f"<li{kind}><span>{escape(_row_name(name, labels))}</span>{bar}<em>{row.right:.1f}%</em>"
                     f"<small>{escape(beside)}</small></li>")  # fmt: skip
    return f'<ol class="pw-measured" aria-label="{escape(labels["chart"])}">{"".join(lines)}</ol>'


def _row_name(name: str, labels: Labels) -> str:
    """The table's own name, with the distance said in words where it is known."""
    return labels.get(f"row {name.removeprefix('… ')}", name)


def columns(rows: Mapping[str, Row], labels: Labels) -> str:
    """Every column of the table."""
    names = [labels["ceiling"], *next(iter(rows.values())).attributes]
    head = "".join(f'<th scope="col">{escape(labels.get(name, name))}</th>' for name in names)
    body = "".join(_line(row, labels) for row in rows.values())
    table = f"<thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="pw-scroll"><table class="pw-columns">{table}</table></div>'


def _line(row: Row, labels: Labels) -> str:
    rates = ("–" if rate is None else f"{rate:.1f}" for rate in (row.ceiling, *row.attributes.values()))
    cells = "".join(f"<td>{rate}</td>" for rate in rates)
    return f'<tr><th scope="row">{escape(_row_name(row.name, labels))}</th>{cells}</tr>'
