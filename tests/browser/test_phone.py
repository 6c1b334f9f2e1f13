"""On a phone the player stands a screen above the Run button: a new run brings it into sight."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).with_name("player_page.py")


def test_a_new_run_brings_the_player_into_sight(page, serve, settled):
    page.set_viewport_size({"width": 390, "height": 300})  # so low that the button lies beyond the player
    page.goto(f"{serve(PAGE)}/?case=live&gap=0.05&count=6&panels=x_t")
    page.wait_for_selector(".player[data-index]")
    settled(page)
    button = page.get_by_role("button", name="Run")
    below = page.locator(".player").bounding_box()["y"] > button.bounding_box()["y"]
    button.scroll_into_view_if_needed()
    if below:  # the button stands above it here: go to it, so that the player is out of sight
        page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    button.click()
    page.wait_for_selector('.player[data-running="false"][data-received="6"]')
    page.wait_for_timeout(800)  # the scrolling itself
    top = page.locator(".player").bounding_box()["y"]
    assert -40 < top < 260
