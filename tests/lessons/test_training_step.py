"""One training step without a browser: first paint, asking, ten at once, a copy of one's own, bounds, bad links."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lessons.shared.line_chart import Line
from lessons.shared.stepping import numbers, pixels
from lessons.shared.stepping.chart import line_chart
from lessons.shared.studio import cached, copies, engines
from lessons.shared.studio import training_step as studio
from tests.lessons.app_page import finish, open_page, press, said

ROOT = Path(__file__).parents[2]
PAGE = "lessons/training_step.py"
opened = partial(open_page, PAGE)


@pytest.fixture(autouse=True)
def empty_shelf():
    studio._asked.clear()
    copies._shelf.clear()
    yield
    studio._asked.clear()
    copies._shelf.clear()


def copy_of(at: AppTest) -> copies.Copy:
    return at.session_state[copies.COPY]


def test_first_paint_is_cached_and_loads_no_torch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"at = AppTest.from_file('app.py', default_timeout=30).run(); at.switch_page('{PAGE}').run(); "
        "assert not at.exception; html = ' '.join(h.value for h in at.html); "
        "assert html.count('bk-badge bk-cached') == 2 and 'bk-badge bk-live' not in html; "
        "skip = [b for b in at.button if b.label == 'Skip'][0].click().run(); "
        "assert any('mean of all 3,072' in h.value for h in skip.html); "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]


def test_the_shipped_answers_are_those_of_their_own_noise():
    arrays, _ = cached.load(studio.SHIPPED)
    for key, t, seed in (("one", (studio.LEVEL,), studio.SEED), ("ten", studio.levels(studio.DRAW), studio.DRAW)):
        drawn = studio._drawn.__wrapped__(seed, len(t))
        np.testing.assert_array_equal(drawn, arrays[f"{key}_eps"])
        noise, picture = studio.shipped(key).means(studio.examples(studio.PICTURE, t, seed))
        assert noise.max() < 0.5 and picture.max() < 0.5, "a trained network, not a shrug"


def test_asking_answers_live_with_the_sum_and_a_changed_level_shuts_it_again(small_engine):
    at = press(opened(t="300", seed="8"), "Ask the network")
    assert "mean of all 3,072 squares" in said(at) and "bk-badge bk-live" in said(at)
    assert at.query_params["run"] in ("1", ["1"])
    press(at, "Skip")
    assert "the squared error is **" in said(at)
    at.slider(key="t").set_value(301).run()
    assert "mean of all 3,072" not in said(at) and "run" not in at.query_params


def test_a_link_that_was_asked_opens_the_same_answer(small_engine):
    query = {"picture": "turtle", "t": "650", "seed": "21", "run": "1"}
    sums = [next(h.value for h in opened(**query).html if "ts-terms" in h.value) for _ in range(2)]
    assert sums[0] == sums[1]


def test_rolling_draws_another_level(small_engine):
    levels = {press(opened(), "Roll").slider(key="t").value for _ in range(3)}
    assert len(levels) > 1 and all(1 <= level <= studio.T for level in levels)


def test_ten_examples_have_one_level_in_each_tenth_and_noise_of_their_own():
    for draw in (0, studio.DRAW, 9999):
        t = studio.levels(draw)
        assert [(level - 1) // 100 for level in t] == list(range(10))
    eps = studio.examples(studio.PICTURE, studio.levels(5), 5).eps
    assert np.abs(np.corrcoef(eps.reshape(10, -1)) - np.eye(10)).max() < 0.1


def test_asking_about_ten_measures_both_errors_and_names_the_hardest_level(small_engine):
    at = press(opened(batch="4"), "Ask about all ten")
    press(at, "Skip", 1)
    t = studio.levels(4)
    assert "picture error" in said(at)
    answer = studio.ask(studio.PICTURE, t, 4)
    noise, _ = answer.means(studio.examples(studio.PICTURE, t, 4))
    assert f"worst at level **{t[int(noise.argmax())]}**" in said(at)


# --- the copy ---


def test_real_steps_bring_the_error_on_its_own_ten_down(small_engine, monkeypatch):
    at = press(opened(), "One step")
    copy = copy_of(at)
    assert copy.steps == 1 and len(copy.losses) == 2 and "After **1 step**" in said(at)
    start = next(copy.learning.network.parameters()).detach().clone()
    monkeypatch.setattr(copies, "MOST_STEPS", 21)
    finish(press(at, "Fifty steps"))
    assert copy.steps == 21 and copy.losses[21] < 0.9 * copy.losses[0]
    assert not np.allclose(next(copy.learning.network.parameters()).detach(), start)
    assert at.query_params[copies.LINK] in ("21", ["21"])
    press(at, "Skip", 2)
    assert f"**{numbers.fine(copy.losses[-1])}**" in said(at)


def test_the_same_link_trains_to_the_same_place_and_a_reload_begins_it_again(small_engine):
    losses = [copy_of(finish(opened(trained="6", batch="2"))).losses for _ in range(2)]
    assert len(losses[0]) == 7
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-4)


def test_cancel_keeps_what_was_learned_and_the_newer_press_wins(small_engine, monkeypatch):
    monkeypatch.setattr(copies, "AT_ONCE", 2)
    at = press(opened(), "Fifty steps")
    assert copy_of(at).left > 0
    press(at, "One step")
    assert finish(at) and copy_of(at).steps < 12, "one step replaces what was left of fifty"
    press(at, "Fifty steps")
    press(at, "Cancel")
    stopped = copy_of(at).steps
    finish(at)
    assert copy_of(at).steps == stopped < 50 and at.query_params[copies.LINK] in (str(stopped), [str(stopped)])


def test_start_over_and_another_picture_begin_untrained(small_engine):
    at = press(opened(), "One step")
    press(at, "Start over")
    assert copies.COPY not in at.session_state and copies.LINK not in at.query_params
    assert "Nothing learned yet" in said(at)
    at = press(press(opened(), "One step"), "One step")
    at.selectbox(key="picture").set_value("robot").run()
    assert copies.COPY not in at.session_state and copies.LINK not in at.query_params


def test_leaving_the_page_stops_the_work_and_lets_the_network_go(small_engine, monkeypatch):
    monkeypatch.setattr(copies, "AT_ONCE", 1)
    at = press(opened(), "Fifty steps")
    copy = copy_of(at)
    assert copy.learning is not None and copy in copies._shelf().copies
    at.switch_page("lessons/adrift.py").run()
    assert copy.learning is None and copy.left == 0 and copy not in copies._shelf().copies


def test_a_full_server_says_so_and_an_idle_copy_makes_room(small_engine, monkeypatch):
    monkeypatch.setattr(copies, "MOST", 1)
    first = press(opened(), "One step")
    second = press(opened(), "One step")
    assert "as many as it holds" in said(second) and copy_of(second).learning is None
    copy_of(first).touched -= copies.KEPT + 1
    assert "After **1 step**" in said(press(second, "One step"))
    assert copy_of(first).learning is None
    assert "Nothing learned yet" in said(first.run())


def test_a_closed_session_frees_its_place(small_engine):
    at = press(opened(), "One step")
    copies._shelf()
    assert len(copies._shelf().copies) == 1
    del at
    gc.collect()
    assert len(copies._shelf().copies) == 0


def test_a_copy_stops_at_its_bound(small_engine, monkeypatch):
    monkeypatch.setattr(copies, "MOST_STEPS", 3)
    at = finish(press(opened(), "Fifty steps"))
    assert copy_of(at).steps == 3 and "as far as this page goes" in said(at)
    assert next(b for b in at.button if b.label == "One step").disabled


def test_too_large_steps_end_no_better(small_engine):
    at = finish(opened(rate="too large", trained="20"))
    assert copy_of(at).losses[-1] > 0.5 * copy_of(at).losses[0] and np.isfinite(copy_of(at).losses).all()


# --- what a link or a server may lack ---


def test_bad_links_are_clamped_and_said(small_engine):
    at = opened(t="9999", seed="x", picture="zebra", batch="-4", rate="huge")
    assert at.slider(key="t").value == studio.T and at.selectbox(key="picture").value == studio.PICTURE
    for word in ("9,999", "zebra", "“x”", "huge"):
        assert word in at.info[0].value
    assert "not a number" in said(opened(trained="lots"))
    at = opened(trained="99999")
    assert f"goes up to {copies.MOST_STEPS}" in said(at) and copy_of(at).target == copies.MOST_STEPS


def test_missing_weights_become_a_sentence_with_the_command(no_weights):
    at = press(opened(), "Ask the network")
    assert "text_image.safetensors is missing" in said(at)
    assert any(code.value.startswith("python -m diffusion_core.train") for code in at.code)
    at = press(opened(), "One step")
    assert "text_image.safetensors is missing" in said(at) and not copy_of(at).left


def test_without_the_shelf_the_page_stands(small_engine, tmp_path, monkeypatch):
    monkeypatch.setattr(cached, "FOLDER", tmp_path)
    cached.load.cache_clear()
    at = press(opened(), "Skip")
    assert "python -m lessons.precompute" in said(at)
    cached.load.cache_clear()


def test_a_busy_network_is_said_and_nothing_hangs(small_engine, monkeypatch):
    monkeypatch.setattr(studio, "PATIENCE", 0.05)
    engines.engine().ask(lambda model: time.sleep(1.5))
    at = press(opened(seed="77"), "Ask the network")
    assert "did not answer in time" in said(at)


# --- pure pieces ---


def test_edges_are_the_quarter_next_to_a_change():
    x0 = np.zeros((32, 32, 3))
    x0[:, 16:] = 1
    mask = pixels.edges(x0)
    assert mask.mean() == 0.25 and mask[:, 15:17].all()
    squared = np.where(mask[..., None], 4.0, 1.0) * np.ones((32, 32, 3))
    assert numbers.where_wrong(x0, squared) == ("edges", 4.0, 1.0)
    assert numbers.where_wrong(x0, 5 - squared)[0] == "flat"
    assert numbers.where_wrong(x0, np.ones_like(squared))[0] == "alike"


@pytest.mark.parametrize("own, never, name", [
    ((1, 0.3), (1, 0.35), "alike"), ((1, 0.3), (1, 0.9), "less"), ((1, 0.3), (1, 1.2), "grew"),
    ((1, 0.3), (1, 1.0), "less"), ((1, 0.95), (1, 0.5), "nothing"), ((1, 1.4), (1, 1.5), "nothing"),
])  # fmt: skip
def test_what_was_learned_follows_the_numbers(own, never, name):
    assert numbers.learned(own, never) == name


def test_hardest_level_and_numbers_as_a_reader_writes_them():
    assert numbers.hardest((10, 500, 990), (0.1, 0.9, 0.2), 1000) == ("middle", 500)
    assert numbers.hardest((10, 500, 1000), (0.1, 0.2, 0.9), 1000) == ("much", 1000)
    assert [numbers.fine(x) for x in (1.984, 0.0531, 0.00213, -1.38, 0.0)] == ["1.98", "0.053", "0.0021", "−1.38", "0"]


def test_pictures_of_numbers_keep_their_meaning():
    squared = np.zeros((2, 2, 3))
    squared[1, 0, 2] = 3.0
    assert pixels.worst(squared) == (1, 0, 2)
    shown = pixels.error(squared, 1.0)
    assert tuple(shown[0, 0]) == (251, 247, 240) and tuple(shown[1, 0]) == (24, 26, 32)
    assert (pixels.noise(np.zeros((1, 1, 3))) == 128).all()


def test_the_chart_holds_its_lines_and_says_what_they_show():
    html = line_chart([Line("falls", [0, 5, 10], [1, 0.5, 0.2], "predicted"), Line("none", [], [], "noise")],
                      10, "steps", "error", "it <falls>")  # fmt: skip
    assert html.count('class="line predicted"') == 2 and "it &lt;falls&gt;" in html and "falls</li>" in html
    leaps = line_chart([Line("leaps", [0, 1, 2], [0.7, 90_000, 0.6], "predicted")], 2, "steps", "error", "", most=1.4)
    assert ">1.5</text>" in leaps and "90,000" not in leaps, "what leaps up must not flatten the rest"


def test_the_page_counts_the_numbers_of_the_small_network_rightly():
    from diffusion_core.nn.unet import UNet
    from diffusion_core.train import SIBLING
    from lessons.shared import prose

    count = sum(p.numel() for p in UNet(SIBLING).parameters())
    assert f"{count:,} numbers" in prose.load("training_step").text("train")
