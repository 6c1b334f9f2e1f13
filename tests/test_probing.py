"""What a pass shows of itself, against values that can be worked out by hand."""

from __future__ import annotations

import math

import torch
from torch.testing import assert_close

from diffusion_core.probing import liveliest, reach, word_share


def test_the_liveliest_channels_come_first_and_a_large_constant_is_last():
    wave = torch.tensor([[-1.0, 1.0], [1.0, -1.0]])
    activation = torch.stack([wave, torch.full((2, 2), 100.0), 3 * wave, 2 * wave])
    assert liveliest(activation, 3).tolist() == [2, 3, 0]
    assert sorted(liveliest(activation, 9).tolist()) == [0, 1, 2, 3]


def test_what_the_start_token_does_not_get_the_words_get():
    weights = torch.tensor([[[0.7, 0.2, 0.1], [1.0, 0.0, 0.0]], [[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]]])  # 2 heads
    assert_close(word_share(weights), torch.tensor([0.4, 0.5]))


def test_looking_at_oneself_reaches_nowhere_and_at_all_of_a_square_the_mean_distance():
    own = torch.eye(4)[None]
    assert reach(own, 32) == 0
    everywhere = torch.full((1, 4, 4), 0.25)  # 2 × 2 places, 16 pixels apart: two sides and a diagonal
    assert_close(reach(everywhere, 32), 16 * (2 + math.sqrt(2)) / 4)
