"""Lesson 1 in a real browser: it loads cleanly, a step moves the numbers, the player scrubs, a bad upload is said."""

from __future__ import annotations

import io

import pytest

URL = "pixels-adrift"
READY = (".bk-header",)


def test_loads_from_the_front_page_without_a_console_error(page, serve, settled):
    page.goto(serve("app.py"))
    page.get_by_role("link", name="Pixels adrift").first.click()
    page.wait_for_selector(".ad-sum")
    settled(page)
    assert page.locator(".ad-sum dd").all_inner_texts() == ["(255, 0, 0)", "(−2, 2, 0)", "(253, 2, 0)"]
    assert page.locator(".ad svg").count() == 3, "the drawings survive the page's own cleaning"
    sum_ends = page.locator(".ad table").first.bounding_box()
    assert sum_ends["y"] + sum_ends["height"] <= 900, "the stage is above the fold"
    assert page.console_errors == []


def test_one_more_step_moves_the_numbers_and_stands_in_the_address(lesson):
    page = lesson()
    before = page.locator(".ad-sum dd").last.inner_text()
    page.get_by_role("button", name="1 step").click()
    page.wait_for_function("location.search.includes('step=2')")
    page.get_by_text("head before step 2").first.wait_for()
    assert page.locator(".ad-sum dd").first.inner_text() == before, "each state starts from the one before"
    page.get_by_role("button", name="10 steps").click()
    page.wait_for_function("location.search.includes('step=12')")
    page.reload()
    page.get_by_text("head before step 12").first.wait_for()


def test_a_whole_picture_scrubs_and_its_link_opens_the_same_state(lesson, page):
    lesson("?show=a+whole+picture&picture=goldfish")
    page.wait_for_selector('.player[data-run^="goldfish"]')
    page.get_by_role("slider", name="Step", exact=True).focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.wait_for_selector('.player[data-index="12"][data-t="120"]')
    page.locator("canvas[data-panel=x_t]").click()
    page.wait_for_function("location.search.includes('at=12') && location.search.includes('px=')")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector('.player[data-run^="goldfish"][data-index="12"]:not([data-pixel=""])')


def test_a_truncated_picture_gets_a_sentence_and_a_whole_one_is_walked_live(lesson, page):
    image = pytest.importorskip("PIL.Image").effect_noise((64, 64), 90).convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    lesson("?show=a+whole+picture&seed=8")
    field = page.locator("input[type=file]")
    field.set_input_files({"name": "cut.png", "mimeType": "image/png", "buffer": buffer.getvalue()[:900]})
    page.get_by_text("is damaged or cut short").wait_for()
    assert page.locator('.player[data-run="tabby cat 8"]').count() == 1, "the page and its settings are still there"
    field.set_input_files({"name": "whole.png", "mimeType": "image/png", "buffer": buffer.getvalue()})
    page.locator(".title", has_text="your picture").wait_for()
    assert page.locator(".badge[data-kind=live]").count() == 1
    assert page.get_by_text("cannot travel in a link").count() >= 1


def test_nothing_sticks_out_on_a_phone(lesson, page, settled):
    page.set_viewport_size({"width": 390, "height": 844})
    lesson()
    for act, shown in (("three pixels", ".ad-row"), ("a crowd", ".ad-three"), ("a whole picture", ".player")):
        page.get_by_role("radio", name=act).click()
        page.wait_for_selector(shown)
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), act
        for table in page.locator(".ad table").all():
            assert table.bounding_box()["width"] <= 390
