"""What holds on every page: each keeps its own values and hands them to no other, and the keyboard keeps its place."""

from __future__ import annotations

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
    page.wait_for_url("**seed=77*")  # the browser's word; the server's is the next
    page.get_by_text("for your settings").first.wait_for()
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


def test_a_hasty_reader_loses_no_value_and_carries_none_to_another_page(page, serve, settled):
    page.goto(serve("tests/browser/turned_pages.py"))
    page.get_by_text("seed 3").wait_for()
    seed = page.get_by_role("spinbutton", name="Seed")
    for value in ("77", "78"):
        seed.fill(value)
        seed.press("Enter")
        page.wait_for_url(f"**seed={value}*")
        page.locator("[data-testid=stSidebarNav] a", has_text="two").dblclick()  # before the server has drawn that seed
        page.get_by_text("seed 8").wait_for()
        settled(page)
        assert seed.input_value() == "8" and "seed" not in page.url
        page.locator("[data-testid=stSidebarNav] a", has_text="one").dblclick()
        page.get_by_text(f"seed {value}").wait_for()
        settled(page)
        assert seed.input_value() == value and f"seed={value}" in page.url


def test_the_browsers_back_and_forward_bring_a_page_as_it_was_left(page, serve, settled):
    page.goto(serve("tests/browser/turned_pages.py"))
    page.get_by_text("seed 3").wait_for()
    seed = page.get_by_role("spinbutton", name="Seed")
    for place, value in (("one", "77"), ("two", "66")):
        page.locator("[data-testid=stSidebarNav] a", has_text=place).click()
        page.locator("h1", has_text=place.capitalize()).wait_for()
        settled(page)
        seed.fill(value)
        seed.press("Enter")
        page.get_by_text(f"seed {value}").wait_for()
        settled(page)
    page.go_back()
    page.get_by_text("seed 77").wait_for()
    settled(page)
    assert seed.input_value() == "77" and "seed=77" in page.url
    page.go_forward()
    page.get_by_text("seed 66").wait_for()
    settled(page)
    assert seed.input_value() == "66" and "seed=66" in page.url


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


def test_an_answer_is_explained_at_once_without_the_server_and_outlasts_what_comes(page, serve, settled):
    page.goto(f"{serve('app.py')}/words-become-vectors")
    page.locator(".space[data-drawn]").wait_for(timeout=60_000)
    settled(page)
    first, quiet = page.locator(".quiz fieldset").first, len(page.sent)
    first.get_by_role("radio").nth(0).check()
    first.get_by_role("radio").nth(1).focus()
    page.keyboard.press("Space")
    explained = first.get_by_role("status")
    said = explained.inner_text()
    assert said.startswith(("Yes.", "Not quite."))
    assert len(page.sent) == quiet, "the browser knows it all"
    page.get_by_label("Phrase").or_(page.get_by_role("textbox")).first.fill("a dog")
    page.keyboard.press("Enter")
    page.wait_for_url("**phrase=a*dog*")
    settled(page)
    assert explained.inner_text() == said, "the page has run again"
    turn_to(page, settled, "Break it")
    turn_to(page, settled, "Words become vectors")
    assert explained.inner_text() == said and first.get_by_role("radio").nth(1).is_checked(), "and another was on show"


def test_scripts_come_compressed_and_the_same_for_whoever_comes_later(browser, serve):
    address, packed, texts = serve("app.py"), [], []
    for _ in range(2):
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        page.locator("h1").wait_for()
        script = page.locator("head script[src]").first.evaluate("script => script.src")
        answer = page.request.get(script)
        packed.append(answer.headers.get("content-encoding"))
        texts.append(answer.text())
        context.close()
    assert packed == ["gzip", "gzip"], "the page itself asked first"
    assert texts[0] == texts[1] and len(texts[0]) > 100_000
