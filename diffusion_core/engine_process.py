"""The engine in a process of its own, so that pages and passes do not wait for the same lock of Python's.

    python -m diffusion_core.engine_process diffusion_core.model:load_network

A pass is one call without that lock. But the steps between two passes are many small operations, and PyTorch lets go
of the lock, and asks for it again, at every one: beside a class's pages each asking can take a millisecond.

It reads posts (posts.py) on its standard input, writes them on its standard output, and ends when its input does.
"""

from __future__ import annotations

import contextlib
import math
import os
import pkgutil
import signal
import sys
import threading
from functools import partial
from queue import SimpleQueue
from typing import BinaryIO

from diffusion_core.engine import Engine, EngineBusy
from diffusion_core.posts import Cancel, State, Step, Submit, read, send
from diffusion_core.tickets import StepRecord, Ticket

NICE = 5  # a page needs a core for milliseconds, and comes before the passes; alone they get all that there is


def serve(engine: Engine, inbox: BinaryIO, outbox: BinaryIO) -> None:
    """Do what the posts say, and report, until no more come."""
    news, under_way = SimpleQueue(), {}
    threading.Thread(target=_report, args=(outbox, news), name="posts", daemon=True).start()

    def tell(number: int, ticket: Ticket, step: StepRecord | None) -> None:
        news.put(State(number, ticket.state, ticket.problem, ticket.shared) if step is None else Step(number, step))

    for post in read(inbox):
        match post:
            case Submit(number, request, session):
                under_way = {each: ticket for each, ticket in under_way.items() if not ticket.over}
                try:
                    ticket = under_way[number] = engine.submit(request, session, partial(tell, number))
                    ticket.last_asked = math.inf  # the other side sees to who still waits
                except (ValueError, EngineBusy) as problem:
                    news.put(State(number, "failed", str(problem), False))
            case Cancel(number):
                if number in under_way:
                    under_way.pop(number).cancel()


def _report(outbox: BinaryIO, news: SimpleQueue) -> None:
    with contextlib.suppress(OSError):  # whoever asked is gone
        while True:
            send(outbox, news.get())


def main() -> None:
    """The process: its only argument says which function loads a network by its name."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends whoever asked, and that ends this
    if hasattr(os, "nice"):
        os.nice(NICE)
    inbox, outbox = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever is printed must not come between the posts
    serve(Engine(pkgutil.resolve_name(sys.argv[1])), inbox, outbox)
    os._exit(0)  # at once: a thread may be inside PyTorch


if __name__ == "__main__":
    main()
