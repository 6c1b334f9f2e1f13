"""A part of the page that follows work: when it asks for the whole page."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import streamlit as st

from lessons.shared import following


class Again(Exception):
    """The whole page was asked for."""


@pytest.fixture
def begin(monkeypatch):
    """begin(going, draw): follow() outside of Streamlit; look(ticked) draws once more, told is the browser's clock."""
    told = []

    def begun(going, draw, **options):
        kept = {}

        def rerun():
            raise Again

        def clock(data, key, on_tick_change):
            told.append(data)
            return SimpleNamespace(tick=kept.get("ticked"))

        monkeypatch.setattr(st, "fragment", lambda show: kept.setdefault("show", show))
        monkeypatch.setattr(st, "rerun", rerun)
        monkeypatch.setattr(following, "_clock", clock)
        following.follow("mine", going, draw, **options)

        def look(ticked: bool = True) -> None:
            kept["ticked"] = ticked
            kept["show"]()

        return look, told

    return begun


def test_the_browser_asks_while_work_goes_on_and_the_page_runs_at_its_end(begin):
    stands = iter([True, True, False])
    look, told = begin(True, lambda: next(stands))
    look()
    assert all(each["going"] for each in told) and told[0]["every"] == 1000 * following.POLL
    assert told[0]["look"] < told[1]["look"], "each answer starts the clock anew"
    with pytest.raises(Again):
        look()


def test_work_that_begins_inside_of_it_runs_the_page(begin):
    stands = iter([False, True])
    look, told = begin(False, lambda: next(stands))
    assert not told[0]["going"]
    with pytest.raises(Again):
        look(ticked=False)


def test_a_browser_that_goes_on_asking_is_sent_the_page_again(begin):
    look, _ = begin(False, lambda: False)
    with pytest.raises(Again):
        look()


def test_a_control_inside_of_it_does_not_run_the_page(begin):
    look, _ = begin(False, lambda: False)
    for _ in range(10):
        look(ticked=False)


def test_what_is_over_is_left_to_the_page_to_draw(begin):
    drawn, over = [], iter([False, True])
    look, _ = begin(True, lambda: not drawn.append(1), over=lambda: next(over))
    look()
    with pytest.raises(Again):
        look()
    assert len(drawn) == 2, "at first and once more, but not when it is over"


def test_what_is_over_when_the_page_runs_is_drawn_by_it(begin):
    drawn = []
    begin(False, lambda: bool(drawn.append(1)), over=lambda: True)
    assert drawn == [1]
