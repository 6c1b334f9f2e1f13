"""Lesson 1: its numbers come from the core, chain and jump agree, and the page does what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from diffusion_core.process import add_noise, forward_step, trajectory
from diffusion_core.world.vocabulary import allowed, held_out_blocks
from lessons.shared import prose
from lessons.shared.drift import crowd, sums, svg, three_pixels
from lessons.shared.player.encode import picture, unpack
from lessons.shared.studio import forward

ROOT = Path(__file__).parents[2]
T, SCHEDULE = forward.T, forward.SCHEDULE


@pytest.fixture(scope="module")
def walked() -> forward.Crowd:
    return forward.crowd(forward.SHIPPED_SEED)


def words() -> dict[str, str]:
    return dict(line.split(": ", 1) for line in prose.load("adrift").text("labels").splitlines())


# --- the numbers -------------------------------------------------------------------------------------------


def test_first_step_of_the_head_is_the_cores_own():
    """255, 0, 0 + (−2, 2, 0) → 253, 2, 0 with β = 10⁻⁴: what the page shows is what forward_step computes."""
    beta = float(SCHEDULE.betas[0])
    assert beta == pytest.approx(1e-4)
    x1 = forward_step(torch.tensor([1.0, -1.0, -1.0]), beta, torch.tensor(forward.FIRST_EPS))
    step = forward.step_of(forward.stick(forward.SHIPPED_SEED).chain[:, 0], 1)
    np.testing.assert_allclose(step.after, forward.to_255(x1.numpy()), atol=1e-4)
    assert [svg.triple(v) for v in (step.before, step.noise, step.after)] == [
        "(255, 0, 0)", "(−2, 2, 0)", "(253, 2, 0)"]  # fmt: skip
    assert 0 < abs(step.shrink[0]) < 0.5, "the shrink is there, and rounding hides it"


@pytest.mark.parametrize("seed", [forward.SHIPPED_SEED, 8])
def test_every_first_step_is_the_same_whatever_the_seed(seed):
    assert svg.triple(forward.to_255(forward.stick(seed).chain[1, 0])) == "(253, 2, 0)"


@pytest.mark.parametrize("t", [1, 2, 500, T])
def test_a_step_taken_apart_adds_up(t):
    step = forward.step_of(forward.stick(forward.SHIPPED_SEED).chain[:, 0], t)
    np.testing.assert_allclose(step.before + step.shrink + step.noise, step.after, atol=1e-6)


def test_shipped_pixels_are_what_the_core_walks():
    made, shipped = forward.walk_stick(forward.SHIPPED_SEED), forward.stick(forward.SHIPPED_SEED)
    np.testing.assert_allclose(shipped.chain, made.chain, atol=1e-5)
    np.testing.assert_allclose(shipped.jump, made.jump, atol=1e-5)


def test_jumps_follow_equation_4():
    jump = forward.stick(forward.SHIPPED_SEED).jump
    x0, last = forward.from_255(forward.STICK[:, 0]), SCHEDULE.level(T)
    eps = (jump[T] - last.signal_rate * x0) / last.noise_rate
    middle = add_noise(torch.from_numpy(x0), float(SCHEDULE.alpha_bar(300)), torch.from_numpy(eps).float())
    np.testing.assert_allclose(jump[300], middle.numpy(), atol=1e-4)


# --- chain against jump, on the very arrays shown ----------------------------------------------------------


@pytest.mark.parametrize("t", [10, 100, 260, 500, T])
def test_walkers_and_jumpers_have_the_formulas_middle_and_spread(walked, t):
    mean, spread = forward.expected(t)
    luck = 4.5 / np.sqrt(forward.COPIES)  # 4.5 standard errors: one failure in 10⁵ per number
    for crowd_mean, crowd_spread in zip(walked.mean[:, t], walked.spread[:, t], strict=True):
        np.testing.assert_allclose(forward.to_255(crowd_mean), mean, atol=luck * spread)
        np.testing.assert_allclose(127.5 * crowd_spread, spread, rtol=luck)


@pytest.mark.parametrize("t", [100, T])
def test_walkers_and_jumpers_have_one_distribution(walked, t):
    """Kolmogorov-Smirnov distance of the two histograms below its 1e-5 quantile."""
    share = walked.counts[:, t].cumsum(-1) / forward.COPIES  # (2, 3, bins)
    assert np.abs(share[0] - share[1]).max() < 2.47 * np.sqrt(2 / forward.COPIES)


def test_bell_counts_are_a_distribution():
    edges = forward.to_255(forward.EDGES)
    assert crowd.bell_counts(edges, 127.5, 80.0, 4000).sum() == pytest.approx(4000, rel=1e-3)
    assert crowd.bell_counts(edges, 255.0, 0.0, 4000).max() == 4000


# --- whole pictures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", forward.SCENES)
def test_shipped_pictures_are_what_the_core_walks(name):
    pixels = forward.scene_picture(name)
    start = torch.from_numpy(forward.from_255(pixels)).movedim(-1, 0)[None]
    generator = torch.Generator().manual_seed(forward.SHIPPED_SEED)
    chain = {step.t: step.x_t for step in trajectory(start, SCHEDULE, generator)}
    frames = forward.frames(pixels, forward.SHIPPED_SEED)
    assert [frame.t for frame in frames] == list(range(0, T + 1, 10))
    for frame in (frames[1], frames[50], frames[100]):
        np.testing.assert_allclose(frame.x_t, chain[frame.t][0].movedim(0, -1).numpy(), atol=2e-3)


def test_scenes_are_allowed_and_were_not_held_out_by_accident():
    assert all(allowed(scene) is None for scene, _ in forward.SCENES.values())
    out = [name for name, (scene, _) in forward.SCENES.items() if held_out_blocks(scene)]
    assert out == ["turtle"], "the turtle with sunglasses and a basketball is the course's own example"


def test_the_end_is_a_round_cloud_about_mid_grey():
    last = forward.frames(forward.scene_picture("house"), forward.SHIPPED_SEED)[-1].x_t.reshape(-1, 3)
    np.testing.assert_allclose(last.mean(0), 0, atol=0.15)
    np.testing.assert_allclose(np.cov(last.T), np.eye(3), atol=0.15)
    assert forward.outside(forward.SHIPPED_SEED) == pytest.approx(0.317, abs=0.03)  # P(|N(0, 1)| > 1)


def test_noise_outweighs_the_picture_from_half_way():
    half = forward.half_way()
    assert SCHEDULE.alpha_bar(half) < 0.5 <= SCHEDULE.alpha_bar(half - 1)


# --- drawings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("t", [0, 1, 2, 777, T])
@pytest.mark.parametrize("seed", [3, 8])
def test_drawings_hold_every_step(t, seed):
    ways = forward.stick(seed)
    chain, jump = forward.to_255(ways.chain), forward.to_255(ways.jump)
    drawn = three_pixels.stage(chain, jump, t=t, words=words())
    assert drawn.count("<svg") == 3 and "nan" not in drawn and "\n\n" not in drawn
    if t:
        assert svg.triple(chain[t, 0]) in drawn
        assert svg.triple(chain[t, 0]) in sums.in_full(forward.step_of(ways.chain[:, 0], t), 0.01, t, words())


def test_numbers_are_written_as_a_reader_writes_them():
    assert svg.triple([-0.2, -1.6, 0]) == "(0, −2, 0)"
    assert svg.colour([-20, 300, 127.6]) == "rgb(0 255 128)"


# --- the page ----------------------------------------------------------------------------------------------


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    at.switch_page("lessons/adrift.py")
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def said(at: AppTest) -> str:
    return " ".join(element.value for element in [*at.markdown, *at.caption, *at.html, *at.info])


def test_opens_on_the_first_step_and_walks_on():
    at = opened()
    assert not at.exception
    assert all(numbers in said(at) for numbers in ("(255, 0, 0)", "(−2, 2, 0)", "(253, 2, 0)"))
    assert "cached" in said(at)
    at.button(key="on-1").click().run()
    assert at.slider(key="step").value == 2
    chain = forward.to_255(forward.stick(forward.SHIPPED_SEED).chain)
    assert svg.triple(chain[2, 0]) in said(at) and "head before step 2" in said(at)
    at.button(key="on-10").click().run()
    assert at.slider(key="step").value == 12
    at.slider(key="step").set_value(T).run()
    at.button(key="on-10").click().run()
    assert not at.exception and at.slider(key="step").value == T


def test_reset_puts_the_step_back_and_keeps_the_seed():
    at = opened(step="400", seed="8")
    at.button(key="beaker-reset").click().run()
    assert (at.slider(key="step").value, at.number_input(key="seed").value) == (1, 8)


def test_another_seed_is_live():
    at = opened(seed="8", jump="true")
    assert not at.exception and "bk-live" in said(at) and "seed 8" in said(at)


def test_the_jump_stays_shut_until_there_is_a_guess():
    at = opened(show="a crowd")
    assert not at.exception
    assert ">one jump</th>" not in said(at) and "opens after your guess" in said(at)
    at.radio(key="adrift-crowd-guess").set_value("both the same").run()
    at.button(key="adrift-crowd-keep").click().run()
    assert ">one jump</th>" in said(at)
    walked = forward.crowd(forward.SHIPPED_SEED)
    assert f"± {127.5 * walked.spread[1, 100, 0]:.1f}" in said(at) and "You said it." in said(at)


def test_the_player_gets_the_chain():
    at = opened(show="a whole picture", picture="robot", at="50", px="3,4")
    assert not at.exception
    mounts = [part.proto for part in at.get("bidi_component") if part.proto.component_name.endswith("player")]
    header, numbers = unpack(mounts[0].bytes)
    assert (header["start"], header["pixel"]) == (50, [3, 4])
    frames = forward.frames(forward.scene_picture("robot"), forward.SHIPPED_SEED)
    np.testing.assert_allclose(picture(header, numbers, "x_t", 50), frames[50].x_t, atol=1e-3)


def test_guess_and_outcome_stand_together():
    at = opened(show="a whole picture")
    at.slider(key="adrift-half-guess").set_value(270).run()
    at.button(key="adrift-half-keep").click().run()
    assert "270" in said(at) and str(forward.half_way()) in said(at) and "Close." in said(at)


@pytest.mark.parametrize("query", [
    {"step": "99999"}, {"step": "x"}, {"seed": "-3"}, {"show": "nothing"},
    {"show": "a whole picture", "picture": "dragon"}, {"show": "a crowd", "walked": "-1"},
    {"show": "a whole picture", "at": "1e9", "px": "999,z"},
])  # fmt: skip
def test_a_bad_link_is_brought_into_range(query):
    at = opened(**query)
    assert not at.exception
    if "at" not in query:
        assert at.info, "the page says what it changed"


def test_first_paint_needs_no_torch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest\n"
        "for show in ('three pixels', 'a crowd', 'a whole picture'):\n"
        "    at = AppTest.from_file('app.py', default_timeout=30).run(); at.switch_page('lessons/adrift.py')\n"
        "    at.query_params['show'] = show; at.run(); assert not at.exception\n"
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]
