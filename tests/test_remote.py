"""The engine in a process of its own: the same steps, and nobody waits in vain when that process dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from diffusion_core.engine import Engine, EngineBusy, Request
from diffusion_core.remote import RemoteEngine
from diffusion_core.tickets import STOPPED

ROOT = Path(__file__).parents[1]
CAT = Request(("a", "red", "cat"), seeds=(3,), steps=6)
LONG = replace(CAT, steps=500)


@pytest.fixture(scope="module")
def remote():
    engine = RemoteEngine("tests.networks:tiny")
    yield engine
    engine.stop()


@pytest.fixture(scope="module")
def slow():
    engine = RemoteEngine("tests.networks:slow")
    yield engine
    engine.stop()


def wait_for(fulfilled: Callable[[], bool], seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while not fulfilled() and time.monotonic() < end:
        time.sleep(0.02)
    return fulfilled()


@pytest.mark.parametrize(
    "request_",
    [CAT, replace(CAT, seeds=(1, 2), sampler="ddpm"), replace(CAT, parts=True), replace(CAT, attention=True)],
    ids=["plain", "two pictures", "parts", "attention"],
)
def test_the_steps_are_those_of_an_engine_in_this_process(remote, tiny_model, request_):
    here = Engine(lambda network: tiny_model)
    expected, found = list(here.submit(request_, "one")), list(remote.submit(request_, "one"))
    here.stop()
    assert [step.t for step in found] == [step.t for step in expected]
    for mine, other in zip(found, expected, strict=True):  # sums on one core and on two differ in their last bit
        np.testing.assert_allclose(mine.x_t, other.x_t, atol=1e-5)
        np.testing.assert_allclose(mine.eps_hat, other.eps_hat, atol=1e-5)
        assert (mine.parts is None) == (other.parts is None)
        assert (mine.attention or {}).keys() == (other.attention or {}).keys()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux shows it")
def test_its_process_keeps_the_memory_of_a_pass_for_the_next_unless_told_otherwise(monkeypatch):
    monkeypatch.setenv("MALLOC_MMAP_THRESHOLD_", "1000000")
    engine = RemoteEngine("tests.networks:tiny")
    list(engine.submit(CAT, "one"))
    told = Path(f"/proc/{engine._process.pid}/environ").read_text().split("\0")
    engine.stop()
    assert f"MALLOC_TRIM_THRESHOLD_={1 << 30}" in told and "MALLOC_MMAP_THRESHOLD_=1000000" in told


def test_nothing_is_left_when_all_is_done(remote):
    tickets = [remote.submit(replace(CAT, seeds=(i,)), f"learner {i}:x") for i in range(5)]
    assert all(len(list(ticket)) == 7 and ticket.state == "done" for ticket in tickets)
    gone = remote.submit(LONG, "gone:x")
    gone.cancel()
    assert remote.load == 0 and wait_for(lambda: not remote._sent)


def test_the_same_request_of_two_is_computed_once(slow):
    tickets = [slow.submit(replace(CAT, seeds=(77,)), f"{name}:x") for name in "ab"]
    assert [len(list(ticket)) for ticket in tickets] == [7, 7]
    assert all(ticket.shared for ticket in tickets)
    np.testing.assert_array_equal(tickets[0].steps[-1].x_t, tickets[1].steps[-1].x_t)


def test_a_newer_request_of_a_session_cancels_the_older(slow):
    old = slow.submit(LONG, "one:x")
    next(iter(old))
    new = slow.submit(CAT, "one:x")
    assert old.state == "cancelled"
    seen = len(old.steps)
    assert len(list(new)) == 7
    assert len(old.steps) <= seen + 1  # what was on its way


def test_a_cancelled_run_no_longer_takes_time(slow):
    long = [slow.submit(replace(LONG, seeds=(i,)), f"{i}:x") for i in range(40)]
    next(iter(long[-1]))
    for ticket in long:
        ticket.cancel()
    began = time.monotonic()
    list(slow.submit(CAT, "another:x"))
    assert time.monotonic() - began < 5  # the forty would take more than a minute


def test_a_bad_request_fails_alone_and_in_a_sentence(slow):
    good = slow.submit(CAT, "good:x")
    bad = slow.submit(Request(("dragon",), (1,)), "bad:x")
    with pytest.raises(RuntimeError, match="dragon"):
        list(bad)
    assert len(list(good)) == 7
    with pytest.raises(ValueError, match="at least one seed"):
        slow.submit(Request(("cat",), ()), "bad:x")


def test_a_full_line_is_said_and_places_are_counted(monkeypatch):
    engine = RemoteEngine("tests.networks:slow")
    monkeypatch.setattr("diffusion_core.tickets.MAX_WAITING", 3)
    tickets = [engine.submit(CAT, f"{i}:x") for i in range(3)]  # its process has not even begun
    assert [engine.place_in_line(ticket) for ticket in tickets] == [0, 1, 2]
    with pytest.raises(EngineBusy, match="try again"):
        engine.submit(CAT, "late:x")
    engine.stop()
    assert {ticket.state for ticket in tickets} == {"cancelled"}


def test_a_run_nobody_asks_for_is_dropped_although_others_go_on_asking(monkeypatch):
    monkeypatch.setattr("diffusion_core.remote.SWEEP", 0.1)
    slow = RemoteEngine("tests.networks:slow")
    ticket = slow.submit(LONG, "gone:x")
    next(iter(ticket))
    monkeypatch.setattr("diffusion_core.remote.PATIENCE", 0.5)
    end = time.monotonic() + 20
    while not ticket.over and time.monotonic() < end:
        slow.submit(CAT, "busy:x")
        time.sleep(0.02)
    slow.stop()
    assert ticket.state == "cancelled" and len(ticket.steps) < 500


@pytest.mark.parametrize("again", range(4))  # who asks at once must not be sent to the one that is just ending
def test_runs_are_told_that_the_process_died_and_the_next_one_works(slow, again):
    lost = [slow.submit(replace(LONG, seeds=(i,)), f"{i}:x") for i in range(3)]
    next(iter(lost[0]))
    slow._process.kill()
    for ticket in lost:
        with pytest.raises(RuntimeError, match="press Run once more"):
            list(ticket)
        assert ticket.problem == STOPPED
    assert len(list(slow.submit(CAT, "0:x"))) == 7


def test_a_process_that_dies_each_time_fails_each_request_and_is_not_begun_for_ever():
    engine = RemoteEngine("tests.networks:deadly")
    engine._begin_process, begun = _counted(engine._begin_process)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="press Run once more"):
            list(engine.submit(CAT, "one:x"))
    time.sleep(0.2)
    assert len(begun) == 2
    engine.stop()


def _counted(function: Callable[[], None]) -> tuple[Callable[[], None], list]:
    calls: list[None] = []
    return lambda: (calls.append(None), function())[1], calls


def test_where_no_process_can_be_begun_it_is_said(monkeypatch):
    monkeypatch.setattr(sys, "executable", str(ROOT / "no-such-program"))
    engine = RemoteEngine("tests.networks:tiny")
    with pytest.raises(RuntimeError, match="press Run once more"):
        list(engine.submit(CAT, "one:x"))
    engine.stop()


def test_missing_weights_reach_the_learner_as_a_sentence():
    engine = RemoteEngine("tests.networks:missing")
    with pytest.raises(RuntimeError, match="Make it with: the command"):
        list(engine.submit(CAT, "one:x"))
    engine.stop()


def test_questions_are_answered_in_this_process(remote):
    assert remote.ask(lambda model: os.getpid()).result(30) == os.getpid()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal on this system")
def test_the_process_ends_with_whoever_began_it_however_that_ends():
    code = (
        "from diffusion_core.remote import RemoteEngine; from diffusion_core.engine import Request; "
        "engine = RemoteEngine('tests.networks:slow'); "
        "ticket = engine.submit(Request(('a', 'cat'), (1,), 500), 'one:x'); next(iter(ticket)); "
        "print(engine._process.pid, flush=True); list(ticket)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert wait_for(lambda: not _runs(pid))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"  # ended, and not yet collected
