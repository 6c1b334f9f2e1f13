"""The schedule lesson in a real browser: curves follow, links carry the state, guess and outcome come together."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from diffusion_core.schedules import Schedule

URL = "how-fast-to-forget"
CHART = ".bk-chart:nth-of-type(2) .window .line.you"  # ᾱ
READY = (".player[data-index]", CHART)


def state(page) -> dict:
    return page.eval_on_selector(".player", "root => ({...root.dataset})")


def fingerprint(page, place: int) -> str:
    """The picture of one track as the browser drew it."""
    return page.locator(".player canvas.picture").nth(place).evaluate("canvas => canvas.toDataURL()")


def curve(page) -> str:
    return page.locator(CHART).get_attribute("d")


def test_opens_on_two_pictures_at_one_step(lesson):
    page = lesson()
    assert page.locator(".player canvas.picture").count() == 2
    assert state(page)["t"] == "240"
    assert fingerprint(page, 0) != fingerprint(page, 1), "same noise, same step, another schedule"


def test_values_show_where_the_pointer_rests_and_no_chart_library_is_fetched(page, lesson):
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    lesson()
    strip = page.locator(".bk-chart").nth(1).locator(".at").nth(14)
    said = strip.locator("text")
    assert said.evaluate("text => getComputedStyle(text).visibility") == "hidden"
    strip.locator("rect").hover()
    expect(said).to_be_visible()
    expect(said).to_have_text(
        f"t = 300yours {Schedule('linear').alpha_bar(300):.3g}beside {Schedule('cosine').alpha_bar(300):.3g}"
    )
    assert fetched and not [url for url in fetched if "plotly" in url.lower()]


def test_charts_fit_a_phone(page, lesson):
    page.set_viewport_size({"width": 390, "height": 844})
    lesson("?schedule=scaled+linear&beside=Stable+Diffusion")
    for chart in page.locator(".bk-chart").all():
        box = chart.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["width"] > 300
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_beta_moves_the_curves_and_the_pictures(lesson, settled):
    page = lesson()
    before, first, second = curve(page), fingerprint(page, 0), fingerprint(page, 1)
    page.get_by_role("slider", name="β end").press("Home")
    page.wait_for_function("([query, was]) => document.querySelector(query)?.getAttribute('d') !== was",
                           arg=[CHART, before])  # fmt: skip
    settled(page)
    assert "beta_end=0.0005" in page.url
    page.wait_for_timeout(400)
    assert fingerprint(page, 0) != first
    assert fingerprint(page, 1) == second, "one thing varies: the schedule beside it stays"
    assert state(page)["index"] == "12", "the cursor stays where it was"


def test_a_link_opens_the_same_state(lesson, settled):
    page = lesson("?T=100&beta_end=0.01&beside=sigmoid&seed=7&at=30")
    query = parse_qs(urlsplit(page.url).query)
    assert query["T"] == ["100"] and query["beta_end"] == ["0.01"] and query["beside"] == ["sigmoid"]
    assert state(page)["t"] == "60" and "T=100" in state(page)["run"]
    one, two = fingerprint(page, 0), fingerprint(page, 1)
    page.goto(page.url)
    page.wait_for_selector(".player[data-index='30']")
    settled(page)
    page.wait_for_timeout(300)
    assert (fingerprint(page, 0), fingerprint(page, 1)) == (one, two)


def test_guess_and_outcome_appear_together(lesson, settled):
    page = lesson()
    assert page.locator(".bk-compare").count() == 0
    assert page.locator(".player canvas.picture").count() == 2
    page.get_by_role("button", name="That is my guess").click()
    page.wait_for_selector(".bk-compare")
    settled(page)
    cells = page.locator(".bk-compare .bk-cell")
    assert cells.count() == 2 and "50%" in cells.nth(0).inner_text()
    assert page.locator(".player canvas.picture").count() == 4, "the guesser's answer has come to both players"


def test_a_schedule_shaped_here_arrives_in_the_next_lesson(lesson, settled):
    page = lesson("?beta_end=0.01&T=200")
    page.get_by_role("link", name="A picture out of static").first.click()
    page.wait_for_url("**/out-of-static*")
    page.wait_for_url("**T=200*", timeout=15_000)
    query = parse_qs(urlsplit(page.url).query)
    assert query["beta_end"] == ["0.01"] and query["schedule"] == ["linear"]

    settled(page)  # the next lesson has values of its own now: what is shaped anew arrives all the same
    page.locator("[data-testid=stSidebarNav] a", has_text="How fast to forget").click()
    page.wait_for_url("**/how-fast-to-forget*")
    settled(page)
    page.get_by_role("slider", name="Steps T").press("ArrowRight")
    page.get_by_text("T 201").first.wait_for()  # the server has drawn it
    settled(page)
    page.locator("[data-testid=stSidebarNav] a", has_text="A picture out of static").click()
    page.wait_for_url("**/out-of-static*")
    page.wait_for_url("**T=201*", timeout=15_000)
    settled(page)
    page.get_by_text("More", exact=True).first.click()
    expect(page.get_by_role("slider", name="Steps T")).to_have_value("201")
