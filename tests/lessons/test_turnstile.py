"""The line in which a class's pages wait to be drawn."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from lessons.shared.studio.turnstile import Turnstile


def until(reached: Callable[[], bool]) -> None:
    """Wait for what is to happen on other threads; the test fails where it does not."""
    end = time.monotonic() + 10
    while not reached():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.001)


class Crowd:
    """Threads that take turns; what they did, in order."""

    def __init__(self, turnstile: Turnstile):
        self.turnstile, self.done, self.inside, self.most = turnstile, [], 0, 0
        self.threads: list[threading.Thread] = []
        self.line = turnstile._line

    def send(self, name: str, gate: threading.Event) -> None:
        """One more, who stays inside until the gate opens; returns when it waits or is inside."""

        def visit() -> None:
            with self.turnstile.turn():
                self.inside += 1
                self.most = max(self.most, self.inside)
                self.done.append(name)
                gate.wait(10)
                self.inside -= 1

        self.threads.append(threading.Thread(target=visit))
        before = len(self.line)
        self.threads[-1].start()
        until(lambda: name in self.done or (len(self.line) > before and self.turnstile._free <= 0))

    def leave(self) -> None:
        for thread in self.threads:
            thread.join(10)
            assert not thread.is_alive()


@pytest.mark.parametrize("places", [1, 3])
def test_so_many_at_a_time_in_the_order_in_which_they_came(places):
    crowd, gate = Crowd(Turnstile(places, patience=10)), threading.Event()
    names = [str(i) for i in range(8)]
    for name in names:
        crowd.send(name, gate)
    assert crowd.done == names[:places] and len(crowd.line) == 8 - places
    gate.set()
    crowd.leave()
    assert crowd.most == places and sorted(crowd.done) == names
    assert places > 1 or crowd.done == names, "side by side, who is first cannot be said"


def test_a_place_comes_free_whatever_a_page_raises():
    turnstile = Turnstile(places=1, patience=10)
    with pytest.raises(KeyError), turnstile.turn():
        raise KeyError
    crowd, gate = Crowd(turnstile), threading.Event()
    gate.set()
    crowd.send("next", gate)
    assert crowd.done == ["next"]
    crowd.leave()


def test_a_turn_within_a_turn_waits_for_nobody():
    turnstile = Turnstile(places=1, patience=10)
    with turnstile.turn(), turnstile.turn():
        pass
    crowd, gate = Crowd(turnstile), threading.Event()
    gate.set()
    crowd.send("next", gate)
    assert crowd.done == ["next"], "the inner turn gave back nothing that it did not take"
    crowd.leave()


def test_who_waits_for_something_else_leaves_the_place_to_others_and_comes_back_at_once():
    turnstile, gate = Turnstile(places=1, patience=10), threading.Event()
    crowd = Crowd(turnstile)
    with turnstile.turn():
        crowd.send("other", gate)
        assert crowd.done == []
        with turnstile.aside():
            crowd.send("another", gate)
            until(lambda: crowd.done == ["other"])
        assert crowd.inside == 1, "what the other holds may be what this thread waits for, and the other way round"
    gate.set()
    crowd.leave()
    assert crowd.done == ["other", "another"]
    with turnstile.turn():  # as many places as before: one
        late = threading.Event()
        crowd.send("late", late)
        assert crowd.done[-1] == "another"
    late.set()
    crowd.leave()


def test_aside_outside_of_a_turn_changes_nothing():
    turnstile = Turnstile(places=1, patience=10)
    with turnstile.aside():
        pass
    crowd, gate = Crowd(turnstile), threading.Event()
    for name in ("one", "two"):
        crowd.send(name, gate)
    assert crowd.done == ["one"]
    gate.set()
    crowd.leave()


def test_a_page_that_never_ends_holds_nobody_up_for_ever():
    turnstile, gate = Turnstile(places=1, patience=0.1), threading.Event()
    crowd = Crowd(turnstile)
    for name in ("stuck", "patient", "more patient"):
        crowd.send(name, gate)
    until(lambda: set(crowd.done) == {"stuck", "patient", "more patient"})
    gate.set()
    crowd.leave()
    again, turnstile._patience = threading.Event(), 10
    for name in ("first", "second"):  # as many places as before: one
        crowd.send(name, again)
    assert crowd.done[3:] == ["first"]
    again.set()
    crowd.leave()
