"""Words become vectors in a real browser: the camera outlives reruns, a click on a word tries it, a phone fits."""

from __future__ import annotations

URL = "words-become-vectors"
READY = (".space[data-drawn]",)


def state(page) -> dict:
    return page.locator(".space").first.evaluate("root => ({...root.dataset})")


def you(page) -> str:
    return next(own.split(":")[1] for own in state(page)["own"].split("|") if own.startswith("you"))


def wait_for_you(page, phrase: str) -> None:
    page.locator(f'.space[data-own*="you:{phrase}:"]').wait_for()


def test_turn_click_compare_and_the_camera_stays(lesson, settled):
    page = lesson()
    assert you(page) == "a king"
    canvas = page.locator(".space canvas").first
    canvas.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    page.wait_for_timeout(150)
    turned = state(page)["camera"]
    assert turned != "-0.620,0.380,1.000"

    spots = dict(spot.rsplit(":", 1) for spot in state(page)["spots"].split("|"))
    x, y = map(int, spots["turtle"].split(","))
    canvas.click(position={"x": x, "y": y})  # a click puts the word into the box
    wait_for_you(page, "turtle")
    settled(page)
    assert "phrase=turtle" in page.url
    assert state(page)["own"].startswith("past::"), "the way from the phrase before is shown"
    assert page.locator(".ws-near li").first.inner_text().startswith("turtle")
    assert state(page)["camera"] == turned, "the camera outlives a rerun with other points"

    page.locator(".st-key-encoder").get_by_text("before training").click()
    page.wait_for_function("location.search.includes('encoder=before')")
    settled(page)
    assert state(page)["camera"] == turned

    page.locator(".st-key-words-sum-guess-guess").get_by_text("king", exact=True).click()
    page.locator(".st-key-words-sum-guess-keep button:enabled").click()
    page.wait_for_selector(".st-key-bk-reveal-words-sum-guess")
    assert "Nearest is queen" in page.locator(".st-key-bk-reveal-words-sum-guess").inner_text()


def test_a_phone_shows_the_view_without_sideways_scrolling_and_markup_stays_text(lesson, page):
    page.set_viewport_size({"width": 390, "height": 844})
    lesson("?phrase=%3Cimg+src%3Dx+onerror%3Ddocument.title%3D1%3E+a+red+cat")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator(".space canvas").first.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["y"] + box["height"] < 844
    assert you(page).endswith("a red cat") and page.title() != "1"
