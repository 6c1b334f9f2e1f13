"""Geometry of meaning: what must hold for any vectors, and what the shipped encoders have learned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from diffusion_core.meaning import analogy, cosine, nearest, principal_axes, unit
from lessons.shared.studio import encoders, meaning

VECTORS = np.random.default_rng(0).standard_normal((30, 12))


def test_cosine_is_symmetric_bounded_and_blind_to_length():
    alike = cosine(VECTORS, VECTORS)
    np.testing.assert_allclose(alike, alike.T, atol=1e-12)
    np.testing.assert_allclose(np.diag(alike), 1)
    assert np.abs(alike).max() <= 1
    np.testing.assert_allclose(cosine(7 * VECTORS, 0.1 * VECTORS), alike, atol=1e-12)
    np.testing.assert_allclose(cosine(-VECTORS, VECTORS), -alike, atol=1e-12)


def test_right_angles_zeros_and_misfits():
    assert cosine(np.array([1.0, 0]), np.array([0, 3.0]))[0, 0] == 0
    assert cosine(np.zeros(3), np.ones(3))[0, 0] == 0 and not np.isnan(unit(np.zeros(3))).any()
    with pytest.raises(ValueError, match="use one encoder"):
        cosine(np.ones(3), np.ones(4))


def test_the_nearest_of_a_vector_is_itself_and_the_order_falls():
    for row, vector in enumerate(VECTORS):
        found = nearest(vector, VECTORS, 30)
        assert found[0] == (row, pytest.approx(1))
        assert [c for _, c in found] == sorted((c for _, c in found), reverse=True)


def test_all_axes_rebuild_the_vectors_and_keep_every_distance():
    axes = principal_axes(VECTORS, 12)
    seen = axes.project(VECTORS)
    np.testing.assert_allclose(seen @ axes.directions + axes.mean, VECTORS, atol=1e-10)
    np.testing.assert_allclose(axes.directions @ axes.directions.T, np.eye(12), atol=1e-10)
    assert axes.share.sum() == pytest.approx(1)


def test_no_other_directions_keep_more_variance():
    axes = principal_axes(VECTORS, 3)
    kept = axes.project(VECTORS).var(axis=0).sum()
    assert kept / VECTORS.var(axis=0).sum() == pytest.approx(axes.share.sum())
    rng = np.random.default_rng(1)
    for _ in range(50):
        other, _ = np.linalg.qr(rng.standard_normal((12, 3)))
        assert (VECTORS @ other).var(axis=0).sum() <= kept


def test_points_on_a_line_need_one_axis_and_the_view_does_not_flip():
    line = np.outer(np.linspace(-1, 2, 7), np.arange(1.0, 6.0))
    np.testing.assert_allclose(principal_axes(line, 3).share, [1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(principal_axes(line[::-1].copy(), 1).directions, principal_axes(line, 1).directions)
    assert principal_axes(np.ones((2, 5)), 3).share.sum() == 0  # no spread at all: nothing to keep


def test_four_points_lose_nothing_in_three_axes():
    four = VECTORS[:4]
    axes, end = principal_axes(four, 3), analogy(*VECTORS[:3])
    assert axes.share.sum() == pytest.approx(1)
    for a in four:
        seen = np.linalg.norm(axes.project(a) - axes.project(end))
        assert seen == pytest.approx(np.linalg.norm(a - end))


# --- what the shipped encoders have learned ---


@pytest.fixture(scope="module")
def live() -> meaning.Space:
    """The vocabulary, encoded now."""
    words = meaning.encode([tuple(word.split()) for word in meaning.WORDS])
    return meaning.Space(words, meaning.space().pictures, words.mean(0))


@pytest.mark.parametrize("centred", [False, True])
def test_king_is_closer_to_man_and_queen_to_woman(live, centred):
    def alike(a: str, b: str) -> float:
        middle = live.mean if centred else 0
        return float(cosine(live.word(a) - middle, live.word(b) - middle)[0, 0])

    assert alike("king", "man") > alike("king", "woman") + 0.1
    assert alike("queen", "woman") > alike("queen", "man") + 0.1


@pytest.mark.parametrize(("a", "b", "c", "answer"), [("king", "man", "woman", "queen"),
                                                     ("queen", "woman", "man", "king")])  # fmt: skip
def test_the_sum_lands_nearest_the_answer_with_no_word_left_out(live, a, b, c, answer):
    end = analogy(live.word(a), live.word(b), live.word(c))
    assert meaning.WORDS[nearest(end, live.words, 1)[0][0]] == answer


def test_before_training_the_sum_does_not_work():
    fresh = meaning.near_words(meaning.word_sum("king", "man", "woman", meaning.FRESH), meaning.FRESH, 1)
    assert fresh[0].what != "queen"


def test_words_for_the_same_thing_lie_together_though_nobody_said_so():
    for a, b in [("day", "sunny"), ("day", "daylight"), ("cape", "superhero"), ("cape", "mask")]:
        word = meaning.space().word
        assert [n.what for n in meaning.near_words(word(a), meaning.TRAINED, 4, centred=True)].count(b) == 1


@pytest.mark.parametrize("which", [meaning.TRAINED, meaning.FRESH])
def test_what_ships_is_what_is_computed(which):
    phrases = meaning.shipped_phrases()
    shown = meaning.space(which)
    words = meaning.encode([tuple(word.split()) for word in meaning.WORDS], which)
    np.testing.assert_allclose(shown.words, words, atol=1e-3)
    np.testing.assert_allclose(shown.pictures, meaning.encode_pictures(meaning.drawings()[0], which), atol=1e-3)
    for said, vector in zip(phrases.values(), meaning.encode(list(phrases.values()), which), strict=True):
        placed = meaning.place(said, which)
        assert placed.badge == "cached"
        np.testing.assert_allclose(placed.vector, vector, atol=1e-3)


@pytest.mark.parametrize("text", [*meaning.EXAMPLES.values(), "a purple car in space", ""])
def test_the_words_shown_are_what_the_unet_hears(text, tiny_model):
    """The page's vectors are those that Model.encode hands to the U-Net; their mean, projected, is the phrase's."""
    import torch

    said = meaning.heard(text)
    vectors, badge = meaning.word_vectors(said)
    encoder, _ = encoders.encoders(meaning.TRAINED)
    context = replace(tiny_model, text=encoder, heard={}).encode([said])
    assert badge == ("cached" if text in meaning.EXAMPLES.values() else "live")
    np.testing.assert_allclose(vectors, context.words[0][context.mask[0]].numpy(), atol=4e-3)
    mean = torch.tensor(vectors[1:] if said else vectors).mean(dim=0)
    np.testing.assert_allclose(unit(encoder.project(mean).numpy()), meaning.place(said).vector, atol=4e-3)


def test_the_numbers_in_the_prose_are_those_of_the_encoder(live):
    """The maths and the quiz quote these; a newly trained encoder needs new words."""
    pairs = cosine(live.words, live.words)[np.triu_indices(len(live.words), 1)]
    assert pairs.mean() == pytest.approx(0.51, abs=0.005)
    assert np.linalg.norm(live.mean) == pytest.approx(0.72, abs=0.005)
    assert meaning.kept(meaning.axes(meaning.WORDS, meaning.TRAINED)) == 20
    king = [float(cosine(live.word("king"), live.word(w))[0, 0]) for w in ("man", "woman")]
    assert king == pytest.approx([0.62, 0.39], abs=0.005)


def test_drawings_of_a_thing_are_nearest_to_its_word():
    """Of the four drawings nearest to a subject's word at least three show it; before training they do not."""
    _, said = meaning.drawings()

    def hits(which: str) -> int:
        subjects = ("king", "queen", "cat", "turtle", "fish", "horse", "robot", "house", "tree", "car")
        return sum(s in said[n.what] for s in subjects
                   for n in meaning.near_pictures(meaning.space(which).word(s), which, 4))  # fmt: skip

    assert hits(meaning.TRAINED) >= 30 > 10 >= hits(meaning.FRESH)


