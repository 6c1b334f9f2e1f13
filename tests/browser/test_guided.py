"""Guidance taken apart in a real browser: the maps add up, move without the server, and hand a scale to Run."""

from __future__ import annotations

import re

from playwright.sync_api import expect

URL = "guidance-taken-apart"
READY = ('.maps[data-empty="false"]',)


def state(page) -> dict:
    return page.eval_on_selector(".maps", "root => ({...root.dataset})")


def pixels(page, part: str, kind: str = "noise") -> list[int]:
    canvas = page.locator(f'canvas[data-kind="{kind}"][data-of="{part}"]')
    return canvas.evaluate("c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]")


def press(page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def test_steps_and_scales_move_in_the_browser_and_the_sum_is_the_sum(lesson, page, settled):
    bodies = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda body: bodies.append(body)))
    lesson("?steps=4&seed=2")
    step, scale = (page.get_by_role("slider", name=name, exact=True) for name in ("Step", "Scale w"))
    step.focus()
    bodies.clear()
    before = int(state(page)["index"])
    press(page, "ArrowRight", 3)
    page.wait_for_selector(f'.maps[data-index="{before + 3}"]')
    expect(page).to_have_url(re.compile("at="))
    assert bodies == []

    scale.evaluate("input => { input.value = 0; input.oninput(); }")
    page.wait_for_selector('.maps[data-scale="0"]')
    assert pixels(page, "sum") == pixels(page, "without"), "scale 0 does not listen"
    scale.evaluate("input => { input.value = 1; input.oninput(); }")
    page.wait_for_selector('.maps[data-scale="1"]')
    assert pixels(page, "sum") == pixels(page, "with"), "scale 1 listens"
    assert pixels(page, "sum", "picture") == pixels(page, "with", "picture")

    scale.focus()
    press(page, "End")  # let go at 15: the slider beside the stage follows, and Run will use it
    page.wait_for_function("location.search.includes('guidance=15')")
    settled(page)
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_selector('.maps[data-running="false"][data-received="4"][data-used="15"]', timeout=60_000)
    assert float(state(page)["scale"]) == 15
    assert "live" in page.locator(".maps .badge").inner_text()


def test_a_phone_shows_all_four_parts_without_sideways_scrolling(lesson, page):
    page.set_viewport_size({"width": 390, "height": 844})
    lesson()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for part in ("without", "with", "difference", "sum"):
        box = page.locator(f'canvas[data-kind="noise"][data-of="{part}"]').bounding_box()
        assert box["width"] > 120 and box["x"] >= 0 and box["x"] + box["width"] <= 390
        label = page.locator(f'canvas[data-kind="noise"][data-of="{part}"]').get_attribute("aria-label")
        assert "predicted noise" in label and "Step" in label
