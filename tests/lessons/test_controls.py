"""Values from outside: brought into range, and said in one sentence; what was run stands in the link."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lessons.shared import limits


@pytest.mark.parametrize(
    ("asked", "value", "said"),
    [
        ("100", 100, ""),
        ("900", 200, "asked for steps 900; this page goes up to 200, so it uses 200"),
        ("-3", 1, "starts at 1, so it uses 1"),
        ("20.4", 20, "goes in steps of 1, so it uses 20"),
        ("abc", 50, "“abc” is not a number, so this page uses 50"),
        ("nan", 50, "not a number"),
        ("inf", 50, "not a number"),
        ("1e999", 50, "not a number"),
        ("", 50, "not a number"),
        ("9" * 400, 50, "not a number"),
    ],
)
def test_whole_numbers(asked, value, said):
    got, note = limits.judge_number(asked, "steps", 1, 200, 1, 50)
    assert got == value and isinstance(got, int)
    assert said in note and bool(note) == bool(said)


@pytest.mark.parametrize("asked", ["0.0001", "0.02", "0.0137"])
def test_floats_on_the_grid_are_kept(asked):
    assert limits.judge_number(asked, "β", 0.0001, 0.02, 0.0001, 0.01) == (pytest.approx(float(asked)), "")


def test_the_judged_value_needs_no_second_judgement():
    """Clamping is idempotent: else the page would correct its own link for ever."""
    for asked in ("0.01234", "-1", "7", "x", "0.0199999"):
        value, _ = limits.judge_number(asked, "β", 0.0001, 0.02, 0.0001, 0.01)
        assert limits.judge_number(str(value), "β", 0.0001, 0.02, 0.0001, 0.01) == (value, "")


def test_choices_text_and_switches():
    assert limits.judge_choice("ddim", "sampler", ("ddpm", "ddim"), "ddpm") == ("ddim", "")
    value, note = limits.judge_choice("dream", "sampler", ("ddpm", "ddim"), "ddpm")
    assert value == "ddpm" and "“dream”" in note
    assert limits.judge_text("a red\ncat\x00", "prompt", 20) == ("a red cat ", "")
    assert limits.judge_text("x" * 30, "prompt", 20)[0] == "x" * 20
    assert limits.judge_switch("TRUE", "chain", False) == (True, "")
    assert limits.judge_switch("maybe", "chain", True)[0] is True


def test_quoted_words_cannot_carry_markup():
    note = limits.judge_choice("<b>[x](http://evil)</b>`$", "sampler", ("ddpm",), "ddpm")[1]
    assert not set("<>[]`$:") & set(note)


def page():
    import streamlit as st

    from lessons.shared import controls

    controls.start_page("demo")
    for sentence in controls.notices():
        st.info(sentence)
    steps = controls.slider("steps", "Steps", 1, 200, 50)
    beta = controls.slider("beta", "β start", 0.0001, 0.02, 0.001, 0.0001)
    kind = controls.select("kind", "Schedule", ["linear", "cosine"])
    sampler = controls.select("sampler", "Sampler", ["ddpm", "ddim", "dpmpp_2m"], row=False)
    chain = controls.toggle("chain", "Chain")
    prompt = controls.text("prompt", "Prompt", "a cat", longest=12)
    seed = controls.seed()
    ask = controls.run_button("Run", steps=steps, seed=seed)
    controls.reset_button()
    st.session_state["seen"] = (steps, beta, kind, sampler, chain, prompt, seed, ask.start, ask.ran)


def open_page(**link) -> AppTest:
    at = AppTest.from_function(page, default_timeout=30)
    for key, value in link.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception
    return at


def seen(at: AppTest) -> tuple:
    return at.session_state["seen"]


def test_a_good_link_is_opened_as_it_stands():
    link = {
        "steps": "80", "beta": "0.0137", "kind": "cosine", "sampler": "ddim",
        "chain": "true", "prompt": "a dog", "seed": "17",
    }  # fmt: skip
    at = open_page(**link)
    assert seen(at)[:7] == (80, pytest.approx(0.0137), "cosine", "ddim", True, "a dog", 17)
    assert not at.info
    assert at.query_params == link


def test_a_bad_link_is_clamped_and_said_and_its_address_corrected():
    at = open_page(steps="900", beta="x", kind="round", sampler="dream", chain="perhaps", prompt="y" * 40, seed="-1")
    assert seen(at)[:7] == (200, 0.001, "linear", "ddpm", False, "y" * 12, 0)
    assert len(at.info) == 7
    assert "goes up to 200, so it uses 200" in at.info[0].value
    assert at.query_params == {"steps": "200", "prompt": "y" * 12, "seed": "0"}


def test_the_sentence_goes_when_the_value_changes():
    at = open_page(steps="900")
    assert len(at.info) == 1
    at.slider(key="steps").set_value(100).run()
    at.run()
    assert not at.info and seen(at)[0] == 100


def test_default_values_leave_the_address_clean():
    at = open_page(steps="50", seed="3")
    assert at.query_params == {}


def test_running_marks_the_link_and_changing_unmarks_it():
    at = open_page()
    assert seen(at)[7:] == (False, False)
    at.button(key="run-button").click().run()
    assert seen(at)[7:] == (True, True) and at.query_params["run"] == "1"
    at.run()
    assert seen(at)[7:] == (False, True), "a rerun does not run it again"
    at.slider(key="steps").set_value(60).run()
    assert seen(at)[7:] == (False, False) and "run" not in at.query_params
    at.slider(key="steps").set_value(50).run()
    assert seen(at)[8], "back at the settings that were run"


def test_a_link_that_was_run_runs_once_when_opened():
    at = open_page(steps="80", run="1")
    assert seen(at)[0] == 80 and seen(at)[7:] == (True, True)
    at.run()
    assert seen(at)[7:] == (False, True)


def test_run_wants_its_own_value():
    assert seen(open_page(run="yes"))[7:] == (False, False)


def test_reset_keeps_the_seed():
    at = open_page(steps="80", kind="cosine", chain="true", seed="17")
    at.button(key="beaker-reset").click().run()
    assert seen(at)[:7] == (50, 0.001, "linear", "ddpm", False, "a cat", 17)
    assert at.query_params == {"seed": "17"}


def test_new_seed_is_within_its_limits():
    at = open_page()
    at.button(key="seed-new").click().run()
    assert 0 <= seen(at)[6] <= 9999 and at.query_params["seed"] == str(seen(at)[6])


def test_a_value_left_by_another_page_is_clamped_too():
    at = AppTest.from_function(page, default_timeout=30)
    at.session_state["steps"] = 4000
    at.run()
    assert not at.exception and seen(at)[0] == 200


def two_pages():
    import streamlit as st

    from lessons.shared import controls

    controls.start_page(st.session_state["page"])
    if st.session_state.get("stop"):  # as turning the page does to a run that has only begun
        st.stop()
    controls.number("seed", "Seed", 0, *((99, 3) if st.session_state["page"] == "one" else (80, 8)))


def open_one() -> AppTest:
    at = AppTest.from_function(two_pages, default_timeout=30)
    at.session_state["page"] = "one"
    return at.run()


def turn(at: AppTest, page: str, stop: bool = False) -> AppTest:
    if page != at.session_state["page"]:
        at.query_params.clear()  # the address of one page says nothing of another's controls
    at.session_state["page"], at.session_state["stop"] = page, stop
    at.run()
    assert not at.exception
    return at


def test_what_was_set_last_is_kept_though_the_page_was_turned_at_once():
    at = open_one()
    at.number_input(key="seed").set_value(77)
    turn(at, "one", stop=True)
    assert turn(at, "two").number_input(key="seed").value == 8
    assert turn(at, "one").number_input(key="seed").value == 77
    assert turn(at, "two").number_input(key="seed").value == 8
