"""A server that dies and comes back: an open page finds it again, and its address brings the state back."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.conftest import ROOT, start_server, stop_server

# The page's script runs in the new server without anybody pressing anything: only then are its buttons known there.
RAN_AGAIN = """() => {
  const app = document.querySelector("[data-testid=stApp]");
  new MutationObserver(() => {
    const { testConnectionState: connection, testScriptState: script } = app.dataset;
    if (connection !== "CONNECTED") window.lost = true;
    else if (window.lost && script === "running") window.ranAgain = true;
  }).observe(app, { attributes: true });
}"""


def test_an_open_page_finds_the_restarted_server_and_is_as_it_was(page, tmp_path, settled):
    script = ROOT / "app.py"
    server, address = start_server(script, tmp_path / "first.log")
    try:
        page.goto(f"{address}/out-of-static?seed=7&steps=12&prompt=a+red+cat")
        seed = page.get_by_role("spinbutton", name="Seed")
        expect(seed).to_have_value("7")
        page.get_by_role("button", name="New seed").click()
        expect(seed).not_to_have_value("7")
        drawn = seed.input_value()
        expect(page).to_have_url(re.compile(f"seed={drawn}"))
        page.evaluate(RAN_AGAIN)
        server.kill()
        server.wait()
        server, again = start_server(script, tmp_path / "second.log", urlsplit(address).port)
        assert again == address
        page.wait_for_function("window.ranAgain", timeout=60_000)
        settled(page)
        expect(seed).to_have_value(drawn)
        expect(page.get_by_label("Your prompt")).to_have_value("a red cat")
        page.get_by_role("button", name="New seed").click()  # the new server answers
        expect(seed).not_to_have_value(drawn)
    finally:
        stop_server(server)
