"""How wrong the network is at each noise level: about the noise, about the picture, and both together."""

from __future__ import annotations

from lessons.shared.line_chart import Line
from lessons.shared.stepping.chart import line_chart
from lessons.shared.stepping.numbers import fine
from lessons.shared.studio.training_step import Answers, Examples, T


def by_level(asked: Examples, said: Answers, labels: dict[str, str]) -> str:
    """Both errors and their sum over the noise level, as a chart; each dot is one example."""
    noise, picture = said.means(asked)
    lines = [
        Line(labels["line_noise"], asked.t, noise, "noise", dots=True),
        Line(labels["line_picture"], asked.t, picture, "data", dots=True),
        Line(labels["line_both"], asked.t, noise + picture, "predicted", dots=True),
    ]
    told = labels["alt_levels"].format(
        low=asked.t[0], high=asked.t[-1], noise_low=fine(float(noise[0])), noise_high=fine(float(noise[-1])),
        picture_low=fine(float(picture[0])), picture_high=fine(float(picture[-1])),
    )  # fmt: skip
    return line_chart(lines, T, labels["t"], labels["mse_axis"], told)
