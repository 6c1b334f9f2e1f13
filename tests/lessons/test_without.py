"""With and without, without a browser: three parts, their guesses, runs with a tiny network, counts and changes."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from diffusion_core.world.dataset import example
from lessons.shared.player.encode import unpack
from lessons.shared.studio import runs, seen, tallies, without, without_shipped
from lessons.shared.studio.seen import Seen
from lessons.shared.two_ways import grid
from tests.lessons.app_page import finish as finished
from tests.lessons.app_page import open_page, press, said, unfold

ROOT = Path(__file__).parents[2]
PAGE = "lessons/without.py"
opened = partial(open_page, PAGE)
MANY, CHANGE, FREE = "Twenty-four", "New words", "without words"
CAT, ROBOT = Seen(("cat",), ("red",), "beach", 0.9), Seen(("robot",), ("blue",), "forest", 0.8)


def finish(at: AppTest) -> AppTest:
    """Once more at the end, as the fragment's own rerun does."""
    return finished(at).run()


def tracks(at: AppTest) -> list[dict]:
    mounts = [each.proto for each in at.get("bidi_component") if each.proto.component_name.endswith("beaker_player")]
    return unpack(mounts[0].bytes)[0]["tracks"] if mounts else []


def one_html(at: AppTest, part: str) -> str:
    """The first piece of HTML with this in it, style sheets apart."""
    return next((each.value for each in at.html if part in each.value and "<style>" not in each.value), "")


# --- the page ------------------------------------------------------------------------------------------------


def test_the_first_paint_of_each_part_is_cached_and_loads_no_torch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        "at = AppTest.from_file('app.py', default_timeout=60).run(); at.switch_page('lessons/without.py').run(); "
        "parts = ['One noise', 'Twenty-four', 'New words']; "
        "show = lambda part: at.button_group(key='part').set_value(part).run(); "
        "[show(part) for part in parts]; skip = [b for b in at.button if b.label == 'Skip']; skip[0].click().run(); "
        "assert not at.exception; assert any('cached' in h.value for h in at.html), 'no badge'; "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]


def test_the_whole_page_is_there():
    at = opened()
    free, told = tracks(at)
    assert (free["title"], told["title"]) == ("no words", without.PROMPT)
    assert free["badge"]["kind"] == "cached" and "guidance 0" in free["badge"]["text"]
    assert [h.value for h in at.header] == ["Try this", "What you saw", "Go deeper", "Check yourself", "Where next"]
    assert said(at).count('class="bk-move"') == 5
    assert any("def combine(" in code.value for code in unfold(at).code)
    assert "judge sees" not in said(at), "the outcome waits for the guess"


def test_the_guess_about_one_noise_is_answered_by_the_judge():
    at = opened()
    at.radio(key="g-alone-guess").set_value("A grey average").run()
    at.button(key="g-alone-keep").click().run()
    assert "You guessed" in one_html(at, "bk-compare") and "judge sees" in said(at) and "99." in said(at)


def test_the_pictures_without_words_open_after_the_guess_and_are_counted():
    at = opened(part=MANY)
    assert one_html(at, "tw-grid").count("<figure>") == 24
    at = opened(part=MANY, show=FREE)
    assert not one_html(at, "tw-grid") and "open after your guess" in said(at)
    assert not one_html(at, "tw-counts")
    press(at, "Skip")
    assert one_html(at, "tw-grid").count("<figure>") == 24 and "guidance 0" in said(at)
    assert one_html(at, "tw-counts").count('<th scope="row">') == 8
    at.button_group(key="count").set_value("figures").run()
    assert one_html(at, "tw-counts").count('<th scope="row">') == 2
    free = without_shipped.load().batches["many"].joined("free")[1]
    assert f"finds **{tallies.distinct(free, 'subject')}** different subjects" in said(at)


def test_every_switch_opens_after_the_guess():
    at = opened(part=CHANGE)
    assert not one_html(at, "tw-rows") and not at.get("plotly_chart")
    at.slider(key="g-when-guess").set_value(7).run()
    at.button(key="g-when-keep").click().run()
    assert one_html(at, "tw-rows").count("<img") == 11 * without.SHIPPED_ROUNDS
    assert len(at.get("plotly_chart")) == 3 and "The **subject**" in said(at)


@pytest.mark.parametrize("part, label", [("One noise", "Run"), (MANY, "Run"), (CHANGE, "Run")])
def test_without_the_shipped_file_each_part_stands_and_says_what_makes_it(nothing_shipped, part, label):
    at = opened(part=part)
    assert "python -m lessons.precompute" in said(at) and any(b.label == label for b in at.button)
    press(at, "Skip")


