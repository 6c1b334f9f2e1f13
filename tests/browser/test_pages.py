"""What holds on every page: each keeps its own values and hands them to no other."""

from __future__ import annotations


def turn_to(page, settled, title: str) -> None:
    page.locator("[data-testid=stSidebarNav] a", has_text=title).click()
    page.locator("h1", has_text=title).wait_for()
    settled(page)


def test_a_page_keeps_its_values_and_hands_them_to_no_other(page, serve, settled):
    page.goto(f"{serve('app.py')}/break-it")
    seed = page.get_by_role("spinbutton", name="Seed")
    seed.fill("77")
    seed.press("Enter")
    page.wait_for_url("**seed=77*")
    settled(page)
    for title in ("How much can it bring back?", "Words become vectors"):  # one with a seed, and one without
        turn_to(page, settled, title)
        assert "seed" not in page.url
    assert page.get_by_role("spinbutton", name="Seed").count() == 0
    turn_to(page, settled, "How much can it bring back?")
    assert page.get_by_role("spinbutton", name="Seed").input_value() != "77"
    page.get_by_text("cached").first.wait_for()
    turn_to(page, settled, "Break it")
    page.wait_for_url("**seed=77*")
    assert page.get_by_role("spinbutton", name="Seed").input_value() == "77"
