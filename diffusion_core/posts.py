"""What passes between a server of pages and the engine in a process of its own.

Each message is a plain record, pickled: one after another on the pipe to the process, and on the pipe back.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from diffusion_core.tickets import Request, StepRecord


class Submit(NamedTuple):
    """To the engine: begin this, under a number that its news will carry."""

    number: int
    request: Request
    session: str


class Cancel(NamedTuple):
    """To the engine: nobody waits for this any more."""

    number: int


class Step(NamedTuple):
    """From the engine: one step more."""

    number: int
    record: StepRecord


class State(NamedTuple):
    """From the engine: how a request stands from now on."""

    number: int
    state: str
    problem: str
    shared: bool


ToEngine = Submit | Cancel
FromEngine = Step | State


def send(pipe: BinaryIO, post: ToEngine | FromEngine) -> None:
    """Raises OSError when nobody reads any more."""
    pipe.write(pickle.dumps(post, protocol=pickle.HIGHEST_PROTOCOL))
    pipe.flush()


def read(pipe: BinaryIO) -> Iterator[Any]:
    """What comes, until the other side is gone."""
    while True:
        try:
            yield pickle.load(pipe)
        except (EOFError, OSError, pickle.UnpicklingError):
            return
