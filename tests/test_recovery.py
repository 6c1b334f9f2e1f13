"""How far restorations are from the truth, where they differ, and from which level on something is lost."""

from __future__ import annotations

import numpy as np
import pytest

from diffusion_core.recovery import lost_from, miss, spread


def pictures(count: int = 6, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 8, 8, 3)).astype(np.uint8)


def test_the_truth_misses_nothing_and_a_known_gap_is_measured_in_shades():
    x0 = np.full((8, 8, 3), 100, np.uint8)
    assert miss(x0[None], x0) == 0
    np.testing.assert_allclose(miss(np.stack([x0 + 40, x0 - 40]), x0), [40, 40])  # no wrap-around of uint8
    area = np.zeros((8, 8), bool)
    area[:2] = True
    half = x0.copy()
    half[:2] += 10
    np.testing.assert_allclose(miss(half[None], x0, area), 10)
    np.testing.assert_allclose(miss(half[None], x0), 10 * 2 / 8)


def test_the_average_is_never_farther_from_the_truth_than_the_five_are_on_average():
    x0, drawn = pictures(1)[0], pictures(5, seed=1)
    average = drawn.astype(float).mean(axis=0)
    assert miss(average[None], x0)[0] <= miss(drawn, x0).mean()


def test_restorations_that_agree_have_no_spread_and_it_grows_where_they_do_not():
    same = np.repeat(pictures(1), 5, axis=0)
    assert not spread(same).any()
    same[::2, 3, 4] = 0
    same[1::2, 3, 4] = 200
    assert np.argwhere(spread(same)).tolist() == [[3, 4]]
    assert spread(same)[3, 4] == pytest.approx(200 * np.sqrt(0.6 * 0.4))


def test_the_spread_in_square_is_what_the_average_saves():
    """Mean square distance of the N = that of their average + spread², for any truth (bias and variance)."""
    x0, drawn = pictures(1)[0].astype(float), pictures(5, seed=2).astype(float)
    whole = np.square(drawn - x0).mean()
    average = np.square(drawn.mean(axis=0) - x0).mean()
    assert whole == pytest.approx(average + np.square(spread(drawn)).mean())


def test_lost_from_lies_on_the_line_where_the_limit_is_crossed_for_good():
    levels = np.array([0, 100, 200, 300])
    assert lost_from(levels, np.array([0, 10, 20, 30]), 15) == pytest.approx(150)
    assert lost_from(levels, np.array([0, 20, 10, 30]), 15) == pytest.approx(225)
    assert lost_from(levels, np.array([20, 20, 20, 20]), 15) == 0
    assert lost_from(levels, np.array([0, 20, 20, 15]), 15) is None


def test_what_cannot_be_compared_is_said():
    with pytest.raises(ValueError, match="give one alike"):
        miss(pictures(), np.zeros((4, 4, 3), np.uint8))
    with pytest.raises(ValueError, match="at least two"):
        spread(pictures(1))
