"""The stage: a run's maps as they come, or what was shipped; and the first guess, about layer sizes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from lessons.shared import guess, pictures
from lessons.shared.guess import Guess
from lessons.shared.prose import Prose
from lessons.shared.studio import attention as studio
from lessons.shared.studio import prompt_words, runs
from lessons.shared.studio.attention import Done, Maps, Shipped
from lessons.shared.studio.runs import Request
from lessons.shared.word_maps import word_maps
from lessons.shared.word_maps.live import follow

OPENS_AT = 0.25  # of the way: the prediction shows things by then, and they still move
SIZES = ("16 × 16", "8 × 8", "4 × 4")


def show(words: Prose, labels: Mapping[str, str], request: Request, opening: Shipped | None) -> Done | None:
    """The maps of the last run, or those shipped, with a line that says which; returns what is on show."""
    shown = studio.gather(studio.OWN) or (opening.done[studio.OWN] if opening else None)
    follow("attention", (studio.OWN,), _line(words, request, shown), lambda: _maps(labels, shown))
    return shown


def _line(words: Prose, request: Request, shown: Done | None) -> str:
    if shown is None:
        return words.text("press-empty")
    if shown.request != request:
        return words.text("changed" if shown.badge == "live" else "press")
    if shown.badge == "cached":
        return words.text("shipped")
    return words.text("made", steps=shown.request.steps, seconds=f"{shown.seconds:.1f}")


def _maps(labels: Mapping[str, str], shown: Done | None) -> None:
    """The component, always in the same place: what a run looks at now, else all that the last one looked at."""
    job = runs.job(studio.OWN)
    running = job is not None and not job.over
    fresh = studio.latest(studio.OWN) if running else None
    maps = fresh or (shown.result if shown else None)
    if maps is None:
        return
    request, badge = (job.request, "live") if fresh else (shown.request, shown.badge)
    total, run = request.steps, job.run_id if fresh else badge
    word_maps(maps, key="attention-maps", run=run, total=total, labels=labels, running=fresh is not None,
              word=_first_word(maps), start=round(OPENS_AT * total))  # fmt: skip
    pictures.show_badge(badge, runs.describe(request))


def _first_word(maps: Maps) -> int:
    """The place in the maps of the word that is chosen first: one that names something; 0 is the start token."""
    named = list(prompt_words.naming(maps.words).values())
    return (named[0] if named else 0) + 1 if maps.words else 0


def topic(maps: Maps) -> str:
    """The word that the first guess is about."""
    place = _first_word(maps)
    return maps.words[place - 1] if place else studio.START


def sizes(words: Prose, told: Guess, maps: Maps, word: str) -> None:
    """In which layers a word gets most attention, and what the start token gets."""
    shares = maps.shares(_first_word(maps))
    best = max(shares, key=shares.get)
    start = sum(maps.shares(0).values()) / len(shares)
    numbers = {f"share{size}": f"{100 * share:.1f}" for size, share in shares.items()}
    sentence = words.text("sized", word=word, start=round(100 * start), **numbers)
    guess.reveal(told, f"{best} × {best}", sentence)


def wait(words: Prose, slot: str, request: Request, opening: Shipped | None) -> None:
    """How a further part's run stands, and the first part's where that one had to be run for it."""
    done = studio.at_hand(slot, request, opening)
    idle = words.text("press-part" if done is None else "part-shipped")
    if done is not None and done.badge == "live":
        idle = words.text("part-made", seconds=f"{done.seconds:.1f}")
    slots = (slot,) if slot == studio.PAIR or runs.job(slot) is None else (slot, studio.OWN)
    follow(slot, slots, idle)


def first(choices: Collection[str], *wanted: str) -> str:
    """The first of the wanted choices that is there, else the first of all."""
    return next(each for each in (*wanted, *choices) if each in choices)
