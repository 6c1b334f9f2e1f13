"""One pass of a network on all cores: each takes its own rows through the whole of it.

PyTorch would share out every single operation instead, and at each of some four hundred a pass the cores would wait
for one another: spinning, in the way of everything else that wants a core, or asleep, and late. Rows need nothing of
each other, so here the cores meet once, at the end. Figures: docs/performance.md.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import torch
from torch import Tensor

Pass = Callable[..., Tensor]
CORES = torch.get_num_threads()  # as PyTorch found them, or as OMP_NUM_THREADS says


def spread(network: Pass, cores: int = CORES, least: int = 1) -> Pass:
    """`network` without gradients, as a function of the same arguments, which must all have the same rows.

    It must be safe to call from several threads, let go of Python's lock while it works, and treat each row by itself.
    least: rows that it is asked with, at the least; where there are fewer in all, they are repeated.
    Where it raises, so does this, once every core is done.
    """

    def whole(*rows: Tensor) -> Tensor:
        if (count := len(rows[0])) < least:
            return whole(*(torch.cat([each] * least) for each in rows))[:count]
        if (parts := min(cores, count // least)) < 2:
            return _alone(network, rows)
        shares = zip(*(each.tensor_split(parts) for each in rows), strict=True)
        answers = [_workers(cores).submit(_alone, network, share) for share in shares]
        problems = [answer.exception() for answer in answers]  # waits for it
        if problem := next(filter(None, problems), None):
            raise problem
        return torch.cat([answer.result() for answer in answers])

    return whole


@cache
def _workers(cores: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores, thread_name_prefix="network")


@torch.inference_mode()
def _alone(network: Pass, share: tuple[Tensor, ...]) -> Tensor:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # each time: a thread that asks for more changes part of it for all
    try:
        return network(*share)
    finally:
        torch.set_num_threads(threads)
