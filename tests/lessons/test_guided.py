"""Guidance taken apart, without a browser: first paint, guesses, live runs of every part, links, odd input."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from diffusion_core.tickets import Parts, StepRecord
from lessons.shared.guidance_maps import WORDS, Badge
from lessons.shared.guidance_maps.message import message
from lessons.shared.guided import crowd, percent, scales, stage, twists, watch
from lessons.shared.guided.figures import against_scale
from lessons.shared.player.encode import unpack
from lessons.shared.studio import cached, guided, guided_shipped, judging, runs
from tests.lessons.app_page import finish, open_page, press, said

ROOT = Path(__file__).parents[2]
PAGE = "lessons/guided.py"
opened = partial(open_page, PAGE)
SETTLED = ("g-when", "g-break", "g-crowd", "g-twist")


def skip(at: AppTest, *keys: str) -> AppTest:
    for key in keys or SETTLED:
        at.button(key=f"{key}-skip").click().run()
    assert not at.exception
    return at


def maps(at: AppTest) -> tuple[dict, np.ndarray]:
    """What the maps were told."""
    (mount,) = [e.proto for e in at.get("bidi_component") if e.proto.component_name.endswith("beaker_guidance_maps")]
    return unpack(mount.bytes)


def test_first_paint_shows_what_is_shipped_and_loads_no_torch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"at = AppTest.from_file('app.py', default_timeout=60).run(); at.switch_page('{PAGE}').run(); "
        "assert not at.exception and len(at.get('bidi_component')) >= 2; "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]


def test_answers_stay_shut_until_there_is_a_guess_and_follow_the_shipped_numbers():
    at = opened()
    told, _ = maps(at)
    assert told["run_id"] == "shipped" and told["badge"]["kind"] == "cached" and not told["chart"]
    assert said(at).count("The answer opens after your guess") == 4 and not at.get("plotly_chart")
    skip(at)
    told, _ = maps(at)
    assert told["chart"] and len(at.get("plotly_chart")) == 3
    top = int(np.argmax(told["effect"])) + 1
    assert f"**step {top} of {told['total']}**" in said(at)
    shipped = guided_shipped.load()
    assert f"**{shipped.crowd.diversity[1]:.2f}** at w = 1" in said(at)
    assert percent(shipped.twists.clipped[0]) in said(at) and percent(shipped.row.clipped[-1]) in said(at)
    assert "the judge’s own score on fresh drawings" in said(at)


def test_the_shipped_numbers_are_those_of_the_shipped_pictures():
    shipped = guided_shipped.load()
    again = [guided.metrics.diversity(seeds / 127.5 - 1) for seeds in shipped.crowd.shown]
    assert again == pytest.approx(shipped.crowd.diversity, abs=5e-3)  # shown in 256 shades
    looks, _ = judging.judged(shipped.crowd.shown[3], guided.PROMPT)
    assert sum(look.right for look in looks) == shipped.crowd.right[3]
    middle = shipped.moments[10]
    assert middle.eps_with.shape == (32, 32) and middle.x0_with.shape == (32, 32, 3)


def test_a_run_is_taken_apart_live(small_engine):
    at = finish(press(opened(steps="4", guidance="5"), "Run"))
    told, numbers = maps(at)
    assert told["badge"]["kind"] == "live" and len(told["t"]) == 4 and told["used"] == [5] * 4
    assert "guidance 5" in told["badge"]["text"] and np.isfinite(numbers).all()
    assert at.query_params["run"] == ["1"] or at.query_params["run"] == "1"


def test_a_link_that_was_run_runs_and_needs_no_guess(small_engine):
    at = finish(opened(run="1", steps="3", prompt="a red cat", seed="4"))
    assert len(maps(at)[0]["t"]) == 3 and "step" in said(at) and maps(at)[0]["chart"]


def test_without_words_the_page_says_that_nothing_differs(small_engine):
    at = finish(opened(run="1", steps="3", prompt=""))
    assert "Without words there is nothing to exaggerate" in said(at)


def test_seven_scales_and_two_twists_run_live(small_engine):
    at = finish(press(opened(steps="3", negative="by night"), "Run seven scales"))
    assert 'data-pictures="7"' in said(at) and said(at).count("bk-badge bk-live") == 1
    finish(press(at, "Run side by side"))
    assert said(at).count("bk-badge bk-live") == 2
    plain, negative, middle = (job.request for job in at_jobs(at, guided.TWISTS))
    assert negative.negative == ("by", "night") and plain.negative == () and middle.interval and not plain.interval
    assert len({(r.seeds, r.steps, r.guidance_scale) for r in (plain, negative, middle)}) == 1, "one thing varies"


def at_jobs(at: AppTest, slots) -> list:
    return [at.session_state[runs.TICKETS][slot].ticket for slot in slots]


def test_the_crowd_runs_in_small_requests_and_is_measured(small_engine, monkeypatch):
    monkeypatch.setattr(guided, "CROWD_STEPS", 2)
    at = press(opened(), "Run sixteen seeds")
    tickets = at_jobs(at, guided.CROWDS)
    assert len(tickets) == 28 and all(len(ticket.request.seeds) == 4 for ticket in tickets)
    finish(at)
    skip(at, "g-crowd")
    assert "seeds 8 to 23" in said(at) and len(at.get("plotly_chart")) == 3 and "of 16 at w = 3" in said(at)


def begun(at: AppTest) -> list:
    """The crowd's tickets, once the engine has begun all of them."""
    tickets, end = at_jobs(at, guided.CROWDS), time.monotonic() + 30
    while any(ticket.state == "waiting" for ticket in tickets):
        assert time.monotonic() < end, "the runs do not begin"
        time.sleep(0.02)
    return tickets