def test_link_values_out_of_range_are_clamped_and_said():
    at = opened(part=CHANGE, when="99", seed="three", guidance="-2", prompt="x" * 10_000)
    assert at.slider(key="when").value == without.STEPS and at.slider(key="guidance").value == 0
    assert all(word in at.info[0].value for word in ("99", "three", "-2", "10000"))
    at = opened(part="magic")
    assert "magic" in at.info[0].value and tracks(at)


# --- runs ------------------------------------------------------------------------------------------------------


def test_one_noise_runs_live_with_and_without(small_engine):
    at = finish(press(opened(prompt="a blue fish", seed="11"), "Run"))
    free, told = tracks(at)
    assert (free["title"], told["title"]) == ("no words", "a blue fish")
    assert [t["badge"]["kind"] for t in (free, told)] == ["live", "live"] and "seed 11" in told["badge"]["text"]
    press(at, "Skip")
    assert "What happened" in one_html(at, "bk-compare") and "a blue fish" in said(at)


def test_without_any_words_both_runs_are_the_same_picture(small_engine):
    at = finish(opened(prompt="", run="1"))
    assert [track["title"] for track in tracks(at)] == ["no words", "no words"]
    assert "The same as with words" in one_html(at, "bk-compare")


def test_twenty_four_run_live_are_judged_and_keep_only_their_last_pictures(small_engine):
    at = finish(press(opened(part=MANY, seed="40", show=FREE), "Run"))
    press(at, "Skip")
    assert "seeds 40 to 63" in said(at) and "Your own 24" in said(at)
    assert runs.TICKETS in at.session_state and not at.session_state[runs.TICKETS]
    kept = at.session_state[without.KEPT]["many"]
    assert kept.joined("free")[0].shape == (24, 32, 32, 3) and len(kept.joined("told")[1]) == 24
    at.number_input(key="seed").set_value(41).run()
    assert "You changed something" in said(at) and "seeds 40 to 63" in said(at)


def test_a_link_with_every_switch_pressed_runs_them_all_and_says_where_words_name_the_same(small_engine):
    at = finish(opened(part=CHANGE, every="1", other="red cat, beach"))
    assert one_html(at, "tw-rows").count("<img") == 11 * without.ROUNDS
    assert f"{without.PROMPT} → red cat, beach" in one_html(at, "bk-live")
    assert "nothing to tell them apart by" in said(at)


def test_until_the_change_both_runs_are_the_same_and_then_they_part(small_engine):
    words, other = without_shipped.WORDS, without_shipped.OTHER_WORDS
    made = without_shipped._run(without.change(words, other, 8, seed=3, scale=3.0))
    kept, switched = made["kept"], made["switched"]
    for before, after in zip(kept[:8], switched[:8], strict=True):
        np.testing.assert_array_equal(before.x0_hat, after.x0_hat)
    np.testing.assert_array_equal(kept[8].x_t, switched[8].x_t)
    assert np.abs(kept[8].x0_hat - switched[8].x0_hat).max() > 1e-4


def test_another_part_or_another_page_stops_what_runs(slow_engine):
    at = press(opened(part=MANY), "Run")
    tickets = [entry.ticket for entry in at.session_state[runs.TICKETS].values()]
    assert len(tickets) == 6
    at.button_group(key="part").set_value("One noise").run()
    assert all(ticket.state == "cancelled" for ticket in tickets)
    press(at, "Run")
    ticket = at.session_state[runs.TICKETS]["free"].ticket
    at.switch_page("lessons/adrift.py").run()
    assert ticket.state == "cancelled"


def test_missing_weights_become_a_sentence_with_the_command(no_weights):
    at = finish(press(opened(part=MANY), "Run"))
    assert "text_image.safetensors is missing" in said(at) and "Your settings are kept" in said(at)


@pytest.mark.parametrize(
    "prompt", ["<script>alert(1)</script>", "قطة حمراء", "![x](http://x.example/y.png)", "a " * 99]
)
def test_no_prompt_does_harm(small_engine, prompt):
    at = finish(opened(prompt=prompt, run="1"))
    assert tracks(at)[1]["title"].startswith(prompt.strip()[:8])
    assert "<script>" not in said(at) and "x.example" not in said(at)


# --- what is shipped and counted ---------------------------------------------------------------------------------


