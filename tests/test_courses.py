"""What a request may ask for beyond a plain run: parts, negative prompt, interval, switch, start, attention."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
import torch

from diffusion_core.courses import Course
from diffusion_core.engine import Engine, Request
from diffusion_core.passes import send
from diffusion_core.process import add_noise
from diffusion_core.samplers import initial_noise
from diffusion_core.tickets import Start, Switch, Ticket

CAT, DOG = ("a", "red", "cat"), ("a", "blue", "dog")


@pytest.fixture
def engine(tiny_model):
    engine = Engine(lambda network: tiny_model)
    yield engine
    engine.stop()


def run(engine: Engine, **changes) -> list:
    return list(engine.submit(Request(**({"words": CAT, "seeds": (3,), "steps": 5} | changes)), "one"))


def test_the_parts_combine_to_what_the_run_used(engine):
    for step in run(engine, parts=True, guidance_scale=4.0)[:-1]:
        parts = step.parts
        expected = parts.eps_without + 4 * (parts.eps_with - parts.eps_without)
        np.testing.assert_allclose(step.eps_hat, expected, atol=1e-5)
        assert parts.scale == 4 and np.abs(parts.x0_with - parts.x0_without).max() > 1e-3


@pytest.mark.parametrize("scale", [0.0, 1.0])
def test_asking_for_the_parts_changes_no_picture(engine, scale):
    plain, taken_apart = (run(engine, guidance_scale=scale, parts=parts)[-1].x_t for parts in (False, True))
    np.testing.assert_allclose(plain, taken_apart, atol=1e-5)


def test_a_negative_prompt_stands_where_no_words_stood(engine):
    away = run(engine, negative=DOG, parts=True)[0].parts
    alone = run(engine, words=DOG, guidance_scale=1.0)[0]
    np.testing.assert_allclose(away.eps_without, alone.eps_hat, atol=1e-5)


def test_a_prompt_led_away_from_itself_is_the_plain_prompt(engine):
    np.testing.assert_allclose(
        run(engine, negative=CAT, guidance_scale=7.0)[-1].x_t, run(engine, guidance_scale=1.0)[-1].x_t, atol=1e-4
    )


def test_outside_its_interval_guidance_is_the_plain_prompt(engine):
    plain = run(engine, guidance_scale=1.0)
    never = run(engine, guidance_scale=5.0, interval=(50.0, 60.0))
    always = run(engine, guidance_scale=5.0, interval=(-50.0, 60.0))
    np.testing.assert_allclose(never[-1].x_t, plain[-1].x_t, atol=1e-5)
    np.testing.assert_allclose(always[-1].x_t, run(engine, guidance_scale=5.0)[-1].x_t, atol=1e-5)


def test_where_guidance_rests_nothing_is_asked_without_the_prompt(tiny_model):
    asked = Request(CAT, (3, 4), steps=5, guidance_scale=5.0, interval=(-50.0, 0.0))
    course, rows = Course.begin(tiny_model, Ticket(asked, "one", 1)), []
    while not course.run.done:
        acts = asked.schedule.log_snr(course.run.t) <= 0
        rows.append(course.rows)
        assert course.rows == (4 if acts else 2) == len(course.context.words)
        send(tiny_model, [course], 1).land()
    assert set(rows) == {2, 4}
    kept = Course.begin(tiny_model, Ticket(replace(asked, parts=True, interval=(50.0, 60.0)), "one", 2))
    assert kept.rows == 4, "the parts are both wanted"


def test_the_interval_is_told_step_by_step(engine):
    steps = run(engine, guidance_scale=5.0, interval=(-3.0, 3.0), parts=True)[:-1]
    levels = [float(Request(CAT, (3,)).schedule.log_snr(step.t)) for step in steps]
    assert [step.parts.scale for step in steps] == [5.0 if -3 <= level <= 3 else 1.0 for level in levels]
    assert len({step.parts.scale for step in steps}) == 2


def test_words_are_switched_at_the_step_asked_for(engine):
    switched, cat = run(engine, switch=Switch(3, DOG)), run(engine)
    for index in range(4):  # x_3 is what three steps with the first words made
        np.testing.assert_allclose(switched[index].x_t, cat[index].x_t, atol=1e-6)
    assert np.abs(switched[3].x0_hat - cat[3].x0_hat).max() > 1e-4
    np.testing.assert_allclose(run(engine, switch=Switch(0, DOG))[-1].x_t, run(engine, words=DOG)[-1].x_t, atol=1e-5)


def test_a_run_may_start_from_a_picture_under_noise(engine):
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    request = Request(CAT, (3, 4), 4, start=Start(pixels.tobytes(), 400))
    first = next(iter(engine.submit(request, "one")))
    x0 = torch.from_numpy(pixels).permute(2, 0, 1).float() / 127.5 - 1
    x_t = add_noise(x0.expand(2, 3, 32, 32), request.schedule.alpha_bar(400), initial_noise((3, 4), (3, 32, 32)))
    assert first.t == 400 and request.times == (400, 300, 200, 100, 0)
    np.testing.assert_allclose(first.x_t, x_t.permute(0, 2, 3, 1).numpy(), atol=1e-6)


@pytest.mark.parametrize(
    ("start", "steps", "sentence"),
    [(Start(b"", 0), 5, "starts between t = 1"), (Start(b"", 4000), 5, "not at 4000"), (Start(b"", 3), 5, "start = 3")],
)
def test_an_impossible_start_is_refused(engine, start, steps, sentence):
    with pytest.raises(ValueError, match=sentence):
        engine.submit(Request(CAT, (3,), steps, start=start), "one")


def test_a_picture_of_another_size_is_refused(engine):
    with pytest.raises(RuntimeError, match="32×32 pixels"):
        run(engine, start=Start(b"abc", 100))


def test_attention_is_a_share_for_every_word_and_changes_no_picture(engine):
    looked, plain = run(engine, attention=True), run(engine)
    np.testing.assert_allclose(looked[-1].x_t, plain[-1].x_t, atol=1e-5)
    maps = looked[2].attention
    to_words = {name: m for name, m in maps.items() if name.endswith(".words")}
    assert {m.shape[1] for m in to_words.values()} == {16, 8, 4}
    for weights in maps.values():
        np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-4)
    for weights in to_words.values():
        assert np.all(weights[..., 1 + len(CAT) :] == 0), "no share for the places behind the sentence"


def test_a_word_scaled_by_one_changes_nothing_and_by_nought_it_does(engine):
    plain = run(engine)[-1].x_t
    np.testing.assert_allclose(run(engine, word_scale=(1.0, 1.0, 1.0))[-1].x_t, plain, atol=1e-5)
    assert np.abs(run(engine, word_scale=(1.0, 1.0, 0.0))[-1].x_t - plain).max() > 1e-3


def test_neighbours_that_are_looked_into_leave_a_picture_alone(engine):
    alone = run(engine)[-1].x_t
    extra = {"steps": 9, "attention": True, "word_scale": (0.0, 3.0, 1.0), "parts": True, "switch": Switch(2, DOG)}
    ticket = engine.submit(Request(DOG, (7, 8), **extra), "neighbour")
    crowded = run(engine)[-1].x_t
    assert len(list(ticket)) == 10
    np.testing.assert_allclose(crowded, alone, atol=1e-4)


def test_a_question_is_answered_on_the_engines_thread(engine):
    import threading

    assert engine.ask(lambda model: threading.current_thread().name).result(timeout=20) == "engine"
    with pytest.raises(ZeroDivisionError):
        engine.ask(lambda model: 1 / 0).result(timeout=20)
    assert engine.ask(lambda model: model.unet.config.picture_size).result(timeout=20) == 32


def test_a_pass_that_fails_for_one_request_leaves_the_others_running(tiny_model):
    class Picky:
        """A model that breaks on any batch that holds the words of `bad`."""

        unet, encode = tiny_model.unet, tiny_model.encode
        bad = tiny_model.encode([DOG]).words[0]

        def denoiser(self, context, *how):
            def denoise(x, log_snr):
                if any(torch.equal(row, self.bad) for row in context.words):
                    raise ValueError("these words break the network")
                return tiny_model.denoiser(context, *how)(x, log_snr)

            return denoise

    engine = Engine(lambda network: Picky())
    good = engine.submit(Request(CAT, (1,), steps=8), "good")
    bad = engine.submit(Request(DOG, (1,), steps=8), "bad")
    with pytest.raises(RuntimeError, match="break the network"):
        list(bad)
    assert len(list(good)) == 9
    engine.stop()


def test_what_failed_is_not_asked_again(tiny_model):
    class Broken:
        unet, encode, asked = tiny_model.unet, tiny_model.encode, 0

        def denoiser(self, context, *how):
            self.asked += 1
            raise ValueError("it broke")

    broken = Broken()
    engine = Engine(lambda network: broken)
    with pytest.raises(RuntimeError, match="it broke"):
        list(engine.submit(Request(CAT, (1,), steps=8), "one"))
    for _ in range(3):  # each is a turn of the engine's
        engine.ask(lambda model: time.sleep(0.02)).result(20)
    assert broken.asked == 1 and engine.load == 0
    engine.stop()


def test_courses_can_be_advanced_without_an_engine(tiny_model):
    ticket = Ticket(Request(CAT, (3,), steps=2), "one", 0)
    course = Course.begin(tiny_model, ticket)
    while not ticket.over:
        send(tiny_model, [course], 1).land()
        told = len(ticket.steps)
        course.publish()
        assert len(ticket.steps) > told, "a step is told of when it is published"
        course.publish()  # and once
    assert [step.t for step in ticket.steps] == [1000, 500, 0] and ticket.state == "done"
