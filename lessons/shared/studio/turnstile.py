"""A class's pages a few at a time: who presses first is answered first.

Python draws one page at a time anyway. Left alone, thirty pages that begin in the same second take turns at every
millisecond, and all of them are late. In line, each is there as soon as those before it are. Figures:
docs/performance.md.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

PLACES = 2  # while one waits for a lock or a file, another is drawn
PATIENCE = 3.0  # seconds in line, after which a page is drawn all the same: what holds up the others may never end


class Turnstile:
    """So many threads at a time, in the order in which they came."""

    def __init__(self, places: int = PLACES, patience: float = PATIENCE):
        self._lock, self._line = threading.Lock(), deque()
        self._free, self._patience = places, patience
        self._here = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait in line for a place, and keep it meanwhile; part of another turn of this thread where there is one."""
        if self._inside:
            yield
            return
        self._wait()
        self._here.inside = True
        try:
            yield
        finally:
            self._here.inside = False
            self._move(1)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Leave the place to others while this thread waits for something.

        It comes back at once, without waiting in line: it may hold what those inside wait for.
        """
        if not self._inside:
            yield
            return
        self._move(1)
        try:
            yield
        finally:
            self._move(-1)

    @property
    def _inside(self) -> bool:
        return getattr(self._here, "inside", False)

    def _wait(self) -> None:
        mine = threading.Event()
        with self._lock:
            self._line.append(mine)
        self._move(0)
        if not mine.wait(self._patience):
            with self._lock:
                if mine in self._line:  # else its turn has come just now
                    self._line.remove(mine)
                    self._free -= 1

    def _move(self, places: int) -> None:
        """So many places more are free; those who are next in line get them."""
        with self._lock:
            self._free += places
            while self._free > 0 and self._line:
                self._free -= 1
                self._line.popleft().set()


PAGES = Turnstile()
