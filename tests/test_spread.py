"""Rows shared out over cores: the same answers in the same order, and no row lost where one core fails."""

from __future__ import annotations

import threading

import pytest
import torch

from diffusion_core.spread import spread


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 16])
@pytest.mark.parametrize("cores", [1, 2, 3])
def test_every_row_is_answered_once_and_in_order(rows, cores):
    asked = []

    def network(x, level):
        asked.append(len(x))
        return x * level[:, None]

    x, level = torch.randn(rows, 4), torch.arange(rows, dtype=torch.float32)
    assert torch.equal(spread(network, cores)(x, level), x * level[:, None])
    assert len(asked) == min(rows, cores), "each core once"
    assert sum(asked) == rows
    assert max(asked) - min(asked) <= 1, "as evenly as it goes"


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 9])
def test_no_core_is_asked_with_fewer_rows_than_the_least(rows):
    asked = []
    x = torch.randn(rows, 4)
    answer = spread(lambda x: (asked.append(len(x)), 2 * x)[1], 3, least=2)(x)
    assert torch.equal(answer, 2 * x)
    assert min(asked) >= 2
    assert sum(asked) == max(rows, 2)


def test_the_cores_work_at_the_same_time_each_on_one_thread_of_its_own():
    meet, seen = threading.Barrier(2, timeout=10), []

    def network(x):
        meet.wait()  # passes only when both are in here
        seen.append((threading.current_thread().name, torch.get_num_threads(), torch.is_inference_mode_enabled()))
        return x

    mine = torch.get_num_threads()
    spread(network, 2)(torch.zeros(2, 1))
    assert len({name for name, *_ in seen}) == 2
    assert {(threads, inference) for _, threads, inference in seen} == {(1, True)}
    assert torch.get_num_threads() == mine


def test_a_core_that_fails_is_heard_once_the_others_are_done():
    done = []

    def network(x):
        if x[0] == 0:
            raise ValueError("row 0 is odd")
        done.append(len(x))
        return x

    with pytest.raises(ValueError, match="row 0 is odd"):
        spread(network, 2)(torch.arange(4.0))
    assert done == [2]
    assert torch.equal(spread(network, 2)(torch.ones(4)), torch.ones(4)), "and the next pass is whole again"