def test_cancel_stops_and_leaving_the_page_stops(slow_engine, monkeypatch):
    monkeypatch.setattr(guided, "CROWD_STEPS", 400)  # a minute at least: no machine is done before the press
    at = opened()
    begun(press(at, "Run sixteen seeds"))
    press(at, "Cancel")
    assert all(ticket.state == "cancelled" for ticket in at_jobs(at, guided.CROWDS))
    assert "Stopped. What came before" in said(finish(at))
    tickets = begun(press(at, "Run sixteen seeds"))
    at.switch_page("lessons/adrift.py").run()
    assert all(ticket.state == "cancelled" for ticket in tickets)


def test_missing_weights_and_missing_shipped_results_become_sentences(no_weights, tmp_path, monkeypatch):
    monkeypatch.setattr(cached, "FOLDER", tmp_path)
    cached.load.cache_clear()
    at = opened()
    assert "python -m lessons.precompute" in said(at)
    finish(press(skip(at, "g-when", "g-break"), "Run"))
    assert any(code.value.startswith("python -m diffusion_core.train") for code in at.code)
    cached.load.cache_clear()


@pytest.mark.parametrize("prompt", ["<script>alert(1)</script>", "قطة حمراء", "🐢", "**b** $x$"])
def test_odd_prompts_and_links_do_no_harm(small_engine, prompt):
    at = finish(opened(prompt=prompt, run="1", steps="2", guidance="999", seed="x", **{"from": "-4", "until": "oops"}))
    assert at.slider(key="guidance").value == 15 and at.slider(key="from").value == 0
    assert "<script>" not in said(at) and "999" in at.info[0].value


# --- the parts by themselves --------------------------------------------------------------------------------


def moment(effect: float = 0.1, t: int = 500) -> guided.Moment:
    x0 = np.zeros((4, 4, 3), np.float32)
    return guided.Moment(t, np.ones((4, 4)), np.ones((4, 4)) * 1.5, x0, x0 + effect, 3.0)