def test_the_shipped_tracks_begin_with_one_noise_and_the_judge_still_sees_what_is_written_there():
    shipped = without_shipped.load()
    first = [frames[0].x_t for frames in shipped.tracks.values()]
    assert all(np.array_equal(first[0], other) for other in first)
    for batch in shipped.batches.values():
        for slot, pictures in batch.pictures.items():
            found = seen.look(pictures)
            assert [each.label for each in found] == [each.label for each in batch.seen[slot]]


def test_the_shipped_run_without_words_is_what_the_shipped_network_draws():
    made = without_shipped._run({"free": without_shipped.DEFAULTS["one"]["free"]})["free"]
    shown = without_shipped.load().tracks["free"]
    assert [record.t for record in made] == [frame.t for frame in shown]
    assert np.abs(made[-1].x_t[0] - shown[-1].x_t).mean() < 0.02, "make it again: python -m lessons.precompute without"


def test_the_judge_names_fresh_drawings():
    scenes, pictures = zip(*(example(31_337, i) for i in range(24)), strict=True)
    found = seen.look(np.stack(pictures))
    truth = [seen.of_scene(scene) for scene in scenes]
    right = sum((a.subjects, a.colours, a.place) == (b.subjects, b.colours, b.place)
                for a, b in zip(found, truth, strict=True))  # fmt: skip
    assert right >= 22 and seen.from_record(found[0].record()) == found[0]


def test_a_tally_counts_pictures_not_figures():
    two_cats = Seen(("cat", "cat"), ("red", "blue"), "beach", 0.9)
    assert tallies.tally([CAT, two_cats, ROBOT], "subject")["cat"] == 2
    assert tallies.tally([CAT, two_cats, Seen()], "figures") == {"one": 1, "two": 1}
    assert tallies.distinct([CAT, two_cats, ROBOT], "colour") == 2


def test_training_shares_are_of_drawings_as_training_deals_them(monkeypatch):
    monkeypatch.setattr(tallies, "DRAWINGS", 4_000)
    monkeypatch.setattr(tallies, "HANDFULS", 100)
    tallies.training.cache_clear()
    shares = tallies.training(24).shares
    tallies.training.cache_clear()
    assert sum(shares["place"].values()) == pytest.approx(1) and sum(shares["figures"].values()) == pytest.approx(1)
    assert shares["figures"]["two"] == pytest.approx(0.5 * 0.25 + 0.25, abs=0.03)
    assert sum(shares["subject"].values()) > 1, "a picture of two figures mostly has two subjects"


def test_a_change_counts_until_half_of_the_runs_keep_the_first():
    by_step = {0: [ROBOT, ROBOT], 2: [ROBOT, CAT], 4: [CAT, CAT], 6: [ROBOT, ROBOT]}
    subject, colour, place = tallies.turns(CAT, ROBOT, by_step)
    assert subject.until == 2 and subject.shows_first == (0, 0.5, 1, 0) and subject.shows_second == (1, 0.5, 0, 1)
    assert [turn.kind for turn in (subject, colour, place)] == list(seen.KINDS)
    (only,) = tallies.turns(CAT, Seen(("dog",), ("red",), "beach"), {0: [CAT, CAT]})
    assert only.kind == "subject" and only.until is None
    dropped = tallies.turns(CAT, Seen(), {0: [ROBOT], 2: [CAT]})
    assert [turn.until for turn in dropped] == [0, 0, 0]
    added = tallies.turns(Seen(), ROBOT, {0: [ROBOT], 2: [CAT]})
    assert [turn.until for turn in added] == [0, 0, 0]
    assert tallies.turns(CAT, CAT, {0: [CAT]}) == []


def test_what_a_picture_without_words_turned_out_to_be():
    flat, loud = np.zeros((32, 32, 3)), np.tile([1.0, -1.0], 1536).reshape(32, 32, 3)
    assert without.kind_of(flat, Seen(), loud, CAT) == "average"
    assert without.kind_of(loud, Seen(), flat, CAT) == "unclear"
    assert without.kind_of(loud, ROBOT, flat, CAT) == "own"
    assert without.kind_of(loud, CAT, flat, CAT) == "same" == without.kind_of(loud, ROBOT, loud, CAT)


def test_labels_and_rows_are_escaped_and_say_what_is_seen():
    odd = Seen(("<b>",), (None,), None, 0.6)
    picture = np.zeros((1, 32, 32, 3), np.uint8)
    html = grid.grid(picture, [odd], 7) + grid.rows({4: picture}, {4: [odd]}, 4, "head")
    assert "<b>" not in html and "no place it knows" in html and "seed 7" in html and "tw-chosen" in html
    assert Seen(("cat", None), ("red", "blue"), "snow").label == ("red cat & something blue", "snow")
