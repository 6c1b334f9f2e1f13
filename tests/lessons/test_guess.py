"""Predict, run, compare: shut until a guess or a skip, then both together."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from lessons.shared import guess

    choice = guess.ask("kind", "Which forgets first?", ["linear", "cosine"])
    guess.reveal(choice, "linear", "Linear does.")
    number = guess.ask_number("dies", "From which step?", 0, 1000, 10, unit="steps")
    guess.reveal(number, 412, "It was 412.", unit="steps")
    shown = guess.ask("link", "Opened by a link?", ["a", "b"], opened=True)
    guess.reveal(shown, "b", "It was b.")
    st.session_state["open"] = (choice.open, number.open)


def run() -> AppTest:
    at = AppTest.from_function(page, default_timeout=30).run()
    assert not at.exception
    return at


def words(at: AppTest) -> str:
    return " ".join(element.value for element in (*at.markdown, *at.html))


def test_nothing_is_given_away_before_the_guess():
    at = run()
    assert at.session_state["open"] == (False, False)
    assert "Linear does" not in words(at) and "412" not in words(at)
    assert at.button(key="kind-keep").disabled, "no option is chosen for the learner"


def test_guess_and_outcome_stand_together():
    at = run()
    at.radio(key="kind-guess").set_value("cosine").run()
    assert not at.button(key="kind-keep").disabled
    at.button(key="kind-keep").click().run()
    html = at.html[0].value
    assert html.index("You guessed") < html.index("cosine") < html.index("What happened") < html.index("linear")
    assert "Linear does." in words(at)
    at.run()
    assert at.session_state["open"] == (True, False), "the guess outlives a rerun"


def test_a_number_is_guessed_with_its_unit():
    at = run()
    at.slider(key="dies-guess").set_value(300).run()
    at.button(key="dies-keep").click().run()
    assert "300 steps" in words(at) and "412 steps" in words(at)


def test_an_outcome_in_words_has_no_unit():
    def lost():
        from lessons.shared import guess

        guess.reveal(guess.Guess("lost", 50, made=True), "never", "It is not.", unit="%")

    said = words(AppTest.from_function(lost).run())
    assert "<dd>50%</dd>" in said and "<dd>never</dd>" in said


def test_skipping_shows_the_outcome_alone():
    at = run()
    at.button(key="kind-skip").click().run()
    assert "Linear does." in words(at) and "You guessed" not in words(at)


def test_guessing_again_shuts_it():
    at = run()
    at.button(key="kind-skip").click().run()
    at.button(key="kind-again").click().run()
    assert "Linear does." not in words(at)


def test_a_link_opens_it_without_a_guess():
    assert "It was b." in words(run())
