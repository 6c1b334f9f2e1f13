"""The trajectory player in a real browser, on made-up tracks (player_page.py)."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

PAGE = "tests/browser/player_page.py"
FINGERPRINT = """canvas => {
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let sum = 0;
  for (let i = 0; i < data.length; i += 1) sum = (sum * 31 + data[i]) >>> 0;
  return sum;
}"""


@pytest.fixture
def open_player(page, serve, settled):
    """open_player("case=two"): the page on that case, its player drawn and the server quiet."""

    def opened(query: str):
        page.goto(f"{serve(PAGE)}/?{query}")
        page.wait_for_selector(".player[data-index]")
        settled(page)
        page.wait_for_timeout(300)  # a first layout may still draw once more
        return page

    return opened


@pytest.fixture(autouse=True)
def no_console_errors(page):
    yield
    # this page has no fonts beside it; the application has
    assert [error for error in page.console_errors if "/static/fonts/" not in error] == []


def state(page) -> dict:
    return page.eval_on_selector(".player", "root => ({...root.dataset})")


def wait_state(page, **wanted: str) -> None:
    selector = ".player" + "".join(f'[data-{name}="{value}"]' for name, value in wanted.items())
    page.wait_for_selector(selector)


def wait_until(page, condition: str) -> None:
    """Wait for a condition on `d`, the player's state, that may hold for one frame only."""
    page.wait_for_function(f"""() => {{
      const host = [...document.querySelectorAll("*")].find((e) => e.shadowRoot?.querySelector(".player"));
      const d = host?.shadowRoot.querySelector(".player").dataset;
      return d && ({condition});
    }}""")


def count_messages(page) -> list:
    """A list that grows with every websocket frame sent from here on, in any socket the page opens."""
    sent: list = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda payload: sent.append(payload)))
    return sent


def drawn(page) -> list[int]:
    return [canvas.evaluate(FINGERPRINT) for canvas in page.query_selector_all("canvas[data-panel]")]


def centre(page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def click_pixel(page, panel: str, row: int, column: int, size: int = 32) -> None:
    box = page.locator(f"canvas[data-panel={panel}]").bounding_box()
    page.mouse.click(box["x"] + (column + 0.5) / size * box["width"],
                     box["y"] + (row + 0.5) / size * box["height"])


def turn(page) -> None:
    x, y = centre(page, "canvas.cloud")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 25, steps=5)
    page.mouse.up()


def test_scrubbing_thirty_places_moves_every_panel_and_tells_the_server_nothing(page, open_player):
    sent = count_messages(page)
    open_player("case=all&count=41")
    before, first = len(sent), drawn(page)
    assert before > 0, "the page must have spoken on the socket that is being watched"
    slider = page.get_by_role("slider", name="Step")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 20)
    page.mouse.down()
    seen = set()
    for k in range(1, 31):
        page.mouse.move(box["x"] + 10 + k * (box["width"] - 20) / 31, box["y"] + 20)
        page.wait_for_timeout(40)
        seen.add(state(page)["index"])
    page.mouse.up()
    page.wait_for_timeout(300)
    assert len(seen) >= 29
    assert len(drawn(page)) == 6
    assert all(now != then for now, then in zip(drawn(page), first, strict=True))
    assert len(sent) == before


def test_turning_choosing_and_playing_tell_the_server_nothing(page, open_player):
    sent = count_messages(page)
    open_player("case=one")
    before = len(sent)
    turn(page)
    click_pixel(page, "x_t", 16, 9)
    page.get_by_role("button", name="Play").click()
    wait_state(page, index="20", playing="false")
    assert len(sent) == before


def test_camera_cursor_and_pixel_survive_a_rerun_with_other_data(page, open_player, settled):
    open_player("case=one")
    turn(page)
    click_pixel(page, "x_t", 16, 9)
    page.get_by_role("button", name="One step on").click()
    wait_state(page, index="1")
    before, pictures = state(page), drawn(page)
    assert before["camera"] != "-0.620,0.380,1.000"
    page.get_by_role("slider", name="Shade").focus()
    page.keyboard.press("End")
    page.wait_for_selector('.player[data-run="shade 0.5"]')
    settled(page)
    after = state(page)
    assert (after["camera"], after["index"], after["pixel"]) == (
        before["camera"], before["index"], before["pixel"])
    assert drawn(page) != pictures


