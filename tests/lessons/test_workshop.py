"""Prompt workshop without a browser: first paint, guesses, runs, repairs, tallies, the judge and the model card."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from diffusion_core.world.vocabulary import HELD_OUT, Figure
from lessons.shared import prose
from lessons.shared.studio import cached, judging, model_card, runs
from lessons.shared.studio import workshop as studio
from lessons.shared.workshop import measured, pair, said
from tests.lessons.app_page import finish, open_page, press
from tests.lessons.app_page import said as text

ROOT = Path(__file__).parents[2]
PAGE = "lessons/workshop.py"
opened = partial(open_page, PAGE)
WORDS = prose.load("workshop")
LABELS = dict(line.split(": ", 1) for line in WORDS.text("labels").splitlines())


def grids(at: AppTest) -> list[str]:
    return [each.value for each in at.html if "data-marked=" in each.value]


def mark(head: str, asked=None, saw=None, confidence: float = 0.9, best="same") -> judging.Mark:
    return judging.Mark(head, asked, saw if best == "same" else best, saw, confidence)


# --- the page -------------------------------------------------------------------------------------------------


def test_first_paint_shows_eight_cached_pictures_and_loads_no_torch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"at = AppTest.from_file({str(ROOT / 'app.py')!r}, default_timeout=60).run(); at.switch_page('{PAGE}').run(); "
        "assert not at.exception; html = ' '.join(h.value for h in at.html); "
        "assert html.count('data-marked=') == 3 and 'cached' in html; sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]


def test_marks_and_count_wait_for_the_guess_and_stand_beside_it():
    at = opened()
    assert 'data-marked="no"' in grids(at)[0] and "The judge counts" not in text(at)
    at.slider(key=next(s.key for s in at.slider if s.key.startswith("workshop-right"))).set_value(6).run()
    press(at, "That is my guess")
    counted = studio.shipped(studio.OPENING).right
    assert 'data-marked="yes"' in grids(at)[0]
    assert ">6<" in text(at) and f"{counted} of 8" in text(at)
    assert model_card.judge()[1].one in text(at), "the judge's own accuracy stands beside its count"
    assert '<table class="pw-saw' in text(at) and "left open" in text(at)


def test_skipping_once_is_enough_and_a_linked_run_needs_no_guess(small_engine):
    at = press(opened(), "Skip")
    at.text_input(key="prompt").set_value("a blue cat").run()
    finish(press(at, "Run eight"))
    assert 'data-marked="yes"' in grids(at)[0]
    at = finish(opened(run="1", prompt="a red fish", seed="70", guidance="1.5", steps="3"))
    assert 'data-marked="yes"' in grids(at)[0] and "“<bdi>a red fish</bdi>”" in text(at)
    assert "seeds 70 to 77 · DPM-Solver++ (2M) · 3 steps · guidance 1.5" in text(at)


def test_a_run_is_live_and_a_changed_prompt_keeps_the_last_run_under_its_own_name(small_engine):
    at = finish(press(opened(steps="2"), "Run eight"))
    assert "live" in text(at) and grids(at)[0].count("<figure") == 8
    at.text_input(key="prompt").set_value("a dog").run()
    assert "You changed something" in text(at) and f"“<bdi>{studio.OPENING}</bdi>”" in text(at)


@pytest.mark.parametrize(
    "prompt, kind",
    [
        ("a turtle wearing sunglasses playing basketball", "three"),
        ("a horse in space with a glowing headband", "two"),
        ("a cat and a fish", "pair"),
        ("a superhero cat", "none"),
    ],
)
def test_a_prompt_says_how_far_it_is_from_training(prompt, kind):
    reading = studio.read_prompt(prompt)
    assert said.distance(reading.held_out) == kind
    assert LABELS[f"reach-{kind}"] in said.reach(reading, LABELS)


def test_the_distances_are_those_of_the_measurement():
    from diffusion_core import agreement

    names = {agreement.TWO: "two", agreement.THREE: "three", agreement.PAIR: "pair"}
    for i in range(60):
        for group in ("held_out", "two_held_out", "seen"):
            asked = agreement.prompt_at(group, i)
            assert said.distance(asked.reading.held_out) == names.get(asked.distance, "none")
    assert {len(block) for block in HELD_OUT} == {2, 3}


def test_values_out_of_range_are_clamped_and_said():
    at = opened(guidance="99", seed="-4", steps="all", prompt="x" * 5_000, fix="lazy", pair="a cat", drawing="1e9")
    assert at.slider(key="guidance").value == 15 and at.slider(key="drawing").value <= 99
    assert len(at.text_input(key="prompt").value) == 200
    assert all(word in at.info[0].value for word in ("99", "all", "5000", "lazy", "a cat"))


@pytest.mark.parametrize("prompt", ["", "<script>alert(1)</script>", "قطة حمراء", "🐢🏀", "**b** $x$ [a](b)"])
def test_no_prompt_does_harm_and_one_that_names_nothing_gets_no_count(small_engine, prompt):
    at = finish(opened(prompt=prompt, run="1", steps="1"))
    assert "<script>" not in text(at) and grids(at)[0].count("<figure") == 8
    if not studio.read_prompt(prompt).words:
        assert "nothing to check" in text(at) and "✓" not in grids(at)[0]


def test_missing_weights_and_missing_judge_are_said_with_the_command(no_weights, monkeypatch):
    at = finish(press(opened(), "Run eight"))
    assert "text_image.safetensors is missing" in text(at) and "Your settings are kept" in text(at)
    pictures = np.zeros((2, 32, 32, 3), np.uint8)
    from diffusion_core import judge
    from diffusion_core.shipped import ShippedFileError

    def gone():
        raise ShippedFileError(f"judge.safetensors is missing. Make it with: {judge.JUDGE_COMMAND}")

    monkeypatch.setattr(judging, "judge", gone)
    judging._judged.clear()
    looks, problem = judging.judged(pictures, "a cat")
    assert looks == () and judge.JUDGE_COMMAND in problem


def test_cancel_leaves_pictures_without_a_verdict(slow_engine):
    at = press(opened(steps="50"), "Run eight")
    time.sleep(0.3)
    finish(press(at, "Cancel"))
    assert "unfinished" in text(at) and 'data-marked="no"' in grids(at)[0]


def test_leaving_the_page_stops_its_runs(slow_engine):
    at = press(opened(steps="50"), "Run eight")
    ticket = at.session_state[runs.TICKETS]["eight"].ticket
    at.switch_page("lessons/drop.py").run()
    assert ticket.state == "cancelled"


def test_without_the_shipped_pictures_the_page_stands(tmp_path, monkeypatch):
    monkeypatch.setattr(cached, "FOLDER", tmp_path)
    cached.load.cache_clear()
    at = opened()
    assert "python -m lessons.precompute" in text(at) and grids(at) == []
    cached.load.cache_clear()


# --- repairs and pairs ----------------------------------------------------------------------------------------


def test_a_repair_stands_beside_the_weak_prompt_and_says_how_the_count_moved(small_engine):
    at = opened(fix="two tasks in one")
    at.text_input(key="mine1").set_value("a red cat wearing a hat playing basketball").run()
    finish(press(at, "Run the better prompt"))
    before = studio.shipped(studio.WEAK["two tasks in one"].prompt)
    assert f"{before.right} of 8 show what was meant" in text(at)
    at.button(key=next(b.key for b in at.button if re.match("workshop-repair.*keep", b.key or ""))).click().run()
    assert re.search(rf"From \*\*{before.right}\*\* (down )?to \*\*\d of 8\*\*", text(at))


def test_each_wish_is_a_prompt_that_the_network_knows_and_each_weak_prompt_fails_it():
    for weak in studio.WEAK.values():
        reading = studio.read_prompt(weak.wish)
        assert reading.words == tuple(weak.wish.split()) and not reading.notes and not reading.held_out
        assert studio.shipped(weak.prompt).right < 4, "a weak prompt that mostly works teaches nothing"


CAT_DOG = (Figure("cat", "red"), Figure("dog", "blue"))


@pytest.mark.parametrize(
    "seen, way",
    [
        ([("dog", "blue"), ("cat", "red")], "stuck"),
        ([("cat", "blue"), ("dog", "red")], "swapped"),
        ([("cat", "red"), ("dog", "red")], "leaked"),
        ([("cat", "pink"), ("dog", "pink")], "other"),
        ([("cat", "red"), ("dog", "green")], "other"),
        ([("dog", "red"), ("dog", "blue")], "figures"),
        ([("cat", "red")], "figures"),
        ([], "figures"),
    ],
)
def test_where_two_colours_went(seen, way):
    assert pair.went(CAT_DOG, seen) == way


def test_the_pair_is_told_after_the_guess_with_the_measured_rate():
    at = opened()
    rate = f"{model_card.agreement()[model_card.PAIR].bound:.1f}%"
    assert rate not in text(at)
    at.radio(key="workshop-pair-guess").set_value(LABELS["ask-stuck"]).run()
    at.button(key="workshop-pair-keep").click().run()
    assert rate in text(at) and '<ol class="pw-ways' in text(at) and not at.exception


def row(right: float, low: float, high: float, bound: float | None = None) -> model_card.Row:
    return model_card.Row("x", 1000, right, low, high, 99.0, {"wearing": right, "colour": 100.0, "bound": bound})


@pytest.mark.parametrize(
    "low, bound, high, verdict",
    [(22, 25, 28, "chance"), (40, 43, 46, "above"), (10, 12, 14, "below"), (93, 95, 97, "sticks")],
)
def test_the_finding_on_pairs_follows_the_numbers(low, bound, high, verdict):
    assert pair.binding(row(bound, low, high, bound)) == verdict
    assert WORDS.has(f"bound-{verdict}")


@pytest.mark.parametrize(
    "held, said_of_it", [((93, 91, 95), "fewer"), ((97, 95.9, 98), "no difference"), ((99.9, 99.5, 100), "more. ")]
)
def test_the_finding_on_unseen_combinations_follows_the_numbers(held, said_of_it):
    rows = {model_card.SEEN: row(98.0, 97.0, 98.9), model_card.HELD_OUT: row(*held)}
    finding = measured.finding(rows, WORDS, LABELS)
    assert said_of_it in finding and "*what it wears*" in finding
    rows |= {model_card.TWO: row(60, 55, 65), model_card.THREE: row(90, 88, 92)}
    assert WORDS.text("distance-two", two="60.0", three="90.0") in measured.finding(rows, WORDS, LABELS)


# --- the judge at work ----------------------------------------------------------------------------------------


def test_shipped_verdicts_are_what_the_judge_says_of_the_shipped_pictures():
    arrays, told = cached.load(studio.SHIPPED)
    for name, _, wish in studio._shipped_prompts():
        looks, problem = judging.judged(arrays[name], wish)
        assert not problem
        for now, then in zip(looks, judging.unpack(told[name]), strict=True):
            assert now.right == then.right
            np.testing.assert_allclose([m.confidence for m in now.marks], [m.confidence for m in then.marks], atol=0.02)


@pytest.mark.parametrize("drawing", [1, 2, 50])
def test_a_missing_thing_a_changed_colour_another_animal_and_noise_are_marked_wrong(drawing):
    looks = dict(zip(studio.EDITS, studio.edited(drawing).looks, strict=True))
    assert [name for name, look in looks.items() if look.right] == ["drawn"]
    assert [m.attribute for m in looks["apple"].wrong] == ["thing"]
    assert [m.attribute for m in looks["colour"].wrong] == ["colour"]
    assert [m.attribute for m in looks["subject"].wrong] == ["subject"]
    assert all(m.best is None for m in looks["noise"].named)


def test_marks_in_words():
    look = judging.Look((mark("figures", 1, 1), mark("subject1", "cat", "dog"), mark("thing", "apple", "nothing")))
    assert said.short(look, LABELS) == "cat → dog, no apple"
    unsure = mark("wearing1", "hat", None, 0.44, best="scarf")
    assert said.saw(unsure, LABELS) == "cannot tell; perhaps scarf" and not unsure.right
    assert said.short(judging.Look((mark("figures", 2, 1),)), LABELS) == "1, not 2"
    assert said.percent(0.9999) == "> 99%" and said.percent(0.44) == "44%"
    assert "&lt;i&gt;" in said.table(judging.Look((mark("figures", 1, 1), mark("thing", "<i>", "<i>"))), LABELS)


# --- the model card -------------------------------------------------------------------------------------------


def test_the_card_is_read_as_it_is_printed():
    from diffusion_core.agreement import TWO
    from diffusion_core.evaluate import rows_of

    rows = model_card.agreement()
    printed = rows_of({group: [] for group in ("seen", "held_out", "two_figures", "two_held_out")})
    assert list(rows) == list(printed) and f"… {TWO}" == model_card.TWO
    assert {model_card.SEEN, model_card.HELD_OUT, model_card.PAIR} <= set(rows)
    assert all(r.low <= r.right <= r.high <= 100 for r in rows.values())
    assert rows[model_card.PAIR].bound is not None and rows[model_card.SEEN].bound is None
    assert all(float(r.all.rstrip("%")) >= 99 for r in model_card.judge())


@pytest.mark.parametrize("damage", ["", f"{model_card.START}\n| a | b |\n| x |\n{model_card.END}"])
def test_a_damaged_card_is_said_and_the_page_stands(tmp_path, monkeypatch, damage):
    card = tmp_path / "model-card.md"
    card.write_text(damage)
    monkeypatch.setattr(model_card, "CARD", card)
    at = opened()
    press(at, "Skip")
    assert "python -m diffusion_core.evaluate agreement" in text(at)
    card.unlink()
    assert "missing" in text(at.run()) and not at.exception
