"""The stage: what is under the noise, what the network gets, what it makes of it; with the controls' own case."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lessons.shared import pictures
from lessons.shared.guided.watch import watch
from lessons.shared.restoring import cells
from lessons.shared.studio import back, runs
from lessons.shared.studio.back import Case, Restored
from lessons.shared.studio.seen import Seen

Labels = dict[str, str]


def show(case: Case, result: Restored | None, opened: bool, idle: str, labels: Labels) -> None:
    """Draw the case; the five and their map wait for the guess (`opened`)."""
    noisy, noise_badge = back.noisy(case)

    def draw(jobs: list[runs.Job]) -> None:
        going = any(not job.over for job in jobs)
        now = _latest(noisy) if going else result.pictures if result else None
        st.html(_three(case, noisy, now, going, labels))
        if opened:
            done = None if going else result
            st.html(_five(case, now, done, labels))
        else:
            st.html(_locked(labels["locked" if result or going else "map_empty"], labels))
        kind = "live" if going else result.badge if result else noise_badge
        pictures.show_badge(kind, case.made())

    watch("back", [back.SLOT], idle, draw, every=0.3)


def _latest(noisy: np.ndarray) -> np.ndarray:
    """The five as far as they are; the noisy ones before the first step."""
    steps = runs.records(back.SLOT)
    return back.pixels(steps[-1].x_t) if steps else noisy


def _three(case: Case, noisy: np.ndarray, now: np.ndarray | None, going: bool, labels: Labels) -> str:
    name = labels["alt_truth"].format(test=case.test)
    truth = cells.cell(case.truth, cells.LARGE, labels["truth"], labels["truth_note"] if case.truth is not None else
                       labels["none_note"], name, labels["none"])  # fmt: skip
    share = labels["noise_note"].format(level=f"{case.level:,}", share=percent(case.noise_share))
    seen = cells.cell(noisy[0], cells.LARGE, labels["noisy"], share, labels["alt_noisy"].format(share=share))
    note = labels["going"] if going else labels["told" if case.told else "untold"]
    title = labels["restored" if case.truth is not None else "made"]
    restored = cells.cell(None if now is None else now[0], cells.LARGE, title, note,
                          labels["alt_restored"].format(seed=case.seed), labels["press"])  # fmt: skip
    return cells.three([truth, seen, restored])


def _five(case: Case, now: np.ndarray | None, done: Restored | None, labels: Labels) -> str:
    row = []
    for i, seed in enumerate(case.seeds):
        seen = done.seen[i] if done and done.seen else None
        note = labels["seed"].format(seed=seed)
        alt = labels["alt_restored"].format(seed=seed) + (f": {seen.phrase}" if seen else "")
        picture = None if now is None else now[i]
        row.append(cells.cell(picture, cells.SMALL, _named(seen), note, alt, labels["empty"]))
    spread = done.spread if done else None
    note = labels["map_note"] if done is None else labels["map_mean"].format(mean=f"{spread.mean():.0f}")
    return cells.five(row, cells.spread_map(spread, labels["map"], note, labels["alt_map"], labels["map_empty"]))


def _locked(why: str, labels: Labels) -> str:
    row = [cells.cell(None, cells.SMALL, "", "", "", "?")] * back.COUNT
    return cells.five(row, cells.spread_map(None, labels["map"], "", "", why))


def _named(seen: Seen | None) -> str:
    return seen.label[0] if seen else ""


def percent(share: float) -> str:
    """A share in per cent as a reader writes it, never a false 0 or 100."""
    if share < 1:
        return f"{share:.1g}%"
    if 99.99 < share < 100:
        return "over 99.99%"
    return f"{share:.2f}%" if 99 < share < 100 else f"{share:.0f}%"
