"""Files that never change are read, compressed and wrapped once, and then sent as they were.

A browser that is new to the course asks for some hundred of Streamlit's scripts, whose addresses change with what is in
them. Streamlit looks each of them up again, reads it on another thread and hands it through its layers; where thirty
open the course in one minute, that is three thousand times, all of it under Python's one lock. It also sends them as
they are, three megabytes a visitor, for to compress them each time would take longer than to send them. Once will do.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from starlette.middleware import Middleware

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    Answer = tuple[Message, Message]  # how it starts, and all that is in it

MOST_BYTES = 32 * 2**20  # of files kept, the compressed ones included
TEXT = (b"application/javascript", b"text/javascript", b"text/css", b"image/svg+xml")  # kinds that compression is for
LEAST_BYTES = 1000  # of text: below that compression brings nothing
FOR_ONE = {b"content-encoding", b"content-range", b"set-cookie", b"vary"}  # says: not for every browser alike
ASKS_FOR_MORE = {b"authorization", b"if-match", b"if-modified-since", b"if-none-match", b"if-range",
                 b"if-unmodified-since", b"range"}  # fmt: skip


class KeptFiles:
    """Between server and application (ASGI 3.0): what the application calls `immutable` it is asked for once."""

    def __init__(self, app: ASGIApp, most_bytes: int = MOST_BYTES):
        self._app, self._room = app, most_bytes
        self._kept: dict[str, tuple[Answer, Answer]] = {}  # as it came, and for who reads gzip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is kept, or ask the application and see whether its answer may be kept."""
        if not _plain(scope):
            await self._app(scope, receive, send)
        elif scope["path"] in self._kept:
            for message in self._kept[scope["path"]][_reads_gzip(scope)]:
                await send(message)
        else:
            answer: list[Message] = []

            async def send_and_note(message: Message) -> None:
                if answer or _for_ever(message):
                    answer.append(message)
                await send(message)

            await self._app(scope, receive, send_and_note)
            if answer:
                self._keep(scope["path"], answer)

    def _keep(self, path: str, answer: list[Message]) -> None:
        """Keep it, if it came to its end and there is room for it."""
        start, *parts = answer
        whole = bool(parts) and all(part["type"] == "http.response.body" for part in parts)
        if not whole or parts[-1].get("more_body", False) or path in self._kept:
            return
        plain = start, {"type": "http.response.body", "body": b"".join(part.get("body", b"") for part in parts)}
        packed = _compressed(*plain)
        size = sum(len(body["body"]) for _, body in filter(None, (plain, packed)))
        if size <= self._room:
            self._room -= size
            self._kept[path] = plain, packed or plain


def _compressed(start: Message, body: Message) -> Answer | None:
    """The same answer for browsers that read gzip, where that makes it shorter."""
    headers = {name.lower(): value for name, value in start["headers"]}
    if headers.get(b"content-type", b"").split(b";")[0] not in TEXT or len(body["body"]) < LEAST_BYTES:
        return None
    packed = gzip.compress(body["body"], mtime=0)
    for told in (b"accept-ranges", b"etag"):  # of the file as it was
        headers.pop(told, None)
    headers |= {b"content-length": b"%d" % len(packed), b"content-encoding": b"gzip", b"vary": b"accept-encoding"}
    return start | {"headers": list(headers.items())}, body | {"body": packed}


def _reads_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


def _plain(scope: Scope) -> bool:
    """Whether it asks for a whole file, without conditions."""
    if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"]:
        return False
    return ASKS_FOR_MORE.isdisjoint(name for name, _ in scope["headers"])


def _for_ever(message: Message) -> bool:
    """Whether so begins an answer that will be the same for everybody, as long as the server runs."""
    if message["type"] != "http.response.start" or message["status"] != 200:
        return False
    headers = {name.lower(): value for name, value in message["headers"]}
    return b"immutable" in headers.get(b"cache-control", b"") and FOR_ONE.isdisjoint(headers)


MIDDLEWARE = [Middleware(KeptFiles)]  # of the whole server
