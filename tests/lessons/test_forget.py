"""The schedule lesson: the guesser is exact, the page says what it clamps, the answer shown is the answer computed."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from diffusion_core.denoiser import exact_dataset
from diffusion_core.process import add_noise
from diffusion_core.schedules import SCHEDULES, T_MAX, T_MIN, Schedule
from lessons import precompute
from lessons.shared import forgetting, forgetting_curves, line_chart, prose, schedule_controls
from lessons.shared.studio import cached, schedules

ROOT = Path(__file__).parents[2]


def chance(schedule: Schedule, picture: int, seed: int) -> np.ndarray:
    """Probability of the true picture at every step 0 … T, by the core alone."""
    known = torch.from_numpy(schedules.known_pictures().astype(np.float32) / 127.5 - 1).permute(0, 3, 1, 2)
    eps = torch.randn(known[0].shape, generator=torch.Generator().manual_seed(seed))
    t = torch.arange(schedule.T + 1)
    x0 = known[picture - 1].expand(len(t), -1, -1, -1)
    x_t = add_noise(x0, schedule.alpha_bar(t).float(), eps)
    return exact_dataset(known).posterior(x_t, schedule.log_snr(t))[:, picture - 1].numpy()


@pytest.mark.parametrize(
    "schedule",
    [Schedule("linear"), Schedule("cosine"), Schedule("sigmoid", 2500), Schedule("custom", 37, 1e-3, 0.03, 2.5)],
    ids=lambda schedule: schedule.kind,
)
def test_the_step_is_the_first_of_all_steps_under_one_half(schedule):
    """The page looks at 51 moments and then between two of them; asking every step must give the same answer."""
    wanted = int(np.argmax(chance(schedule, 5, 11) < 0.5))
    assert schedules.fading(schedule, 5, 11).step == wanted > 0


@pytest.mark.parametrize("kind", ["linear", "cosine", "sigmoid"])
def test_certain_at_first_and_clueless_at_the_end(kind):
    sure = schedules.fading(Schedule(kind), 40, 1).sure
    assert sure[0] == 1
    assert sure[-1] == pytest.approx(1 / 64, abs=0.01)


def test_a_schedule_that_never_reaches_noise_never_loses_the_picture():
    gentle = schedules.comparison("too gentle", 1000)
    assert schedules.fading(gentle, 40, 1).step is None
    assert gentle.signal_rate(1000) > 0.5


def test_all_schedules_forget_at_one_signal_to_noise_ratio():
    """x_t/√ᾱ = x0 + eps/√SNR: with one noise, the guesser's answer depends on the ratio alone."""
    for one, two in itertools.pairwise([Schedule("linear"), Schedule("cosine"), Schedule("sigmoid", 700)]):
        a, b = (schedules.fading(each, 9, 2).step for each in (one, two))
        assert max(one.snr(a), two.snr(b)) < min(one.snr(a - 1), two.snr(b - 1)), "the two steps share a ratio"


def test_every_combination_of_the_controls_is_a_schedule():
    bends, ends, starts = schedule_controls.BEND[:2], schedule_controls.END[:2], schedule_controls.START[:2]
    corners = itertools.product(SCHEDULES, (T_MIN, 3, T_MAX), starts, ends, bends, (True, False), (True, False))
    for kind, T, start, end, curve, rescale, zero in corners:
        schedule = Schedule(kind, T, min(start, end), end, curve, rescale, zero)
        assert np.isfinite(schedule.log_snr(np.arange(T + 1))).all()
        assert forgetting.percent(schedule.signal_rate(T))


def test_what_ships_is_what_the_code_makes():
    shipped, settings = cached.load("forget")
    made, now = precompute.MAKERS["forget"]()
    assert settings == now
    for name, array in made.items():
        np.testing.assert_allclose(shipped[name], array, atol=5e-3, err_msg=f"run: {cached.COMMAND}")


def test_sheet_shows_every_picture_unchanged():
    known = schedules.known_pictures()
    sheet = forgetting.sheet(known, 64)
    assert (sheet[-35:-3, -35:-3, :3] == known[63]).all() and (sheet[3:35, 3:35, :3] == known[0]).all()
    assert tuple(sheet[-1, -1]) != tuple(sheet[0, 0]), "only the true one is framed"


# --- the curves ---

WORDS = prose.load("forget")
NAMES = ("yours", "beside it")


def drawn(yours: Schedule, other: Schedule, steps: tuple = (None, None)) -> list[str]:
    told = dict.fromkeys(forgetting_curves.CURVES, "told")
    pair, gives_up = dict(zip(NAMES, (yours, other), strict=True)), dict(zip(NAMES, steps, strict=True))
    return forgetting_curves.three_curves(pair, gives_up, WORDS, told)


def read(chart: str) -> dict[int, list[str]]:
    """t → the values that the chart tells of it, yours first."""
    found = re.findall(r">t = ([\d,]+)<tspan[^>]*>yours ([^<]*)</tspan><tspan[^>]*>beside ([^<]*)</tspan>", chart)
    return {int(t.replace(",", "")): [unescape(value) for value in values] for t, *values in found}


@pytest.mark.parametrize("T", [T_MIN, 3, 49, 50, 51, 100, 1000, T_MAX])
def test_curves_tell_the_values_of_their_schedules(T):
    schedules_ = Schedule("linear", T), Schedule("cosine", T)
    beta, alpha_bar, snr = (read(chart) for chart in drawn(*schedules_))
    assert list(beta) == list(alpha_bar) == list(snr) and max(beta) == T
    assert len(beta) == min(T, forgetting_curves.READ)
    for t in beta:
        for place, schedule in enumerate(schedules_):
            wanted = schedule.betas[t - 1], schedule.alpha_bar(t), schedule.snr(t)
            for said, value in zip((beta, alpha_bar, snr), wanted, strict=True):
                assert said[t][place] == line_chart.plain(float(value))


