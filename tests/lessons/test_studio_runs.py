"""The studio's runs: two learners, a newer run, leaving the page, and what a run says of itself."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from diffusion_core.engine import Engine, StepRecord
from diffusion_core.remote import RemoteEngine
from diffusion_core.schedules import LOG_SNR_MIN, Schedule
from lessons.shared.player import Frame
from lessons.shared.studio import cached, engines, outcomes, runs

ROOT = Path(__file__).parents[2]
CAT = runs.Request(("a", "red", "cat"), seeds=(3,), steps=4)
LONG = runs.Request(("a", "red", "cat"), seeds=(3,), steps=200)


@pytest.fixture
def learner(monkeypatch):
    """learner("ann") makes Ann the one whose session is asked from now on."""
    sessions: dict[str, dict] = {}

    def become(name: str) -> None:
        monkeypatch.setattr(st, "session_state", sessions.setdefault(name, {}))

    become("ann")
    return become


def wait(slot: str, seconds: float = 20.0) -> runs.Job:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        job = runs.job(slot)
        if job.over:
            return job
        time.sleep(0.01)
    pytest.fail(f"the run in {slot!r} is still {job.state} after {seconds} s")


def test_names_of_the_samplers_are_those_of_the_core():
    from diffusion_core.samplers import SAMPLERS

    assert set(runs.SAMPLER_NAMES) == set(SAMPLERS)


def test_a_run_brings_the_noise_a_frame_for_each_step_and_the_picture(small_engine, learner):
    runs.start("first", CAT, "a red cat")
    job = wait("first")
    assert (job.state, job.title, len(job.frames), job.total, job.steps_done) == ("done", "a red cat", 5, 5, 4)
    assert [f.t for f in job.frames] == list(CAT.schedule.times(4))
    assert job.frames[-1].eps_hat is None and job.seconds > 0
    np.testing.assert_array_equal(job.frames[-1].x_t, job.frames[-1].x0_hat)


def test_two_learners_both_get_their_pictures_and_each_only_their_own(small_engine, learner):
    runs.start("first", CAT)
    learner("ben")
    assert runs.job("first") is None
    runs.start("first", runs.Request(("a", "dog"), seeds=(4,), steps=4))
    bens = wait("first").frames
    learner("ann")
    anns = wait("first").frames
    assert len(anns) == len(bens) == 5
    assert not np.array_equal(anns[0].x_t, bens[0].x_t)


def test_two_slots_of_one_learner_run_side_by_side_from_the_same_noise(small_engine, learner):
    runs.start("first", CAT)
    runs.start("second", runs.Request(("a", "dog"), seeds=CAT.seeds, steps=4))
    one, other = wait("first"), wait("second")
    assert one.state == other.state == "done"
    np.testing.assert_array_equal(one.frames[0].x_t, other.frames[0].x_t)
    assert not np.allclose(one.frames[-1].x_t, other.frames[-1].x_t)


def test_a_newer_run_stops_the_older_one_of_its_slot(slow_engine, learner):
    runs.start("first", LONG)
    old = runs._entries()["first"].ticket
    while not old.steps:
        time.sleep(0.01)
    runs.start("first", CAT)
    had = len(old.steps)
    assert wait("first").state == "done"
    assert old.state == "cancelled" and len(old.steps) <= had + 1


def test_leaving_the_page_stops_its_runs_and_staying_does_not(slow_engine, learner):
    runs.enter("out-of-static")
    runs.start("first", LONG)
    ticket = runs._entries()["first"].ticket
    runs.enter("out-of-static")
    assert not ticket.over
    runs.enter("pixels-adrift")
    assert ticket.state == "cancelled" and runs.job("first") is None


def test_cancel_keeps_what_has_come(slow_engine, learner):
    runs.start("first", LONG)
    while len(runs.job("first").frames) < 3:
        time.sleep(0.01)
    runs.cancel(["first", "second"])
    job = runs.job("first")
    assert job.state == "cancelled" and 3 <= len(job.frames) < 30


def test_missing_weights_become_a_sentence_with_the_command(no_weights, learner):
    runs.start("first", CAT)
    job = wait("first")
    assert job.state == "failed" and "python -m diffusion_core.train" in job.problem


def test_a_request_that_cannot_run_fails_with_a_sentence_and_no_traceback(small_engine, learner):
    runs.start("first", runs.Request(("a", "cat"), (3,), steps=50, schedule=Schedule(T=20)))
    job = runs.job("first")
    assert job.state == "failed" and "steps must be from 1 to T = 20" in job.problem


def test_description_names_what_made_the_picture():
    said = runs.describe(runs.Request((), (7,), 1, "ddim", 0.5, Schedule("scaled_linear", 500), 0.25))
    assert said == "seed 7 · DDIM · η 0.25 · 1 step · guidance 0.5 · scaled linear schedule · T 500"


def test_levels_beyond_training_are_found_and_usual_schedules_have_none():
    assert runs.beyond_training(CAT) == []
    beyond = runs.Request((), (3,), 10, schedule=Schedule(zero_terminal_snr=True))
    assert runs.beyond_training(beyond) == [1000]
    assert beyond.schedule.log_snr(1000) < LOG_SNR_MIN


def test_default_request_is_what_the_reader_makes_of_the_default_prompt():
    from diffusion_core.world.prompts import read_prompt

    assert read_prompt(runs.DEFAULT_PROMPT).words == runs.DEFAULT_REQUEST.words


def test_shipped_run_survives_its_file(small_engine, tmp_path, monkeypatch):
    monkeypatch.setattr(cached, "FOLDER", tmp_path)
    monkeypatch.setattr(engines, "load_model", small_engine)
    cached.load.cache_clear()
    with pytest.raises(cached.PrecomputedMissing, match=r"lessons\.precompute"):
        runs.default_frames()
    cached.save("reverse", runs.make_default)
    frames = runs.default_frames()
    assert [f.t for f in frames] == list(runs.DEFAULT_REQUEST.schedule.times(20))
    assert frames[-1].eps_hat is None and frames[0].x_t.shape == (32, 32, 3)
    cached.load.cache_clear()


def test_asking_needs_no_torch_until_there_is_a_run():
    code = "import sys; from lessons.shared.studio import runs, outcomes; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


# --- outcomes: measures with known answers -------------------------------------------------------------------


def grey(shade: float) -> np.ndarray:
    return np.full((4, 4, 3), shade / outcomes.SHADES - 1)


def test_apart_counts_shades_and_what_the_screen_cannot_show_does_not_count():
    assert outcomes.apart(grey(100), grey(130)) == pytest.approx(30)
    assert outcomes.apart(grey(255), grey(400)) == pytest.approx(0)


def test_settling_counts_from_where_it_stays_near():
    end = grey(100)
    shades = [0, 95, 200, 110, 100]  # near once by chance, then far again, then near for good
    assert outcomes.settled_at([grey(s) for s in shades], end) == 3
    assert outcomes.settled_at([end, end], end) == 0
    both = [(0, 90), (40, 95), (60, 99), (90, 99), (100, 100)]  # picture, prediction
    frames = [Frame(4 - i, grey(x), grey(p)) for i, (x, p) in enumerate(both)]
    assert outcomes.settling(frames) == {"prediction": 0, "picture": 3, "steps": 4}


def test_likeness_is_the_layout_and_not_the_colours():
    rng = np.random.default_rng(0)
    one, other = rng.uniform(-0.9, 0.9, (32, 32, 1)), rng.uniform(-0.9, 0.9, (32, 32, 1))
    tinted = np.concatenate([one, 0.5 * one, 0.1 * one], axis=-1)
    assert outcomes.likeness(np.repeat(one, 3, -1), tinted) == pytest.approx(1)
    assert outcomes.likeness(one, -one) == pytest.approx(-1)
    assert abs(outcomes.likeness(one, other)) < 0.15
    assert outcomes.likeness(one, grey(10)[:1]) == 0
    assert outcomes.comparison(one, tinted).share == "layout"
    assert outcomes.comparison(one, other).share == "none"
    assert outcomes.comparison(one, one).share == "words"


@pytest.fixture
def served(monkeypatch) -> Iterator[Callable[[str], RemoteEngine]]:
    """served(network): the warmed engine of a real server, with a network of tests/networks.py."""
    kept = (engines.warm, engines.engine)

    def begin(network: str) -> RemoteEngine:
        for each in kept:
            each.clear()
        there = SimpleNamespace(exists=lambda: True, Runtime=object, get_instance=object)
        monkeypatch.setattr(engines, "runtime", there)
        monkeypatch.setattr(engines, "RemoteEngine", partial(RemoteEngine, f"tests.networks:{network}"))
        engines.warm().join(30)
        return engines.engine()

    for each in kept:
        each.clear()
    yield begin
    engines.engine().stop()
    for each in kept:
        each.clear()


def test_a_real_server_begins_another_process_and_loads_its_network_before_anybody_asks(served):
    assert engines.warm() is None, "AppTest and plain scripts have no server"
    assert isinstance(engines.engine(), Engine)
    engine = served("tiny")
    assert engine._process.poll() is None, "it was begun, and goes on"
    assert engine.load <= 1, "what warmed it is over, but for a question here"
    assert len(list(engine.submit(CAT, "learner:slot"))) == CAT.steps + 1
    assert engine.ask(lambda model: model.unet.config.thin).result(30) == 8


def test_a_server_without_weights_warms_nothing_and_says_nothing(served, capfd):
    served("missing")
    assert "Traceback" not in capfd.readouterr().err


def test_a_first_look_waits_for_a_step_but_not_for_ever(slow_engine, monkeypatch):
    ticket = engines.engine().submit(CAT, "learner:slot")
    monkeypatch.setattr(runs, "_entries", lambda: {"slot": runs._Entry("", "", ticket)})
    runs.first_look(["slot", "another"], seconds=20)
    assert ticket.steps or ticket.over
    stuck = runs.Ticket(CAT, "learner:slot", 1)
    monkeypatch.setattr(runs, "_entries", lambda: {"slot": runs._Entry("", "", stuck)})
    runs.first_look(["slot"], seconds=0.01)
    assert not stuck.steps


def standing(monkeypatch, *taken: float) -> list[runs.Ticket]:
    """Runs with two of four steps, taken in so many seconds each; they are in the slots "0", "1", …"""
    tickets = [runs.Ticket(CAT, f"learner:{i}", i, "running") for i in range(len(taken))]
    for ticket, seconds in zip(tickets, taken, strict=True):
        for i in range(2):
            ticket.append(StepRecord(i, 4, 1, *[np.zeros((1, 2, 2, 3))] * 3, seconds * (i + 1)))
    monkeypatch.setattr(runs, "_entries", lambda: {str(i): runs._Entry("", "", t) for i, t in enumerate(tickets)})
    return tickets


def test_the_end_of_a_run_that_will_be_over_at_once_is_waited_for(monkeypatch):
    first, second = standing(monkeypatch, 1.0, 1.0)  # two seconds are left, and here that is soon
    threading.Timer(0.05, lambda: (first.become("done"), second.become("done"))).start()
    assert runs.over(["0", "1", "none"], soon=20)


def test_a_run_that_goes_on_is_not_waited_for(monkeypatch):
    quick, slow = standing(monkeypatch, 0.001, 100.0)
    waits = []
    monkeypatch.setattr(runs, "_wait", lambda *told: waits.append(told))
    assert not runs.over(["0", "1"]) and not waits, "its neighbour's end is far off"
    slow.become("cancelled")
    assert not runs.over(["0", "1"]) and 0 < waits[0][-1] < runs.SOON, "twice what it should need"
    quick.become("done")
    assert runs.over(["0", "1"]) and runs.over([])


def test_a_page_that_heard_of_a_run_going_is_drawn_once_more_although_it_is_over_by_then(small_engine):
    """Without that the page would say of the run what it said before it ended, until somebody pressed something."""

    def page():
        import time

        import streamlit as st

        from diffusion_core.engine import Request
        from lessons.shared.guided.watch import watch
        from lessons.shared.studio import runs

        runs.enter("page")
        if "begun" not in st.session_state:
            st.session_state["begun"] = True
            runs.start("mine", Request(("a", "cat"), seeds=(0,), steps=3))
        heard = runs.job("mine").state  # still under way …
        while not runs.job("mine").over:  # … and over before the part that follows it begins
            time.sleep(0.001)
        watch("mine", ["mine"], "", lambda jobs: None)
        st.text(f"heard {heard}")

    at = AppTest.from_function(page, default_timeout=60).run()
    assert not at.exception and at.text[0].value == "heard done"
