"""The drop in the beaker in a real browser: its physics against the core's, and a learner's way through it."""

from __future__ import annotations

import numpy as np
import pytest

from diffusion_core import particles
from diffusion_core.particles import REACH, Drop
from lessons.shared.beaker import source

DROP = Drop(centre=(2.6, 7.4), spread=0.4, walls=(8.0, 9.0))
VARIANCES = [0.16, 0.7, 5.16, 20.16, 60.0]


@pytest.fixture
def physics(browser):
    """physics("marginal(1, 2, 3, 4, 5)"): what the browser's formulas make of it."""
    page = browser.new_page()

    def run(expression: str, argument: object = None):
        return page.evaluate(f"(given) => {{ {source('physics.js')}; return {expression}; }}", argument)

    yield run
    page.close()


def told(**more) -> dict:
    """The drop as the browser gets it."""
    return {"centre": DROP.centre, "spread": DROP.spread, "walls": DROP.walls, "rate": 0.5, "reach": REACH, **more}


@pytest.mark.parametrize("variance", VARIANCES)
def test_density_and_score_are_the_cores(physics, variance):
    for axis in (0, 1):
        centre, wall = DROP.centre[axis], DROP.walls[axis]
        x = np.linspace(0, wall, 41)
        for name, core in (("marginal", particles.marginal), ("marginalScore", particles.marginal_score)):
            args = [x.tolist(), centre, variance, wall, REACH]
            got = physics(f"given[0].map((x) => {name}(x, ...given.slice(1)))", args)
            np.testing.assert_allclose(got, core(x, centre, variance, wall), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("variance", VARIANCES[1:])
def test_steps_are_the_cores(physics, variance):
    rng = np.random.default_rng(0)
    x, eps, before = rng.uniform(0, 8, (50, 2)), rng.standard_normal((50, 2)), 0.8 * variance
    given = [told(), x.ravel().tolist(), eps.ravel().tolist(), variance, before]
    start = "((d, x, eps, now, before) => { x = Float64Array.from(x); %s; return [...x]; })(...given)"
    wanted = {
        "reverseStep(d, x, now, before, eps)": particles.reverse_step(x, DROP, variance, before, eps),
        "flowStep(d, x, now, before)": particles.flow_step(x, DROP, variance, before),
        "forwardStep(d, x, now - before, eps)": particles.forward_step(x, variance - before, eps, DROP.walls),
    }
    for call, core in wanted.items():
        np.testing.assert_allclose(physics(start % call, given), core.ravel(), rtol=1e-6, atol=1e-6)


def mulberry32(seed: int, count: int) -> list[float]:
    """The published generator, in Python's integers."""
    made, state = [], seed
    for _ in range(count):
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        mixed = ((mixed + ((mixed ^ (mixed >> 7)) * (mixed | 61))) & 0xFFFFFFFF) ^ mixed
        made.append(((mixed ^ (mixed >> 14)) & 0xFFFFFFFF) / 2**32)
    return made


def test_noise_comes_from_its_seed_and_is_normal(physics):
    assert physics("((s) => [s(), s(), s(), s()])(mulberry32(3))") == mulberry32(3, 4)
    eps = np.array(physics("[...drawNormals(mulberry32(7), new Float64Array(40000))]"))
    assert abs(eps.mean()) < 5 / 200 and abs(eps.var() - 1) < 5 * np.sqrt(2 / 40000)
    assert abs(np.corrcoef(eps[::2], eps[1::2])[0, 1]) < 5 / np.sqrt(20000)
    assert abs((eps**4).mean() - 3) < 0.25  # a bell curve's fourth moment


@pytest.fixture
def lesson(page, serve, settled):
    """lesson("?seed=4"): the page, its beaker drawn."""

    def opened(query: str = "", reduced: bool = False):
        page.emulate_media(reduced_motion="reduce" if reduced else "no-preference")
        page.goto(f"{serve('app.py')}/a-drop-in-the-beaker{query}")
        page.wait_for_selector(".beaker[data-drawn]")
        settled(page)
        return page

    yield opened
    # Streamlit looks for its health check below the page's own path first
    assert [error for error in page.console_errors if "/_stcore/" not in error] == []


def state(page) -> dict:
    return page.eval_on_selector(".beaker", "root => ({...root.dataset})")


def key(page, name: str):
    return page.get_by_role("button", name=name, exact=True)



def skip_guess(page, settled, guess: str) -> None:
    page.locator(f".st-key-{guess}-skip button").click()
    page.wait_for_selector(f".st-key-{guess}-again")
    settled(page)


def test_nothing_moves_until_asked_and_pause_works_by_keyboard(lesson):
    page = lesson()
    page.wait_for_timeout(600)
    assert state(page)["tick"] == "0"
    key(page, "Let it spread").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('.beaker[data-running="true"]')
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    page.wait_for_selector('.beaker[data-running="false"]')
    stood = state(page)
    page.wait_for_timeout(300)
    assert int(state(page)["tick"]) == int(stood["tick"]) > 0
    assert "Paused" in page.locator(".say").inner_text()


def test_the_whole_way(lesson, settled):
    """Out, back blind, back with the arrow; the page compares with the guesses."""
    page = lesson("?speed=0.5", reduced=True)
    fresh = float(state(page)["spread"])
    key(page, "Back, blind").click()
    assert "Guess first" in page.locator(".say").inner_text()
    walk(page, "Let it spread", 600)
    there = float(state(page)["spread"])
    page.locator(".st-key-drop-blind-guess").get_by_text("gather into the drop again").click()
    page.locator(".st-key-drop-blind-keep button:enabled").click()
    page.wait_for_selector(".st-key-drop-blind-again")
    walk(page, "Back, blind", 0)
    assert float(state(page)["spread"]) > 1.03 * there
    page.wait_for_selector(".st-key-bk-reveal-drop-blind")
    skip_guess(page, settled, "drop-score")
    walk(page, "Back, with arrows", 0)
    assert float(state(page)["spread"]) == pytest.approx(fresh, rel=0.1)
    page.wait_for_selector(".st-key-bk-reveal-drop-score")
    shown = page.locator(".st-key-bk-reveal-drop-score").inner_text()
    assert f"{there:.2f} to {float(state(page)['spread']):.2f} cm" in shown


def walk(page, name: str, tick: int) -> None:
    """Press a key, which with reduced motion leaps, until the clock stands at `tick`."""
    for _ in range(6):
        key(page, name).click()
        page.wait_for_timeout(150)
        if state(page)["tick"] == str(tick):
            return
    raise AssertionError(f"the clock stands at {state(page)['tick']}, not at {tick}")


def test_a_link_makes_the_same_particles_and_another_seed_others(lesson):
    ends = []
    for seed in (4, 4, 5):
        page = lesson(f"?seed={seed}&count=500", reduced=True)
        key(page, "Let it spread").click()
        page.wait_for_selector('.beaker[data-tick="120"][data-running="false"]')
        page.wait_for_timeout(100)
        ends.append(state(page)["first"])
    assert ends[0] == ends[1] != ends[2]


def test_another_scene_or_speed_starts_a_new_drop_and_arrows_do_not(lesson, settled):
    page = lesson(reduced=True)
    key(page, "Let it spread").click()
    page.wait_for_selector('.beaker[data-tick="120"]')
    page.locator(".st-key-arrows label").click()
    settled(page)
    page.wait_for_timeout(400)
    assert state(page)["tick"] == "120" and "arrows=true" in page.url
    page.locator(".st-key-scene").get_by_text("milk in coffee").click()
    page.wait_for_selector('.beaker[data-tick="0"]')
    assert "scene=milk" in page.url


def test_a_phone_shows_beaker_and_keys_without_sideways_scrolling(lesson, page):
    page.set_viewport_size({"width": 390, "height": 844})
    lesson()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in ("Let it spread", "Back, blind", "Back, with arrows", "New drop"):
        box = key(page, name).bounding_box()
        assert box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert key(page, "Let it spread").bounding_box()["y"] < 800, "beaker and first key fit one screen"