def test_the_address_opens_the_same_view(page, open_player, settled):
    open_player("case=one")
    slider = page.get_by_role("slider", name="Step")
    slider.focus()
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    click_pixel(page, "x0_hat", 16, 9)
    wait_state(page, index="7", pixel="16,9")
    page.get_by_role("slider", name="Shade").focus()
    page.keyboard.press("ArrowRight")  # Streamlit writes its own parameter beside ours
    page.wait_for_function("location.search.includes('shade=1')")
    settled(page)
    address = page.url
    assert {"at=7", "px=16,9"} <= set(unquote(address).split("?")[1].split("&"))
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector('.player[data-index="7"][data-pixel="16,9"][data-run="shade 0.1"]')


@pytest.mark.parametrize("nonsense", ["at=9999&px=500,500", "at=-3&px=x", "at=%00&px=1,2,3", "at=1e9"])
def test_a_nonsense_address_opens_the_page_all_the_same(page, open_player, nonsense):
    open_player(f"case=one&{nonsense}")
    assert 0 <= int(state(page)["index"]) <= 20


def test_the_keyboard_reaches_everything(page, open_player):
    open_player("case=one")
    page.get_by_role("slider", name="Step").focus()
    for key, index in [("ArrowRight", "1"), ("End", "20"), ("ArrowLeft", "19"), ("Home", "0")]:
        page.keyboard.press(key)
        wait_state(page, index=index)
    page.keyboard.press(" ")
    wait_state(page, playing="true")
    page.keyboard.press(" ")
    wait_state(page, playing="false")
    page.locator("canvas[data-panel=x_t]").focus()
    page.keyboard.press("ArrowDown")
    wait_state(page, pixel="16,16")
    page.keyboard.press("ArrowRight")
    wait_state(page, pixel="16,17")
    page.keyboard.press("Escape")
    wait_state(page, pixel="")
    page.locator("canvas.cloud").focus()
    page.keyboard.press("ArrowRight")
    wait_state(page, camera="-0.500,0.380,1.000")
    page.keyboard.press("0")
    wait_state(page, camera="-0.620,0.380,1.000")


def test_a_click_in_a_picture_shows_that_pixels_numbers(page, open_player):
    open_player("case=one&at=20")
    click_pixel(page, "x_t", 5, 26)  # in the sun
    wait_state(page, pixel="5,26")
    numbers = page.locator(".numbers").inner_text()
    assert "row 6, column 27" in numbers
    assert "255, 212, 51" in numbers, "the sun is (1, 0.83, 0.2) of 255"


def test_values_outside_the_cube_are_said_unclipped_and_as_shown(page, open_player):
    open_player("case=one&at=0&px=0,0")
    text = page.locator(".numbers .item[data-of=x_t]").inner_text().replace("−", "-")
    value, shown = (part.strip().split(" ", 1)[1] for part in text.strip().split("·"))
    value, shown = ([int(v) for v in part.split(",")] for part in (value, shown))
    assert [min(255, max(0, v)) for v in value] == shown


def test_the_nearest_point_of_the_cloud_is_chosen(page, open_player):
    open_player("case=stick")
    page.locator("canvas.cloud").scroll_into_view_if_needed()
    box = page.locator("canvas.cloud").bounding_box()
    for x in range(20, int(box["width"]), 14):  # sweep until a point is under the finger
        for y in range(60, int(box["height"]), 14):
            page.mouse.click(box["x"] + x, box["y"] + y)
            if state(page)["pixel"]:
                break
        if state(page)["pixel"]:
            break
    page.wait_for_selector(".numbers .who")
    assert state(page)["pixel"] in {"0,0", "1,0", "2,0"}


