"""The whole application without a browser: front page, navigation, the blocks of a lesson, no torch at first."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

from streamlit.testing.v1 import AppTest

from lessons import catalog
from tests.lessons.app_page import unfold

ROOT = Path(__file__).parents[2]


def test_front_page_opens_and_leads_on():
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    assert not at.exception
    titles = " ".join(link.value for link in at.page_link)
    assert all(lesson.title in titles for lesson in catalog.LESSONS)
    assert at.button(key="start").label


def test_front_page_does_not_import_torch():
    """Torch takes about two seconds to import; the first page must not wait for it."""
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        "at = AppTest.from_file('app.py', default_timeout=30).run(); assert not at.exception; "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]


def test_fonts_named_in_the_theme_are_shipped_with_their_licences():
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
    for face in config["theme"]["fontFaces"]:
        assert face["url"].startswith("app/static/"), "nothing comes from the network"
        assert (ROOT / face["url"].removeprefix("app/")).is_file()
    assert len(list((ROOT / "static/fonts").glob("*OFL.txt"))) == 2


def test_locks_are_shut():
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
    assert config["server"]["enableCORS"] and config["server"]["enableXsrfProtection"]
    assert config["server"]["maxUploadSize"] == 5
    assert config["client"]["showErrorDetails"] == "none"
    assert not config["browser"]["gatherUsageStats"] and not config["runner"]["fastReruns"]


def blocks():
    import streamlit as st

    from lessons.shared import page
    from lessons.shared.prose import Move, Option, Question

    play, side = page.stage()
    play.write("play")
    side.write("side")
    with page.more():
        st.write("more")
    page.try_this((Move("Drag **it**.", "It moves."), Move("Stop.")))
    page.what_you_saw("An idea.", belief="A belief.", truth="A truth.")
    page.depth(maths="$x$", sources=["lessons/shared/limits.py::say"], papers="A paper.")
    wrong, right = Option("no", False, "Because *not*."), Option("yes", True, "Because 1 < 2.")
    page.check_yourself([Question("Is it?", (wrong, right))], key="demo")


def test_blocks_of_a_lesson():
    at = AppTest.from_function(blocks, default_timeout=30).run()
    assert not at.exception
    assert [h.value for h in at.header] == ["Try this", "What you saw", "Go deeper", "Check yourself"]
    said = " ".join(part.value for part in (*at.markdown, *at.html))
    assert "<strong>it</strong>" in said and said.count("<details>") == 1
    assert "<strong>You may have heard:</strong> A belief." in said
    assert not at.code and "$x$" not in said, "drawn when it is opened"
    unfold(at)
    assert "def say(" in at.code[0].value and "$x$" in " ".join(m.value for m in at.markdown)


def test_a_quiz_tells_the_browser_all_that_it_may_have_to_say():
    at = AppTest.from_function(blocks, default_timeout=30).run()
    (proto,) = [each.proto for each in at.get("bidi_component") if each.proto.component_name.endswith("beaker_quiz")]
    wrong = {"text": "no", "right": False, "why": "Because <em>not</em>."}
    right = {"text": "yes", "right": True, "why": "Because 1 &lt; 2."}
    assert json.loads(proto.json) == {"key": "demo", "questions": [{"asked": "Is it?", "options": [wrong, right]}]}


def headed():
    from lessons import catalog
    from lessons.shared import page

    page.header(catalog.LESSONS[1])


def test_header_names_place_minutes_and_promise():
    at = AppTest.from_function(headed, default_timeout=30).run()
    assert not at.exception
    html, lesson = at.html[0].value, catalog.LESSONS[1]
    assert lesson.title in html and f"{lesson.minutes} minutes" in html
    assert f"lesson 2 of {len(catalog.LESSONS)}" in html and "At the end you can" in html


def test_every_icon_and_logo_is_shipped():
    for name in ("logo-light.svg", "logo-dark.svg", "icon.png"):
        assert (ROOT / "static" / name).stat().st_size > 200
