"""The browser's clock behind `follow`: when it asks for the next look, and how it waits for an answer."""

from __future__ import annotations

from lessons.shared import following
from lessons.shared.mount import MOUNT

MOUNTED = """async ([source, data]) => {
  const module = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(source)}`);
  window.asked = [];
  const began = Date.now();
  const view = { parentElement: document.body, setTriggerValue: () => asked.push(Date.now() - began) };
  window.show = (data) => module.default({ ...view, data });
  show(data);
}"""
GOING = {"going": True, "every": 200, "patience": 4000}


def clock(browser):
    """A page that holds nothing but the clock, and whose time goes by only when it is told to."""
    page = browser.new_page()
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.evaluate(MOUNTED, [MOUNT + following._CLOCK, GOING])
    return page


def test_without_an_answer_it_asks_again_after_twice_as_long_each_time(browser):
    page = clock(browser)
    page.clock.run_for(30_000)
    assert page.evaluate("asked") == [200, 4200, 12_200, 28_200]
    page.close()


def test_an_answer_begins_anew_and_the_end_ends_it(browser):
    page = clock(browser)
    page.clock.run_for(5_000)
    page.evaluate("data => show(data)", GOING | {"every": 100})
    page.clock.run_for(5_000)
    assert page.evaluate("asked") == [200, 4200, 5100, 9100]
    page.evaluate("data => show(data)", GOING | {"going": False})
    page.clock.run_for(60_000)
    assert len(page.evaluate("asked")) == 4
    page.close()


def test_it_lets_the_page_run_to_its_end_first_but_does_not_wait_for_ever(browser):
    page = clock(browser)
    state = """state => {
      document.body.innerHTML = "<i data-testid=stApp></i>";
      document.querySelector("i").dataset.testScriptState = state;
    }"""
    page.evaluate(state, "running")
    page.clock.run_for(1_000)
    assert page.evaluate("asked") == []
    page.evaluate(state, "notRunning")
    page.clock.run_for(1_000)
    assert page.evaluate("asked") == [1020]
    page.evaluate(state, "running")
    page.evaluate("data => show(data)", GOING)
    page.clock.run_for(10_000)
    assert page.evaluate("asked") == [1020, 6200, 10_200]
    page.close()
