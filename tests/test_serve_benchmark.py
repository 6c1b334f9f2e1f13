"""The parts of python -m benchmarks.serve that need no server: what it reads in messages, and its arithmetic."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

pytest.importorskip("psutil", reason="needs benchmarks/requirements-serve.txt")

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.serve.learner import spelt
from benchmarks.serve.page import LOST, PLAYER, Page
from benchmarks.serve.report import Tally, growth, percentile, targets
from benchmarks.serve.server import Look
from lessons.shared.player.encode import Frame
from lessons.shared.player.message import Badge, Track, message


def delta(**metadata: object) -> ForwardMsg:
    made = ForwardMsg()
    for name, value in metadata.items():
        setattr(made.metadata, name, value)
    return made


def session(fragment: str = "", oldest: int = 2) -> ForwardMsg:
    made = ForwardMsg()
    made.new_session.config.max_cached_message_age = oldest
    if fragment:
        made.metadata.run.fragment_ids.append(fragment)
    return made


def finished(fragment: str = "", status: int = ForwardMsg.FINISHED_SUCCESSFULLY) -> ForwardMsg:
    made = ForwardMsg(script_finished=status)
    if fragment:
        made.metadata.run.fragment_ids.append(fragment)
    return made


def frames_of(run_id: str, steps: range, total: int, kind: str = "live") -> ForwardMsg:
    """The player with frames of one run, as the server sends them."""
    shown = [Frame(total - step, np.zeros((2, 2, 3))) for step in steps]
    track = Track(run_id, "a cat", Badge(kind), shown, first_index=steps.start, total=total)
    data = message([track], panels=["x_t"], curve=None, running=True, start=0, pixel=None, words={})
    made = delta()
    player = made.delta.new_element.bidi_component
    player.component_name, player.bytes, player.id = PLAYER, data, "$$ID-0a1b-reverse"
    return made


def after(*messages: ForwardMsg) -> Page:
    page = Page()
    for at, each in enumerate(messages):
        page.take(each, float(at))
    return page


def test_a_percentile_is_a_value_that_enough_do_not_exceed():
    values = list(range(100, 0, -1))
    assert [percentile(values, share) for share in (0.5, 0.95, 1.0)] == [50, 95, 100]
    assert percentile([7.0], 0.95) == 7.0
    assert math.isnan(percentile([], 0.95))


def test_frames_are_counted_when_they_arrive_and_once():
    first, again, rest = (frames_of("run 3", steps, 6) for steps in (range(0, 2), range(0, 2), range(2, 6)))
    page = after(first, again)
    assert page.runs["run 3"].arrivals == [0.0]
    assert not page.runs["run 3"].finished
    page.take(rest, 5.0)
    assert page.runs["run 3"].arrivals == [0.0, 5.0]
    assert page.runs["run 3"].finished


def test_what_ships_with_the_course_is_no_run():
    assert not after(frames_of("shipped", range(6), 6, "cached")).runs


def test_a_button_is_found_by_its_key_and_knows_its_fragment():
    made = delta()
    made.delta.fragment_id = "f1"
    made.delta.new_element.button.id = "$$ID-0a1b-fifty-steps"
    piece = after(made).widgets["fifty-steps"]
    assert (piece.id, piece.kind, piece.fragment) == ("$$ID-0a1b-fifty-steps", "button", "f1")


def test_exceptions_error_boxes_and_failed_runs_are_problems():
    exception, alert, box = delta(), delta(), delta()
    exception.delta.new_element.exception.type = "KeyError"
    alert.delta.new_element.alert.body, alert.delta.new_element.alert.format = "no weights", 1
    box.delta.add_block.id = "$$ID-0a1b-bk-failed-reverse"
    assert len(after(exception, alert, box, finished(status=1)).problems) == 4


def test_a_note_is_no_problem():
    note = delta()
    note.delta.new_element.alert.body, note.delta.new_element.alert.format = "a hint", 3
    assert not after(note).problems


def clock(going: bool, look: int = 1) -> ForwardMsg:
    made = delta()
    made.delta.fragment_id = "f1"
    shown = made.delta.new_element.bidi_component
    shown.component_name, shown.id = "beaker_clock", "$$ID-0a1b-beaker-clock-mine"
    shown.json = json.dumps({"going": going, "every": 200.0, "patience": 4000.0, "look": look})
    return made


def test_asking_again_lasts_until_the_clock_stands_or_is_gone():
    page = after(session(), clock(True), finished())
    told = page.polls["f1"]
    assert (told.every, told.patience, told.look) == (0.2, 4.0, 1) and "beaker-clock-mine" in told.trigger
    assert not page.quiet
    for each in (session("f1"), clock(True, 2), finished("f1", ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)):
        page.take(each, 9.0)
    assert page.polls["f1"].look == 2 and page.completed == 1
    for each in (session(), clock(False, 3), finished()):
        page.take(each, 10.0)
    assert page.quiet and page.completed == page.begun == 2
    for each in (session(), clock(True, 4), finished(), session(), finished()):
        page.take(each, 11.0)
    assert page.quiet, "a page without the clock"


def test_a_run_that_is_begun_anew_is_not_complete():
    assert after(session(), finished(status=ForwardMsg.FINISHED_EARLY_FOR_RERUN)).completed == 0


def test_a_full_run_whose_end_never_came_is_a_problem():
    assert after(session(), session("f1"), finished("f1")).problems == [LOST]
    assert not after(session(), finished(), session("f1"), session("f1"), finished("f1")).problems


def test_a_big_message_may_be_referred_to_until_it_is_too_old():
    big, reference = frames_of("run 1", range(2), 2), ForwardMsg(ref_hash="h")
    big.hash, big.metadata.cacheable = "h", True
    page = after(session(), big, finished(), session(), reference, finished())
    assert not page.problems
    assert list(page.kept) == ["h"]
    for at in range(3):
        page.take(finished(), 10.0 + at)
    assert not page.kept
    page.take(reference, 20.0)
    assert len(page.problems) == 1


def test_values_stand_in_the_address_as_the_front_end_writes_them():
    assert [spelt(value) for value in (True, 3.0, 0.5, "a cat")] == ["true", "3", "0.5", "a cat"]


def test_growth_compares_the_last_quarter_with_the_second():
    looks = [Look(at, 900 if at < 10 else 1000 if at < 30 else 1100, 20) for at in range(40)]
    assert growth(looks) == pytest.approx(0.1)
    assert math.isnan(growth(looks[:3]))


def test_a_promise_that_was_not_measured_is_not_kept():
    tally = Tally("burst", 30)
    tally.note("first frame", 0.4, 1.2)
    first, done, errors = targets({"burst": tally}, 0.0)
    assert first.met and errors.met
    assert not done.met
    assert "not measured" in done.line()