def test_order_hardly_moves_a_phrase_and_every_part_that_is_said_does():
    def alike(one: str, two: str) -> float:
        return meaning.alike(*(meaning.place(meaning.heard(text)).vector for text in (one, two)))

    assert alike(meaning.RED_BLUE, meaning.BLUE_RED) > 0.999
    assert alike("a red cat on the beach", "on the beach a red cat") > 0.99
    steps = [alike("a red cat on the beach", less) for less in ("a red cat on the beach", "a red cat", "a cat")]
    assert steps[0] > steps[1] + 0.05 > steps[2] + 0.1


def test_left_out_says_everything_else():
    scene = meaning.read_prompt("a green turtle with a hat on the beach at night").scene
    said = {" ".join(phrase) for phrase in meaning.left_out(scene)}
    assert said == {"a green turtle wearing a hat on the beach", "a green turtle wearing a hat at night",
                    "a turtle wearing a hat on the beach at night", "a green turtle on the beach at night"}  # fmt: skip
    assert meaning.left_out(meaning.read_prompt("").scene) == []


def test_a_phrase_that_cannot_be_encoded_says_what_to_do(monkeypatch):
    def broken(said, which):
        raise RuntimeError("text_image.safetensors is missing. Make it with: python …")

    monkeypatch.setattr(meaning, "_encoded", broken)
    placed = meaning.place(("purple", "car", "in", "space"))
    assert "Make it with" in placed.problem and placed.said == ("a", "king")
