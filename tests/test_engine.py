"""The engine: many learners, one thread, and a picture that never depends on the neighbours."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from diffusion_core.engine import Engine, EngineBusy, Request
from diffusion_core.model import Model
from diffusion_core.sample import paint
from diffusion_core.schedules import Schedule
from diffusion_core.shipped import ShippedFileError

ROOT = Path(__file__).parents[1]
CAT = Request(("a", "red", "cat"), seeds=(3,), steps=6)


@pytest.fixture(scope="module")
def model(tiny_model) -> Model:
    return tiny_model


@pytest.fixture
def engine(model):
    engine = Engine(lambda network: model)
    yield engine
    engine.stop()


class Slow:
    """A model that waits before each pass, so that a test can act in the middle of a run."""

    def __init__(self, model: Model, seconds: float = 0.02):
        self.unet, self.encode, self._model, self._seconds = model.unet, model.encode, model, seconds

    def denoiser(self, context, *how):
        time.sleep(self._seconds)
        return self._model.denoiser(context, *how)


@pytest.fixture
def slow_engine(model):
    engine = Engine(lambda network: Slow(model))
    yield engine
    engine.stop()


def test_steps_arrive_in_order_and_end_with_the_picture(engine):
    steps = list(engine.submit(CAT, "one"))
    assert [s.index for s in steps] == list(range(7))
    assert steps[0].t == 1000 and steps[-1].t == 0
    assert steps[0].x_t.shape == (1, 32, 32, 3)
    np.testing.assert_array_equal(steps[-1].x_t, steps[-1].x0_hat)


@pytest.mark.parametrize("guidance", [0.0, 1.0, 3.0])
def test_engine_and_plain_sampling_agree(engine, model, guidance):
    request = Request(CAT.words, (5, 6), steps=5, guidance_scale=guidance, sampler="ddim")
    engine_last = list(engine.submit(request, "one"))[-1].x_t
    for step in paint(model, CAT.words, [5, 6], Schedule(), 5, "ddim", guidance):
        alone = step.x_t.permute(0, 2, 3, 1).numpy()
    np.testing.assert_allclose(engine_last, alone, atol=1e-4)


def test_a_picture_does_not_depend_on_its_neighbours(engine):
    alone = list(engine.submit(CAT, "one"))[-1].x_t
    others = [
        Request(("a", "dog"), (seed,), steps=4 + seed, sampler=sampler, schedule=Schedule(kind, 500))
        for seed, (sampler, kind) in enumerate([("ddpm", "linear"), ("ddim", "sigmoid"), ("dpmpp_2m", "cosine")])
    ]
    tickets = [engine.submit(r, f"neighbour {r.seeds}") for r in others]
    crowded = list(engine.submit(CAT, "one"))[-1].x_t
    assert all(len(list(ticket)) == ticket.request.steps + 1 for ticket in tickets)
    np.testing.assert_allclose(crowded, alone, atol=1e-4)


def test_two_learners_at_once_both_get_their_pictures(engine):
    results = {}

    def ask(session: str, seed: int) -> None:
        results[session] = list(engine.submit(Request(CAT.words, (seed,), steps=5), session))[-1].x_t

    threads = [threading.Thread(target=ask, args=(f"s{i}", i)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.abs(results["s0"] - results["s1"]).max() > 0.1


def test_a_newer_request_of_a_session_cancels_the_older_within_a_step(slow_engine):
    old = slow_engine.submit(Request(CAT.words, (1,), steps=100), "one")
    next(iter(old))
    seen = len(old.steps)
    new = slow_engine.submit(CAT, "one")
    assert old.state == "cancelled"
    assert len(list(new)) == 7
    assert len(old.steps) <= seen + 2


def test_cancel_keeps_what_has_come_and_stops_the_work(slow_engine):
    ticket = slow_engine.submit(Request(CAT.words, (1,), steps=100), "one")
    next(iter(ticket))
    ticket.cancel()
    time.sleep(0.1)
    count = len(ticket.steps)
    time.sleep(0.1)
    assert 0 < count == len(ticket.steps) < 100


def test_a_cancel_while_a_run_is_being_admitted_is_not_forgotten(model):
    entered, go_on = threading.Event(), threading.Event()

    class Held(Slow):
        def __init__(self):
            super().__init__(model)
            self.encode = self._held

        def _held(self, sentences):
            entered.set()
            go_on.wait(20)
            return model.encode(sentences)

    engine = Engine(lambda network: Held())
    ticket = engine.submit(Request(CAT.words, (1,), steps=100), "one")
    assert entered.wait(20)
    ticket.cancel()
    go_on.set()
    list(engine.submit(CAT, "another"))
    assert ticket.state == "cancelled" and len(ticket.steps) <= 1
    engine.stop()


def test_a_run_nobody_asks_for_is_dropped(slow_engine, monkeypatch):
    monkeypatch.setattr("diffusion_core.engine.PATIENCE", 0.1)
    ticket = slow_engine.submit(Request(CAT.words, (1,), steps=500), "one")
    deadline = time.monotonic() + 20
    while not ticket.over and time.monotonic() < deadline:
        time.sleep(0.05)
    assert ticket.state == "cancelled" and len(ticket.steps) < 500


def test_a_bad_request_fails_alone(slow_engine):
    good = slow_engine.submit(CAT, "good")
    bad = slow_engine.submit(Request(("dragon",), (1,)), "bad")
    with pytest.raises(RuntimeError, match="dragon"):
        list(bad)
    assert len(list(good)) == 7


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (Request(("cat",), ()), "at least one seed"),
        (Request(("cat",), (-1,)), "seeds must be"),
        (Request(("cat",), (1,), steps=0), "steps must be"),
        (Request(("cat",), (1,), steps=11, schedule=Schedule(T=10)), "steps must be"),
    ],
)
def test_impossible_requests_are_refused_in_a_sentence(engine, request_, sentence):
    with pytest.raises(ValueError, match=sentence):
        engine.submit(request_, "one")


def test_missing_weights_reach_the_learner_as_a_sentence():
    def load(network):
        raise ShippedFileError("unet.safetensors is missing. Make it with: the command")

    engine = Engine(load)
    with pytest.raises(RuntimeError, match="Make it with: the command"):
        list(engine.submit(CAT, "one"))
    engine.stop()


def test_a_full_line_is_said(model, monkeypatch):
    monkeypatch.setattr("diffusion_core.tickets.MAX_WAITING", 2)
    gate = threading.Event()
    engine = Engine(lambda network: (gate.wait(10), model)[1])
    engine.submit(CAT, "first")
    time.sleep(0.05)  # the engine now loads, so whoever comes next has to wait
    with pytest.raises(EngineBusy, match="try again"):
        for i in range(4):
            engine.submit(CAT, f"s{i}")
    gate.set()
    engine.stop()


def test_place_in_line_counts_those_ahead(model):
    gate = threading.Event()
    engine = Engine(lambda network: (gate.wait(10), model)[1])
    tickets = [engine.submit(CAT, f"s{i}") for i in range(3)]
    assert [engine.place_in_line(t) for t in tickets] == [0, 1, 2]
    gate.set()
    assert all(len(list(t)) == 7 for t in tickets)
    engine.stop()


def test_a_process_whose_network_has_worked_ends_in_good_order():
    code = (
        "from tests.conftest import make_tiny_model; from diffusion_core.engine import Engine, Request; "
        "model = make_tiny_model().frozen(); engine = Engine(lambda network: model); "
        "tickets = [engine.submit(Request(('a', 'cat'), (i,), 20), str(i)) for i in range(4)]; "
        "assert all(len(list(ticket)) == 21 for ticket in tickets)"
    )
    for _ in range(4):  # it went wrong at every second end or so
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
