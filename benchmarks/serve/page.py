"""What a browser knows of a Streamlit page, built from the messages that the server sends. Pure: no network, no clock.

Names of messages and fields are those of streamlit.proto in Streamlit 1.67; the behaviour is that of its front end:
which messages it keeps for later, when it asks again for a fragment, when it stops asking.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from streamlit.components.v2.bidi_component.constants import EVENT_DELIM
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX

from lessons.shared.player.encode import unpack

PLAYER, CLOCK = "beaker_player", "beaker_clock"
TITLE = 'class="bk-header"'  # the page's title, as lessons/shared/page.py writes it
LOST = "a run of the page got lost: another began, and its end never came"
FAILED = "-bk-failed-"  # in the id of the box that lessons/shared/run_line.py shows for a failed run


@dataclass(frozen=True)
class Piece:
    """What matters of one element: not the element itself, which may be half a megabyte and there a hundred times."""

    key: str = ""  # the widget's key in the lesson
    id: str = ""
    kind: str = ""
    fragment: str = ""
    title: bool = False
    problem: str = ""
    steps: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # live run → (newest step, last step)
    clock: Clock | None = None


@dataclass(frozen=True)
class Clock:
    """A part of the page that the browser asks for again: lessons/shared/following.py."""

    going: bool
    every: float  # seconds from an answer to the next question
    patience: float  # seconds to the next question without an answer; then twice as long each time
    look: int
    trigger: str  # the widget that asks


@dataclass
class Run:
    """One live run as it came to the player: when frames arrived, up to which step, and which is the last."""

    last: int
    newest: int = -1
    arrivals: list[float] = field(default_factory=list)

    @property
    def finished(self) -> bool:
        return self.newest >= self.last


@dataclass
class Page:
    """The state of one browser window."""

    widgets: dict[str, Piece] = field(default_factory=dict)  # key → widget
    polls: dict[str, Clock] = field(default_factory=dict)  # fragment → the clock that ticks there
    shown: set[str] = field(default_factory=set)  # fragments with a clock in the full run that is under way
    runs: dict[str, Run] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)  # URL path → the page's hash
    script_hash: str = ""
    query: str = ""
    titled: bool = False
    begun: int = 0  # full runs of the script that began
    completed: int = 0  # number of the last full run that came to its end
    busy: bool = False
    whole: bool = False  # what runs is the whole script
    kept: dict[str, tuple[Piece, int]] = field(default_factory=dict)  # hash → (element, script run that used it)
    scripts: int = 0  # finished runs of script or fragments: the age of what is kept
    oldest: int = 2

    def take(self, message: ForwardMsg, now: float) -> None:
        """Take in one message that arrived at time `now`, in seconds."""
        handle = getattr(self, f"_{message.WhichOneof('type')}", None)
        if handle is not None:
            handle(message, now)

    @property
    def quiet(self) -> bool:
        """Nothing runs, and no fragment asks again by itself."""
        return not self.busy and not self.polls and self.completed == self.begun

    @property
    def state(self) -> str:
        """What holds it up, in words."""
        unfinished = sum(not run.finished for run in self.runs.values())
        return (
            f"script {'runs' if self.busy else 'stands'}, {self.completed} of {self.begun} full runs complete, "
            f"{len(self.polls)} fragments ask again, {unfinished} of {len(self.runs)} live runs unfinished"
        )

    def _new_session(self, message: ForwardMsg, now: float) -> None:
        if self.whole:  # a browser shows the page half drawn, or as it was, until somebody presses something
            self.problems.append(LOST)
        self.busy, self.whole = True, not message.metadata.run.fragment_ids
        if not self.whole:
            return
        self.begun += 1
        self.shown.clear()
        self.oldest = message.new_session.config.max_cached_message_age

    def _script_finished(self, message: ForwardMsg, now: float) -> None:
        self.busy, self.whole, status = False, False, message.script_finished
        fragments = message.metadata.run.fragment_ids
        if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.problems.append("the script does not compile")
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        if not fragments:
            self.completed = self.begun
            self.polls = {name: clock for name, clock in self.polls.items() if name in self.shown}
        self.scripts += 1
        for key, (piece, used) in list(self.kept.items()):
            concerned = not fragments or piece.fragment in fragments
            if concerned and self.scripts - used > self.oldest:
                del self.kept[key]

    def _navigation(self, message: ForwardMsg, now: float) -> None:
        self.script_hash = message.navigation.page_script_hash
        self.hashes = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}

    def _page_info_changed(self, message: ForwardMsg, now: float) -> None:
        self.query = message.page_info_changed.query_string

    def _page_not_found(self, message: ForwardMsg, now: float) -> None:
        self.problems.append(f"no page {message.page_not_found.page_name}")

    def _delta(self, message: ForwardMsg, now: float) -> None:
        piece = read(message)
        if message.metadata.cacheable:
            self.kept[message.hash] = piece, self.scripts
        self._show(piece, now)

    def _ref_hash(self, message: ForwardMsg, now: float) -> None:
        if message.ref_hash not in self.kept:
            self.problems.append("the server refers to a message that the browser no longer has")
            return
        piece, _ = self.kept[message.ref_hash]
        self.kept[message.ref_hash] = piece, self.scripts
        self._show(piece, now)

    def _show(self, piece: Piece, now: float) -> None:
        self.titled |= piece.title
        if piece.problem:
            self.problems.append(piece.problem)
        if piece.key:
            self.widgets[piece.key] = piece
        if piece.clock is not None:
            self.shown.add(piece.fragment)
            if piece.clock.going:
                self.polls[piece.fragment] = piece.clock
            else:
                self.polls.pop(piece.fragment, None)
        for run_id, (newest, last) in piece.steps.items():
            run = self.runs.setdefault(run_id, Run(last))
            if newest > run.newest:
                run.newest = newest
                run.arrivals.append(now)


def read(message: ForwardMsg) -> Piece:
    """The Piece in a delta message."""
    delta = message.delta
    if delta.WhichOneof("type") == "add_block":
        return Piece(problem="a run failed, and its box says why" if FAILED in delta.add_block.id else "")
    if delta.WhichOneof("type") != "new_element":
        return Piece()
    kind = delta.new_element.WhichOneof("type") or ""
    element = getattr(delta.new_element, kind, None)
    if kind == "exception":
        return Piece(problem=f"{element.type}: {element.message}"[:200])
    if kind == "alert":
        return Piece(problem=element.body[:200] if element.format == Alert.ERROR else "")
    if kind == "html":
        return Piece(title=TITLE in element.body)
    steps = _steps(element.bytes) if kind == "bidi_component" and element.component_name == PLAYER else {}
    name = getattr(element, "id", "")  # $$ID-<hash>-<key>
    key = name.split("-", 2)[2] if name.count("-") >= 2 else ""
    clock = _clock(name, element.json) if kind == "bidi_component" and element.component_name == CLOCK else None
    return Piece(key, name, kind, delta.fragment_id, steps=steps, clock=clock)


def _clock(name: str, data: str) -> Clock:
    told = json.loads(data)
    trigger = f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{name}{EVENT_DELIM}events"
    return Clock(told["going"], told["every"] / 1000, told["patience"] / 1000, told["look"], trigger)


def _steps(data: bytes) -> dict[str, tuple[int, int]]:
    """Live run → (newest step in this message, last step); what ships with the course is not live."""
    tracks = unpack(data)[0]["tracks"] if data else []
    return {track["run_id"]: (track["steps"][-1], track["last"]) for track in tracks
            if track["badge"]["kind"] == "live" and track["steps"]}  # fmt: skip
