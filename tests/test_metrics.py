"""Diversity, distance and clipping against cases whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from diffusion_core import metrics

RNG = np.random.default_rng(4)
STATIC = np.clip(RNG.standard_normal((6, 32, 32, 3)) * 0.3, -1, 1)


def test_one_picture_many_times_has_no_diversity():
    same = np.repeat(STATIC[:1], 5, axis=0)
    assert metrics.diversity(same) == pytest.approx(0, abs=1e-12)
    assert metrics.distance(same) == 0


def test_unrelated_pictures_are_as_unlike_as_chance():
    assert metrics.diversity(STATIC) == pytest.approx(1, abs=0.02)  # r of 3,072 values has a spread of 0.018


def test_a_picture_and_its_negative_disagree_fully():
    assert metrics.diversity(np.stack([STATIC[0], -STATIC[0]])) == pytest.approx(2)


def test_diversity_takes_no_notice_of_brightness_and_contrast_and_distance_does():
    pale = 0.4 * STATIC + 0.2
    assert metrics.diversity(pale) == pytest.approx(metrics.diversity(STATIC))
    assert metrics.distance(pale) == pytest.approx(0.4 * metrics.distance(STATIC))


def test_diversity_is_the_mean_over_pairs():
    pairs = [np.corrcoef(STATIC[i].ravel(), STATIC[j].ravel())[0, 1] for i in range(6) for j in range(i)]
    assert metrics.diversity(STATIC) == pytest.approx(1 - np.mean(pairs))


def test_distance_is_in_shades():
    black_and_white = np.stack([np.full((4, 4, 3), -1.0), np.full((4, 4, 3), 1.0)])
    assert metrics.distance(black_and_white) == 255


def test_even_pictures_give_a_number():
    assert metrics.diversity(np.zeros((3, 8, 8, 3))) == 1


def test_only_values_beyond_the_ends_are_clipped():
    assert metrics.clipped(np.array([-1.0, 1.0, 0.0, 0.5])) == 0
    assert metrics.clipped(np.array([-1.2, 1.0, 0.0, 3.0])) == 0.5
    past = np.concatenate([STATIC, 4 * STATIC])
    assert metrics.distance(np.clip(past, -1, 1)) == metrics.distance(past), "pictures are compared as shown"


def test_one_picture_alone_cannot_be_compared():
    for measure in (metrics.diversity, metrics.distance):
        with pytest.raises(ValueError, match="at least two"):
            measure(STATIC[:1])
