"""The stage: the run with the fault beside the one without, as they come, under one cursor."""

from __future__ import annotations

import streamlit as st

from lessons.shared import run_line
from lessons.shared.following import follow
from lessons.shared.live_player import curve_of
from lessons.shared.player import Badge, Track, link_state, player
from lessons.shared.prose import Prose
from lessons.shared.studio import breaking, broken
from lessons.shared.studio.breaking import Breaking
from lessons.shared.studio.broken import Pair

PATIENCE = 0.15  # seconds of each look (following.POLL) spent taking in steps, so that the network is seldom idle
PANELS = ("x_t", "x0_hat")


def show(fault: str, shipped: Pair | None, words: Prose, idle: str, opened: bool, mend: bool) -> None:
    """Status and player. Until `opened`, the run with the fault stays covered; `mend` turns the fault off."""
    found = breaking.current(fault)
    going = found is not None and found.state == "running"
    st.html(run_line.STYLE)

    def draw() -> bool:
        now = breaking.current(fault)
        if now is not None:
            now.pump(PATIENCE)
        _status(now, words, idle)
        pair = now.pair if now is not None and any(now.frames) else shipped
        if pair is not None and pair.asked.fault == fault:
            _player(pair, now, words, opened, mend)
        return now is not None and now.state == "running"

    follow("broken", going, draw)


def _status(now: Breaking | None, words: Prose, idle: str) -> None:
    if now is not None and now.state == "failed":
        return run_line.failure("broken", now.problem)
    with st.container(horizontal=True, vertical_alignment="center", key="bk-status-broken"):
        if now is None or now.state != "running":
            st.markdown(idle, width="stretch")
            return None
        done, steps = now.taken
        st.markdown(words.text("running", done=done, steps=steps) if done else words.text("waking"), width="stretch")
        st.button("Cancel", key="broken-cancel", on_click=breaking.stop)
    return None


def _player(pair: Pair, now: Breaking | None, words: Prose, opened: bool, mend: bool) -> None:
    number = "shipped" if pair.badge == "cached" else f"run {now.number if now else ''}"
    titles = (words.text(f"title-{pair.asked.fault}", **said(pair.asked)), words.text("title-mended"))
    tracks, both = [], broken.sides(pair.asked)
    for i in (0, 1) if opened else (1,):
        which = 1 if mend else i
        title = words.text("title-repaired") if mend and i == 0 else titles[i]
        badge = Badge(pair.badge, both[which].describe())
        run_id = f"{number} {pair.asked.fault} {i}{which}"
        tracks.append(Track(run_id, title, badge, pair.frames[which], total=both[which].steps + 1))
    curves = [curve_of(both[1 if mend else i].schedule) for i in ((0, 1) if opened else (1,))]
    at, pixel = link_state(st.query_params)
    running = now is not None and now.state == "running"
    start = "last" if at is None else at
    panels = (*PANELS, "curve") if both[0].schedule != both[1].schedule else PANELS
    player(tracks, key="broken", panels=panels, curve=curves, running=running, start=start, pixel=pixel)


def said(asked: broken.Asked) -> dict[str, str]:
    """The fault's strength for a sentence; nothing for a fault without one."""
    return {"strength": f"{asked.strength:g}"} if asked.fault in ("few", "short", "never", "loud") else {}
