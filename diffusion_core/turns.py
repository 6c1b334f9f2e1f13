"""Whose turn it is: which runs share the next pass, and whose question is answered next.

Pure choices over what waits, so that fairness can be tested without a network.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar


class Waiting(Protocol):
    """What a choice needs to know of a run."""

    learner: str
    network: str
    rows: int  # of the network, in one pass
    pace: float  # share of its steps that is done, for each second since it began
    number: int  # in order of arrival


CORE_ROWS = 16  # rows of one core's pass; a guided picture takes two. With more, everybody waits longer for a step

Run = TypeVar("Run", bound=Waiting)
Question = TypeVar("Question")


def next_pass(runs: Sequence[Run], most_rows: int) -> list[Run]:
    """The runs of one pass: everybody's slowest one first, then everybody's second, and so on.

    Among learners, who has had least for the time comes first, all of their runs that are under way counted together.
    So a learner with many runs gets as much as one with a single run, and everybody's picture moves: a new one at
    once, and an older one although new ones keep coming (by progress alone it would stand still until all of them
    had caught up with it). All runs of a pass ask the same network; there is at least one, however large.
    """
    had, turns, ranked = Counter(), Counter(), []
    for run in runs:
        had[run.learner] += run.pace
    for run in sorted(runs, key=lambda run: (run.pace, run.number)):
        ranked.append((turns[run.learner], had[run.learner], run.pace, run.number, run))
        turns[run.learner] += 1
    in_order = [run for *_, run in sorted(ranked, key=lambda each: each[:4])]
    chosen, rows = in_order[:1], sum(run.rows for run in in_order[:1])
    for run in in_order[1:]:
        if run.network != chosen[0].network:
            continue
        if rows + run.rows > most_rows:
            break  # a smaller one behind it may not overtake, or large ones would starve
        chosen.append(run)
        rows += run.rows
    return chosen


def next_flight(runs: Sequence[Run], idle: int) -> tuple[list[Run], int]:
    """The runs of the next pass, and how many of the idle cores it takes.

    Several runs share out the cores, each with a pass of its own that waits for no other; one that is alone takes
    them all.
    """
    waiting = sum(run.rows for run in runs)
    chosen = next_pass(runs, min(CORE_ROWS, math.ceil(waiting / idle)))
    return chosen, max(1, idle * sum(run.rows for run in chosen) // waiting)


def next_question(learners: Sequence[str], served: Mapping[str, int]) -> int:
    """Which of the questions in line, given by their learners, comes next: the learner's served longest ago.

    served: learner → when, as a growing number; who is not in it comes first.
    """
    return min(range(len(learners)), key=lambda i: (served.get(learners[i], -1), i))
