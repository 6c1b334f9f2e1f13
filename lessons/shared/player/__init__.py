"""The trajectory player: pictures, colour cloud and schedule under one cursor, moved in the browser.

    track = Track(run_id="seed 3", title="a green turtle", badge=Badge("live", "seed 3 · ddim · 20 steps"),
                  frames=frames, total=21)
    player([track], key="reverse", curve=curve, running=not done)

Call it on every run of the script with all frames there are; while `running`, it sends each frame once.
Scrubbing, playing, turning the cube and choosing a pixel stay in the browser: the server hears nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from lessons.shared.player.encode import Frame
from lessons.shared.player.message import ALL_PANELS, PANELS, Badge, Curve, Track, message
from lessons.shared.player.words import WORDS

__all__ = ["ALL_PANELS", "LINK", "PANELS", "WORDS", "Badge", "Curve", "Frame", "Track", "link_state",
           "player"]

HERE = Path(__file__).resolve().parent
# one module scope, in this order: what a file uses stands in the files before it
SCRIPTS = ("values.js", "paint.js", "charts.js", "cloud.js", "panels.js", "track.js", "transport.js",
           "player.js")
LINK = ("at", "px")  # the names under which cursor and chosen pixel stand in the page's address

_MOUNT = st.components.v2.component(
    "beaker_player",
    html='<div class="player"></div>',
    css=(HERE / "player.css").read_text(encoding="utf-8"),
    js="\n".join((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS),
)


def player(tracks: Sequence[Track], *, key: str, panels: Sequence[str] = PANELS,
           curve: Curve | Sequence[Curve] | None = None, running: bool = False, start: int | str = 0,
           pixel: tuple[int, int] | None = None, zoom: float = 1.0, words: Mapping[str, str] | None = None,
           link: tuple[str, str] | None = LINK) -> int | None:
    """Show 1 to 3 tracks under one cursor.

    `panels`: which of ALL_PANELS appear; `curve`: one schedule, or one for each track; `start`: step at which
    the cursor stands when first shown, or "last"; `pixel`: (row, column), from 0, of the pixel followed; `zoom`:
    how close the cube is seen, 1 to 128, around the followed pixel. A later change of these moves the view.
    `link`: address parameters for cursor and pixel (None: leave the address alone; one player a page). Widgets
    with bind="query-params" leave them be; a script that sets st.query_params puts an older cursor back, until
    the learner lets go of the cursor again.
    Returns the frame from which the browser lacks frames, where it does: a caller that holds back early
    frames (`first_index` > 0) must send from there, all others can ignore it.
    """
    memory = f"{key}:sent"
    sent = st.session_state.get(memory, {})
    data = message(tracks, panels=panels, curve=curve, running=running, start=start, pixel=pixel,
                   zoom=zoom, words={**WORDS, **(words or {})}, link=link, sent=sent)
    st.session_state[memory] = {t.run_id: t.first_index + len(t.frames) for t in tracks}
    result = _MOUNT(data=data, key=key, on_need_from_change=lambda: st.session_state.pop(memory, None))
    return result.need_from


def link_state(parameters: Mapping[str, str], link: tuple[str, str] = LINK) -> tuple[
        int | None, tuple[int, int] | None]:
    """(cursor, chosen pixel) in the page's address, `st.query_params`; None for what is absent or odd."""
    at, px = parameters.get(link[0], ""), parameters.get(link[1], "").split(",")
    cursor = int(at) if _is_small(at) else None
    pixel = (int(px[0]), int(px[1])) if len(px) == 2 and all(map(_is_small, px)) else None
    return cursor, pixel


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5
