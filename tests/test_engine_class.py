"""The engine before a whole class: the same picture for many, floods, faults, and what it keeps."""

from __future__ import annotations

import pickle
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
import torch

from diffusion_core import memory
from diffusion_core.engine import Engine, EngineBusy, Request
from diffusion_core.tickets import MAX_OWN, MAX_OWN_WAITING, STOPPED

CAT = Request(("a", "red", "cat"), seeds=(3,), steps=6)


class Counting:
    """A model that counts the rows it is asked for, and waits before each pass."""

    def __init__(self, model, seconds: float = 0.0):
        self.unet, self.encode, self._model, self._seconds = model.unet, model.encode, model, seconds
        self.rows = 0

    def denoiser(self, context, *how):
        self.rows += len(context.words)
        time.sleep(self._seconds)
        return self._model.denoiser(context, *how)


@pytest.fixture
def counting(tiny_model):
    return Counting(tiny_model, 0.005)


@pytest.fixture
def engine(counting):
    engine = Engine(lambda network: counting)
    yield engine
    engine.stop()


def test_one_link_opened_by_thirty_people_is_computed_once(engine, counting):
    tickets = [engine.submit(CAT, f"learner {i}:first") for i in range(30)]
    ends = [list(ticket)[-1].x_t for ticket in tickets]
    late = engine.submit(CAT, "late:first")  # after the run has ended
    ends.append(list(late)[-1].x_t)
    assert counting.rows == 2 * CAT.steps
    assert all(len(ticket.steps) == CAT.steps + 1 and ticket.shared for ticket in [*tickets, late])
    for end in ends:
        np.testing.assert_array_equal(end, ends[0])


def test_who_joins_in_the_middle_gets_all_steps(engine):
    first = engine.submit(replace(CAT, steps=40), "a:x")
    next(iter(first))
    second = engine.submit(replace(CAT, steps=40), "b:x")
    assert [step.index for step in second] == list(range(41)) == [step.index for step in first]


def test_a_shared_run_goes_on_for_those_who_stay(engine):
    leaves, stays = (engine.submit(replace(CAT, steps=40), f"{who}:x") for who in ("leaves", "stays"))
    next(iter(stays))
    leaves.cancel()
    assert len(list(stays)) == 41 and len(leaves.steps) < 41


def test_the_learners_own_second_run_is_computed_again(engine, counting):
    for _ in range(2):
        ticket = engine.submit(CAT, "one:x")
        list(ticket)
        assert not ticket.shared
    assert counting.rows == 4 * CAT.steps


def test_what_has_ended_is_let_go(monkeypatch, engine, counting):
    list(engine.submit(CAT, "one:x"))
    monkeypatch.setattr(memory, "SECONDS", -1.0)
    assert not _done(engine.submit(CAT, "two:x")).shared
    monkeypatch.setattr(memory, "SECONDS", 60.0)
    monkeypatch.setattr(memory, "MOST_BYTES", 10)
    list(engine.submit(replace(CAT, seeds=(4,)), "one:x"))
    assert not _done(engine.submit(replace(CAT, seeds=(4,)), "two:x")).shared


def _done(ticket):
    list(ticket)
    return ticket


def test_a_flood_of_one_learner_slows_nobody_else(engine, counting):
    """200 requests in one go: another learner's run takes the very next passes, as if alone."""
    flood, refused = [], 0
    for i in range(200):
        try:
            flood.append(engine.submit(replace(CAT, seeds=(i,), steps=500), f"flood:{i}"))
        except EngineBusy as problem:
            refused += 1
            assert "wait until some of them" in str(problem)
    assert refused and sum(not ticket.over for ticket in flood) <= MAX_OWN + MAX_OWN_WAITING
    before = counting.rows
    list(engine.submit(CAT, "other:x"))
    assert counting.rows - before <= 16 * (CAT.steps + 2), "no more passes than it has steps, and two to get in"
    assert not any(ticket.over for ticket in flood), "the flood is still being worked on"
    for ticket in flood:
        ticket.cancel()


def test_two_learners_are_on_two_cores_at_the_same_time_and_get_their_own_pictures(tiny_model):
    meet, together = threading.Barrier(2, timeout=20), []

    class Meeting(Counting):
        def denoiser(self, context, *how):
            if not together:
                meet.wait()  # passes only when another pass is in here, too
                together.append(True)
            return super().denoiser(context, *how)

    alone = Engine(lambda network: tiny_model, cores=1)
    asked = [replace(CAT, seeds=(seed,)) for seed in (3, 4)]
    ends = [list(alone.submit(each, "one:x"))[-1].x_t for each in asked]
    alone.stop()
    engine = Engine(lambda network: Meeting(tiny_model), cores=2)
    gate = threading.Event()
    engine.ask(lambda model: gate.wait(20))  # both are in line before either begins
    tickets = [engine.submit(each, f"learner {i}:x") for i, each in enumerate(asked)]
    gate.set()
    for ticket, end in zip(tickets, ends, strict=True):
        np.testing.assert_allclose(list(ticket)[-1].x_t, end, atol=1e-4)
    assert together
    engine.stop()


def test_a_flood_in_one_slot_leaves_one_run(engine):
    tickets = [engine.submit(replace(CAT, seeds=(i,)), "flood:x") for i in range(200)]
    assert len(list(tickets[-1])) == 7
    assert all(ticket.over for ticket in tickets) and sum(ticket.state == "done" for ticket in tickets) < 20


