"""The lesson's further parts once they have run: one word changed, one word turned, and eight pairs of animals."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from lessons.shared import guess, pictures
from lessons.shared.guess import Guess
from lessons.shared.prose import Prose
from lessons.shared.studio import attention as studio
from lessons.shared.studio import binding, prompt_words, runs
from lessons.shared.studio.attention import Done, Effect, Shipped
from lessons.shared.studio.binding import Eight
from lessons.shared.studio.runs import Request
from lessons.shared.studio.sights import Seen
from lessons.shared.word_maps.figures import Shown, difference, plain, row, spotlight

STYLE = Path(__file__).with_name("figures.css")
STILL, LOCAL, CHANCE = 2.0, 0.65, 0.35  # shades of change; shares of it inside the strongest quarter
RED, CAT, BLUE, DOG = 1, 2, 5, 6  # places in PAIR_PROMPT
APART = 0.65  # of a colour's attention in one half: it keeps to that animal
PERCENT = 100


def style() -> None:
    """The look of rows of pictures, once a page."""
    st.html(STYLE)


def percent(share: float) -> int:
    return round(PERCENT * share)


def swap(
    words: Prose,
    right: Any,
    opened: bool,
    pair: tuple[Request, Request],
    change: tuple[str, int, str],
    opening: Shipped | None,
) -> None:
    """One word changed: how much of the change fell where the word acts."""
    word, place, to = change
    with right:
        told = guess.ask_number("g-swap", words.text("ask-swap"), 0, 100, 5, unit="%", opened=opened)
        found = _pair(words, told, studio.SWAPPED, pair, opening)
        if found is None:
            return
        before, after = found
        effect = studio.effect(before.result, place, after.result)
        seen = _seen(studio.SWAPPED, after, effect, "", opening)
        kind = "still" if effect.mean < STILL else "local" if effect.inside >= LOCAL else "leans"
        kind = "whole" if kind == "leans" and effect.inside < CHANCE else kind
        numbers = {"shades": f"{effect.mean:.0f}", "inside": percent(effect.inside)}
        sentences = [words.text("swapped", word=word, to=to, **numbers), words.text(f"swap-{kind}", word=word)]
        guess.reveal(told, percent(effect.inside), " ".join(sentences) + both(words, seen), unit="%")
    effect_row(words, effect, word, (words.text("row-before", word=word), words.text("row-after", to=to)), found)


def turn(
    words: Prose,
    right: Any,
    opened: bool,
    pair: tuple[Request, Request],
    change: tuple[str, int, float],
    opening: Shipped | None,
) -> None:
    """One word turned up or down: whether what it names is still there, by the judge."""
    word, place, factor = change
    with right:
        options = words.text("turn-options").splitlines()
        told = guess.ask("g-turn", words.text("ask-turn"), options, opened)
        found = _pair(words, told, studio.TURNED, pair, opening)
        if found is None:
            return
        before, after = found
        effect = studio.effect(before.result, place, after.result)
        named = prompt_words.named_by(before.request.words, place)
        seen = _seen(studio.TURNED, after, effect, named, opening)
        outcome, section = _fate(words, seen if named else [], options)
        numbers = {"shades": f"{effect.mean:.0f}", "inside": percent(effect.inside), "factor": f"{factor:g}"}
        sentences = [words.text("turned", word=word, **numbers), words.text(section, word=word)]
        guess.reveal(told, outcome, " ".join(sentences) + both(words, seen))
    titles = words.text("row-scale", word=word, factor="1"), words.text("row-scale", word=word, factor=f"{factor:g}")
    effect_row(words, effect, word, titles, found)


def _fate(words: Prose, seen: Sequence[Seen], options: Sequence[str]) -> tuple[str, str]:
    """(the outcome in the guess's own words, the section that says more) of what a turned word names."""
    there, gone = options
    if len(seen) != 2:
        return words.text("turn-unnamed"), "turned-unnamed"
    before, after = (each.right for each in seen)
    return (there if after else gone), ("turned-there" if after else "turned-gone") if before else "turned-never"


def _pair(
    words: Prose, told: Guess, slot: str, pair: tuple[Request, Request], opening: Shipped | None
) -> tuple[Done, Done] | None:
    """Both runs that are compared; None, and a line that says what is missing, until they and a guess are there."""
    found = studio.at_hand(studio.OWN, pair[0], opening), studio.at_hand(slot, pair[1], opening)
    if not told.open:
        guess.reveal(told, "", "")
    elif None in found:
        st.caption(words.text("run-first"))
    return found if told.open and None not in found else None


def _seen(slot: str, after: Done, effect: Effect, prompt: str, opening: Shipped | None) -> list[Seen]:
    """What the judge sees before and after; nothing, and a line that says why, where it is not there."""
    try:
        return studio.seen_in(slot, after, np.stack([effect.before, effect.after]), prompt, opening)
    except RuntimeError as problem:  # ShippedFileError: it says which command helps
        st.caption(str(problem))
        return []


def both(words: Prose, seen: Sequence[Seen]) -> str:
    """What the judge sees before and after, as a paragraph of its own."""
    if len(seen) != 2:
        return ""
    told = words.text("judge-both", before=said(words, seen[0]), after=said(words, seen[1]))
    card = binding.measured(binding.ONE)
    ceiling = f" {words.text('judge-ceiling', ceiling=f'{card.ceiling:g}')}" if card is not None else ""
    return f"\n\n{told}{ceiling}"


def effect_row(words: Prose, effect: Effect, word: str, titles: tuple[str, str], dones: tuple[Done, Done]) -> None:
    """Before, where the word was heard, after, and where the two differ."""
    before, after = titles
    badges = [pictures.badge(done.badge) for done in dones]
    heard = words.text("row-heard", word=word)
    differs = words.text("row-difference", most=round(float(effect.shades.max())))
    st.html(row([
        Shown(plain(effect.before), before, words.text("alt-picture", what=before), label=badges[0]),
        Shown(spotlight(effect.before, effect.heard), heard, heard),
        Shown(plain(effect.after), after, words.text("alt-picture", what=after), label=badges[1]),
        Shown(difference(effect.shades, effect.cells), differs, differs, scale=1),
    ]))  # fmt: skip
    pictures.show_badge(dones[1].badge, runs.describe(dones[1].request))


def said(words: Prose, seen: Seen) -> str:
    """What the judge sees, as a caption."""
    return f"“{seen.said or words.text('nothing-seen')}”"


def pair(words: Prose, right: Any, opened: bool, request: Request, opening: Shipped | None) -> None:
    """Eight pictures of two animals: how many are right, by the judge, and one of each kind opened."""
    with right:
        unit = f"of {studio.PAIR_SEEDS}"
        told = guess.ask_number("g-pair", words.text("ask-pair"), 0, studio.PAIR_SEEDS, unit=unit, opened=opened)
        done = studio.at_hand(studio.PAIR, request, opening)
        if not told.open:
            return guess.reveal(told, "", "")
        if done is None:
            return st.caption(words.text("run-first"))
        try:
            seen = studio.seen_in(studio.PAIR, done, done.result.pictures, studio.PAIR_PROMPT, opening)
        except RuntimeError as problem:  # ShippedFileError: it says which command helps
            return st.caption(str(problem))
        _count(words, told, seen)
    eight(words, done, seen)
    success_and_failure(words, done, seen)


def _count(words: Prose, told: Guess, seen: Sequence[Seen]) -> None:
    """How many are right, and the rate measured on a thousand others."""
    right, card = sum(each.bound for each in seen), binding.measured()
    sentence = words.text("paired", right=right, count=len(seen))
    if card is not None and card.rate is not None:
        numbers = {"rate": f"{card.rate:g}", "ceiling": f"{card.ceiling:g}", "pictures": f"{card.pictures:,}"}
        sentence += "\n\n" + words.text("measured", **numbers)
    guess.reveal(told, right, sentence, unit=f"of {len(seen)}")


def eight(words: Prose, done: Done, seen: Sequence[Seen]) -> None:
    """The pictures in a row of their own, each with what the judge sees in it."""
    cells = []
    for seed, picture, each in zip(done.request.seeds, done.result.pictures, seen, strict=True):
        mark = "wm-yes" if each.bound else "wm-no"
        sees = each.said.partition(" in the ")[0] or words.text("nothing-seen")  # the place takes room, and is right
        verdict = f'<span class="{mark}">{escape(sees)}</span>'
        alt = words.text("alt-eight", seed=seed, said=each.said)
        cells.append(Shown(plain(picture), words.text("row-seed", seed=seed), alt, 4, verdict))
    st.html(f'<div class="wm-eight">{row(cells)}</div>')
    pictures.show_badge(done.badge, words.text("badge-eight", made=runs.describe(done.request).partition(" · ")[2]))


def success_and_failure(words: Prose, done: Done, seen: Sequence[Seen]) -> None:
    """One of each, opened: where red and blue are heard."""
    names = studio.PAIR_PROMPT.split()
    found = binding.opened(seen, (names[RED], names[BLUE]))
    for kind, chosen in zip(("success", "failure"), found, strict=True):
        if chosen is None:
            st.markdown(words.text(f"no-{kind}"))
            continue
        st.markdown(words.text(f"pair-{kind}", seed=done.request.seeds[chosen], said=said(words, seen[chosen])))
        st.html(row(opened_row(words, done.result, chosen)))
        if slots := seen[chosen].slots:
            st.markdown(_halves(words, done.result, chosen, slots))


def _halves(words: Prose, eight: Eight, chosen: int, slots: tuple[int, ...]) -> str:
    """How much of each colour's attention lies on its own animal, and what that says."""
    cat, dog = slots
    red, blue = binding.heed(eight, chosen, RED, cat), binding.heed(eight, chosen, BLUE, dog)
    kind = "own" if min(red, blue) >= APART else "other" if max(red, blue) <= 1 - APART else "mixed"
    return words.text("halves", red=percent(red), blue=percent(blue)) + " " + words.text(f"halves-{kind}")


def opened_row(words: Prose, eight: Eight, chosen: int) -> list[Shown]:
    """A picture, and the same under the maps of both colours and both animals."""
    picture, maps = eight.pictures[chosen], eight.maps[chosen]
    names = studio.PAIR_PROMPT.split()
    shown = [Shown(plain(picture), words.text("row-picture"), words.text("row-picture"))]
    for place in (RED, BLUE, CAT, DOG):
        heard = words.text("row-heard", word=names[place])
        shown.append(Shown(spotlight(picture, np.asarray(maps[..., place + 1])), heard, heard))
    return shown
