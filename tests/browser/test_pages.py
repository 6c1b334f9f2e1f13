"""What holds on every page: each keeps its own values and hands them to no other, and the keyboard keeps its place."""

from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg

FOCUSED = "document.activeElement.closest('[class*=st-key-]')?.className ?? ''"


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


def test_the_keyboard_stays_with_a_guess_that_was_made(page, serve, settled):
    page.goto(f"{serve('app.py')}/how-fast-to-forget")
    page.locator("h1").wait_for()
    settled(page)
    page.get_by_role("button", name="Skip").first.press("Enter")
    page.wait_for_function(f"({FOCUSED}).includes('-again')")
    page.keyboard.press("Enter")
    page.wait_for_function(f"({FOCUSED}).includes('-guess')")


def test_the_keyboard_goes_on_from_a_run_that_was_cancelled(page, serve, settled):
    page.goto(f"{serve('app.py')}/out-of-static?steps=200")
    page.locator("h1").wait_for()
    settled(page)
    page.get_by_role("button", name="Run", exact=True).press("Enter")
    page.get_by_role("button", name="Cancel").press("Enter")
    page.wait_for_function(f"({FOCUSED}).includes('st-key-reverse')")


def test_an_answer_is_explained_without_running_the_page_again_and_outlasts_its_next_run(page, serve, settled):
    page.goto(f"{serve('app.py')}/words-become-vectors")
    page.locator(".space[data-drawn]").wait_for(timeout=60_000)
    settled(page)
    quiz, quiet = page.locator("[class*=st-key-bk-quiz]").first, len(page.sent)
    quiz.locator("label", has=page.get_by_role("radio")).first.click()
    explained = quiz.locator("[class*=st-key-bk-right], [class*=st-key-bk-wrong]")
    explained.wait_for()
    settled(page)
    told = [BackMsg.FromString(frame).rerun_script for frame in page.sent[quiet:]]
    assert told and all(ask.fragment_id for ask in told)
    page.get_by_label("Phrase").or_(page.get_by_role("textbox")).first.fill("a dog")
    page.keyboard.press("Enter")
    page.wait_for_url("**phrase=a*dog*")
    settled(page)
    assert explained.count() == 1
