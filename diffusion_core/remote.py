"""The engine as pages see it when it works in a process of its own (engine_process.py).

Requests go there and steps come back; questions, which may ask anything of a network, are answered in this process.
The other process is begun when it is first needed, and again when it has died.
"""

from __future__ import annotations

import atexit
import itertools
import os
import pkgutil
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diffusion_core.engine import PATIENCE, Engine
from diffusion_core.posts import Cancel, State, Step, Submit, ToEngine, read, send
from diffusion_core.tickets import STOPPED, Request, StepRecord, Ticket, refuse_crowds

if TYPE_CHECKING:  # torch is loaded when the first question is answered
    from diffusion_core.model import Model

LOAD = "diffusion_core.model:load_network"
ROOT = Path(__file__).parents[1]
SWEEP = 5.0  # seconds between two looks for runs that nobody waits for
# Linux's allocator gives memory back as soon as a pass is over, and must ask for it, page by page, for the next one.
# These let it keep what it has (in bytes); elsewhere they mean nothing.
KEEP = {"MALLOC_TRIM_THRESHOLD_": str(1 << 30), "MALLOC_MMAP_THRESHOLD_": str(32 << 20)}


class RemoteEngine:
    """Use it as an Engine (engine.py), from any thread.

    load: where to find the function that makes a model from a network's name, as "module:name".
    """

    def __init__(self, load: str = LOAD):
        self._load = load
        self._lock = threading.Lock()
        self._tickets: dict[int, Ticket] = {}  # those that are not over
        self._numbers = itertools.count()
        self._posts: queue.SimpleQueue[ToEngine | None] = queue.SimpleQueue()
        self._process: subprocess.Popen | None = None
        self._sent: set[int] = set()  # what this process was asked for
        self._here = Engine(lambda network: pkgutil.resolve_name(load)(network))
        threading.Thread(target=self._post, name="posts", daemon=True).start()
        atexit.register(self.stop)

    def submit(self, request: Request, session: str) -> Ticket:
        """Queue a request; an older one of the same session is cancelled. Raises as Engine.submit does."""
        request.validate()
        with self._lock:
            for ticket in self._under_way():
                if ticket.session == session:
                    ticket.cancel()
            ticket = Ticket(request, session, next(self._numbers), tell=self._told)
            refuse_crowds(ticket.learner, [each for each in self._under_way() if each.state == "waiting"])
            self._tickets[ticket.number] = ticket
            self._posts.put(Submit(ticket.number, request, session))
        return ticket

    def ask(self, question: Callable[[Model], Any], learner: str = "", network: str = "unet") -> Future:
        """Have `question(model)` answered in this process; as Engine.ask."""
        return self._here.ask(question, learner, network)

    @property
    def load(self) -> int:
        """How much is asked for right now: runs under way and in line, and questions."""
        return len(self._tickets) + self._here.load

    def place_in_line(self, ticket: Ticket) -> int:
        """How many requests are ahead of a waiting one."""
        return sum(each.number < ticket.number and each.state == "waiting" for each in self._under_way())

    def stop(self) -> None:
        """Cancel everything and end the other process."""
        for ticket in self._under_way():
            ticket.cancel()
        self._posts.put(None)
        self._here.stop()
        if (process := self._process) is not None:
            process.kill()  # it holds nothing that must be saved
            process.wait()
        atexit.unregister(self.stop)

    def _under_way(self) -> list[Ticket]:
        return list(self._tickets.values())

    def _told(self, ticket: Ticket, step: StepRecord | None) -> None:
        if ticket.over:
            self._tickets.pop(ticket.number, None)
        if step is None and ticket.state == "cancelled":
            self._posts.put(Cancel(ticket.number))

    # --- below: on the thread that posts ------------------------------------------------------------------------

    def _post(self) -> None:
        sweep = time.monotonic() + SWEEP
        while True:
            try:
                post = self._posts.get(timeout=max(sweep - time.monotonic(), 0))
            except queue.Empty:
                self._drop_abandoned()
                sweep = time.monotonic() + SWEEP
                continue
            if post is None:
                return
            try:
                self._send(post)
            except OSError:  # the process has just died, or could not be begun
                self._lose({post.number})

    def _send(self, post: ToEngine) -> None:
        if isinstance(post, Submit) and post.number not in self._tickets:
            return  # cancelled while it waited here
        if self._process is None or self._process.poll() is not None:
            if isinstance(post, Cancel):
                return
            self._begin_process()
        if isinstance(post, Submit):
            self._sent.add(post.number)
        else:
            self._sent.discard(post.number)
        send(self._process.stdin, post)

    def _begin_process(self) -> None:
        environment = {**KEEP, **os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.getenv("PYTHONPATH")]))
        command = [sys.executable, "-m", "diffusion_core.engine_process", self._load]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self._sent = set()
        threading.Thread(target=self._read, args=(self._process, self._sent), name="news", daemon=True).start()

    def _drop_abandoned(self) -> None:
        now = time.monotonic()
        for ticket in self._under_way():
            if now - ticket.last_asked > PATIENCE:
                ticket.cancel()

    # --- below: on a thread for each process that was begun ------------------------------------------------------

    def _read(self, process: subprocess.Popen, sent: set[int]) -> None:
        for news in read(process.stdout):
            if (ticket := self._tickets.get(news.number)) is None:
                continue  # cancelled meanwhile
            match news:
                case Step(_, record):
                    ticket.append(record)
                case State(number, state, problem, shared):
                    ticket.shared = shared
                    ticket.become(state, problem)
                    if ticket.over:
                        sent.discard(number)
        process.kill()  # where it has not ended but cannot be understood any more
        process.wait()  # before anybody hears of it: who then asks again must not be sent to this one
        self._lose(sent)

    def _lose(self, numbers: set[int]) -> None:
        for number in list(numbers):
            if (ticket := self._tickets.get(number)) is not None:
                ticket.become("failed", STOPPED)
