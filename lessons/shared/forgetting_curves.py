"""The curves of the schedule lesson: β, ᾱ, signal to noise, and how sure the guesser is. Arrays in, HTML out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from diffusion_core.schedules import Schedule
from lessons.shared.line_chart import Axis, Chart, Dot, Line, even, line_chart
from lessons.shared.prose import Prose
from lessons.shared.studio.schedules import Fading

POINTS, READ = 200, 50  # of a curve, and of those the ones whose values can be read
LOOKS = ("you", "data")  # coral for the learner's schedule, ink for the one beside it
SIZE = (360, 260)  # three fit side by side, one fits a phone
DECADES = 4.2  # of signal to noise above and below 1

Values = Callable[[Schedule, np.ndarray], np.ndarray]
CURVES: dict[str, Values] = {
    "beta": lambda schedule, t: schedule.betas[t - 1],
    "alpha_bar": lambda schedule, t: schedule.alpha_bar(t),
    "snr": lambda schedule, t: schedule.snr(t),
}


def three_curves(
    schedules: Mapping[str, Schedule], gives_up: Mapping[str, int | None], words: Prose, told: Mapping[str, str]
) -> list[str]:
    """β, ᾱ and signal to noise of schedules of one T, with a dot at the step where the guesser gives up."""
    T = next(iter(schedules.values())).T
    t, read = steps(T)
    made = []
    for key, values in CURVES.items():
        curves = {name: values(schedule, t) for name, schedule in schedules.items()}
        dots = [
            Dot(step, float(values(schedule, np.array([step]))[0]), look)
            for (name, schedule), look in zip(schedules.items(), LOOKS, strict=True)
            if (step := gives_up.get(name))
        ]
        up = _up(key, words.text(f"axis-{key}"), curves)
        chart = Chart(_lines(t, curves, words), _across(T, words), up, told[key], dots,
                      read=read, x_name="t =", size=SIZE)  # fmt: skip
        made.append(line_chart(chart))
    return made


def certainty(fadings: Mapping[str, Fading], words: Prose, told: str) -> str:
    """How sure the guesser is of the true picture, with a dot where it gives up."""
    times = next(iter(fadings.values())).times
    found = {look: each.step for look, each in zip(LOOKS, fadings.values(), strict=True) if each.step is not None}
    # of two numbers the later goes to the right, where both curves are below it: so they never meet
    later = max(found, key=found.get) if len(found) > 1 else None
    dots = [Dot(step, 0.5, look, f"{step:,}", above=look == later) for look, step in found.items()]
    lines = _lines(times, {name: each.sure for name, each in fadings.items()}, words)
    up = Axis(words.text("axis-sure"), -0.03, 1.05, (0, 0.25, 0.5, 0.75, 1))
    chart = Chart(lines, _across(int(times[-1]), words), up, told, dots, words.text("dot"), level=0.5,
                  read=[int(t) for t in times], x_name="t =", size=(400, 245))  # fmt: skip
    return line_chart(chart)


def steps(T: int) -> tuple[np.ndarray, list[int]]:
    """Steps from 1 to T, thinned out where there are more than a curve needs; and those whose values can be read."""
    read = np.unique(np.linspace(T / READ, T, READ).round().astype(int).clip(1))
    thinned = np.linspace(1, T, min(POINTS, T)).round().astype(int)
    return np.union1d(thinned, read), read.tolist()


def _lines(t: np.ndarray, curves: Mapping[str, np.ndarray], words: Prose) -> list[Line]:
    shorts = words.text("shorts").split(", ")
    return [
        Line(name, t.tolist(), np.asarray(y, np.float64).tolist(), look, short=short)
        for (name, y), look, short in zip(curves.items(), LOOKS, shorts, strict=True)
    ]


def _across(T: int, words: Prose) -> Axis:
    return Axis(words.text("axis-t"), 0, T, even(0, T, whole=True))


def _up(key: str, title: str, curves: Mapping[str, np.ndarray]) -> Axis:
    if key == "snr":
        return Axis(title, -DECADES, DECADES, (-4, -2, 0, 2, 4), log=True)
    if key == "alpha_bar":
        return Axis(title, -0.02, 1.05, (0, 0.25, 0.5, 0.75, 1))
    # cosine ends in a spike of nearly 1, which would flatten every other line
    highest = 1.15 * max(float(np.quantile(values, 0.98)) for values in curves.values())
    return Axis(title, 0, highest, even(0, highest))
