"""The player's messages: what goes in comes out, in few bytes, and pieces fit together."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.shared.player import Badge, Curve, Frame, Track, link_state
from lessons.shared.player.encode import MOST_FRAMES, fixed_point, picture, thin, unpack
from lessons.shared.player.message import message

LIVE = Badge("live", "seed 3")


def frames(count: int, size: int = 32, scale: float = 1.0) -> list[Frame]:
    rng = np.random.default_rng(0)
    drawn = scale * rng.standard_normal((count, 3, size, size, 3))
    return [Frame(count - 1 - i, *pictures) for i, pictures in enumerate(drawn)]


def told(tracks: list[Track], **changes) -> tuple[dict, np.ndarray]:
    settings = {"panels": ("x_t", "x0_hat", "eps_hat"), "curve": None, "running": False, "start": 0,
                "pixel": None, "words": {}}
    return unpack(message(tracks, **{**settings, **changes}))


def test_values_come_back_within_half_a_step():
    values = np.random.default_rng(0).uniform(-7.9, 7.9, 10_000)
    numbers, scale, clipped = fixed_point(values)
    assert clipped == 0
    assert np.abs(numbers / scale - values).max() <= 0.5 / 4096 + 1e-12


@pytest.mark.parametrize("largest", [8.0, 20.0, 100.0, 500.0])
def test_a_wider_range_gets_a_coarser_scale_and_loses_nothing(largest):
    numbers, scale, clipped = fixed_point(np.array([-largest, 0.3, largest]))
    assert clipped == 0
    np.testing.assert_allclose(numbers / scale, [-largest, 0.3, largest], atol=0.5 / scale + 1e-12)


def test_what_does_not_fit_is_clipped_and_counted():
    numbers, scale, clipped = fixed_point(np.array([-600.0, 0.0, 700.0]))
    assert clipped == 2
    np.testing.assert_allclose(numbers / scale, [-512, 0, 512], atol=0.02)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(bad):
    with pytest.raises(ValueError, match="finite"):
        fixed_point(np.array([0.0, bad]))


def test_a_message_holds_every_picture_of_every_track():
    one, two = frames(5), frames(7, size=8)
    header, numbers = told([Track("a", "A", LIVE, one), Track("b", "B", LIVE, two)])
    for k, track in enumerate((one, two)):
        assert header["tracks"][k]["t"] == [frame.t for frame in track]
        for i, frame in enumerate(track):
            for name in ("x_t", "x0_hat", "eps_hat"):
                sent = picture(header, numbers, name, i, track=k)
                np.testing.assert_allclose(sent, getattr(frame, name), atol=1 / 4096)


def test_a_frame_without_prediction_has_none():
    last = Frame(0, np.zeros((4, 4, 3)))
    header, numbers = told([Track("a", "", LIVE, [*frames(2, size=4), last])])
    assert picture(header, numbers, "x0_hat", 2) is None
    assert picture(header, numbers, "x_t", 2) is not None


def test_twenty_steps_weigh_less_than_600_kilobytes():
    sent = message([Track("a", "", LIVE, frames(21))], panels=("x_t", "x0_hat", "eps_hat"), curve=None,
                   running=False, start=0, pixel=None, words={})
    assert len(sent) < 600_000


def test_pictures_nobody_sees_do_not_travel():
    header, _ = told([Track("a", "", LIVE, frames(3))], panels=("x_t", "cloud"))
    assert set(header["tracks"][0]["arrays"]) == {"x_t"}


@pytest.mark.parametrize("total", [2, 3, 20, 119, 120, 121, 239, 240, 1000, 1001, 4000])
@pytest.mark.parametrize("cut", [0.0, 0.13, 0.5, 0.999, 1.0])
def test_thinned_pieces_are_the_thinned_whole(total, cut):
    """Whatever the pieces, positions are 0, 1, 2, … with the first and the last step among them."""
    every, cut = [None] * total, int(cut * total)
    kept = thin(every[:cut], 0, total) + thin(every[cut:], cut, total)
    assert kept == thin(every, 0, total)
    assert [position for position, _, _ in kept] == list(range(len(kept)))
    assert (kept[0][1], kept[-1][1]) == (0, total - 1)
    assert len(kept) <= MOST_FRAMES + 1


def test_while_running_each_frame_is_sent_once():
    run = frames(10)
    first, _ = told([Track("a", "", LIVE, run[:4], total=10)], running=True)
    later, numbers = told([Track("a", "", LIVE, run[:7], total=10)], running=True, sent={"a": 4})
    assert first["tracks"][0]["steps"] == [0, 1, 2, 3]
    assert later["tracks"][0]["steps"] == [4, 5, 6]
    assert later["tracks"][0]["first"] == 4
    np.testing.assert_allclose(picture(later, numbers, "x_t", 0), run[4].x_t, atol=1 / 4096)


def test_a_finished_run_is_sent_whole():
    header, _ = told([Track("a", "", LIVE, frames(10))], sent={"a": 10})
    assert header["tracks"][0]["steps"] == list(range(10))


def test_frames_of_a_tail_fall_into_their_places():
    header, _ = told([Track("a", "", LIVE, frames(10)[6:], first_index=6)])
    assert header["tracks"][0]["first"] == 6
    assert header["tracks"][0]["count"] == 10


def test_a_curve_travels_whole():
    header, _ = told([Track("a", "", LIVE, frames(2))], curve=Curve([0, 1, 2], [1, 0.5, 0.25]))
    assert header["curves"][0]["signal"] == [1, 0.5, 0.25]
    assert header["curves"][0]["noise"] is None


@pytest.mark.parametrize(("change", "sentence"), [
    ({"panels": ("x_t", "spinning globe")}, "unknown panel spinning globe"),
    ({"tracks": 0}, "1 to 3 tracks"),
    ({"tracks": 4}, "1 to 3 tracks"),
])
def test_wrong_calls_say_what_to_do(change, sentence):
    tracks = [Track("a", "", LIVE, frames(1))] * change.pop("tracks", 1)
    with pytest.raises(ValueError, match=sentence):
        told(tracks, **change)


def test_pictures_of_two_sizes_in_one_track_are_refused():
    with pytest.raises(ValueError, match="one size"):
        told([Track("a", "", LIVE, frames(1, size=4) + frames(1, size=8))])


def test_a_badge_is_live_cached_or_illustration():
    with pytest.raises(ValueError, match="live, cached, illustration"):
        Badge("fake")


@pytest.mark.parametrize(("address", "state"), [
    ({"at": "12", "px": "3,31"}, (12, (3, 31))),
    ({}, (None, None)),
    ({"at": "-1", "px": "3"}, (None, None)),
    ({"at": "1e3", "px": "a,b"}, (None, None)),
    ({"at": "٣", "px": "1,2,3"}, (None, None)),
    ({"at": "9" * 5000, "px": ","}, (None, None)),
])
def test_the_address_is_read_and_nonsense_is_passed_over(address, state):
    assert link_state(address) == state
