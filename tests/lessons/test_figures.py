"""Figures say what the arrays say, in colours that can be told apart in both themes."""

from __future__ import annotations

import io
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image

from lessons.shared import figures, pictures, theming, welcome_picture
from lessons.shared.figures import DARK, LIGHT


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ink", [LIGHT, DARK])
def test_every_meaning_is_readable_as_text(ink):
    for colour in (ink.data, ink.predicted, ink.you, ink.noise):
        assert contrast(colour, ink.paper) >= 4.5, colour


def test_curves_carry_the_data_and_differ_by_more_than_colour():
    t = np.arange(5)
    lines = {"linear": np.linspace(1, 0, 5), "cosine": np.linspace(1, 0.5, 5)}
    figure = figures.curves(t, lines, x_title="step t", y_title="share")
    assert [trace.name for trace in figure.data] == ["linear", "cosine"]
    np.testing.assert_array_equal(figure.data[1].y, lines["cosine"])
    assert len({trace.line.dash for trace in figure.data}) == 2


def test_theme_decides_the_ink():
    t, line, titles = np.arange(2), {"β": np.array([1.0, 2.0])}, {"x_title": "step t", "y_title": "β"}
    assert figures.curves(t, line, **titles).data[0].line.color == LIGHT.data
    assert figures.curves(t, line, dark=True, **titles).data[0].line.color == DARK.data


def test_a_picture_is_sent_pixel_for_pixel():
    array = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    url = pictures.png_url(array)
    back = np.asarray(Image.open(io.BytesIO(b64decode(url.partition(",")[2]))))
    np.testing.assert_array_equal(back, array)


def test_picture_words_are_escaped_and_sized():
    html = pictures.picture_html(np.zeros((2, 3, 3), np.uint8), 10, '<x> & "y"', pictures.badge("live", "<s>"))
    assert 'width="30" height="20"' in html and "<x>" not in html and "<s>" not in html
    assert 'alt="&lt;x&gt; &amp; &quot;y&quot;"' in html


def test_pictures_on_the_page_are_bytes():
    with pytest.raises(ValueError, match="uint8, not float32"):
        pictures.picture_html(np.zeros((2, 2, 3), np.float32))


def test_badges_are_three():
    with pytest.raises(ValueError, match="use one of live, cached, illustration"):
        pictures.badge("fake")


def test_theme_file_and_palette_agree():
    """config.toml, theme.css and the figures name the same colours."""
    css = (figures_folder() / "theme.css").read_text().lower()
    config = (figures_folder().parents[1] / ".streamlit/config.toml").read_text()
    for light, dark in zip(vars(LIGHT).values(), vars(DARK).values(), strict=True):
        if light in (LIGHT.faint, LIGHT.paper):
            continue
        assert f"light-dark({light}, {dark})".lower() in css
        assert light in config and dark in config
    assert LIGHT.paper in config and DARK.paper in config


def test_dye_stays_in_its_beaker_and_spreads():
    first, *_, last = welcome_picture.walk()
    for dots in (first, last):
        assert (dots >= 0).all() and (dots <= (welcome_picture.WIDTH, welcome_picture.HEIGHT)).all()
    even = np.array([welcome_picture.WIDTH, welcome_picture.HEIGHT]) / np.sqrt(12)
    np.testing.assert_allclose(last.std(0), even, rtol=0.1)
    assert (first.std(0) < even / 4).all()


def figures_folder():
    from pathlib import Path

    return Path(theming.__file__).parent
