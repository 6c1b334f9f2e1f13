"""What a browser that is new to the course fetches before anything is drawn: the page and all that it names."""

from __future__ import annotations

import asyncio
import gzip
import re
from urllib.parse import urljoin

CONNECTIONS = 6  # at a time to one server, as browsers do
NAMED = re.compile(r'(?:src|href)="([^":]+)"')


async def fetch(address: str, path: str) -> int:
    """Fetch the page at `path` and every file that it names, from the server at `address` (host and port).

    Returns how many files it named. Raises RuntimeError where one does not come whole, and OSError.
    """
    reader, writer = await _connect(address)
    html = (await _get(reader, writer, address, f"/{path}")).decode()
    names = [urljoin("/", name) for name in dict.fromkeys(NAMED.findall(html))]
    left = iter(names)

    async def some(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for name in left:  # whoever is free takes the next
            await _get(reader, writer, address, name)
        writer.close()

    others = [await _connect(address) for _ in range(CONNECTIONS - 1)]
    await asyncio.gather(*(some(*each) for each in ((reader, writer), *others)))
    return len(names)


async def _connect(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = address.split(":")
    return await asyncio.open_connection(host, int(port))


async def _get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str, path: str) -> bytes:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = re.search(r"content-length: (\d+)", head)
    if not head.startswith("http/1.1 200") or not length:
        raise RuntimeError(f"{path} was answered with {head.splitlines()[0]}")
    body = await reader.readexactly(int(length[1]))
    return gzip.decompress(body) if "content-encoding: gzip" in head else body
