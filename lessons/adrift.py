"""Pixels adrift: noise is added pixel by pixel, each state from the one before; a jump gets there at once."""

from __future__ import annotations

import streamlit as st

from lessons import catalog
from lessons.shared import controls, drift, guess, links, page, pictures, prose, uploads
from lessons.shared.drift import crowd, sums, three_pixels
from lessons.shared.player import Badge, Curve, Track, link_state, player
from lessons.shared.studio import forward

ACTS = PIXELS, CROWD, PICTURE = ["three pixels", "a crowd", "a whole picture"]
PANELS = ("x_t", "cloud", "curve", "histogram")

lesson, words = catalog.lesson(__file__), prose.load("adrift")
labels = dict(line.split(": ", 1) for line in words.text("labels").splitlines())


def cursor(key: str, default: int) -> int:
    """The step, under the picture, with buttons for one and ten more."""

    def advance(by: int) -> None:
        st.session_state[key] = min(st.session_state[key] + by, forward.T)

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        t = controls.slider(key, labels["step"], 0, forward.T, default)
        for by, label in ((1, labels["one"]), (10, labels["ten"])):
            st.button(label, key=f"on-{by}", icon=":material/add:", on_click=advance, args=(by,))
    return t


def settled(made: guess.Guess, outcome: object, close: float = 0) -> str:
    """How the revealing sentence opens."""
    if not made.made:
        return ""
    near = "said-near" if close and abs(made.value - outcome) <= close else "said-other"
    return words.text("said-right" if made.value == outcome else near) + " "


def three(jump: bool, seed: int) -> None:
    """Act one: three pixels, the last step under a lens and in numbers."""
    ways = forward.stick(seed)
    with stage:
        st.markdown(words.text("pixels"))
        drawing, t = st.container(), cursor("step", 1)
        with drawing:
            drift.show(three_pixels.stage(*map(forward.to_255, ways if jump else ways[:1]), t=t, words=labels))
        if t:
            drift.show(sums.in_full(forward.step_of(ways.chain[:, 0], t), forward.SCHEDULE.betas[t - 1], t, labels))
        pictures.show_badge(forward.kind(seed), forward.made(seed) + (f" · {labels['by_hand']}" if t == 1 else ""))
    options = words.text("guess-end-options").splitlines()
    made, outside = guess.ask("adrift-end", words.text("guess-end"), options), f"{100 * forward.outside(seed):.0f}"
    guess.reveal(made, options[1], words.text("guess-end-reveal", said=settled(made, options[1]), outside=outside))


def many(seed: int) -> None:
    """Act two: a crowd that walks and a crowd that jumps, mirrored; the jump stays shut until there is a guess."""
    options, count = words.text("guess-crowd-options").splitlines(), f"{forward.COPIES:,}"
    made = guess.ask("adrift-crowd", words.text("guess-crowd"), options)
    with stage:
        text, drawing = st.container(), st.container()
        t = cursor("walked", 100)
        text.markdown(words.text("crowd", t=f"{t:,}", copies=count))
        crowds, formula = forward.crowd(seed), forward.expected(t)
        mean, spread = forward.to_255(crowds.mean[:, t]), 127.5 * crowds.spread[:, t]
        shown, edges = 2 if made.open else 1, forward.to_255(forward.EDGES)
        with drawing:
            drift.show(crowd.panels(crowds.counts[:shown, t], edges, *formula, t, labels))
        drift.show(crowd.table(mean[:shown], spread[:shown], *formula, t, labels))
        pictures.show_badge(forward.kind(seed), f"{forward.made(seed)} · {count} copies")
    walked, jumped = spread[:, 0].round(1)
    told = {"t": f"{t:,}", "copies": count, "walked": walked, "jumped": jumped, "formula": round(formula[1], 1)}
    guess.reveal(made, options[2], words.text("guess-crowd-reveal", said=settled(made, options[2]), **told))


def whole(name: str, mine: uploads.Upload | None, seed: int) -> None:
    """Act three: every pixel of a picture in the player."""
    pixels, key = (mine.pixels, mine.key) if mine else (forward.scene_picture(name), "")
    title, kind = (labels["picture_title"], "live") if mine else (name, forward.kind(seed))
    track = Track(f"{key or name} {seed}", title, Badge(kind, forward.made(seed)), forward.frames(pixels, seed, key))
    curve = Curve(*forward.curve(), labels["signal"], labels["noise_rate"])
    at, pixel = link_state(st.query_params)
    with stage:
        st.markdown(words.text("picture"))
        said = {"step": labels["frame"], "level": labels["level"], "bell": labels["bell"]}
        player([track], key="adrift", panels=PANELS, curve=curve, start=at or 0, pixel=pixel, words=said)
    made, half = guess.ask_number("adrift-half", words.text("guess-half"), 0, forward.T, 10), forward.half_way()
    guess.reveal(made, half, words.text("guess-half-reveal", said=settled(made, half, close=50), half=half))


page.header(lesson)
drift.style()
play, side = page.stage()
with play:
    act = controls.select("show", labels["show"], ACTS, row=True, label_visibility="collapsed")
    stage = st.container()
with side:
    if act == PICTURE:
        chosen = controls.select("picture", labels["scene"], list(forward.SCENES))
        mine = uploads.picture_input("adrift-upload")
    elif act == PIXELS:
        jump = controls.toggle("jump", labels["jump"])
    seed = controls.seed()

{PIXELS: lambda: three(jump, seed), CROWD: lambda: many(seed), PICTURE: lambda: whole(chosen, mine, seed)}[act]()

with side:  # last, when all controls are known
    controls.reset_button(keep=("seed", "show"))
    links.copy_link()

page.try_this(words.moves())
page.what_you_saw(words.text("saw"), belief=words.text("belief"), truth=words.text("truth"))
page.depth(
    maths=words.text("maths", last=f"{forward.SCHEDULE.alpha_bars[-1]:.5f}"),
    sources=[f"diffusion_core/process.py::{name}" for name in ("forward_step", "add_noise", "trajectory")],
    papers=words.text("papers"), note=words.text("code"),
)  # fmt: skip
page.check_yourself(words.quiz(), key="adrift")
page.where_next(lesson, words.text("next"))
