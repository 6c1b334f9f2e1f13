"""Which word did that, without a browser: first paint, what the component is told, runs, parts, odd links."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lessons.shared import code, prose
from lessons.shared.studio import attention as studio
from lessons.shared.studio import binding, cached, engines, prompt_words, runs
from lessons.shared.studio.sights import Seen, look
from lessons.shared.word_maps import figures, parts
from lessons.shared.word_maps.message import message, unpack
from tests.lessons.app_page import finish, open_page, press, said

ROOT = Path(__file__).parents[2]
PAGE = "lessons/attention.py"
opened = partial(open_page, PAGE)


@pytest.fixture(scope="module")
def made(tiny_model, tmp_path_factory) -> Path:
    """A folder with what ships, made once by the tiny model."""
    folder = tmp_path_factory.mktemp("precomputed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cached, "FOLDER", folder)
        patch.setattr(engines, "load_model", lambda network="unet": tiny_model)
        cached.save(studio.SHIPPED, studio.make_shipped)
    return folder


@pytest.fixture
def shipped(made, small_engine, monkeypatch):
    """The tiny model, and what it made earlier."""
    monkeypatch.setattr(cached, "FOLDER", made)
    cached.load.cache_clear()
    yield
    cached.load.cache_clear()


@pytest.fixture
def slow(tiny_model, monkeypatch):
    """The studio's engine at 30 ms a step."""

    class Slow:
        unet, encode = tiny_model.unet, tiny_model.encode

        def denoiser(self, *heard):
            time.sleep(0.03)
            return tiny_model.denoiser(*heard)

    monkeypatch.setattr(engines, "load_model", lambda network: Slow())
    engines.engine.clear()
    yield
    engines.engine().stop()
    engines.engine.clear()


def skip(at: AppTest, *guesses: str) -> AppTest:
    for key in guesses:
        at.button(key=f"{key}-skip").click().run()
        assert not at.exception
    return at


def told(at: AppTest) -> dict:
    """The header of what the maps were given."""
    protos = [each.proto for each in at.get("bidi_component")]
    (proto,) = [each for each in protos if each.component_name.endswith("beaker_word_maps")]
    return unpack(proto.bytes)[0]


def test_first_paint_and_every_answer_need_no_torch():
    steps = "".join(f"at.button(key='{key}-skip').click().run(); " for key in ("g-size", "g-swap", "g-turn", "g-pair"))
    script = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"at = AppTest.from_file({str(ROOT / 'app.py')!r}, default_timeout=60).run(); at.switch_page('{PAGE}').run(); "
        f"{steps}assert not at.exception and not at.error; "
        "assert any('of 8' in m.value for m in at.markdown); sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]


def test_the_shipped_results_are_of_the_requests_that_the_page_opens_with():
    opening = studio.shipped()
    assert opening is not None and list(opening.done) == list(studio.SLOTS)
    maps = opening.done[studio.OWN].result
    assert {size: a.shape for size, a in maps.cross.items()} == {n: (20, n, n, 12) for n in (16, 8, 4)}
    assert {size: a.shape for size, a in maps.own.items()} == {n: (20, n, n, n * n) for n in (8, 4)}
    for a in (*maps.cross.values(), *maps.own.values()):
        np.testing.assert_allclose(a.sum(-1), 1, atol=0.01)
    assert [len(opening.seen[slot]) for slot in studio.SLOTS[1:]] == [2, 2, 8]


def test_the_page_is_whole_and_answers_wait_for_guesses(shipped):
    at = opened()
    assert [h.value for h in at.header][:3] == [
        "Change one word, keep the noise", "Turn one word up, down or off", "Does red stick to the cat?"]  # fmt: skip
    assert " ".join(h.value for h in at.html).count('class="bk-move"') == 5
    assert told(at)["run"] == "cached" and "shades**" not in said(at) and "of 8**" not in said(at)
    skip(at, "g-size", "g-swap", "g-turn", "g-pair")
    assert said(at).count("shades**") == 2 and "of 8**" in said(at)


def test_a_run_is_live_keeps_its_maps_and_lets_its_records_go(shipped):
    at = finish(press(opened(steps="6", prompt="a red cat", seed="9"), "Run"))
    header = told(at)
    assert header["words"] == [studio.START, "a", "red", "cat"] and header["looks"] == list(range(6))
    assert header["run"] == "live" and not header["running"] and header["word"] == 2
    assert "6 looks computed" in said(at) and "seed 9" in said(at)
    assert at.session_state[runs.TICKETS] == {}, "hundreds of maps are not held for each learner"
    at.slider(key="steps").set_value(7).run()
    assert "You changed something" in said(at) and told(at)["total"] == 6


