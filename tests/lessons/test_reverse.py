"""Lesson 3 without a browser: first paint, links, a run, what stops it, and what is said when it cannot."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lessons import catalog
from lessons.shared import live_player, prompt_box, run_line
from lessons.shared.player.encode import unpack
from lessons.shared.studio import cached, runs
from tests.lessons.app_page import finish, open_page, press, said

ROOT = Path(__file__).parents[2]
PAGE = "lessons/reverse.py"
opened = partial(open_page, PAGE)
URL = next(lesson.url for lesson in catalog.LESSONS if lesson.file == PAGE)


@pytest.fixture
def shipped(small_engine, tmp_path, monkeypatch):
    """A shipped run, made by the tiny model."""
    monkeypatch.setattr(cached, "FOLDER", tmp_path)
    cached.load.cache_clear()
    cached.save("reverse", runs.make_default)
    yield
    cached.load.cache_clear()


def tracks(at: AppTest) -> list[dict]:
    """What the player was told of its tracks."""
    mounts = [each.proto for each in at.get("bidi_component") if each.proto.component_name.endswith("beaker_player")]
    return unpack(mounts[0].bytes)[0]["tracks"] if mounts else []


def test_first_paint_shows_the_shipped_run_and_loads_no_torch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"at = AppTest.from_file('app.py', default_timeout=30).run(); at.switch_page('{PAGE}').run(); "
        "assert not at.exception and len(at.text_input) == 1; "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]


def test_first_paint_is_labelled_cached_and_says_how_to_make_it_live(shipped):
    at = opened()
    (track,) = tracks(at)
    assert track["badge"]["kind"] == "cached" and track["title"] == runs.DEFAULT_PROMPT
    assert track["count"] == 21 and "seed 5" in track["badge"]["text"]
    assert "press **Run**" in said(at)


def test_without_the_shipped_run_the_page_stands_and_says_what_makes_it(small_engine, tmp_path, monkeypatch):
    monkeypatch.setattr(cached, "FOLDER", tmp_path)
    cached.load.cache_clear()
    at = opened()
    assert tracks(at) == [] and "python -m lessons.precompute" in said(at)
    finish(press(at, "Run"))
    assert tracks(at)[0]["badge"]["kind"] == "live"


def test_run_brings_every_step_live_and_tells_the_time(shipped):
    at = finish(press(opened(steps="50"), "Run"))
    (track,) = tracks(at)
    assert track["badge"]["kind"] == "live" and "50 steps" in track["badge"]["text"]
    assert track["steps"] == list(range(51)) and track["t"][0] == 1000 and track["t"][-1] == 0
    assert "**50 steps computed in" in said(at) and at.query_params["run"] in ("1", ["1"])


def test_changed_settings_ask_for_run_and_keep_the_last_picture_under_its_own_label(shipped):
    at = finish(press(opened(), "Run"))
    at.slider(key="steps").set_value(7).run()
    assert "You changed something" in said(at)
    assert "20 steps" in tracks(at)[0]["badge"]["text"]
    finish(press(at, "Run"))
    assert "7 steps" in tracks(at)[0]["badge"]["text"] and "You changed" not in said(at)


def test_a_link_that_was_run_runs_with_its_settings(shipped):
    at = finish(opened(run="1", steps="6", seed="11", guidance="1.5", sampler="DDIM", eta="0.5", prompt="a cat"))
    (track,) = tracks(at)
    assert track["title"] == "a cat" and track["count"] == 7
    assert track["badge"]["text"] == "seed 11 · DDIM · η 0.5 · 6 steps · guidance 1.5 · cosine schedule"


def test_the_same_noise_under_another_prompt_makes_two_tracks_of_one_seed(shipped):
    at = finish(press(opened(twice="true", steps="5", other="a blue fish"), "Run"))
    one, other = tracks(at)
    assert other["title"] == "a blue fish" and one["badge"] == other["badge"]
    press(at, "Skip")
    press(at, "Skip")
    assert "shades** apart" in said(at) and "3,072 numbers" in said(at)


def test_link_values_out_of_range_are_clamped_and_said(shipped):
    at = opened(steps="9999", guidance="-3", sampler="magic", prompt="x" * 10_000, seed="three")
    assert at.slider(key="steps").value == 200 and at.slider(key="guidance").value == 0
    assert len(at.text_input(key="prompt").value) == 200
    notices = at.info[0].value
    for word in ("9,999", "−3" if "−3" in notices else "-3", "magic", "10000", "three"):
        assert word in notices


def test_an_empty_prompt_travels_in_the_link_and_runs_without_words(shipped):
    at = finish(opened(prompt="", run="1", steps="3"))
    assert at.text_input(key="prompt").value == "" and tracks(at)[0]["title"] == "no words"
    assert "nothing: no words" in said(at)


def test_missing_weights_become_a_page_with_the_command(no_weights):
    at = finish(press(opened(), "Run"))
    assert "text_image.safetensors is missing" in said(at)
    assert any(code.value.startswith("python -m diffusion_core.train") for code in at.code)
    assert "Your settings are kept" in said(at)


def test_more_steps_than_the_schedule_has_are_cut_and_said(shipped):
    at = finish(press(opened(T="10"), "Run"))
    assert tracks(at)[0]["count"] == 11 and "only 10 steps" in said(at)


def test_a_schedule_beyond_the_trained_levels_says_so(shipped):
    assert "beyond the noise levels" in said(opened(zero_snr="true"))
    assert "beyond the noise levels" not in said(opened())


def test_cancel_stops_within_a_step_and_keeps_what_came(slow_engine):
    at = press(opened(steps="200"), "Run")
    time.sleep(0.3)
    press(at, "Cancel")
    finish(at)
    assert "Stopped after" in said(at) and 0 < len(tracks(at)[0]["steps"]) < 120


def test_leaving_the_page_stops_its_run(slow_engine):
    at = press(opened(steps="200"), "Run")
    ticket = at.session_state[runs.TICKETS]["first"].ticket
    at.switch_page("lessons/adrift.py").run()
    assert ticket.state == "cancelled"


@pytest.mark.parametrize("prompt", ["<script>alert(1)</script>", "قطة حمراء", "🐢🐈🏀", "**b** $x$ [a](b)", "a " * 100])
def test_no_prompt_does_harm(shipped, prompt):
    at = finish(opened(prompt=prompt, run="1", steps="2"))
    assert tracks(at)[0]["title"] == prompt.strip()
    assert "<script>" not in said(at)


# --- the prompt box and the status line ----------------------------------------------------------------------


@pytest.mark.parametrize("block, phrase", [
    ({"subject": "bird", "colour": "pink"}, "a pink bird"),
    ({"subject": "horse", "place": "space"}, "a horse in space"),
    ({"subjects": "cat and fish"}, "a cat beside a fish"),
    ({"subject": "man", "wearing": "hat", "thing": "flower"}, "a man wearing a hat with a flower"),
    ({"colour": "pink", "place": "desert"}, "something pink in the desert"),
])  # fmt: skip
def test_held_out_combinations_are_said_in_words(block, phrase):
    assert prompt_box.unseen(block) == phrase


def test_every_held_out_block_has_words():
    from diffusion_core.world.vocabulary import HELD_OUT

    for block in HELD_OUT:
        assert all(value in prompt_box.unseen(block) or value == "cape" for value in block.values())


def test_reading_names_words_synonyms_and_strangers_and_escapes_them():
    from diffusion_core.world.prompts import read_prompt

    html = prompt_box.reading_html(read_prompt("a kitty and a <b>dragon</b>"))
    assert "<li>cat</li>" in html and '<li class="bk-little">a</li>' in html
    assert "<bdi>kitty</bdi></b> is heard as" in html and "<bdi>dragon</bdi>" in html
    assert prompt_box.emphasised("*<i>* & more") == "<b><bdi>&lt;i&gt;</bdi></b> &amp; more"


def job(state: str, frames: int = 0, **more) -> runs.Job:
    request = runs.Request(("a", "cat"), (3,), steps=20)
    return runs.Job("run 1", "a cat", request, state, [None] * frames, steps_done=min(frames, request.steps), **more)


@pytest.mark.parametrize("jobs, sentence", [
    ([job("waiting", ahead=2)], "2 ahead of you"),
    ([job("waiting")], "Waking the network"),
    ([job("running", 7, seconds=0.31)], "**Step 7 of 20** computed, 0.3 s"),
    ([job("done", 21, seconds=0.6), job("running", 9, seconds=0.3)], "**Step 9 of 20**"),
    ([job("cancelled", 4)], "Stopped after 4 of 20"),
    ([job("done", 21, seconds=12.4)], "**20 steps computed in 12 s.**"),
    ([job("done", 21, seconds=0.6)], "in 0.6 s**, shown slower so that you can follow"),
    ([job("done", 21, seconds=0.031)], "**20 steps computed in 0.03 s**"),
    ([job("done", 21, seconds=0.6, shared=True)], "once for you and for others who asked for the same"),
    ([job("done", 21, seconds=0.5), job("done", 21, seconds=0.7)], "**2 × 20 steps computed in 0.7 s**"),
])  # fmt: skip
def test_status_line(jobs, sentence):
    assert sentence in run_line.say(jobs)


def test_the_curve_runs_from_picture_to_noise_in_a_few_hundred_points():
    for T in (2, 50, 4000):
        curve = live_player.curve_of(runs.Schedule(T=T))
        assert (curve.t[0], curve.t[-1]) == (0, T) and len(curve.t) <= live_player.CURVE_POINTS
        assert curve.signal[0] == 1 and curve.signal[-1] < 0.1