def test_questions_of_one_learner_are_bounded_and_go_round(engine):
    gate, held, order = threading.Event(), threading.Event(), []
    engine.ask(lambda model: (held.set(), gate.wait(20)), "flood")
    assert held.wait(20)
    for i in range(MAX_OWN - 1):
        engine.ask(lambda model, i=i: order.append(f"flood {i}"), "flood")
    with pytest.raises(EngineBusy, match="wait until some of them"):
        for _ in range(2):
            engine.ask(lambda model: None, "flood")
    mine = engine.ask(lambda model: order.append("mine"), "other")
    gate.set()
    mine.result(20)
    assert order[0] == "mine", "the flood has had a turn already"


class Dies(BaseException):
    """Nothing that the engine could expect."""


def test_an_engine_that_dies_is_started_again_and_says_so(tiny_model):
    deadly = threading.Event()

    class Deadly(Counting):
        def denoiser(self, context, *how):
            if deadly.is_set():
                deadly.clear()
                raise Dies
            return super().denoiser(context, *how)

    engine = Engine(lambda network: Deadly(tiny_model, 0.005))
    ticket = engine.submit(replace(CAT, steps=200), "one:x")
    next(iter(ticket))
    deadly.set()
    with pytest.raises(RuntimeError, match="press Run once more"):
        list(ticket)
    assert ticket.problem == STOPPED and len(ticket.steps) > 0, "what had come stays"
    assert len(list(engine.submit(CAT, "one:x"))) == 7
    with pytest.raises(Dies):
        engine.ask(_die).result(20)
    assert len(list(engine.submit(CAT, "one:x"))) == 7
    engine.stop()


def _die(model):
    raise Dies


def test_a_network_that_dies_while_it_is_loaded_loses_nobody(tiny_model):
    entered, go_on, first = threading.Event(), threading.Event(), [True]

    def load(network):
        entered.set()
        go_on.wait(20)
        if first and first.pop():
            raise Dies
        return tiny_model

    engine = Engine(load)
    held = engine.ask(lambda model: None)  # keeps the engine busy until both wait
    assert entered.wait(20)
    one, two = engine.submit(CAT, "one:x"), engine.submit(CAT, "two:x")
    first.append(True)  # the first run dies, too
    go_on.set()
    with pytest.raises(Dies):
        held.result(20)
    with pytest.raises(RuntimeError, match="press Run once more"):
        list(one)
    assert len(list(two)) == 7
    engine.stop()


def test_a_thread_that_is_gone_is_noticed(tiny_model):
    engine = Engine(lambda network: tiny_model)
    list(engine.submit(CAT, "one:x"))
    engine._stopped = True  # as after a fork: the record is here, the thread is not
    with engine._wake:
        engine._wake.notify()
    engine._thread.join(20)
    engine._stopped = False
    assert not engine._thread.is_alive()
    assert len(list(engine.submit(CAT, "two:x"))) == 7
    engine.stop()


@pytest.mark.parametrize(("steps", "every", "kept"), [(6, 1, 7), (10, 4, 4), (7, 100, 2)])
def test_only_the_steps_asked_for_are_kept(engine, steps, every, kept):
    records = list(engine.submit(replace(CAT, steps=steps, every=every), "one:x"))
    assert [r.index for r in records] == [*range(0, steps, every), steps] and len(records) == kept
    assert records[-1].t == 0 and all(r.total == steps for r in records)


def test_thinning_changes_no_picture(engine):
    plain, thin = (list(engine.submit(replace(CAT, every=n), f"{n}:x"))[-1].x_t for n in (1, 3))
    np.testing.assert_array_equal(plain, thin)


def test_every_below_one_is_refused(engine):
    with pytest.raises(ValueError, match="every must be"):
        engine.submit(replace(CAT, every=0), "one:x")


def test_networks_are_loaded_by_name_when_first_asked_for(tiny_model):
    loaded = []
    engine = Engine(lambda network: (loaded.append(network), tiny_model)[1])
    for name in ("sibling_3", "unet", "sibling_3"):
        list(engine.submit(replace(CAT, network=name, exact=True), "one:x"))
    assert loaded == ["sibling_3", "unet"]
    engine.stop()


def test_requests_and_steps_travel(engine):
    request = replace(CAT, parts=True, attention=True)
    for step in engine.submit(pickle.loads(pickle.dumps(request)), "one:x"):
        copy = pickle.loads(pickle.dumps(step))
        np.testing.assert_array_equal(copy.x_t, step.x_t)
        assert copy.size == step.size >= step.x_t.nbytes * 3


def test_a_class_that_asks_the_same_words_has_them_turned_into_vectors_once(tiny_model, monkeypatch):
    model, asked = replace(tiny_model, heard={}), []
    monkeypatch.setattr("diffusion_core.model.MOST_HEARD", 3)
    monkeypatch.setattr(tiny_model.text, "forward", lambda tokens, plain=tiny_model.text.forward: (
        asked.append(len(tokens)), plain(tokens))[1])  # fmt: skip
    one = ("a", "red", "cat")
    first = model.encode([one, (), one])
    again = model.encode([(), one])
    assert asked == [2]
    assert torch.equal(first.words[[1, 2]], again.words) and torch.equal(first.mask[[1, 2]], again.mask)
    for noun in ("dog", "cat", "bird", "robot"):
        model.encode([("a", noun)])
        assert len(model.heard) <= 3, "what is kept is bounded"
    assert asked == [2, 1, 1, 1, 1]
