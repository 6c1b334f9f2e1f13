"""Inside the U-Net without a browser: first paint, blocks, connections, three noise levels, bad links, no weights."""

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

from lessons.shared.studio import cached, engines
from lessons.shared.studio import inside as studio
from lessons.shared.unet_map import parts
from lessons.shared.unet_map.message import message, unpack
from tests.lessons.app_page import open_page, press, said

ROOT = Path(__file__).parents[2]
PAGE = "lessons/inside.py"
opened = partial(open_page, PAGE)


@pytest.fixture(autouse=True)
def nothing_kept():
    studio._looked.clear()
    yield
    studio._looked.clear()


def cells(at: AppTest) -> int:
    return said(at).count('class="in-cell')


def test_first_paint_is_cached_and_both_guesses_open_without_torch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"at = AppTest.from_file('app.py', default_timeout=30).run(); at.switch_page('{PAGE}').run(); "
        "assert not at.exception; "
        "[at := [b for b in at.button if b.label == 'Skip'][0].click().run() for _ in range(2)]; "
        "html = ' '.join(h.value for h in at.html); "
        "assert not at.exception and 'bk-badge bk-live' not in html and html.count('bk-badge bk-cached') == 3; "
        "assert html.count('class=\"in-level\"') == 3 and html.count('class=\"in-cell') == 7; "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]


def test_the_letters_are_the_connections_of_the_shipped_network():
    from diffusion_core.nn.unet import UNet, UNetConfig

    assert tuple(studio.SKIPS.values()) == tuple(UNet(UNetConfig()).up)
    names = [block.name for block in studio.shipped(studio.OPENS).blocks]
    assert [n for n in names if n.startswith("up")] == list(reversed(studio.SKIPS.values()))


def test_the_shelf_holds_trained_passes_of_the_picture_it_names():
    whole = studio.shipped(studio.OPENS)
    assert studio.shades(whole.x0_hat, studio.OPENS.picture) < 25
    added = parts.losses(studio.OPENS.picture, whole, studio.each_alone(studio.OPENS))
    assert max(added.values()) > 3 and abs(added["E"]) < 1, "E carries what its partner gets anyway"
    seen = studio.at_levels(studio.OPENS)
    assert seen[900].share > 2 * seen[100].share and all(look.badge == "cached" for look in seen.values())


def test_the_shelf_has_the_noise_of_its_seed_and_shades_are_a_root_mean_square(small_engine):
    for asked in (studio.OPENS, replace(studio.OPENS, t=900)):
        np.testing.assert_allclose(studio.shipped(asked).x_t, studio._looked(asked).x_t, atol=2e-3)  # half precision
    assert studio.shades(studio.truth("robot") + 0.2, "robot") == pytest.approx(25.5, rel=1e-5)


def test_a_changed_level_is_a_live_pass_and_cutting_changes_the_prediction(small_engine):
    at = opened(t="300")
    assert "bk-badge bk-live" in said(at) and cells(at) == 2
    assert all(toggle.disabled for toggle in at.toggle if toggle.key.startswith("skip_")), "the guess comes first"
    press(at, "Skip")
    at.toggle(key="skip_A").set_value(False).run()
    assert cells(at) == 3, "the cut prediction stands beside the whole one"
    whole = studio.look(replace(studio.OPENS, t=300))
    cut = studio.look(replace(studio.OPENS, t=300, off=("up16_0",)))
    assert not np.allclose(whole.x0_hat, cut.x0_hat) and np.array_equal(whole.x_t, cut.x_t)


def test_each_alone_names_the_worst_from_the_learners_own_picture(small_engine):
    at = press(opened(picture="robot", seed="8"), "Skip")
    assert "measured on your own picture" in said(at)
    press(at, "Switch each off alone")
    asked = replace(studio.OPENS, picture="robot", seed=8)
    added = parts.losses("robot", studio.look(asked), studio.each_alone(asked))
    worst = parts.worst(added)
    assert f"the prediction without **{worst}** is **{added[worst]:.1f} shades**" in said(at)
    assert at.query_params["run"] in ("1", ["1"])


