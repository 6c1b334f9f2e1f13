"""What the schedule lesson draws: its curves, its sheet of known pictures, its strips. Arrays in, figures out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from diffusion_core.schedules import Schedule
from lessons.shared import figures, pictures
from lessons.shared.player import Badge, Curve, Frame, Track
from lessons.shared.prose import Prose
from lessons.shared.studio.schedules import Fading, comparison, pixels

POINTS = 400  # of a curve: more than a screen shows
STRIP = 10  # pictures of a strip after the first


def track(name: str, schedule: Schedule, fading: Fading, made: str, notes: Sequence[str] | None) -> Track:
    """The picture on its way, for the player; with notes (once the guess is made) comes the guesser's answer."""
    answers = [None] * len(fading.times) if notes is None else fading.guess
    rows = zip(fading.times, fading.x_t, answers, notes or [""] * len(fading.times), strict=True)
    frames = [Frame(int(t), x_t, answer, note=note) for t, x_t, answer, note in rows]
    title = name[:1].upper() + name[1:]
    return Track(f"{schedule} {made} {notes is None}", title, Badge(fading.badge, made), frames)


def notes(yours: Fading, other: Fading, sentence: str) -> list[str]:
    """For each moment, how sure the guesser is under both schedules."""
    pairs = zip(yours.sure, other.sure, strict=True)
    return [sentence.format(yours=round(100 * y), other=round(100 * o)) for y, o in pairs]


def outcome(words: Prose, schedule: Schedule, yours: Fading, other: Fading, beside: str) -> str:
    """In words: from which step on the guesser is lost, under both schedules."""
    T = f"{schedule.T:,}"
    besides = words.text("beside-never", other=beside)
    if other.step:
        besides = words.text("beside-step", other=beside, step=f"{other.step:,}")
    if yours.step is None:
        return words.text("never-gives-up", steps=T, sure=round(100 * yours.sure[-1]), beside=besides)
    share = round(100 * yours.step / schedule.T)
    told = words.text("gives-up", step=f"{yours.step:,}", steps=T, share=share, beside=besides)
    if not other.step:
        return told
    snr = [s.snr(f.step) for s, f in ((schedule, yours), (comparison(beside, schedule.T), other))]
    return f"{told}\n\n{words.text('same-ratio', yours=f'{snr[0]:.3g}', other=f'{snr[1]:.3g}')}"


def last_known(fading: Fading) -> int:
    """The last moment shown at which the guesser is still nine tenths sure."""
    return int(np.flatnonzero(fading.sure >= 0.9)[-1])


def answer(fading: Fading, moment: int, true: np.ndarray) -> dict[str, tuple[np.ndarray, str]]:
    """What one sees at a moment, what the guesser answers, and what it was."""
    clean = true / 127.5 - 1
    return {"what you see": (fading.x_t[moment], ""), "its answer": (fading.guess[moment], ""), "it was": (clean, "")}


def ends(schedules: Mapping[str, Schedule], fadings: Mapping[str, Fading]) -> dict[str, tuple[np.ndarray, str]]:
    """The last picture of each schedule, with what is left in it, and the noise alone."""
    left = {name: percent(schedule.signal_rate(schedule.T)) for name, schedule in schedules.items()}
    shown = {name: (each.x_t[-1], pictures.badge(each.badge, f"{left[name]} %")) for name, each in fadings.items()}
    fading = next(iter(fadings.values()))
    return {**shown, "pure noise": (fading.noise, pictures.badge(fading.badge, "0 %"))}


def percent(rate: float) -> str:
    """A share as a reader writes it: 59, 6.8, 0.64."""
    share = 100 * float(rate)
    return f"{share:.0f}" if share >= 9.5 or share < 1e-9 else f"{share:.2g}" if share >= 0.01 else "< 0.01"


def reading(schedule: Schedule, compared: Schedule) -> dict[str, str]:
    """Where the curves go, for those who hear them."""
    halves = [int(np.argmax(s.alpha_bars < 0.5)) for s in (schedule, compared)]
    return {"yours": f"{halves[0]:,}" if halves[0] else "never", "other": f"{halves[1]:,}" if halves[1] else "never"}


def rates(schedule: Schedule) -> Curve:
    """How much of picture and noise is in x_t, for the player."""
    t = _steps(schedule.T)
    return Curve(t, schedule.signal_rate(t), schedule.noise_rate(t))


