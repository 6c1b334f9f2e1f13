"""One step or many, without a browser: first paint, a run that fills the grid, what stops it, what is measured."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lessons.shared import prose
from lessons.shared.many_steps import figure, grid
from lessons.shared.studio import averages, cached, runs, steps, steps_shipped
from lessons.shared.studio.steps import Asked, Cell, Key, Series
from tests.lessons.app_page import finish, open_page, press, said

ROOT = Path(__file__).parents[2]
PAGE = "lessons/steps.py"
opened = partial(open_page, PAGE)


def skip_guesses(at: AppTest) -> AppTest:
    while any(button.label == "Skip" for button in at.button):
        press(at, "Skip")
    return at


def stage(at: AppTest) -> str:
    """The grid of samplers, as HTML."""
    return next(str(e.value) for e in at.html if "ms-grid" in str(e.value))


# --- the page -------------------------------------------------------------------------------------------------


def test_first_paint_shows_the_shipped_grid_and_loads_no_torch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"at = AppTest.from_file('app.py', default_timeout=60).run(); at.switch_page('{PAGE}').run(); "
        "page = ' '.join(str(e.value) for e in at.html); "
        "assert not at.exception and page.count('<figure class=') == 25 and 'bk-cached' in page; "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]


def test_answers_are_shut_until_the_guess_and_then_measured_on_the_shipped_run():
    at = opened()
    assert "shades</" not in stage(at) and not at.get("plotly_chart") and "true mean" not in said(at)
    skip_guesses(at)
    page = said(at)
    assert "In the shipped run" in page and "true mean of 2,000 drawings" in page and "fresh drawings of this" in page
    assert len(at.get("plotly_chart")) == 1 and "end point" in stage(at)


def test_without_the_shipped_file_the_page_stands_and_says_what_makes_it(small_engine, tmp_path, monkeypatch):
    monkeypatch.setattr(cached, "FOLDER", tmp_path)
    cached.load.cache_clear()
    steps_shipped.shipped.cache_clear()
    at = skip_guesses(opened())
    assert "python -m lessons.precompute" in said(at) and "Choose **1,000**" in said(at)
    cached.load.cache_clear()


def test_a_run_fills_the_grid_live_and_answers_from_its_own_pictures(small_engine):
    at = finish(press(opened(upto="10", prompt="a red cat"), "Run"))
    assert stage(at).count("<img") == 12 and "bk-live" in said(at) and at.query_params["run"] in ("1", ["1"])
    series = at.session_state[steps.STATE]
    first, *others = (series.picture(name, 1) for name in runs.SAMPLER_NAMES)
    for other in others:  # in one step all samplers take the prediction as it is
        np.testing.assert_allclose(other, first, atol=1e-5)
    page = said(skip_guesses(at))
    assert "measured against its 10-step picture so far" in page and "true mean of 500 drawings" in page
    assert "seeds 5 to 8" in page and "of 4** right" in page
    at.slider(key="guidance").set_value(5.0).run()
    assert "You changed something" in said(at) and "guidance 3 " in said(at)


def test_link_values_out_of_range_are_clamped_and_said():
    at = opened(guidance="99", upto="7", seed="x", prompt="y" * 900)
    assert at.slider(key="guidance").value == 8 and at.button[0] is not None
    for word in ("99", "7", "x", "900"):
        assert word in at.info[0].value


def test_cancel_keeps_what_is_finished_and_ends_the_engines_work(slow_engine):
    at = press(opened(upto="1000"), "Run")
    for _ in range(4):
        at.run()
    entry = at.session_state[runs.TICKETS][steps.SLOT].ticket
    press(at, "Cancel")
    left = at.session_state[runs.TICKETS].get(steps.SLOT)
    assert entry.over and (left is None or left.ticket.over), "a short run may have ended by itself just then"
    assert "Stopped" in said(at)
    assert at.session_state[steps.STATE].cells and "<img" in stage(at)


def test_leaving_the_page_stops_the_experiment_and_coming_back_does_not_resume_it(slow_engine):
    at = press(opened(upto="1000"), "Run")
    entry = at.session_state[runs.TICKETS][steps.SLOT].ticket
    at.switch_page("lessons/adrift.py").run()
    assert entry.over and steps.SLOT not in at.session_state[runs.TICKETS]
    at.switch_page(PAGE).run()
    assert "Stopped" in said(at) and not any(button.label == "Cancel" for button in at.button)


def test_missing_weights_become_a_sentence_with_the_command(no_weights):
    at = finish(press(opened(), "Run"))
    assert "text_image.safetensors is missing" in said(at) and "Your settings are kept" in said(at)


@pytest.mark.parametrize("prompt", ["", "<script>alert(1)</script> a fish wearing a cape"])
def test_no_prompt_does_harm(small_engine, prompt):
    at = skip_guesses(finish(opened(upto="10", run="1", prompt=prompt)))
    assert "<script>" not in said(at) and stage(at).count("<img") == 12


# --- what is measured -----------------------------------------------------------------------------------------


def series(distances: dict[tuple[str, int], float]) -> Series:
    """Even grey pictures that lie so many shades above an end point of 0."""
    cells = {Key(*key): Cell(np.full((32, 32, 3), d / 127.5, np.float32), 0.1) for key, d in distances.items()}
    return Series(Asked(("cat",), 5, 3.0), "cat", 1000, cells=cells)


def test_distances_are_shades_to_the_finest_picture_and_leave_it_out():
    made = series({("dpmpp_2m", 5): 8, ("dpmpp_2m", 50): 0, ("ddim", 5): 9, ("ddim", 50): 1})
    assert made.finest == Key("dpmpp_2m", 50)
    assert made.distances("dpmpp_2m") == pytest.approx({5: 8}) and made.distances("ddim") == pytest.approx(
        {5: 9, 50: 1}
    )


def test_a_power_law_is_read_off_its_line():
    assert figure.halving({n: 50 / n for n in (1, 5, 10, 50)}) == pytest.approx(2)
    assert figure.halving({n: 50 / n**2 for n in (5, 10, 50)}) == pytest.approx(4)
    assert figure.halving({5: 1.0, 10: 0.5}) is None


@pytest.mark.parametrize("far, first", [
    ({1: 40, 5: 4, 10: 3}, 5), ({1: 4, 5: 6, 10: 3}, 10), ({1: 40, 5: 30}, None), ({}, None),
])  # fmt: skip
def test_near_means_near_from_there_on(far, first):
    assert figure.near_from(far, 5.0) == first


def test_the_shipped_end_point_serves_only_the_same_noise_words_guidance_and_weights():
    shipped = series({("dpmpp_2m", 1): 40, ("dpmpp_2m", 1000): 0})
    own = series({("dpmpp_2m", 1): 40, ("dpmpp_2m", 5): 8})
    assert steps.with_shipped_end(own, shipped).distances("dpmpp_2m") == pytest.approx({1: 40, 5: 8})
    retrained = series({("dpmpp_2m", 1): 42, ("dpmpp_2m", 5): 8})
    assert steps.with_shipped_end(retrained, shipped) is retrained
    other = Series(Asked(("dog",), 5, 3.0), "dog", 50, cells=own.cells)
    assert steps.with_shipped_end(other, shipped) is other


def test_the_plan_is_quick_first_and_counts_its_passes():
    keys = steps.plan(1000)
    assert len(set(keys)) == len(keys) and keys[0].steps == 1 and keys[-1].steps == 1000
    assert steps.passes(10) == 18 * 3 + 2 + 18 * 3


@pytest.mark.parametrize("dark", [False, True])
def test_the_curve_has_both_solvers_the_threshold_and_the_guess(dark):
    far = {name: {n: 50 / n for n in steps.COUNTS[:-1]} for name in steps.SOLVERS}
    made = figure.distance_curve(far, 5.0, 10, dark)
    assert [trace.name for trace in made.data] == ["DPM-Solver++ (2M)", "DDIM"]
    assert made.layout.xaxis.type == made.layout.yaxis.type == "log" and len(made.layout.shapes) == 2


def test_cells_that_are_not_there_yet_are_empty_and_names_are_escaped():
    html = grid.samplers(series({("ddim", 1): 3}), prose.load("steps"), True)
    assert html.count("ms-empty") == 23 and html.count("<img") == 1 and 'alt="DDIM in 1 step"' in html


def test_the_true_average_is_the_mean_of_drawings_and_spread_is_over_pairs():
    true = averages.average(("a", "red", "cat"), 60)
    assert true.mean.shape == (32, 32, 3) and true.count == 60 and not true.withheld
    np.testing.assert_allclose(averages.average(("a", "red", "cat"), 60).mean, true.mean)
    assert averages.spread([np.zeros((1, 1, 3)), np.full((1, 1, 3), 2 / 127.5)]) == pytest.approx(2)
    assert averages.average(("fish", "cape"), 10).mean is None
