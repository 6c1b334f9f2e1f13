"""A chart carries its numbers: lines lie where the axes say, ticks are round, values can be read at each strip."""

from __future__ import annotations

import re

import numpy as np
import pytest

from lessons.shared.line_chart import Axis, Chart, Dot, Line, even, line_chart, plain

X = list(range(0, 101, 4))
ACROSS = Axis("step", 0, 100, (0, 50, 100))
SHARE = Axis("share", 0, 1, (0, 0.5, 1))
DECADES = Axis("ratio", -3, 3, (-3, 0, 3), log=True)


def points(html: str, look: str) -> np.ndarray:
    """The corners of a line, from the drawing: (N, 2)."""
    (way,) = re.findall(rf'class="line {look}" d="M([^"]*L[^"]*)"', html)
    return np.array([[float(n) for n in pair.split()] for pair in way.split("L")])


def chart(y, up: Axis = SHARE, **more) -> Chart:
    return Chart([Line("line <1>", X, y, "you", short="mine")], ACROSS, up, "falls & <rises>", **more)


def test_a_line_lies_where_its_axes_say():
    falling = np.linspace(1, 0.2, len(X))
    drawing = chart(falling)
    left, top, right, bottom = drawing.plot
    x, y = points(line_chart(drawing), "you").T
    np.testing.assert_allclose((x - left) / (right - left) * 100, X, atol=0.02)
    np.testing.assert_allclose((bottom - y) / (bottom - top), falling, atol=0.001)


def test_equal_factors_are_equal_distances_on_a_logarithmic_axis():
    y = points(line_chart(chart(np.geomspace(1000, 0.001, len(X)), DECADES)), "you")[:, 1]
    np.testing.assert_allclose(np.diff(y), np.diff(y).mean(), atol=0.11)  # drawn to a tenth


def test_what_has_no_logarithm_is_left_out():
    html = line_chart(chart([1.0] * (len(X) - 1) + [0.0], DECADES))
    assert len(points(html, "you")) == len(X) - 1 and "nan" not in html and "inf" not in html


def test_powers_of_ten_are_written_as_such():
    html = line_chart(chart([1.0] * len(X), DECADES))
    assert re.findall(r">10<tspan[^>]*>([^<]*)</tspan></text>", html) == ["−3", "3"] and ">1</text>" in html


def test_lines_are_cut_off_at_the_edge_and_dots_beyond_it_are_not_drawn():
    html = line_chart(chart([5.0] * len(X), dots=[Dot(8, 5.0, "you"), Dot(8, 0.5, "data")]))
    window = re.search(r'<svg class="window".*?</svg>', html).group(0)
    assert 'class="line you"' in window
    assert 'mark data"' in html and 'mark you"' not in html


def test_each_strip_tells_the_values_at_its_place():
    y = np.linspace(1, 0, len(X))
    html = line_chart(chart(y, read=X[1:], x_name="t ="))
    told = re.findall(r">t = (\d+)<tspan[^>]*>mine ([^<]*)</tspan>", html)
    assert told == [(str(x), plain(value)) for x, value in zip(X[1:], y[1:], strict=True)]


def test_strips_leave_no_gap():
    drawing = chart(np.linspace(1, 0, len(X)), read=X[1:])
    spans = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', line_chart(drawing))
    starts, widths = np.array(spans, float).T
    np.testing.assert_allclose(starts[1:], (starts + widths)[:-1], atol=0.11)
    assert starts[0] == drawing.plot[0] and starts[-1] + widths[-1] == pytest.approx(drawing.plot[2], abs=0.11)


def test_names_and_words_are_escaped():
    html = line_chart(chart([0.5] * len(X)))
    assert 'aria-label="falls &amp; &lt;rises&gt;"' in html and "line &lt;1&gt;</li>" in html and "<1>" not in html


@pytest.mark.parametrize("high", [0.00056, 0.0217, 0.1, 0.97, 1, 3, 37, 1000, 4000])
def test_ticks_are_few_round_and_even(high):
    ticks = even(0, high)
    assert 3 <= len(ticks) <= 6 and ticks[0] == 0 and ticks[-1] <= high * (1 + 1e-9)
    np.testing.assert_allclose(np.diff(ticks), ticks[1], rtol=1e-9)
    assert len(f"{ticks[1]:g}".strip("0.").replace(".", "")) <= 2


@pytest.mark.parametrize("steps", [2, 3, 5, 7, 49])
def test_steps_are_counted_in_whole_numbers(steps):
    assert all(tick == int(tick) for tick in even(0, steps, whole=True))


def test_numbers_are_written_without_exponents():
    assert [plain(x) for x in (9999.0, 123.4, 12.34, 1.0, 0.014712, 0.0000404, 1e-9, 0.0)] == [
        "10,000", "123", "12.3", "1", "0.0147", "0.0000404", "< 0.00001", "0"]  # fmt: skip
