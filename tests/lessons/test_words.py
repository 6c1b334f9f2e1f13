"""Words become vectors, without a browser: what the page says, asks and hands to the view."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from lessons.shared import word_space
from lessons.shared.studio import meaning
from lessons.shared.word_space import near, scenes
from tests.lessons.app_page import unfold

ROOT = Path(__file__).parents[2]


@pytest.fixture
def opened():
    """opened(phrase="a red cat"): the lesson with these values in its address."""

    def at_address(**address: str) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        at.switch_page("lessons/words.py")
        for key, value in address.items():
            at.query_params[key] = value
        at.run()
        assert not at.exception
        return at

    return at_address


def views(at: AppTest) -> list[dict]:
    """What the 3-D views were given, in order of the page."""
    protos = [json.loads(element.proto.json or "{}") for element in at.get("bidi_component")]
    return [data for data in protos if "points" in data]


def own(at: AppTest) -> dict[str, str]:
    return {point["kind"]: point["label"] for point in views(at)[0]["own"]}


def said(at: AppTest) -> str:
    return " ".join(m.value for m in at.markdown)


def html(at: AppTest) -> str:
    return " ".join(h.value for h in at.html)


def test_the_whole_page_is_there(opened):
    at = opened()
    assert [h.value for h in at.header] == [
        "King minus man plus woman", "Does the order count?", "What the drawing network hears", "Try this",
        "What you saw", "Go deeper", "Check yourself", "Where next"]  # fmt: skip
    assert " ".join(h.value for h in at.html).count('class="bk-move"') == 5
    code = " ".join(c.value for c in unfold(at).code)
    assert all(f"def {name}(" in code for name in ("contrastive_loss", "pooled", "cosine", "analogy"))
    assert own(at) == {"you": "a king", "other": "a queen"}
    assert len(views(at)) == 1 and "0.9998" not in said(at), "numbers wait for the guesses"


def test_guess_run_compare(opened):
    at = opened()
    at.radio(key="words-sum-guess-guess").set_value("woman").run()
    at.button(key="words-sum-guess-keep").click().run()
    assert "Nearest is **queen**, at a cosine of 0.98" in said(at)
    assert "It moved to a new word" in said(at)
    assert [p["kind"] for p in views(at)[1]["own"]] == ["sum"] or [p["kind"] for p in views(at)[0]["own"]] == ["sum"]
    at.slider(key="words-order-guess").set_value(0.4).run()
    at.button(key="words-order-keep").click().run()
    assert "0.9998" in said(at) and not at.exception


def test_a_sum_that_fails_says_so(opened):
    at = opened(a="dog", b="cat", c="tabby cat")
    at.button(key="words-sum-guess-skip").click().run()
    assert "It did not reach a new word" in said(at)


@pytest.mark.parametrize("words", [("king", "king", "king"), ("king", "king", "woman")])
def test_sums_of_the_same_word_do_not_break(opened, words):
    at = opened(**dict(zip("abc", words, strict=True)))
    at.button(key="words-sum-guess-skip").click().run()
    assert not at.exception and "did not reach" in said(at)


def test_the_address_sets_everything_and_bad_values_are_said(opened):
    at = opened(phrase="snow", look="places", encoder="before training", centred="true", other="a cat")
    assert own(at) == {"you": "snow", "other": "a cat"}
    assert sum(not p["faint"] for p in views(at)[0]["points"]) == len(meaning.KINDS["place"])
    at = opened(look="verbs", encoder="magic", centred="perhaps")
    assert len(at.info) == 1 and own(at)["you"] == "a king"


@pytest.mark.parametrize("typed", [
    "x" * 10_000, "cat \x00\x07\x1b[31m dog", "\u202eقط أحمر\u202c", "🐱🔥 😀", "<script>alert(1)</script> cat",
    "<img src=x onerror=alert(1)>", "{{best}} $x$ **cat**", "", "   ",
])  # fmt: skip
def test_any_text_is_read_as_far_as_possible_and_never_executed(opened, typed):
    at = opened()
    at.text_input(key="phrase").set_value(typed[:200]).run()
    assert not at.exception
    assert "<script>alert" not in html(at) and "<img src=x" not in html(at)
    assert set(own(at)["you"].split()) <= {*meaning.heard(typed[:200]), "(no", "words)"}


def test_an_unknown_word_is_named_and_leaves_the_place(opened):
    at = opened(phrase="a fluffy cat on a mountain")
    assert "mountain" in html(at) and own(at)["you"] == "a cat"


def test_the_way_from_the_phrases_before_is_kept(opened):
    at = opened()
    for phrase in ("a red cat", "a car", "a blue car", "snow"):
        at.text_input(key="phrase").set_value(phrase).run()
    kinds = [p["kind"] for p in views(at)[0]["own"]]
    assert kinds.count("past") == scenes.LONGEST_PATH and kinds[-1] == "you"


def test_a_click_in_the_view_is_only_ever_one_of_its_words(monkeypatch):
    heard = []
    for told in (None, 3, ["king"], "<b>", "queen"):
        monkeypatch.setattr(word_space.st, "session_state", {"v": SimpleNamespace(get=lambda name, told=told: told)})
        word_space._picked("v", {"king", "queen"}, heard.append)
    assert heard == ["queen"]


def test_neighbours_are_shown_as_text():
    rows = [("<b>x</b>", 0.5), ("king", -0.25)]
    shown = near.bars(rows, "<i>near</i>", ["king"], "in the sum")
    assert "<b>x</b>" not in shown and "<i>near</i>" not in shown
    assert "−0.25" in shown and "width:0.0%" in shown and "in the sum" in shown


def test_the_first_paint_needs_no_torch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"at = AppTest.from_file({str(ROOT / 'app.py')!r}, default_timeout=60).run(); "
        "at.switch_page('lessons/words.py').run(); "
        "assert not at.exception; sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]