@pytest.mark.parametrize("kind", SCHEDULES)
def test_the_three_charts_are_a_light_page(kind):
    for T in (1000, T_MAX):
        charts = drawn(Schedule(kind, T), Schedule("cosine", T), (T // 2, T // 2))
        assert sum(len(chart.encode()) for chart in charts) < 90_000


def test_dots_stand_where_the_guesser_gives_up():
    plain, dotted = (
        drawn(Schedule("linear"), Schedule("cosine")),
        drawn(Schedule("linear"), Schedule("cosine"), (646, 923)),
    )
    for before, after in zip(plain, dotted, strict=True):
        assert before.count('class="mark') == 0
        assert after.count('class="mark you"') == after.count('class="mark data"') == 1
    spots = [re.search(r'class="mark you" cx="([\d.]+)"', chart).group(1) for chart in dotted]
    assert len(set(spots)) == 1, "one step, one place on the axis that all three share"


def test_a_spike_does_not_flatten_the_other_line():
    """Cosine's last β is nearly 1; the axis ends far below, so that linear, up to 0.02, can still be read."""
    beta = drawn(Schedule("linear"), Schedule("cosine"))[0]
    highest = max(float(tick) for tick in re.findall(r'class="tick end" x="37"[^>]*>([\d.]+)<', beta))
    assert 0.02 < highest < 0.2


def test_certainty_marks_both_steps_without_a_collision():
    fadings = {"yours": schedules.fading(Schedule("linear")), "beside it": schedules.fading(Schedule("cosine"))}
    labels = re.findall(
        r'class="label (\w+)([^"]*)" x="([\d.]+)"[^>]*>([^<]*)<', forgetting_curves.certainty(fadings, WORDS, "")
    )
    (you, side, x, first), (data, other_side, other_x, second) = labels
    assert (you, data) == ("you", "data") and (first, second) == tuple(f"{f.step:,}" for f in fadings.values())
    assert side.strip() == "end" and not other_side.strip() and float(x) < float(other_x)


# --- the page ---


def opened(**link: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    at.query_params.update(link)
    return at.switch_page("lessons/forget.py").run()


def said(at: AppTest) -> str:
    return " ".join(element.value for group in (at.markdown, at.caption, at.info) for element in group)


def test_journey_from_guess_to_outcome():
    at = opened()
    assert not at.exception
    assert "is lost from" not in said(at), "the answer stays shut until there is a guess"
    at.slider(key="forget-step-guess").set_value(40).run()
    at.button(key="forget-step-keep").click().run()
    assert not at.exception
    step = int(np.argmax(chance(Schedule("linear"), schedules.PICTURE, schedules.SEED) < 0.5))
    assert f"step {step}" in said(at)
    cells = next(html.value for html in at.html if "bk-compare" in html.value)
    assert "40%" in cells and f"{round(step / 10)}%" in cells, "guess and outcome stand together"


def charts(at: AppTest) -> str:
    return " ".join(markdown.value for markdown in at.markdown if "bk-chart" in markdown.value)


def test_every_chart_says_what_it_shows_and_none_needs_plotly():
    at = opened()
    assert charts(at).count("<figure") == 3 and not at.get("plotly_chart")
    assert "mark you" not in charts(at), "dots would give the answer away"
    at.button(key="forget-step-skip").click().run()
    assert charts(at).count("<figure") == 4 and not at.get("plotly_chart")
    assert charts(at).count('class="mark you"') == 4
    labels = re.findall(r'role="img" aria-label="([^"]*)"', charts(at))
    assert len(labels) == 4 and all(len(label) > 40 for label in labels)
    half = int(np.argmax(Schedule("linear").alpha_bars < 0.5))
    assert all(f"step {half}" in label for label in labels[1:])


def test_sliders_move_the_answer():
    at = opened()
    at.button(key="forget-step-skip").click().run()
    at.slider(key="beta_end").set_value(0.002).run()
    assert not at.exception
    assert "**is never lost**" in said(at) and "**59%**" in said(at)
    at.selectbox(key="schedule").set_value("sigmoid").run()
    step = int(np.argmax(chance(Schedule("sigmoid"), schedules.PICTURE, schedules.SEED) < 0.5))
    assert f"step {step}" in said(at)


@pytest.mark.parametrize(
    ("link", "sentences"),
    [
        ({"T": "999999"}, ["goes up to 4,000, so it uses 4,000"]),
        ({"beta_end": "abc"}, ["“abc” is not a number, so this page uses 0.02"]),
        ({"beta_start": "0.02", "beta_end": "0.005"}, ["β start 0.02 lies above β end 0.005"]),
        ({"schedule": "quadratic", "known": "65"}, ["which this page does not have", "goes up to 64"]),
        ({"T": "2", "zero_snr": "true", "schedule": "custom", "curve": "5.0", "beside": "too gentle"}, []),
    ],
)
def test_links_that_ask_too_much_are_answered_in_words(link, sentences):
    at = opened(**link)
    assert not at.exception
    for sentence in sentences:
        assert sentence in said(at)
    at.button(key="forget-step-skip").click().run()
    assert not at.exception


def test_first_paint_and_first_answer_need_no_torch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        "at = AppTest.from_file('app.py', default_timeout=30).run().switch_page('lessons/forget.py').run(); "
        "at.button(key='forget-step-skip').click().run(); assert not at.exception; sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]
