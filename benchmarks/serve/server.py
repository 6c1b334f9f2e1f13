"""The server under test: started as a process of its own, its memory watched, stopped whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import psutil

from tests.browser.conftest import ROOT, start_server, stop_server

EVERY = 0.5  # seconds between two looks
MIB = 2**20


@dataclass(frozen=True)
class Look:
    """The server at one moment."""

    at: float
    mib: float  # resident memory
    threads: int


@dataclass
class Server:
    """A running server. `address` is host and port."""

    address: str
    process: psutil.Process
    log: Path

    def look(self) -> Look:
        """Memory and threads now."""
        everyone = self._processes()
        mib = sum(each.memory_info().rss for each in everyone) / MIB
        return Look(time.monotonic(), mib, sum(each.num_threads() for each in everyone))

    def seconds(self) -> float:
        """Processor time used so far."""
        used = [each.cpu_times() for each in self._processes()]
        return sum(each.user + each.system for each in used)

    def _processes(self) -> list[psutil.Process]:
        """The server's own, and the engine's."""
        return [self.process, *self.process.children(recursive=True)]

    def sessions(self) -> int:
        """Sessions that the server counts as active."""
        with urllib.request.urlopen(f"http://{self.address}/_stcore/metrics", timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        counts = [line.split()[-1] for line in lines if line.startswith("active_sessions")]
        return int(float(counts[0])) if counts else 0

    def tracebacks(self) -> int:
        """How many exceptions its log tells of."""
        return self.log.read_text(errors="replace").count("Traceback (most recent call last)")

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator[list[Look]]:
        """Looks, twice a second, for as long as the block lasts."""
        looks = [self.look()]

        async def watch() -> None:
            while True:
                await asyncio.sleep(EVERY)
                looks.append(self.look())

        watcher = asyncio.create_task(watch())
        try:
            yield looks
        finally:
            watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError, psutil.NoSuchProcess):
                await watcher
            with contextlib.suppress(psutil.NoSuchProcess):
                looks.append(self.look())


@contextlib.contextmanager
def serving(log: Path) -> Iterator[Server]:
    """The course on a free port. An end by SIGTERM ends the server, too."""
    signal.signal(signal.SIGTERM, _leave)
    process, address = start_server(ROOT / "app.py", log)
    try:
        yield Server(address.removeprefix("http://"), psutil.Process(process.pid), log)
    finally:
        stop_server(process)


def _leave(*_: object) -> NoReturn:
    raise SystemExit("stopped")  # unlike the default, this passes through every `finally`


def machine() -> str:
    """What the figures were measured on, and how busy it was before."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return f"{os.cpu_count()} cores shared by server and clients, load average {load:.1f} before"