def test_one_word_changed_is_compared_with_its_own_first_run(shipped):
    at = skip(opened(steps="4", prompt="a red cat", swap="red", to="blue"), "g-swap")
    assert "press the button" in said(at) and "shades**" not in said(at)
    finish(press(at, "Run with blue for red"))
    assert "**" in said(at) and "inside the quarter that attended to “red”" in said(at)
    assert at.query_params["runswap"] in ("1", ["1"])
    kept = at.session_state[studio.KEPT]
    assert kept[studio.SWAPPED].request.words == ("a", "blue", "cat") and kept[studio.OWN].request.words[1] == "red"
    assert kept[studio.SWAPPED].request.seeds == kept[studio.OWN].request.seeds


def test_a_linked_turn_runs_both_and_opens_its_answer(shipped):
    at = finish(opened(steps="4", prompt="a cat on the beach", turn="the", factor="3", runturn="1"))
    assert "names nothing that the judge could look for" in said(at) and "times 3" in said(at)
    scale = at.session_state[studio.KEPT][studio.TURNED].request.word_scale
    assert scale == (1, 1, 1, 3, 1)


def test_eight_pictures_are_judged(shipped):
    at = finish(press(skip(opened(first="20"), "g-pair"), "Draw eight"))
    assert "of 8**" in said(at) and "seed 27" in said(at)
    assert "No success" in said(at) or "A success" in said(at)


def test_links_out_of_range_are_clamped_and_said(shipped):
    at = opened(steps="999", guidance="-2", seed="x", factor="9", swap="dragon", to="red", first="1e9")
    notices = at.info[0].value
    assert all(word in notices for word in ("999", "-2", "x", "9", "dragon"))
    assert at.slider(key="steps").value == 100 and at.slider(key="factor").value == 3


@pytest.mark.parametrize("prompt", ["", "the", "a red cat and a red dog", "<script>alert(1)</script>", "a tabby cat",
                                    "قطة حمراء", "a " * 150])  # fmt: skip
def test_odd_prompts_do_no_harm(shipped, prompt):
    at = finish(opened(prompt=prompt[:200], run="1", steps="2"))
    assert told(at)["words"][0] == studio.START and "<script>" not in said(at)
    assert ("no word to change" in said(at)) == (not prompt_words.naming(tuple(told(at)["words"][1:])))


def test_at_guidance_0_the_page_says_that_words_are_not_heard(shipped):
    at = finish(opened(guidance="0.0", run="1", steps="2", prompt="a red cat"))
    assert "not given your words" in said(at)


def test_without_shipped_results_the_page_stands(small_engine, tmp_path, monkeypatch):
    monkeypatch.setattr(cached, "FOLDER", tmp_path)
    cached.load.cache_clear()
    at = opened()
    assert "The picture appears here" in said(at)
    finish(press(at, "Run"))
    assert told(at)["run"] == "live"


def test_missing_weights_become_a_page_with_the_command(no_weights):
    at = finish(press(opened(seed="8"), "Run"))
    assert "is missing" in said(at) and "Your settings are kept" in said(at)


def test_cancel_stops_and_leaving_the_page_does_too(slow):
    at = press(opened(steps="100"), "Run")
    time.sleep(0.3)
    press(at, "Cancel")
    assert "Stopped after" in said(finish(at)) and told(at)["run"] == "cached"
    press(at, "Run")
    ticket = at.session_state[runs.TICKETS][studio.OWN].ticket
    at.switch_page("lessons/adrift.py").run()
    assert ticket.state == "cancelled"


# --- words, messages, figures, the model card ----------------------------------------------------------------


def test_words_are_labelled_swapped_and_turned_in_their_places():
    words = ("a", "red", "cat", "and", "a", "red", "dog")
    assert list(prompt_words.labels(words)) == ["a", "red", "cat", "and", "a (2)", "red (2)", "dog"]
    assert prompt_words.naming(words) == {"red": 1, "cat": 2, "red (2)": 5, "dog": 6}
    assert prompt_words.swapped(words, 5, "orange") == ("a", "red", "cat", "and", "an", "orange", "dog")
    assert "mask" not in prompt_words.others("cape") and "red" not in prompt_words.others("red")
    tabby = ("a", "tabby", "cat")
    assert prompt_words.swapped(tabby, 2, "dog") == ("a", "dog") and prompt_words.named_by(tabby, 2) == "tabby cat"
    request = studio.scaled(studio.DEFAULT, 1, 0.0)
    assert request.word_scale[:3] == (1, 0, 1) and len(request.word_scale) == len(request.words)


def test_every_word_that_can_be_swapped_has_somewhere_to_go_and_is_read_back():
    from diffusion_core.world.lexicon import FACTS

    for word in FACTS:
        for other in prompt_words.others(word):
            assert other in prompt_words.swapped(("a", word), 1, other)


