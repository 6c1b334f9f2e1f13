"""Whose turn it is: everybody's picture moves, whoever asks for many or for large ones."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate

import pytest

from diffusion_core.turns import CORE_ROWS, next_flight, next_pass, next_question


@dataclass
class Asked:
    learner: str
    number: int
    steps: int = 20
    rows: int = 2
    network: str = "unet"
    done: int = 0
    age: float = 1.0

    @property
    def pace(self) -> float:
        return self.done / self.steps / self.age


def work(runs: list[Asked], rows: int = 16) -> list[Asked]:
    """Give passes until all runs are over; the runs in the order in which they ended."""
    left, ended = list(runs), []
    while left:
        for run in next_pass(left, rows):
            run.done += 1
        ended += [run for run in left if run.done == run.steps]
        left = [run for run in left if run.done < run.steps]
    return ended


def test_all_fit_into_one_pass_when_they_are_few():
    runs = [Asked(f"l{i}", i) for i in range(8)]
    assert next_pass(runs, 16) == runs


def test_who_is_behind_goes_first():
    ahead, behind = Asked("a", 0, done=10, rows=16), Asked("b", 1, done=1, rows=16)
    assert next_pass([ahead, behind], 16) == [behind]


@pytest.mark.parametrize("load", [0.6, 0.8, 0.9])
def test_newcomers_get_their_first_step_at_once_and_hold_up_nobody_under_way(load):
    """Eight runs fit a pass; learners come by chance, as many as take this share of all passes."""
    random.seed(load)
    runs, firsts, gaps, last, now = [], [], [], {}, 0
    coming = accumulate(random.expovariate(load * 8 / 20) for _ in range(600))
    arrivals = [Asked(f"l{i}", i, age=at) for i, at in enumerate(coming)]  # age: at first, when it begins
    began = [run.age for run in arrivals]
    while arrivals or runs:
        while arrivals and arrivals[0].age <= now:
            runs.append(arrivals.pop(0))
        now += 1
        for run in runs:
            run.age = now - began[run.number]
        for run in next_pass(runs, 16):
            (gaps if run.done else firsts).append(now - last.get(run.number, began[run.number]))
            run.done, last[run.number] = run.done + 1, now
        runs = [run for run in runs if run.done < run.steps]
    assert max(firsts) <= 3
    assert max(gaps) <= 15, "by progress alone somebody waits 74 passes and more"


def test_thirty_learners_all_move_before_anybody_is_two_steps_ahead():
    runs = [Asked(f"l{i}", i, rows=8) for i in range(30)]
    for _ in range(200):
        for run in next_pass(runs, 16):
            run.done += 1
        assert max(r.done for r in runs) - min(r.done for r in runs) <= 1


def test_two_hundred_runs_of_one_learner_hold_nobody_else_up():
    flood = [Asked("flood", i) for i in range(200)]
    one = Asked("other", 200)
    assert work([*flood, one])[0] in (one, flood[0]), "alone it would end after 20 passes, and so it does here"
    assert one.done == 20


def test_learners_with_many_runs_share_alike_with_those_with_one():
    many, single = [Asked("many", i, 10**6) for i in range(3)], Asked("single", 3, 10**6)
    for _ in range(300):  # one run fits a pass
        for run in next_pass([*many, single], 2):
            run.done += 1
    got = Counter(many=sum(run.done for run in many), single=single.done)
    assert abs(got["many"] - got["single"]) <= 2
    assert max(run.done for run in many) - min(run.done for run in many) <= 1


def test_a_large_run_is_taken_alone_and_is_not_overtaken_for_ever():
    large, small = Asked("large", 0, rows=40), [Asked(f"s{i}", i + 1) for i in range(8)]
    assert next_pass([large, *small], 16) == [large]
    assert large in work([large, *small])[-9:]


def test_a_pass_asks_one_network():
    runs = [Asked("a", 0, network="sibling_1"), Asked("b", 1), Asked("c", 2, network="sibling_1")]
    assert next_pass(runs, 16) == [runs[0], runs[2]]
    assert len(work(runs)) == 3


def test_a_run_that_is_alone_takes_all_cores():
    assert next_flight([Asked("a", 0, rows=8)], 4) == ([Asked("a", 0, rows=8)], 4)


@pytest.mark.parametrize("count, rows", [(2, 2), (2, 8), (8, 2), (3, 8), (30, 8), (5, 40)])
@pytest.mark.parametrize("cores", [1, 2, 4])
def test_several_share_out_the_cores_and_none_is_flown_twice(count, rows, cores):
    free, idle, flown = [Asked(f"l{i}", i, rows=rows) for i in range(count)], cores, []
    while free and idle:
        chosen, takes = next_flight(free, idle)
        assert 1 <= takes <= idle
        assert chosen and (len(chosen) == 1 or sum(run.rows for run in chosen) <= CORE_ROWS)
        idle -= takes
        free = [run for run in free if run not in chosen]
        flown += chosen
    assert len({run.number for run in flown}) == len(flown)
    assert not idle, "while somebody waits, no core does nothing" if free else "all cores are taken"


def test_a_large_run_on_one_core_leaves_the_other_to_the_small_ones():
    large, small = Asked("large", 0, rows=48), [Asked(f"s{i}", i + 1) for i in range(3)]
    assert next_flight([large, *small], 2) == ([large], 1)
    assert next_flight(small, 1) == (small, 1)


def test_questions_go_round_the_learners():
    line, served, order = ["flood"] * 5 + ["other"], {}, []
    while line:
        learner = line.pop(next_question(line, served))
        served[learner] = len(order)
        order.append(learner)
    assert order[:3] == ["flood", "other", "flood"]