@pytest.mark.parametrize("gap", ["0.01", "0.15"])
def test_a_live_run_shows_every_frame_in_order(page, open_player, gap):
    open_player(f"case=live&gap={gap}&count=21&panels=x_t,cloud")
    page.evaluate("""() => {
      const host = [...document.querySelectorAll("*")].find((e) => e.shadowRoot?.querySelector(".player"));
      const root = host.shadowRoot.querySelector(".player");
      window.seen = [];
      new MutationObserver(() => window.seen.push(root.dataset.run + ":" + root.dataset.index))
        .observe(root, { attributes: true, attributeFilter: ["data-index", "data-run"] });
    }""")
    page.get_by_role("button", name="Run").click()
    page.wait_for_selector('.player[data-run="run 1"][data-running=false][data-index="20"]', timeout=30_000)
    assert state(page)["received"] == "21"
    seen = [int(s.split(":")[1]) for s in page.evaluate("window.seen") if s.startswith("run 1:")]
    assert seen == sorted(seen)
    # on a machine with nothing else to do each step is shown; a busy browser may drop some drawings
    assert len(set(seen)) >= 14, "steps are shown one by one, at a pace an eye can follow"


def test_a_hand_on_the_slider_stops_following_while_frames_still_arrive(page, open_player):
    open_player("case=live&gap=0.4&count=21&panels=x_t,cloud")
    turn(page)
    camera = state(page)["camera"]
    page.get_by_role("button", name="Run").click()
    wait_until(page, 'd.run === "run 1" && d.index >= 3')
    page.get_by_role("slider", name="Step").focus()
    page.keyboard.press("Home")
    wait_state(page, index="0", following="false", running="true")
    page.wait_for_selector('.player[data-running=false][data-received="21"]', timeout=30_000)
    assert (state(page)["index"], state(page)["camera"]) == ("0", camera)


def test_a_player_mounted_in_the_middle_of_a_run_gets_the_frames_it_missed(page, open_player):
    open_player("case=live&gap=0.4&count=21&panels=x_t")
    page.get_by_role("button", name="Run").click()
    wait_until(page, 'd.run === "run 1" && d.index >= 2')
    page.get_by_text("Shown").click()
    page.wait_for_selector(".player", state="detached")
    page.get_by_text("Shown").click()
    wait_until(page, 'd.run === "run 1" && d.running === "true" && d.index >= 3')


def test_two_tracks_move_under_one_cursor(page, open_player):
    open_player("case=two")
    first = drawn(page)
    page.get_by_role("slider", name="Step").focus()
    page.keyboard.press("End")
    wait_state(page, index="20")
    assert all(now != then for now, then in zip(drawn(page), first, strict=True))
    assert page.locator(".title").all_inner_texts() == ["with the prompt", "without"]
    assert page.locator(".numbers").count() == 2


def test_reduced_motion_plays_in_six_steps(page, open_player):
    page.emulate_media(reduced_motion="reduce")
    open_player("case=one&count=61&panels=x_t")
    page.clock.install()
    page.get_by_role("button", name="Play").click()
    stops = 0
    while state(page)["playing"] != "false" or stops == 0:
        page.clock.run_for(1000)
        stops += 1
        assert stops < 20
    assert state(page)["index"] == "60"
    assert 5 <= stops <= 8


def test_nothing_moves_by_itself(page, open_player):
    open_player("case=one")
    page.wait_for_timeout(600)
    assert (state(page)["index"], state(page)["playing"]) == ("0", "false")


def test_the_state_is_spoken_when_things_rest(page, open_player):
    open_player("case=one")
    page.get_by_role("slider", name="Step").focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("""() => {
      const host = [...document.querySelectorAll("*")].find((e) => e.shadowRoot?.querySelector(".player"));
      return host.shadowRoot.querySelector("[role=status]").textContent.startsWith(
        "Step 12 of 20, noise level t = 400, signal");
    }""")
    slider = page.get_by_role("slider", name="Step")
    assert slider.get_attribute("aria-valuetext").startswith("Step 12 of 20, noise level t = 400")


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_nothing_sticks_out_and_fingers_fit(page, open_player, width):
    page.set_viewport_size({"width": width, "height": 844})
    open_player("case=all")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for target in page.locator(".player button, .player input").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 40
        assert box["x"] >= 0 and box["x"] + box["width"] <= width + 1
