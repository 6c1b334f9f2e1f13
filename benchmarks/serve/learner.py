"""One learner's browser window on the wire: opens pages, presses, changes and polls as Streamlit's front end does.

Left out: scripts, fonts and pictures fetched over HTTP once a visit (but see `fetch.py`), and drawing, which happens on
the learner's machine. Moving the player's cursor needs no server either; it changes the address, and the next request
carries it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from benchmarks.serve.page import Clock, Page

PATIENCE = 90.0  # seconds, after which a learner gives up and counts as an error
BEAT = 0.02  # seconds, as in lessons/shared/following.py
TICK = json.dumps([{"event": "tick", "value": True}])
now = time.perf_counter


class SpoiltError(RuntimeError):
    """The page shows a problem, which stands in `page.problems`; a learner who meets one leaves."""


class Learner:
    """Use as `async with Learner(address) as learner`; `address` is the server's host and port."""

    def __init__(self, address: str):
        self._url = f"ws://{address}/_stcore/stream"
        self.host = address
        self._values: dict[str, WidgetState] = {}
        self._timers: dict[str, tuple[Clock, asyncio.Task]] = {}
        self._news = asyncio.Event()
        self._closed = ""
        self.page = Page()

    async def __aenter__(self) -> Learner:
        self._socket = await connect(self._url, subprotocols=["streamlit"], max_size=None, open_timeout=PATIENCE)
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        for _, timer in self._timers.values():
            timer.cancel()
        self._reader.cancel()
        await self._socket.close()

    async def open(self, path: str, **query: object) -> float:
        """Go to a page of the course; seconds until it is there."""
        self._values.clear()
        self.page.widgets.clear()
        self.page.titled, self.page.query = False, urlencode({key: spelt(value) for key, value in query.items()})
        known = self.page.hashes.get(path, "")
        taken = await self._full_run(page_script_hash=known, page_name="" if known else path)
        if not self.page.titled:
            raise RuntimeError(f"{path} came without its title")
        return taken

    async def press(self, key: str) -> float:
        """Press a button; seconds until the page has run again."""
        return await self._full_run(pressed=key)

    async def press_inside(self, key: str) -> None:
        """Press a button of a fragment, and wait until the fragment, or the page at its wish, has run."""
        piece, before = self._widget(key), self.page.scripts
        await self._send(pressed=key, fragment_id=piece.fragment)
        await self.until(lambda: self.page.scripts > before, "the fragment")

    async def change(self, key: str, value: str | bool | float) -> float:
        """Move a control, which the front end also writes into the address; seconds until the page has run again."""
        piece = self._widget(key)
        said = WidgetState(id=piece.id)
        if piece.kind == "slider":
            said.double_array_value.data.append(value)
        else:
            kinds = {str: "string_value", bool: "bool_value", float: "double_value"}
            setattr(said, kinds[type(value)], value)
        self._values[piece.id] = said
        self.address(key, value)
        return await self._full_run()

    def address(self, key: str, value: object) -> None:
        """Put a value into the page's address, as controls and the player's cursor do."""
        self.page.query = urlencode({**dict(parse_qsl(self.page.query)), key: spelt(value)})

    async def until(self, fulfilled: Callable[[], bool], what: str) -> float:
        """Wait for something about the page; seconds until then.

        Raises SpoiltError where the page shows a problem, TimeoutError and ConnectionError.
        """
        began = now()
        while not fulfilled():
            if self.page.problems:
                raise SpoiltError(self.page.problems[-1])
            if self._closed:
                raise ConnectionError(self._closed)
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), max(began + PATIENCE - now(), 0.001))
            except TimeoutError:
                raise TimeoutError(f"waited {PATIENCE:g} s for {what}; {self.page.state}") from None
        return now() - began

    def _widget(self, key: str):
        if key not in self.page.widgets:
            raise RuntimeError(f"there is no {key} on the page")
        return self.page.widgets[key]

    async def _full_run(self, **ask: str) -> float:
        began, before = now(), self.page.begun
        await self._send(**ask)
        await self.until(lambda: self.page.completed > before, "the page")
        return now() - began

    async def _send(self, pressed: str = "", fragment_id: str = "", ticked: str = "", page_script_hash: str = "",
                    page_name: str = "") -> None:  # fmt: skip
        message = BackMsg()
        ask = message.rerun_script
        ask.query_string, ask.fragment_id = self.page.query, fragment_id
        ask.page_script_hash, ask.page_name = (
            page_script_hash or ("" if page_name else self.page.script_hash),
            page_name,
        )
        ask.cached_message_hashes.extend(self.page.kept)
        ask.context_info.url, ask.context_info.color_scheme = f"http://{self.host}", "light"
        ask.widget_states.widgets.extend(self._values.values())
        if ticked:
            ask.widget_states.widgets.add(id=ticked, json_trigger_value=TICK)
        if pressed:
            ask.widget_states.widgets.add(id=self._widget(pressed).id, trigger_value=True)
        await self._socket.send(message.SerializeToString())

    async def _read(self) -> None:
        try:
            async for data in self._socket:
                self.page.take(ForwardMsg.FromString(data), now())
                self._set_timers()
                self._news.set()
            self._closed = "the server closed the connection"
        except ConnectionClosed as problem:
            self._closed = f"the connection broke: {problem}"
        except Exception as problem:  # a message that this client cannot read must not look like a slow server
            self._closed = f"unreadable message: {problem!r}"
        self._news.set()

    def _set_timers(self) -> None:
        polls = self.page.polls
        for fragment in [each for each, (clock, _) in self._timers.items() if polls.get(each) != clock]:
            self._timers.pop(fragment)[1].cancel()
        for fragment, clock in polls.items():
            if fragment not in self._timers:
                self._timers[fragment] = clock, asyncio.create_task(self._tick(fragment, clock))

    async def _tick(self, fragment: str, clock: Clock) -> None:
        """Ask once, and again where no answer comes, each time after twice as long; an answer brings a new clock."""
        patience = clock.patience
        await asyncio.sleep(clock.every)
        latest = now() + patience
        while self.page.busy and now() < latest:  # the page runs to its end first
            await asyncio.sleep(BEAT)
        while not self._closed:
            try:
                await self._send(fragment_id=fragment, ticked=clock.trigger)
            except ConnectionClosed:
                return
            await asyncio.sleep(patience)
            patience *= 2


def spelt(value: object) -> str:
    """As the front end writes it into an address: true, 3, 0.5."""
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
