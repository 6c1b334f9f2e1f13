"""Attention maps: averages keep the sums, cells are repeated and not smoothed, shares are shares."""

from __future__ import annotations

import numpy as np
import pytest

from diffusion_core import attention


@pytest.fixture
def layers() -> dict[str, np.ndarray]:
    """Maps of two layers at 4×4 and one at 2×2, of three words, and one of pixels on pixels."""
    rng = np.random.default_rng(0)
    sizes = {"down4.words": (4, 3), "up4.words": (4, 3), "down2.words": (2, 3), "down2.self": (2, 4)}
    made = {name: rng.random((size, size, count)) for name, (size, count) in sizes.items()}
    return {name: weights / weights.sum(-1, keepdims=True) for name, weights in made.items()}


def test_each_size_is_the_mean_of_its_layers_and_kinds_stay_apart(layers):
    found = attention.by_size(layers)
    assert list(found) == [4, 2]
    np.testing.assert_allclose(found[4], (layers["down4.words"] + layers["up4.words"]) / 2)
    assert list(attention.by_size(layers, attention.SELF)) == [2]


def test_together_repeats_cells_and_every_place_still_divides_its_heed(layers):
    found = attention.by_size(layers)
    whole = attention.together(found)
    assert whole.shape == (4, 4, 3)
    np.testing.assert_allclose(whole.sum(-1), 1)
    np.testing.assert_allclose(whole[3, 2], (found[4][3, 2] + found[2][1, 1]) / 2)
    np.testing.assert_allclose(whole.mean((0, 1)), (found[4].mean((0, 1)) + found[2].mean((0, 1))) / 2)


def test_the_strongest_quarter_is_a_quarter_and_holds_the_largest():
    weights = np.arange(16.0).reshape(4, 4)
    assert attention.strongest(weights).tolist() == (weights >= 12).tolist()
    assert attention.strongest(np.zeros((4, 4))).sum() == 4, "an even map still chooses a quarter"


def test_change_is_in_shades_clips_and_is_even_handed():
    black, white = np.full((2, 2, 3), -1.0), np.full((2, 2, 3), 5.0)
    assert (attention.change(black, white) == 255).all() and (attention.change(white, white) == 0).all()


def test_share_inside_is_all_none_or_that_of_chance():
    cells = np.array([[True, False], [False, False]])
    amount = np.zeros((4, 4))
    assert attention.share_inside(amount, cells) == 0.25, "no change at all"
    amount[:2, :2] = 3
    assert attention.share_inside(amount, cells) == 1
    assert attention.share_inside(np.ones((4, 4)), cells) == 0.25
    assert attention.share_inside(amount, ~cells) == 0


def test_halves():
    left = np.array([[1.0, 0.0], [1.0, 0.0]])
    assert attention.share_left(left) == 1 and attention.share_left(left[:, ::-1]) == 0
    assert attention.share_left(np.zeros((2, 2))) == 0.5


def test_the_real_network_gives_such_maps(tiny_model):
    from diffusion_core.engine import Engine, Request

    engine = Engine(lambda network: tiny_model)
    first, *_ = engine.submit(Request(("a", "cat"), (1, 2), steps=1, attention=True), "test")
    engine.stop()
    maps = {name: weights[0] for name, weights in first.attention.items()}
    assert list(attention.by_size(maps)) == [16, 8, 4] and list(attention.by_size(maps, attention.SELF)) == [8, 4]
    whole = attention.together(attention.by_size(maps))
    np.testing.assert_allclose(whole.sum(-1), 1, atol=1e-5)
    assert whole[..., 3:].max() == 0, "places without a word get no heed"
