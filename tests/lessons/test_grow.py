"""A network grows up, without a browser: what is covered before the guess, ten runs, what is said of them."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from lessons.shared import prose
from lessons.shared.growing import chart, outcome, sections
from lessons.shared.growing.live import labels_of
from lessons.shared.growing.message import message, sheet
from lessons.shared.studio import cached, engines, grow, grow_shipped, runs
from lessons.shared.studio.grow import SEEN, SLOTS, Asked, Growth
from lessons.shared.studio.grow_shipped import PARTS, Measured
from lessons.shared.studio.judging import Look, Mark
from tests.lessons.app_page import finish, open_page, press, said

ROOT = Path(__file__).parents[2]
PAGE = "lessons/grow.py"
WORDS = prose.load("grow")
opened = partial(open_page, PAGE)


@pytest.fixture(scope="module")
def made(tiny_model, tmp_path_factory) -> Path:
    """A folder with what ships, made once by ten copies of the tiny model from two prompts."""
    folder = tmp_path_factory.mktemp("precomputed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cached, "FOLDER", folder)
        patch.setattr(engines, "load_model", lambda *_: tiny_model)
        patch.setattr("diffusion_core.model.load_model", lambda *_: tiny_model)
        patch.setattr(grow_shipped, "PROMPTS", 2)
        patch.setattr(grow_shipped, "DRAWINGS", 8)
        cached.save("grow", grow_shipped.make_shipped)
    return folder


@pytest.fixture
def shipped(made, small_engine, monkeypatch):
    """The tiny model, and what it made earlier."""
    monkeypatch.setattr(cached, "FOLDER", made)
    fresh()
    yield
    fresh()


@pytest.fixture
def short(monkeypatch):
    """Runs of four steps, where what counts is that there are ten."""
    monkeypatch.setattr(grow, "STEPS", 4)


def fresh() -> None:
    cached.load.cache_clear()
    grow_shipped.shipped.cache_clear()


def stage(at: AppTest) -> dict:
    """What the stage was told; {} where there is none."""
    mounts = [each.proto for each in at.get("bidi_component") if each.proto.component_name.endswith("beaker_growing")]
    return json.loads(mounts[0].json) if mounts else {}


def pixels(url: str) -> np.ndarray:
    return np.array(Image.open(io.BytesIO(base64.b64decode(url.split(",", 1)[1]))))


# --- the page -------------------------------------------------------------------------------------------------


def test_first_paint_shows_what_ships_and_loads_no_torch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"at = AppTest.from_file('app.py', default_timeout=60).run(); at.switch_page('{PAGE}').run(); "
        "assert not at.exception and not at.error; "
        "assert any(each.proto.component_name.endswith('beaker_growing') for each in at.get('bidi_component')); "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:] or "make it: python -m lessons.precompute grow"


def test_before_the_guess_only_the_first_and_the_last_moment_reach_the_browser(shipped):
    told = stage(opened())
    assert told["shown"] == [True, *[False] * 8, True] and told["badge"]["kind"] == "cached" and not told["verdicts"]
    rows = pixels(told["x_t"]).reshape(10, 32, 11, 32, 3)
    assert rows[0].any() and rows[9].any() and not rows[1:9].any()


def test_the_guess_opens_all_ten_and_the_answer_names_the_shipped_run(shipped):
    at = press(opened(), "Skip")
    told = stage(at)
    assert all(told["shown"]) and len(told["verdicts"]) == 10 and pixels(told["x0_hat"]).shape == (320, 352, 3)
    assert "In the shipped run" in said(at) and "On fresh drawings, whose content is known" in said(at)


def test_the_quality_curve_opens_after_its_own_guess(shipped):
    at = opened()
    assert said(at).count("bk-chart\"") == 1 and "opens after your guess" in said(at)
    at.slider(key="grow-quality-guess").set_value(2).run()
    press(at, "That is my guess", 1)
    assert said(at).count("bk-chart\"") == 2 and "**0 of 2** pictures are right" in said(at)
    assert "You guessed" in said(at) and "2 of 2" in said(at)


def test_without_the_shipped_file_the_page_stands_says_what_makes_it_and_runs(
    small_engine, short, tmp_path, monkeypatch
):
    monkeypatch.setattr(cached, "FOLDER", tmp_path)
    fresh()
    at = opened()
    assert stage(at) == {} and "python -m lessons.precompute" in said(at)
    finish(press(at, "Run all ten"))
    assert stage(at)["badge"]["kind"] == "live"
    fresh()


def test_a_run_starts_all_ten_from_one_noise_and_answers_from_its_own_pictures(shipped, short):
    at = finish(press(opened(prompt="a red cat", seed="11"), "Run all ten"))
    told = stage(at)
    assert told["badge"] == {"kind": "live", "text": runs.describe(Asked((), 11, 3.0).request(SLOTS[0]))}
    assert told["steps"] == [0, 2, 4] and told["times"][0] == 1000 and told["times"][-1] == 0
    assert told["shown"].count(True) == 2, "the guess is still to come"
    tickets = at.session_state[runs.TICKETS]
    assert [tickets[slot].ticket.request.network for slot in SLOTS] == list(SLOTS)
    press(at, "Skip")
    noises = pixels(stage(at)["x_t"]).reshape(10, 32, 3, 32, 3)[:, :, 0]
    assert (noises == noises[0]).all(), "the same noise ten times"
    assert "In your run" in said(at) and at.query_params["run"] in ("1", ["1"])
    at.slider(key="guidance").set_value(5.0).run()
    assert "You changed something" in said(at) and "guidance 3 " in stage(at)["badge"]["text"]


def test_a_link_that_was_run_runs_and_opens_its_answers(shipped, short):
    at = finish(opened(run="1", prompt="a blue fish", guidance="1.5"))
    assert "In your run" in said(at) and all(stage(at)["shown"]) and "guidance 1.5" in stage(at)["badge"]["text"]


def test_link_values_out_of_range_are_clamped_and_said(shipped):
    at = opened(guidance="99", seed="x", prompt="y" * 900, seen="-4", at="moon")
    assert at.slider(key="guidance").value == 8
    for word in ("99", "x", "900"):
        assert word in at.info[0].value


@pytest.mark.parametrize("prompt", ["", "<script>alert(1)</script> قطة", "**b** $x$ [a](b)"])
def test_no_prompt_does_harm_and_one_that_names_nothing_is_told_so(shipped, short, prompt):
    at = finish(opened(run="1", prompt=prompt))
    assert "<script>" not in said(at) and "The prompt names nothing" in said(at)
    assert stage(at)["verdicts"] == [[]] * 10


def test_while_it_runs_only_the_newest_step_travels_and_cancel_keeps_what_came(shipped, slow_engine):
    at = press(opened(), "Run all ten")
    for _ in range(100):
        if stage(at)["badge"]["kind"] == "live":
            break
        at.run()
    told = stage(at)
    assert told["running"] and len(told["steps"]) == 1 and pixels(told["x_t"]).shape == (320, 32, 3)
    finish(press(at, "Cancel"))
    assert "Stopped after" in said(at) and not stage(at)["running"] and stage(at)["badge"]["kind"] == "live"
    assert all(at.session_state[runs.TICKETS][slot].ticket.over for slot in SLOTS)
    assert "wait until they are done" in said(press(at, "Skip"))


def test_leaving_the_page_stops_all_ten(shipped, slow_engine):
    at = press(opened(), "Run all ten")
    tickets = [at.session_state[runs.TICKETS][slot].ticket for slot in SLOTS]
    at.switch_page("lessons/adrift.py").run()
    assert all(ticket.state in ("cancelled", "done") for ticket in tickets)


def test_missing_weights_become_a_sentence_with_the_command(made, monkeypatch, no_weights):
    monkeypatch.setattr(cached, "FOLDER", made)
    fresh()
    at = finish(press(opened(), "Run all ten"))
    assert "text_image.safetensors is missing" in said(at) and "Your settings are kept" in said(at)
    assert stage(at)["badge"]["kind"] == "cached"
    fresh()


# --- what ships -----------------------------------------------------------------------------------------------


def test_what_ships_is_ten_real_moments_of_one_noise_and_small():
    growth, measured = grow_shipped.shipped(), grow_shipped.measured()
    assert growth.asked == grow.DEFAULT and growth.x_t.shape == growth.x0_hat.shape == (10, 11, 32, 32, 3)
    assert growth.done and len(growth.looks) == len(measured.error) == len(measured.interval) == 10
    assert measured.error[-1] < measured.error[0] / 2 and measured.right["all"][-1][0] > measured.right["all"][0][0]
    assert all(count == grow_shipped.PROMPTS for _, count in measured.right["all"])
    assert (cached.FOLDER / "grow.npz").stat().st_size <= 450_000


def test_the_shipped_pictures_are_what_the_last_moment_still_makes():
    from diffusion_core.model import WEIGHTS, load_model
    from diffusion_core.samplers import Run, drive, sampler_named

    growth, model = grow_shipped.shipped(), load_model(WEIGHTS / f"{SLOTS[-1]}.safetensors")
    request = growth.asked.request(SLOTS[-1])
    run = Run.start(request.schedule, request.times, sampler_named(request.sampler), request.seeds, (3, 32, 32))
    *_, last = drive(model.guided(request.words, 1, request.guidance_scale), run)
    now = grow.pixels(last.x_t[0].permute(1, 2, 0).numpy())
    gap = np.abs(now.astype(int) - growth.x_t[-1, -1]).mean()
    assert gap < 2, "make it again: python -m lessons.precompute grow"


def test_shipped_colours_are_off_by_two_shades_at_most():
    x = np.arange(256, dtype=np.uint8)
    off = np.abs(grow_shipped.coarse(x).astype(int) - x)
    assert off.max() <= 2 and len(set(grow_shipped.coarse(x))) == 64 and off[[0, 255]].tolist() == [0, 0]


# --- what is said ---------------------------------------------------------------------------------------------


def look(subject: bool, colour: bool, sure: float = 0.9) -> Look:
    """The judge before "a green turtle"."""
    seen = "turtle" if subject else "cat"
    return Look((Mark("figures", 1, 1, 1, 0.99), Mark("subject1", "turtle", seen, seen, sure),
                 Mark("colour1", "green", "green", "green" if colour else None, 0.6),
                 Mark("place", None, "beach", "beach", 0.9)))  # fmt: skip


def growth_of(looks: list[Look]) -> Growth:
    blank = np.zeros((10, 1, 32, 32, 3), np.uint8)
    return Growth(Asked(("turtle",), 1, 3.0), "turtle", "live", (0,), (20,), blank, blank, tuple(looks))


def test_a_turtle_is_a_turtle_from_the_first_moment_the_judge_says_so():
    looks = [look(i in (4, 6, 7, 8, 9), i >= 8) for i in range(10)]
    found = outcome.became(looks)
    assert (found.what, found.first, found.lost, outcome.first(found.whole)) == ("turtle", 4, (5,), 8)
    text = sections.became_said(found, growth_of(looks), WORDS)
    assert f"after **{SEEN[4]:,} drawings** (90% sure)" in text and f"loses it again after {SEEN[5]:,} drawings" in text
    assert f"right for the first time after {SEEN[8]:,}" in text and text.startswith("In your run")


def test_never_and_from_then_on_are_said_too():
    never = [look(False, True)] * 10
    assert "does not find **turtle** at any" in sections.became_said(outcome.became(never), growth_of(never), WORDS)
    held = [look(i > 2, False) for i in range(10)]
    text = sections.became_said(outcome.became(held), growth_of(held), WORDS)
    assert "at every later moment too" in text and "never right at once" in text


def test_a_prompt_without_a_subject_goes_by_everything_it_names_and_one_without_names_by_nothing():
    place = Look((Mark("place", "beach", "beach", "beach", 0.8),))
    assert outcome.became([place] * 10).what == "beach"
    assert outcome.became([Look((Mark("place", None, "beach", "beach", 0.8),))] * 10) is None
    assert outcome.became([]) is None


def test_moments_are_spelt_as_drawings_seen():
    assert outcome.spelt([4]) == "30,000" and outcome.spelt([2, 4, 5]) == "5,000, 30,000 and 80,000"
    assert outcome.spelt([]) == ""


def test_a_curve_is_settled_when_nine_tenths_of_its_fall_are_done():
    assert outcome.settled([1.0, 0.8, 0.2, 0.05, 0.0]) == 3 and outcome.fallen([2, 1, 0]) == [0, 0.5, 1]
    assert outcome.settled([1.0, 1.0]) == 1 and outcome.settled([1.0, 0.0, 0.5]) == 1


def test_half_right_counts_from_where_it_stays_so():
    assert outcome.half_right([(0, 4), (3, 4), (1, 4), (2, 4), (4, 4)]) == 3
    assert outcome.half_right([(0, 4), (1, 4)]) is None and outcome.half_right([(4, 4)]) == 0


def measured(right: list[int]) -> Measured:
    error = (0.6, 0.59, 0.5, 0.3, 0.2, 0.11, 0.10, 0.09, 0.08, 0.07)  # nine tenths are done at the sixth
    counts = tuple((n, 100) for n in right)
    parts = {part: tuple((min(100, n + 10 * i), 100) for n in right) for i, part in enumerate(reversed(PARTS))}
    return Measured(error, {"all": counts, **parts}, ((0.0, 1.0),) * 10, (98, 100), ((100.0, 0.6), (4e5, 0.07)), 3.0)


@pytest.mark.parametrize("right, kind", [
    ([0, 0, 0, 0, 2, 20, 40, 60, 80, 90], "most of what makes"),
    ([0, 0, 0, 0, 20, 60, 70, 75, 80, 90], "a good part of"),
    ([0, 0, 0, 0, 20, 85, 86, 87, 88, 90], "a fair judge"),
    ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "not one picture became right"),
])  # fmt: skip
def test_what_is_said_of_the_loss_follows_the_pictures(right, kind):
    text = sections.quality_said(measured(right), WORDS)
    assert kind in text and f"**{right[5]} of 100**" in text and f"**{right[9]} of 100**" in text and "98 of" in text
    assert "8% of its fall left" in text


def test_the_order_of_what_is_learned_is_read_off_the_counts():
    text = sections.order_said(measured([0, 0, 0, 0, 20, 30, 45, 55, 80, 90]), WORDS)
    assert text.index("place") < text.index("colour") < text.index("subject") < text.index("clothes")
    none = sections.order_said(measured([0] * 10), WORDS)
    assert none.count("not within this training") == 4


def points(html: str, look: str) -> np.ndarray:
    """The corners of the lines of one look, from the drawing: (N, 2)."""
    ways = re.findall(rf'class="line {look}" d="M([^"]*L[^"]*)"', html)
    return np.array([[float(n) for n in pair.split()] for way in ways for pair in way.split("L")])


def test_numbers_of_drawings_are_short_enough_for_an_axis():
    assert [outcome.short(seen) for seen in (0, 500, 2_000, 640_000, 1_860_000)] == ["0", "500", "2k", "640k", "1.86M"]


def test_both_charts_name_their_lines_and_mark_the_moment():
    labels, some = labels_of(WORDS), measured([0, 0, 0, 0, 2, 20, 40, 60, 80, 90])
    loss, quality = chart.loss_curve(some, labels, 5, "falls"), chart.quality_curve(some, labels, 5, "rises", 50)
    assert labels["record"] in loss and labels["error"] in loss and 'aria-label="falls"' in loss
    assert all(labels[part] in quality for part in ("all", *PARTS)) and labels["guess"] in quality
    for html in (loss, quality):
        ticks = re.findall(r'<text class="tick (?:middle|end)"[^>]*>([\w.]+)</text>', html)
        assert ticks.count("0") == 2 and outcome.short(SEEN[-1]) in ticks, "0 upwards and 0 across"
        (moment,) = re.findall(r'class="level" d="M([\d.]+) ', html)
        assert float(moment) == pytest.approx(points(html, "predicted")[5, 0], abs=0.11)
    assert labels["record"] not in chart.loss_curve(replace(some, record=()), labels, 5, "falls")


def test_the_charts_tell_their_numbers_and_stand_on_them():
    labels, right = labels_of(WORDS), [0, 0, 0, 0, 2, 20, 40, 60, 80, 90]
    html = chart.quality_curve(measured(right), labels, 5, "rises", 50)
    told = re.findall(r"<text[^>]*>([\w.]+)<tspan.*?>all (\d+)</tspan>", html)
    assert told == [(outcome.short(seen), str(n)) for seen, n in zip(SEEN, right, strict=True)]
    heights = points(html, "predicted")[:, 1]
    per_point = (heights[0] - heights[-1]) / 90
    np.testing.assert_allclose((heights[0] - heights) / per_point, right, atol=0.15)
    (mark,) = re.findall(r'class="mark you" cx="[\d.]+" cy="([\d.]+)"', html)
    assert (heights[0] - float(mark)) / per_point == pytest.approx(50, abs=0.15)
    bars = re.findall(r'class="spread predicted" d="M[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)"', html)
    assert len(bars) == 10 and all(float(low) > float(high) for low, high in bars)


# --- what is shown --------------------------------------------------------------------------------------------


def test_a_sheet_has_a_row_for_each_moment_and_a_column_for_each_step():
    rows = np.arange(10 * 3, dtype=np.uint8).reshape(10, 3, 1, 1, 1) * np.ones((1, 1, 32, 32, 3), np.uint8)
    made = sheet(rows, [True] * 9 + [False])
    assert made.shape == (320, 96, 3) and (made[32:64, 64:96] == 5).all() and not made[288:].any()


def test_verdicts_leave_out_how_many_figures_unless_that_is_wrong():
    looks = [look(True, False)] * 9 + [Look((Mark("figures", 1, 2, 2, 0.9),))]
    told = message(growth_of(looks), opened=True, running=False, labels={}, made="")["verdicts"]
    assert told[0] == [{"name": "turtle", "right": True}, {"name": "green", "right": False}]
    assert told[9] == [{"name": "one figure", "right": False}]


def test_steps_that_not_all_ten_have_yet_are_not_shown():
    assert grow.side_by_side([[]] * 10, Asked((), 1, 3.0), "") is None
    assert len(SEEN) == len(SLOTS)