def test_a_step_is_taken_apart_as_it_was_put_together():
    rng = np.random.default_rng(0)
    parts = Parts(*(rng.standard_normal((1, 4, 4, 3)) for _ in range(4)), 3.0)
    records = [StepRecord(0, 1, 9, *[parts.x0_with] * 3, 0.0, parts), StepRecord(1, 1, 0, *[parts.x0_with] * 3, 0.0)]
    (found,) = guided.moments(records)
    np.testing.assert_allclose(found.eps_with, parts.eps_with[0].mean(-1))
    assert found.effect == pytest.approx(127.5 * np.abs(parts.x0_with - parts.x0_without).mean())


def test_the_message_sends_each_step_once():
    def told(sent: int) -> tuple[dict, np.ndarray]:
        return unpack(message("run 1", [moment(0.1 * i) for i in range(3)], sent=sent, total=5, scale=2, running=True,
                              badge=Badge("live"), start=0, chart=True, words=WORDS))  # fmt: skip

    whole, rest = told(0), told(2)
    assert len(whole[0]["t"]) == 3 and rest[0]["first"] == 2 and len(rest[0]["t"]) == 1
    assert rest[0]["effect"] == [pytest.approx(25.5)]
    assert len(rest[1]) == 2 * 16 + 2 * 48
    assert told(3)[0]["t"] == []


@pytest.mark.parametrize("index, steps, part", [(0, 20, "first"), (4, 20, "first"), (5, 20, "middle"),
                                                (14, 20, "middle"), (15, 20, "last"), (1, 2, "middle")])  # fmt: skip
def test_parts_of_a_run(index, steps, part):
    assert stage.quarter(index, steps) == part


def test_outcomes_follow_the_numbers():
    assert scales.broken_at([0, 0, 0, 0, 0.06, 0.1, 0.2]) == 5
    assert scales.broken_at([0, 0.2, 0, 0, 0, 0.1, 0.2]) == 8, "from there on, without a gap"
    assert scales.broken_at([0] * 7) is None and scales.broken_at([0.2] * 7) == 0
    assert [crowd.way([1, 1, 1, 1, 1, 1, last]) for last in (0.6, 0.97, 1.2)] == ["alike", "same", "apart"]
    pairs = {(0.1, 0.01): "fewer", (0.1, 0.1): "same", (0.01, 0.1): "more", (0.001, 0.004): "same"}
    for (plain, middle), way in pairs.items():
        assert twists.way([plain, 0, middle]) == way


@pytest.mark.parametrize("start, end, steps", [(20, 70, 10), (0, 100, 20), (70, 20, 10), (95, 100, 1), (50, 50, 1)])
def test_an_interval_holds_the_steps_it_names(start, end, steps):
    request = guided.maps_request(("a", "cat"))
    (low, high), count = guided.interval(request, start, end)
    inside = [low <= request.schedule.log_snr(t) <= high for t in request.times[:-1]]
    assert sum(inside) == count == steps


def test_one_line_says_how_many_runs_stand():
    def job(state: str, frames: int) -> runs.Job:
        request = runs.Request(("a",), (1, 2, 3, 4), steps=10)
        done = min(frames, request.steps)
        return runs.Job("run 1", "a", request, state, [None] * frames, seconds=3.0, steps_done=done)

    assert "**50%** of 8 pictures" in watch.standing([job("done", 11), job("waiting", 0)], "idle")
    assert watch.standing([job("done", 11)] * 2, "") == "**8 pictures computed in 3.0 s.**"
    assert watch.standing([job("done", 11)] * 2, "idle") == "idle" and watch.standing([], "idle") == "idle"


@pytest.mark.parametrize("dark", [False, True])
def test_a_curve_starts_at_zero_and_marks_the_learners_scale(dark):
    figure = against_scale(guided.SCALES, [0, 1, 2, 3, 4, 5, 6], name="x", top=8, yours=3.0, limit=7.5, dark=dark)
    assert figure.layout.yaxis.range == (0, 8) and list(figure.data[0].x) == list(guided.SCALES)
    assert [shape.x0 for shape in figure.layout.shapes if shape.x0 == shape.x1] == [3.0]
