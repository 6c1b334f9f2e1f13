"""Break it, without a browser: six faults, each covered until a guess, run beside the right way, measured, mended."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lessons.shared import prose
from lessons.shared.broken import outcome
from lessons.shared.player.encode import unpack
from lessons.shared.studio import breaking, broken, broken_shipped
from lessons.shared.studio.broken import FAULTS, Asked
from tests.lessons.app_page import finish, open_page, press, said

ROOT = Path(__file__).parents[2]
PAGE = "lessons/broken.py"
opened = partial(open_page, PAGE)
KINDS = {"few": "soft", "short": "static", "never": "dull", "grow": "static", "bare": "one", "loud": "hard"}


def tracks(at: AppTest) -> list[dict]:
    mounts = [each.proto for each in at.get("bidi_component") if each.proto.component_name.endswith("beaker_player")]
    return unpack(mounts[0].bytes)[0]["tracks"] if mounts else []


# --- the page ------------------------------------------------------------------------------------------------


def test_the_first_paint_of_all_six_is_cached_and_loads_no_torch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"at = AppTest.from_file('app.py', default_timeout=60).run(); at.switch_page('{PAGE}').run(); "
        f"show = lambda name: at.button_group(key='fault').set_value(name).run(); "
        "skip = lambda: next(b for b in at.button if b.label == 'Skip').click().run(); "
        f"[(show(name), skip()) for name in {list(FAULTS.values())!r}]; "
        "assert not at.exception; sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_broken_run_is_covered_until_the_guess_then_both_are_there(fault):
    at = opened(fault=FAULTS[fault])
    assert [track["title"] for track in tracks(at)] == ["without the fault"]
    assert "Symptom" not in said(at).replace("Symptom, cause, cure", "") and "opens after your guess" in said(at)
    words = prose.load("broken")
    at.radio(key=f"g-broken-{fault}-guess").set_value(words.text(f"kind-{KINDS[fault]}")).run()
    press(at, "That is my guess")
    faulty, right = tracks(at)
    assert faulty["title"].startswith("broken") and right["title"] == "without the fault"
    assert faulty["badge"]["kind"] == right["badge"]["kind"] == "cached"
    assert "You guessed" in said(at) and all(f"**{part}**" in said(at) for part in ("Symptom", "Cause", "Cure"))
    assert f"that names what it sees, finds {broken_shipped.load(fault).right[0][0]} of the 5" in said(at)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_ships_shows_its_fault(fault):
    pair = broken_shipped.load(fault)
    assert broken.kind(fault, broken.measure(pair)) == KINDS[fault]


def test_mend_turns_the_fault_off():
    at = opened(fault="Guidance 20", mend="true")
    assert "once you have guessed" in said(at) and len(tracks(at)) == 1
    press(at, "Skip")
    faulty, right = tracks(at)
    assert faulty["title"] == "mended" and faulty["badge"] == right["badge"]
    at.button_group(key="fault").set_value(FAULTS["few"]).run()
    assert not at.toggle(key="mend").value, "the next fault is met unmended"


def test_link_values_out_of_range_are_clamped_and_said():
    at = opened(fault="T too small", T="99999", seed="three", prompt="x" * 10_000, steps="3")
    assert at.slider(key="T").value == 1000 and "steps" not in at.query_params
    assert all(word in at.info[0].value for word in ("99,999", "three", "10000"))
    at = opened(fault="magic")
    assert "magic" in at.info[0].value and tracks(at)


def test_without_the_shipped_file_the_page_stands_and_says_what_makes_it(nothing_shipped):
    at = opened()
    assert "python -m lessons.precompute" in said(at) and tracks(at) == []
    press(at, "Skip")
    assert "press **Run**" in said(at)


def test_every_kind_and_every_fault_has_its_words():
    words = prose.load("broken")
    for fault in FAULTS:
        for part in ("symptom", "cause", "cure"):
            assert words.text(f"{fault}-{part}")
        assert words.has(f"ask-{fault}") and words.has(f"number-{fault}")
    for name in ("static", "soft", "same", "dull", "one", "varied", "hard", "other"):
        told = dict.fromkeys(outcome.TOLD.get(name, ()), "7")
        assert words.has(f"kind-{name}") and "{" not in words.text(f"was-{name}", **told)


# --- runs ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["few", "grow", "bare"])
def test_both_run_live_and_are_measured(small_engine, fault):
    at = finish(press(opened(fault=FAULTS[fault], seed="11", prompt="a red cat"), "Run"))
    press(at, "Skip")
    faulty, right = tracks(at)
    assert [t["badge"]["kind"] for t in (faulty, right)] == ["live", "live"] and "seed 11" in right["badge"]["text"]
    assert "What happened" in said(at) and "of the 2 things you named" in said(at)


def test_a_link_that_was_run_runs_with_its_settings_and_opens(small_engine):
    at = finish(opened(run="1", steps="3", prompt="a blue fish", seed="8"))
    faulty, right = tracks(at)
    assert faulty["title"] == "broken: 3 of 20 steps" and (faulty["count"], right["count"]) == (4, 21)
    at.slider(key="steps").set_value(5).run()
    assert "You changed something" in said(at) and "run" not in at.query_params


def test_another_fault_stops_the_run_and_cancel_keeps_what_came(small_engine):
    at = press(opened(fault=FAULTS["bare"], prompt=""), "Run")
    going = at.session_state[breaking.STATE]
    assert going.state == "running"
    press(at, "Cancel")
    assert going.state == "cancelled" and "Stopped" in said(at)
    press(at, "Run")
    again = at.session_state[breaking.STATE]
    at.button_group(key="fault").set_value(FAULTS["few"]).run()
    assert again.state == "cancelled" and tracks(at)[0]["badge"]["kind"] == "cached"


def test_leaving_the_page_ends_the_work_within_a_question(small_engine):
    at = press(opened(fault=FAULTS["bare"]), "Run")
    work = at.session_state[breaking.STATE].work
    at.switch_page("lessons/adrift.py").run()
    taken = sum(run.index for run in work.runs)
    time.sleep(1.0)
    assert sum(run.index for run in work.runs) <= taken + breaking.CHUNK < 2 * broken.DDPM_STEPS


def test_missing_weights_become_a_page_with_the_command(no_weights):
    at = finish(press(opened(), "Run"))
    assert "text_image.safetensors is missing" in said(at)
    assert any(code.value.startswith("python -m diffusion_core.train") for code in at.code)


def test_both_runs_of_a_pair_begin_with_the_same_noise_and_an_equal_fault_changes_nothing(tiny_model):
    asked = Asked("loud", ("a", "cat"), 4, broken.SCALE)
    pair = breaking.all_at_once(asked, "a cat", tiny_model)
    np.testing.assert_array_equal(pair.frames[0][0].x_t, pair.frames[1][0].x_t)
    np.testing.assert_array_equal(pair.ends[0], pair.ends[1])
    assert broken.kind("loud", broken.measure(pair)) == "same"
    louder = breaking.all_at_once(replace(asked, strength=20.0), "a cat", tiny_model)
    np.testing.assert_array_equal(louder.frames[0][0].x_t, pair.frames[0][0].x_t)
    assert broken.measure(louder).apart > 0


def test_the_unshrunk_start_has_the_variance_that_the_curve_promises():
    grown, shrunk = broken.sides(Asked("grow", (), 5))
    start = breaking.walked(shrunk, 32), breaking.walked(grown, 32)
    t, lines = broken.variances()
    assert float(start[0].var()) == pytest.approx(lines["with √(1−β)"][-1], rel=0.1)
    assert float(start[1].var()) / lines["without √(1−β)"][-1] == pytest.approx(1, rel=0.1) and t[-1] == 1000


def test_one_question_takes_few_steps_so_that_others_move(tiny_model):
    work = breaking.Work(broken_shipped.DEFAULTS["loud"])
    steps, done = work(tiny_model)
    assert len(steps) == breaking.CHUNK <= 5 and not done
