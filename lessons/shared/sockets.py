"""What the server has to say is sent at once.

Streamlit 1.67 opens its listening socket without saying that it is for TCP (`socket.socket(family=…)`). So asyncio does
not do for its connections what it does for others: turn off Nagle's algorithm. The system then holds back the second of
two small writes, such as the file that follows its headers, until the browser acknowledges the first, which it may put
off for 40 milliseconds. A fresh page asks for a hundred small scripts over six connections.
"""

from __future__ import annotations

import gc
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


def send_at_once() -> None:
    """Turn Nagle's algorithm off for the sockets of this process: the one that listens, and those that are open.

    Connections that are opened later take after the socket that listens.
    """
    for found in gc.get_objects():
        # by its type: to ask a lazy stand-in what it is may wake it
        if issubclass(type(found), socket.socket) and found.family in (socket.AF_INET, socket.AF_INET6):
            with suppress(OSError):  # closed in the meantime, or no TCP
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@asynccontextmanager
async def sends_at_once(_app: object) -> AsyncIterator[None]:
    """The life of a server that does so (an ASGI lifespan): before its first visitor, when it listens already."""
    send_at_once()
    yield
