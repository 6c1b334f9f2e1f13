"""A part of the page that follows work: when it asks for the whole page."""

from __future__ import annotations

import pytest
import streamlit as st

from lessons.shared import following


class Again(Exception):
    """The whole page was asked for."""


@pytest.fixture
def looks(monkeypatch):
    """follow() outside of Streamlit: the fragment as it is drawn, and how often it is to be drawn."""

    def begun(going, draw, every=following.POLL):
        kept = {}

        def fragment(run_every):
            kept["every"] = run_every
            return lambda show: kept.setdefault("show", show)

        def rerun():
            raise Again

        monkeypatch.setattr(st, "fragment", fragment)
        monkeypatch.setattr(st, "rerun", rerun)
        following.follow(going, draw, every)
        return kept

    return begun


def test_it_asks_while_work_goes_on_and_for_the_whole_page_at_its_end(looks):
    stands = iter([True, True, False])
    kept = looks(True, lambda: next(stands))
    assert kept["every"] == following.POLL
    kept["show"]()
    with pytest.raises(Again):
        kept["show"]()


def test_work_that_begins_inside_of_it_runs_the_page(looks):
    stands = iter([False, True])
    kept = looks(False, lambda: next(stands))
    assert kept["every"] is None
    with pytest.raises(Again):
        kept["show"]()


def test_a_browser_that_goes_on_asking_is_sent_the_page_again(looks):
    kept = looks(False, lambda: False)
    kept["show"](), kept["show"]()  # two may have been on their way
    with pytest.raises(Again):
        kept["show"]()


def test_a_learner_who_uses_a_control_now_and_then_is_not_interrupted(looks, monkeypatch):
    clock = iter(range(0, 100, 5))
    monkeypatch.setattr(following.time, "monotonic", lambda: float(next(clock)))
    kept = looks(False, lambda: False)
    for _ in range(10):
        kept["show"]()
