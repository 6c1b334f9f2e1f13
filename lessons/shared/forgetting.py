"""What the schedule lesson shows beside its curves: tracks, the sheet of known pictures, strips, words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

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
    shown = {name: (each.x_t[-1], pictures.badge(each.badge, f"{left[name]}%")) for name, each in fadings.items()}
    fading = next(iter(fadings.values()))
    return {**shown, "pure noise": (fading.noise, pictures.badge(fading.badge, "0%"))}


def percent(rate: float) -> str:
    """A share as a reader writes it: 59, 6.8, 0.64."""
    share = 100 * float(rate)
    return f"{share:.0f}" if share >= 9.5 or share < 1e-9 else f"{share:.2g}" if share >= 0.01 else "< 0.01"


def reading(schedule: Schedule, compared: Schedule) -> dict[str, str]:
    """Where the curves go, for those who hear them."""
    halves = [int(np.argmax(s.alpha_bars < 0.5)) for s in (schedule, compared)]
    return {"yours": f"{halves[0]:,}" if halves[0] else "never", "other": f"{halves[1]:,}" if halves[1] else "never"}


def rates(schedule: Schedule, words: Prose) -> Curve:
    """How much of picture and noise is in x_t, for the player."""
    t = np.unique(np.linspace(0, schedule.T, min(POINTS, schedule.T + 1)).round().astype(int))
    return Curve(t, schedule.signal_rate(t), schedule.noise_rate(t), words.text("signal"), words.text("noise"))


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