def test_the_button_makes_all_five_now_even_where_the_shelf_has_them(small_engine):
    assert all(look.badge == "cached" for look in studio.each_alone(studio.OPENS).values())
    assert all(look.badge == "live" for look in studio.each_alone(studio.OPENS, now=True).values())


def test_a_link_that_was_run_opens_the_answer(small_engine):
    at = opened(t="650", run="1")
    assert "without A" in said(at) and "words’ share of the attention" in said(at)


def test_without_the_caption_no_word_gets_attention(small_engine):
    look = studio.look(replace(studio.OPENS, words=False))
    assert look.share < 1e-6 and studio.look(replace(studio.OPENS, t=401)).share > 1e-3
    assert "It hears no words." in said(opened(words="false"))


def test_the_browser_is_told_shapes_and_maps_as_recorded(small_engine):
    look = studio.look(replace(studio.OPENS, t=123))
    header, numbers = unpack(message(look, skips=studio.SKIPS, off=("up8_0",), dark=True, labels={"a": "b"}))
    assert [tuple(b["shape"]) for b in header["blocks"]] == [b.shape for b in look.blocks]
    assert header["letters"]["up16_0"] == "A" and header["off"] == ["up8_0"]
    for told, block in zip(header["blocks"], look.blocks, strict=True):
        maps = numbers[told["at"] : told["at"] + block.maps.size].reshape(block.maps.shape)
        np.testing.assert_array_equal(maps, block.maps)
        assert maps.min() == 0 and maps.max() == 255 and len(set(told["channels"])) == len(maps)


def test_bad_links_are_clamped_and_said(small_engine):
    at = opened(t="9999", seed="x", picture="zebra", words="maybe", skip_A="perhaps")
    assert at.slider(key="t").value == studio.T and at.selectbox(key="picture").value == studio.OPENS.picture
    for word in ("9,999", "zebra", "“x”", "maybe", "perhaps"):
        assert word in at.info[0].value or word in said(at)


def test_the_ends_of_the_noise_scale_are_finite(small_engine):
    for t in (1, studio.T):
        look = studio.look(replace(studio.OPENS, t=t))
        assert not look.problem and np.isfinite(look.x0_hat).all()


def test_missing_weights_become_a_sentence_with_the_command(no_weights):
    at = opened(t="300")
    assert "text_image.safetensors is missing" in said(at)
    assert any(code.value.startswith("python -m diffusion_core.train") for code in at.code)
    assert any(header.value == "Try this" for header in at.header), "the rest of the page stands"


def test_without_the_shelf_the_pass_is_made_now(small_engine, tmp_path, monkeypatch):
    monkeypatch.setattr(cached, "FOLDER", tmp_path)
    cached.load.cache_clear()
    assert "bk-badge bk-live" in said(opened())
    cached.load.cache_clear()


def test_a_busy_network_is_said_and_nothing_hangs(small_engine, monkeypatch):
    monkeypatch.setattr(studio, "PATIENCE", 0.05)
    engines.engine().ask(lambda model: time.sleep(1.5))
    assert "did not answer in time" in said(opened(seed="77"))


def test_words_follow_the_numbers():
    assert [parts.trend(0.1, last, 0.03) for last in (0.5, 0.02, 0.12)] == ["more", "less", "same"]
    assert [parts._signed(x) for x in (3.14, -0.42, 0.01, -0.01)] == ["+3.1", "−0.4", "±0", "±0"]
    assert tuple(parts.tinted(np.array([[0.0, 0.5]]), 0.5)[0, 1]) == tuple(parts.TEAL)
    assert [parts.size_of(letter) for letter in studio.SKIPS] == ["16", "16", "8", "8", "4"]
