"""How much can it bring back, without a browser: three tests, guesses, live runs, the curve, bad links."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lessons.shared.restoring import cells
from lessons.shared.restoring.stage import percent
from lessons.shared.studio import back, back_shipped, engines, runs
from lessons.shared.studio.back import CAT, DOG, PURE, Case, Restored
from lessons.shared.studio.seen import Seen, look
from tests.lessons.app_page import finish, open_page, press, said, unfold

ROOT = Path(__file__).parents[2]
PAGE = "lessons/back.py"
opened = partial(open_page, PAGE)


def html(at: AppTest, part: str) -> str:
    """The last piece of HTML with this in it, style sheets apart."""
    return next((each.value for each in reversed(at.html) if part in each.value and "<style>" not in each.value), "")


# --- the page ------------------------------------------------------------------------------------------------


def test_the_first_paint_of_each_test_is_cached_and_loads_no_torch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        "at = AppTest.from_file('app.py', default_timeout=60).run(); at.switch_page('lessons/back.py').run(); "
        "show = lambda test: at.button_group(key='test').set_value(test).run(); "
        "skip = lambda: [b for b in at.button if b.label == 'Skip'][0].click().run(); "
        "[(show(test), skip()) for test in ('tabby cat', 'pure noise', 'dog')]; skip(); "
        "assert not at.exception; assert any('rs-map' in h.value and '<img' in h.value for h in at.html); "
        "assert len(at.get('plotly_chart')) == 1; "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]


def test_the_whole_page_is_there_and_the_five_wait_for_the_guess():
    at = opened()
    assert html(at, "rs-three").count("<img") == 3 and html(at, "rs-five").count("<img") == 0
    assert html(at, "bk-badge").count("bk-cached") and "seeds 1 to 5" in html(at, "bk-badge")
    heads = ["How much comes back", "Try this", "What you saw", "Go deeper", "Check yourself", "Where next"]
    assert [h.value for h in at.header] == heads
    assert " ".join(h.value for h in at.html).count('class="bk-move"') == 5
    assert any("def spread(" in code.value for code in unfold(at).code)
    at.radio(key="back-0-guess").set_value("Details only").run()
    at.button(key="back-0-keep").click().run()
    assert html(at, "rs-five").count("<img") == 6 and "You guessed" in html(at, "bk-compare")
    assert html(at, "rs-bars").count("<tr>") == 4 and "judge sees" in said(at)


def test_each_test_brings_its_level_and_pure_noise_has_neither_truth_nor_level():
    at = opened()
    at.button_group(key="test").set_value(CAT).run()
    assert at.slider(key="level").value == 600 and "level 600" in html(at, "rs-three")
    press(at, "Skip")
    assert "Where the stripes are" in said(at)
    at.button_group(key="test").set_value(PURE).run()
    press(at, "Skip")
    assert at.slider(key="level").disabled and at.slider(key="level").value == 1000
    assert html(at, "rs-three").count("<img") == 2 and "no truth to measure" in said(at)
    assert not html(at, "rs-bars")


def test_a_link_to_pure_noise_has_no_level_and_no_words():
    at = opened(test=PURE, level="300", told="true")
    assert at.slider(key="level").value == back.T and not at.toggle(key="told").value
    assert "level" not in at.query_params and "told" not in at.query_params


def test_another_level_shows_its_noise_at_once_and_waits_for_run_with_the_rest():
    at = opened(test=CAT, level="300")
    assert html(at, "rs-three").count("<img") == 2 and "press **Run**" in said(at)
    press(at, "Skip")
    assert html(at, "rs-five").count("<img") == 0


def test_the_curve_opens_after_the_guess_about_the_stripes():
    at = opened(test=CAT, level="600")
    assert not at.get("plotly_chart")
    at.slider(key="back-stripes-guess").set_value(450).run()
    at.button(key="back-stripes-keep").click().run()
    assert len(at.get("plotly_chart")) == 1 and "from level **" in said(at)
    assert "the run above" in at.get("plotly_chart")[0].proto.spec


def test_link_values_out_of_range_are_clamped_and_said():
    at = opened(test="zebra", level="5000", seed="-4", drawing="x", told="maybe")
    assert at.slider(key="level").value == 1000 and at.number_input(key="seed").value == 0
    assert all(word in at.info[0].value for word in ("zebra", "5,000", "-4", "maybe"))


def test_without_the_shipped_file_the_page_stands_and_says_what_makes_it(nothing_shipped, small_engine):
    at = opened()
    assert "python -m lessons.precompute" in said(at) and html(at, "rs-three").count("<img") == 2
    for _ in range(2):
        press(at, "Skip")
    at = finish(press(at, "Run"))
    assert html(at, "rs-five").count("<img") == 6 and "bk-live" in html(at, "bk-badge")


# --- runs ------------------------------------------------------------------------------------------------------


def test_a_run_restores_five_live_and_keeps_only_their_last_pictures(small_engine):
    at = finish(press(opened(test=CAT, level="400", seed="40", told="true"), "Run"))
    press(at, "Skip")
    assert html(at, "rs-five").count("<img") == 6 and "bk-live" in html(at, "bk-badge")
    assert "seeds 40 to 44" in said(at) and "an orange tabby cat in a room" in html(at, "bk-badge")
    assert not at.session_state[runs.TICKETS]
    at.slider(key="level").set_value(500).run()
    assert html(at, "rs-three").count("<img") == 2, "a restoration never stands beside another noise"
    at.slider(key="level").set_value(400).run()
    assert html(at, "rs-three").count("<img") == 3


@pytest.mark.parametrize("level", ["1", "7", "1000"])
def test_a_link_that_was_run_runs_at_any_level(small_engine, level):
    at = finish(opened(level=level, run="1"))
    assert html(at, "rs-five").count("<img") == 6 and "What happened" in html(at, "bk-compare")


def test_changed_settings_and_another_page_stop_what_runs(slow_engine):
    at = press(opened(), "Run")
    ticket = at.session_state[runs.TICKETS][back.SLOT].ticket
    at.slider(key="level").set_value(500).run()
    assert ticket.state == "cancelled"
    press(at, "Run")
    ticket = at.session_state[runs.TICKETS][back.SLOT].ticket
    at.switch_page("lessons/adrift.py").run()
    assert ticket.state == "cancelled"


def test_missing_weights_become_a_sentence_with_the_command(no_weights):
    at = finish(press(opened(level="300"), "Run"))
    assert "text_image.safetensors is missing" in said(at) and "Your settings are kept" in said(at)


# --- what is measured and shipped ----------------------------------------------------------------------------


def test_the_noisy_picture_on_the_page_is_the_one_that_the_engine_starts_from(small_engine):
    case = Case(CAT, 300, seed=8)
    first = next(iter(engines.engine().submit(case.request, "test")))
    np.testing.assert_array_equal(back.pixels(first.x_t), back.noisy(case)[0])


def test_stripes_are_few_pixels_of_the_cat_and_leaving_them_out_is_a_miss():
    for drawing in (1, 3, 50):
        area = back.stripes(drawing)
        assert 10 < area.sum() < 200 and back.unstriped_miss(drawing) > 20


def test_outcomes_follow_what_the_judge_and_the_spread_say():
    grey = np.full((5, 32, 32, 3), 100, np.uint8)
    apart = grey + np.arange(0, 100, 20, dtype=np.uint8)[:, None, None, None]
    cat, tabby, man = (Seen((name,), ("red",), "room", 0.9) for name in ("cat", "tabby cat", "man"))
    assert Restored(Case(), grey, (cat, tabby) * 2 + (cat,), "live").outcome == "same"
    assert Restored(Case(), apart, (cat,) * 5, "live").outcome == "details"
    mixed = Restored(Case(), grey, (cat, tabby, man, tabby, cat), "live")
    assert mixed.outcome == "animal" and mixed.animals == {"cat": 4, "man": 1}
    assert Restored(Case(), apart, (), "live").outcome == "details", "without a judge only numbers count"


def test_what_ships_is_what_the_judge_sees_and_ever_less_comes_back():
    for test, case in back.DEFAULTS.items():
        result = back.shipped(case)
        assert [each.label for each in look(result.pictures)] == [each.label for each in result.seen], test
    for told in (False, True):
        for test in (DOG, CAT):
            curve = back_shipped.curve(test, told)
            assert curve.missed[0] < 8 and (np.diff(curve.missed) > -3).all()
            assert curve.animal[0] == 1 and curve.noisy[0] < curve.noisy[-1]
    assert back_shipped.curve(CAT, True).missed[-1] < back_shipped.curve(CAT, False).missed[-1], "words help at the end"


def test_the_shipped_restorations_are_what_the_shipped_network_makes():
    own = engines.Engine(engines.load_model)
    (made,) = back_shipped._restore(own, [back.DEFAULTS[DOG]])
    own.stop()
    shown = back.shipped(back.DEFAULTS[DOG]).pictures
    gap = np.abs(made.astype(int) - shown.astype(int)).mean()
    assert gap < 2, "make it again: python -m lessons.precompute back"


def test_cells_escape_and_the_map_runs_from_agreement_to_the_end_of_its_scale():
    assert "<b>x" not in cells.cell(None, 3, "<b>x", empty="<i>")
    ends = cells.coloured(np.array([[0.0, 200.0]]))
    assert ends[0, 0].tolist() == cells.RAMP[0].tolist() and ends[0, 1].tolist() == cells.RAMP[-1].tolist()


def test_a_share_never_reads_as_a_false_whole():
    assert [percent(x) for x in (0.0041, 41.6, 99.97, 100)] == ["0.004%", "42%", "99.97%", "100%"]
    assert percent(99.9999) == "over 99.99%"
