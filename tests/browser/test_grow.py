"""A network grows up in a real browser, with the shipped networks: two sliders, a guess, ten runs of one's own."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from diffusion_core.sibling import SIBLING_MOMENTS

URL = "a-network-grows-up"
READY = (".growing[data-step]",)
PICTURE = "canvas => canvas.toDataURL()"


def test_two_sliders_a_guess_and_ten_runs(lesson, settled):
    page = lesson("?prompt=a+red+cat&seen=21000")
    stage = page.locator(".growing[data-step]")
    expect(stage).to_have_attribute("data-step", "20", timeout=60_000)
    settled(page)

    # covered until the guess, also where a link points at what is covered
    expect(stage).to_have_attribute("data-moment", "4")
    expect(stage).to_have_attribute("data-shown", "2")
    expect(page.locator(".frame .veil").first).to_be_visible()
    page.get_by_text("By 320,000", exact=True).click()
    page.get_by_role("button", name="That is my guess").first.click()
    expect(stage).to_have_attribute("data-shown", "10")
    expect(page.locator(".bk-you dd").first).to_have_text("By 320,000")

    # both clocks by keyboard; the address follows, and the server hears nothing
    picture = page.locator("canvas[data-picture=x_t]")
    training, generation = (page.get_by_role("slider", name=name) for name in ("Training time", "Generation"))
    training.focus()
    page.keyboard.press("End")
    finished = picture.evaluate(PICTURE)
    generation.focus()
    page.keyboard.press("Home")
    expect(stage).to_have_attribute("data-step", "0")
    noise = picture.evaluate(PICTURE)
    training.focus()
    page.keyboard.press("ArrowLeft")
    expect(stage).to_have_attribute("data-moment", "8")
    expect(page).to_have_url(re.compile(f"seen={SIBLING_MOMENTS[8]}&at=0|at=0&seen={SIBLING_MOMENTS[8]}"))
    assert noise == picture.evaluate(PICTURE) != finished, "at step 0 every moment holds the same noise"

    # ten runs of one's own: the newest step while they go, all steps when they are done
    page.get_by_role("button", name="Run all ten").click()
    expect(stage).to_have_attribute("data-badge", "live", timeout=60_000)
    expect(page.locator('.growing[data-running="false"][data-columns="11"][data-badge="live"]')).to_be_visible(
        timeout=60_000
    )
    expect(page.get_by_text("In your run")).to_be_visible()
    expect(stage).to_have_attribute("data-step", "20")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # Streamlit looks for its server beside the page's own path first
    assert [error for error in page.console_errors if "/_stcore/" not in error] == []
