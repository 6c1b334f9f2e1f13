"""A drop in the beaker, without a browser: what the page says, asks and hands to the instrument."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from diffusion_core.particles import forward_step, sample_drop, spread_of, variance_at
from lessons.shared import beaker
from lessons.shared.studio import drop
from tests.lessons.app_page import unfold

ROOT = Path(__file__).parents[2]
ENDED = beaker.Ended(before=2.6, after=0.57, apart=0.7, fresh=0.56)


@pytest.fixture
def opened():
    """opened(speed="1"): the lesson with these values in its address."""

    def at_address(**address: str) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
        at.switch_page("lessons/drop.py")
        for key, value in address.items():
            at.query_params[key] = value
        at.run()
        assert not at.exception
        return at

    return at_address


def handed(at: AppTest) -> dict:
    """What the browser's instrument was given."""
    protos = [element.proto for element in at.get("bidi_component")]
    return next(data for p in protos if "drop" in (data := json.loads(p.json or "{}")))


def said(at: AppTest) -> str:
    return " ".join(m.value for m in at.markdown)


def test_the_whole_page_is_there(opened):
    at = opened()
    assert [h.value for h in at.header] == [
        "Try this", "What you saw", "A short history", "Go deeper", "Check yourself", "Where next"]  # fmt: skip
    assert 3 <= " ".join(h.value for h in at.html).count('class="bk-move"') <= 5
    history = next(h.value for h in at.html if "bk-timeline" in h.value)
    assert [year for year in ("2015", "2020", "2022", "2023") if year in history] == ["2015", "2020", "2022", "2023"]
    assert "what the rest of the course teaches a network" in said(at)
    assert all(f"def {name}(" in " ".join(c.value for c in unfold(at).code) for name in ("reverse_step", "score"))


def test_the_address_sets_the_scene_and_bad_values_are_said(opened):
    at = opened(scene="milk in coffee", speed="1.0", seed="12", count="500", arrows="true")
    data = handed(at)
    assert (data["look"], data["drop"]["rate"], data["seed"], data["count"]) == ("coffee", 2.0, 12, 500)
    assert data["arrows"] and data["dice"]
    at = opened(scene="tea", speed="900", seed="-1", count="nought")
    data = handed(at)
    assert (data["look"], data["drop"]["rate"], data["seed"], data["count"]) == ("dye", 2.0, 0, 2000)
    assert len(at.info) == 1 and at.info[0].value.count(".") >= 4


def test_the_ways_back_open_with_the_guesses(opened):
    at = opened()
    assert handed(at)["open"] == {"blind": False, "score": False}
    assert not [b for b in at.button if b.key == "drop-score-keep"], "one question at a time"
    at.radio(key="drop-blind-guess").set_value("go on spreading").run()
    at.button(key="drop-blind-keep").click().run()
    assert handed(at)["open"] == {"blind": True, "score": False}
    assert "A push to the left" not in said(at), "the outcome waits for the run"
    at.session_state["drop-beaker:runs"] = {"blind": beaker.Ended(2.61, 3.05, 3.9, 0.56)}
    at.run()
    assert "from 2.61 to 3.05 cm" in said(at)
    at.radio(key="drop-score-guess").set_value("no, the drop is lost").run()
    at.button(key="drop-score-keep").click().run()
    assert handed(at)["open"] == {"blind": True, "score": True}


@pytest.mark.parametrize(("before", "said_so"), [(2.61, False), (3.44, True)])
def test_a_beaker_that_was_nearly_even_is_said_to_have_been_so(opened, before, said_so):
    at = opened()
    at.button(key="drop-blind-skip").click().run()
    at.session_state["drop-beaker:runs"] = {"blind": beaker.Ended(before, 3.4, 3.9, 0.56)}
    at.run()
    assert ("nearly even when it turned round" in said(at)) == said_so


def test_the_fresh_drop_of_a_run_stays_that_of_its_scene(opened):
    at = opened()
    at.button(key="drop-blind-skip").click().run()
    at.button(key="drop-score-skip").click().run()
    at.session_state["drop-beaker:runs"] = {"score": ENDED}
    at.segmented_control(key="scene").set_value("milk in coffee").run()
    assert "the fresh drop had 0.56 cm" in said(at)


def test_skipping_opens_both(opened):
    at = opened()
    at.button(key="drop-blind-skip").click().run()
    at.button(key="drop-score-skip").click().run()
    assert handed(at)["open"] == {"blind": True, "score": True}


@pytest.mark.parametrize("told", [None, "odd", {}, {"act": "sideways"}, {"act": "blind", "before": "x"}])
def test_an_odd_report_from_the_browser_is_dropped(told, monkeypatch):
    state = {"b": SimpleNamespace(get=lambda name: told), "b:runs": {}}
    monkeypatch.setattr(beaker.st, "session_state", state)
    beaker.keep("b")
    assert state["b:runs"] == {}


def test_a_report_is_kept(monkeypatch):
    told = {"act": "score", "before": 2.6, "after": 0.57, "apart": 0.7, "fresh": 0.56}
    state = {"b": SimpleNamespace(get=lambda name: told), "b:runs": {}}
    monkeypatch.setattr(beaker.st, "session_state", state)
    beaker.keep("b")
    assert beaker.runs("b") == {"score": ENDED}


@pytest.mark.parametrize("scene", drop.SCENES)
def test_the_curve_is_that_of_real_particles(scene):
    """What the studio hands over as the exact spread is what the core's particles show."""
    data, place = drop.setup(scene, drop.USUAL), drop.SCENES[scene].drop
    grown = variance_at(place, drop.USUAL, drop.LAST) - variance_at(place, drop.USUAL, 0)
    rng = np.random.default_rng(0)
    x = sample_drop(place, 4000, rng)
    assert spread_of(x) == pytest.approx(data["curve"]["spread"][0], rel=0.05)
    for _ in range(200):
        x = forward_step(x, grown / 200, rng.standard_normal(x.shape), place.walls)
    assert spread_of(x) == pytest.approx(data["curve"]["spread"][-1], rel=0.05)
    assert data["even"] > data["curve"]["spread"][-1]


def test_the_lesson_needs_no_torch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        "at = AppTest.from_file('app.py', default_timeout=30).run().switch_page('lessons/drop.py').run(); "
        "assert not at.exception; sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]