def test_a_message_keeps_weights_to_a_half_step_of_their_own_largest(small_engine):
    engine = engines.Engine(small_engine)
    request = replace(studio.DEFAULT, steps=3)
    records = list(engine.submit(request, "test"))
    engine.stop()
    maps = studio.maps_of(request.words, records)
    header, numbers = unpack(message(maps, run="x", total=3, running=False, word=1, start=0, dark=False, labels={}))
    for size, weights in maps.cross.items():
        place, moved = header["cross"][str(size)], np.moveaxis(weights, 3, 1)
        most = np.array(place["most"])[..., None, None]
        sent = numbers[place["at"] : place["at"] + moved.size].reshape(moved.shape) / 255 * most
        assert (np.abs(sent - moved) <= most / 509).all()
    size, weights = 8, maps.own[8]
    at = header["own"][str(size)]["at"]
    sent = numbers[at : at + weights.size].reshape(weights.shape) / 255
    np.testing.assert_allclose(sent[1] * header["own"]["8"]["most"][1], weights[1], atol=weights[1].max() / 509)
    assert len(numbers) < 400_000


def test_long_runs_keep_forty_looks_with_the_first_and_the_last(small_engine):
    engine = engines.Engine(small_engine)
    maps = studio.maps_of(("a",), list(engine.submit(studio.Request(("a",), (1,), 90, attention=True), "test")))
    engine.stop()
    assert len(maps.looks) == studio.MOST_LOOKS and (maps.looks[0], maps.looks[-1]) == (0, 89)


def test_a_spotlight_leaves_the_brightest_cell_and_dims_the_rest():
    heard = np.zeros((16, 16))
    heard[3, 4] = 0.2
    lit = figures.spotlight(np.ones((32, 32, 3)), heard)
    assert (lit[6:8, 8:10] == 255).all() and lit[0, 0].max() < 70
    framed = figures.difference(np.ones((32, 32)), heard > 0)
    rim = (framed == figures.TEAL).all(-1)
    assert rim.sum() == 16 * 16 - 12 * 12 and rim[48:64, 64:80].sum() == rim.sum()


def test_the_rate_is_read_from_the_model_card_and_another_table_is_no_rate(tmp_path):
    card = binding.measured()
    assert card is not None and 0 <= card.rate <= 100 and card.ceiling > 90 and card.pictures > 100
    assert binding.measured(binding.ONE).rate is None
    text = binding.CARD.read_text()
    for spoilt in ("", text.replace("bound", "tied"), text.replace(binding.TWO, "three figures")):
        path = tmp_path / f"{len(spoilt)}.md"
        path.write_text(spoilt)
        assert binding.measured(card=path) is None
    assert binding.measured(card=tmp_path / "none.md") is None


def test_the_failure_that_is_opened_is_the_one_where_only_the_colours_are_astray():
    right = Seen("a red cat and a blue dog", True, 0.9, True, (1, 2))
    gone = Seen("a red dog and a blue dog", False, 0.99, False)
    same = Seen("a red cat and a red dog", False, 0.9, False, (1, 2))
    swapped = Seen("a blue cat and a red dog", False, 0.6, False, (1, 2))
    assert binding.opened([gone, same, swapped, right], ("red", "blue")) == (3, 2)
    assert binding.opened([gone, same], ("red", "blue")) == (None, 1)
    assert binding.opened([right], ("red", "blue")) == (0, None)


def test_halves_are_told_from_where_each_animal_stands():
    words = prose.load("attention")
    maps = np.zeros((1, 16, 16, 11))
    maps[0, :, :8, parts.RED + 1] = maps[0, :, 8:, parts.BLUE + 1] = 0.1
    eight = binding.Eight(np.zeros((1, 32, 32, 3)), maps)
    assert "**100%** of the attention to *red*" in parts._halves(words, eight, 0, (1, 2))
    assert "its own animal" in parts._halves(words, eight, 0, (1, 2))
    assert "the other animal" in parts._halves(words, eight, 0, (2, 1))


def test_the_judge_sees_drawings_as_they_are_and_a_word_alone_asks_for_no_count():
    from diffusion_core.world.dataset import example

    examples = (example(5, i) for i in range(50))
    scene, drawn = next((scene, drawn) for scene, drawn in examples if len(scene.figures) == 1)
    (seen,) = look(drawn[None] / 127.5 - 1, scene.figures[0].subject)
    assert seen.right and seen.sure > 0.5
    assert look(drawn[None] / 127.5 - 1, "")[0].right is None


def test_the_code_shown_is_there():
    for reference in ("diffusion_core/nn/layers.py::Probe", "diffusion_core/attention.py::share_inside"):
        assert code.read_source(reference).text
