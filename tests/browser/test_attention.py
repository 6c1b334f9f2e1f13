"""Which word did that, in a real browser: word, look, layer and pixel without the server; a run; a phone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

URL = "which-word-did-that"
READY = (".maps[data-look]",)


def state(page) -> dict:
    return page.eval_on_selector(".maps", "root => ({...root.dataset})")


def wait_for(page, **wanted: str) -> None:
    page.wait_for_selector(".maps" + "".join(f'[data-{name}="{value}"]' for name, value in wanted.items()))


def test_words_looks_layers_and_pixels_are_chosen_in_the_browser_and_stand_in_the_link(lesson, settled):
    page = lesson()
    assert state(page)["word"] == "green" and state(page)["run"] == "cached"
    quiet = len(page.sent)
    before = page.locator("canvas.picture").evaluate("canvas => canvas.toDataURL()")

    page.get_by_role("button", name="basketball,").click()
    wait_for(page, word="basketball")
    assert page.locator("canvas.picture").evaluate("canvas => canvas.toDataURL()") != before
    page.get_by_role("button", name="8 × 8").click()
    page.get_by_role("slider", name="Look").focus()
    page.keyboard.press("Home")
    wait_for(page, word="basketball", size="8", look="1")
    for part in ("look=1", "grid=8", "word=8"):
        expect(page).to_have_url(re.compile(part))

    canvas = page.locator("canvas.picture")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    wait_for(page, mode="pixel")
    row, column = map(int, state(page)["cell"].split(","))
    page.keyboard.press("ArrowDown")
    wait_for(page, cell=f"{row + 1},{column}")
    assert page.get_by_role("button", name="16 × 16").is_disabled(), "there pixels do not look at each other"
    canvas.click(position={"x": 5, "y": 5})
    wait_for(page, cell="0,0")
    expect(page).to_have_url(re.compile("px=0,0"))
    assert page.sent and len(page.sent) == quiet, "the server hears nothing of it"
    page.reload()
    wait_for(page, mode="pixel", cell="0,0", size="8", look="1", word="basketball")
    page.locator("canvas.picture").focus()
    page.keyboard.press("Escape")
    wait_for(page, mode="word", cell="")
    expect(page).not_to_have_url(re.compile("px="))


def test_a_run_brings_its_own_words_and_keeps_the_look(lesson, settled):
    page = lesson("?steps=4&prompt=a+blue+fish&look=2")
    assert state(page)["word"] == "green", "until then the shipped run"
    page.get_by_role("button", name="Run", exact=True).click()
    wait_for(page, run="live", word="blue", looks="4", look="2")
    settled(page)
    expect(page.get_by_text("4 looks computed")).to_have_count(1)


def test_a_link_that_was_run_opens_the_word_that_was_chosen_in_that_run(lesson, settled):
    page = lesson("?steps=4&prompt=a+red+cat+and+a+blue+dog+in+the+snow&run=1&word=5&look=2")
    wait_for(page, run="live", word="a", look="2")
    page = lesson("?steps=4&prompt=a+red+cat+and+a+blue+dog+in+the+snow&run=1&word=6&look=2&px=1,2")
    wait_for(page, run="live", word="blue", mode="pixel", cell="1,2")
    settled(page)
    expect(page).to_have_url(re.compile("word=6"))
    expect(page.locator(".maps .note")).to_be_empty()


def test_what_a_link_asks_for_in_vain_is_said_until_something_is_chosen(lesson):
    page = lesson("?look=77&word=88&grid=constructor&px=9,9")
    shown = state(page)
    assert (shown["look"], shown["word"], shown["size"], shown["mode"]) == ("20", "green", "all", "word")
    note = page.locator(".maps .note")
    for said in ("look 77", "shows 20", "word number 88", "shows “green”", "shows all layers", "cell 9,9"):
        expect(note).to_contain_text(said)
    expect(page).not_to_have_url(re.compile("word=88|px=|grid="))
    page.get_by_role("button", name="turtle,").click()
    expect(note).to_be_empty()


def test_a_phone(lesson, page):
    page.set_viewport_size({"width": 390, "height": 844})
    lesson()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator("canvas.picture").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["y"] + box["height"] < 844