@st.cache_resource(max_entries=64, show_spinner=False)  # every learner opens on the same three
def three_curves(
    schedules: Mapping[str, Schedule], dark: bool, gives_up: Mapping[str, int | None]
) -> dict[str, go.Figure]:
    """β, ᾱ and signal to noise of schedules of one T, with a dot at the step where the guesser gives up."""
    t = _steps(next(iter(schedules.values())).T, first=1)
    look = {"dark": dark, "colours": hues(dark), "height": 250}
    beta = {name: s.betas[t - 1] for name, s in schedules.items()}
    made = {
        "beta": figures.beta_curve(t, beta, **look),
        "alpha_bar": figures.alpha_bar_curve(t, {name: s.alpha_bar(t) for name, s in schedules.items()}, **look),
        "snr": figures.snr_curve(t, {name: s.snr(t) for name, s in schedules.items()}, **look),
    }
    for (name, schedule), hue in zip(schedules.items(), hues(dark), strict=True):
        if step := gives_up.get(name):
            values = (schedule.betas[step - 1], schedule.alpha_bar(step), schedule.snr(step))
            for figure, value in zip(made.values(), values, strict=True):
                figure.add_scatter(**_dot(step, float(value), hue, dark), name=f"{name}, guesser gives up")
    # cosine ends in a spike of nearly 1, which would flatten every other line
    highest = 1.15 * max(float(np.quantile(values, 0.98)) for values in beta.values())
    made["beta"].update_yaxes(range=[0, highest])
    made["snr"].update_yaxes(range=[-4.2, 4.2], dtick=2)
    return made


def certainty(fadings: Mapping[str, Fading], dark: bool) -> go.Figure:
    """How sure the guesser is of the true picture, with a dot where it gives up."""
    lines = {name: each.sure for name, each in fadings.items()}
    times = next(iter(fadings.values())).times
    figure = figures.curves(times, lines, x_title="step t", y_title="probability of the true picture", dark=dark,
                            colours=hues(dark), height=300)  # fmt: skip
    figure.add_hline(y=0.5, line={"color": figures.palette(dark).noise, "width": 1, "dash": "dot"})
    for (name, each), hue in zip(fadings.items(), hues(dark), strict=False):
        if each.step is not None:
            label = {"text": [f"{each.step:,}"], "textposition": "bottom left", "textfont": {"size": 13, "color": hue}}
            figure.add_scatter(**_dot(each.step, 0.5, hue, dark), name=f"{name} gives up")
            figure.data[-1].update(mode="markers+text", **label)
    return figure.update_yaxes(range=[-0.03, 1.05])


def _dot(x: float, y: float, hue: str, dark: bool) -> dict:
    """A dot on a curve, as arguments of a scatter trace."""
    look = {"size": 11, "color": hue, "line": {"width": 2, "color": figures.palette(dark).paper}}
    return {"x": [x], "y": [y], "mode": "markers", "marker": look, "showlegend": False}


def hues(dark: bool) -> tuple[str, str]:
    """Coral for the learner's schedule, ink for the one beside it."""
    return figures.palette(dark).you, figures.palette(dark).data


def sheet(known: np.ndarray, true: int, columns: int = 8, gap: int = 3) -> np.ndarray:
    """The known pictures in rows, the true one (from 1) in a coral frame, the others paler: uint8 (H, W, 4)."""
    size, rows = known.shape[1] + 2 * gap, -(-len(known) // columns)
    made = np.zeros((rows * size, columns * size, 4), np.uint8)
    for place, picture in enumerate(known):
        top, left = place // columns * size, place % columns * size
        if place == true - 1:
            made[top : top + size, left : left + size] = (*bytes.fromhex(figures.LIGHT.you[1:]), 255)
        inner = made[top + gap : top + size - gap, left + gap : left + size - gap]
        inner[..., :3], inner[..., 3] = picture, 255 if place == true - 1 else 175
    return made


def strip(fading: Fading) -> tuple[list[np.ndarray], list[str]]:
    """The picture at equal times from 0 to T, and those times as captions."""
    places = np.unique(np.linspace(0, len(fading.times) - 1, STRIP + 1).round().astype(int))
    captions = [f"{t:,}" if t else "t = 0" for t in fading.times[places]]
    return [pixels(x) for x in fading.x_t[places]], captions


def row(shown: Mapping[str, tuple[np.ndarray, str]], scale: int = 4) -> str:
    """Pictures side by side, caption → (picture, note below it), as HTML."""
    cells = (pictures.picture_html(pixels(x), scale, name, note, alt=name) for name, (x, note) in shown.items())
    return f'<div class="bk-strip">{"".join(cells)}</div>'


def _steps(T: int, first: int = 0) -> np.ndarray:
    """Steps from first to T, thinned out where there are more than a curve needs."""
    return np.unique(np.linspace(first, T, min(POINTS, T + 1 - first)).round().astype(int))
