"""The prompt reader: it undoes the captions exactly, understands near misses, and never raises."""

from __future__ import annotations

import random
import time
import unicodedata

import pytest

from diffusion_core.world.captions import CAPTION_WORDS, MAX_WORDS, SIDED, choose_facts, say, write_caption
from diffusion_core.world.lexicon import FACTS, UNITS, tokens
from diffusion_core.world.prompts import canonical, read_prompt
from diffusion_core.world.synonyms import NEAREST, SYNONYMS
from diffusion_core.world.vocabulary import HELD_OUT, NOTHING, Figure, Scene
from tests.world.test_captions import any_scene


def cat(colour: str | None = None, wearing: str | None = None) -> Figure:
    return Figure("cat", colour, wearing)


def dog(colour: str | None = None) -> Figure:
    return Figure("dog", colour)


def test_reading_undoes_writing() -> None:
    """Every fact that a caption tells is read back, nothing else is, and no word is changed."""
    rng = random.Random(1)
    for _ in range(5_000):
        facts = choose_facts(any_scene(rng), rng)
        caption = say(facts, rng)
        reading = read_prompt(caption)
        assert " ".join(reading.words) == caption
        assert not reading.unknown and not reading.understood
        told = tuple(f for f in facts.figures if f != Figure())
        assert set(reading.scene.figures) == set(told) and len(reading.scene.figures) == len(told), caption
        if reading.sided:
            assert reading.scene.figures == told, caption
        assert (reading.scene.thing, reading.scene.place, reading.scene.time) == (
            facts.thing, facts.place, facts.time,
        ), caption  # fmt: skip


def test_captions_draw_no_complaint() -> None:
    rng = random.Random(2)
    for _ in range(2_000):
        caption = write_caption(any_scene(rng), rng)
        assert read_prompt(caption).notes == (), caption


def test_a_canonical_caption_is_read_back() -> None:
    rng = random.Random(3)
    for _ in range(2_000):
        scene = choose_facts(any_scene(rng), rng)
        if scene.figures[0].subject:
            assert read_prompt(canonical(scene)).scene == scene
    full = Scene((Figure("turtle", "green", "sunglasses"),), "basketball", "beach")
    assert canonical(full) == "a green turtle wearing sunglasses with a basketball on the beach"
    assert canonical(Scene((cat(None, NOTHING),), NOTHING)) == "a cat"


def test_every_sided_wording_names_the_true_sides() -> None:
    for wording in SIDED:
        reading = read_prompt(wording.format(l="a red cat", r="a blue dog"))
        assert reading.sided and reading.scene.figures == (cat("red"), dog("blue")), wording


def test_every_synonym_is_read_as_the_captions_say_it() -> None:
    for ours, row in SYNONYMS.items():
        assert set(ours.split()) <= set(CAPTION_WORDS), ours
        for typed in (part.strip() for part in row.split(",")):
            assert read_prompt(f"robot {typed} hat").scene == read_prompt(f"robot {ours} hat").scene, typed


def test_each_typed_phrase_has_one_meaning_and_never_hides_a_caption() -> None:
    rows = [*SYNONYMS.values(), *NEAREST.values()]
    typed = [part.strip() for row in rows for part in row.split(",")]
    assert len(typed) == len(set(typed)) > 800
    for phrase in typed:  # a list caption holds content words in any order: "corgi dog" is two figures
        assert not all(word in FACTS or word == "tabby" for word in phrase.split()) or phrase == "tabby"


def test_every_nearest_word_is_unknown_and_its_advice_is_known() -> None:
    for advice, row in NEAREST.items():
        assert all(read_prompt(f"a cat {word} dog").words for word in advice.split(", "))
        assert all(word in UNITS for word in advice.split(", ")), advice
        for typed in (part.strip() for part in row.split(",")):
            (unknown,) = read_prompt(typed).unknown
            assert unknown.suggestions == tuple(advice.split(", ")), typed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A Green TURTLE, wearing shades; by the ocean!", "a green turtle wearing sunglasses on the beach"),
        ("turtles green beach sunglasses", "turtle green beach sunglasses"),
        ("a kitty under the sea", "a cat underwater"),
        ("tiger-striped cat", "tabby cat"),
        ("an automobile in the galaxy at midnight", "a car in space at night"),
        ("a gray superhero kitten", "a grey superhero cat"),
        ("a puppy playing ball in the woods", "a dog playing basketball in the forest"),
        ("two red dogs in the snow", "a red dog and a red dog in the snow"),
        ("a big fluffy cat", "a cat"),
        ("a cat on the mountain with a guitar at night", "a cat at night"),
        ("a cat, a dog", "a cat and a dog"),
        ("a cat holding two apples", "a cat holding an apple"),
        ("🐢🕶️🏖️", "turtle sunglasses beach"),
        ("a purpel hrose in spcae", "a purple horse in space"),
        ("a glowing cat playing", "a cat"),
    ],
)
def test_free_text_becomes_caption_words(text: str, words: str) -> None:
    assert " ".join(read_prompt(text).words) == words


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("a red cat and a blue dog", (cat("red"), dog("blue"))),
        ("a cat and a blue dog", (cat(), dog("blue"))),
        ("the cat is red and the dog is blue", (cat("red"), dog("blue"))),
        ("a blue dog to the right of a red cat", (cat("red"), dog("blue"))),
        ("on the left a red cat, on the right a blue dog", (cat("red"), dog("blue"))),
        ("on the right a blue dog and on the left a red cat", (cat("red"), dog("blue"))),
        ("a king in red beside a queen in blue", (Figure("king", "red"), Figure("queen", "blue"))),
        ("cat beach red", (cat("red"),)),
        ("a red superhero cat", (cat("red", "cape"),)),
        ("a cat in a cape and mask", (cat(None, "cape"),)),
        ("a cat with a red hat", (cat(None, "hat"),)),
    ],
)
def test_colours_and_sides_stick_to_their_figures(text: str, figures: tuple[Figure, ...]) -> None:
    assert read_prompt(text).scene.figures == figures


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a sunny night", "*day* and *night*"),
        ("a cat on the beach in the city", "*beach* and *city*"),
        ("a red and blue cat", "*red* and *blue*"),
        ("a cat with a hat and a scarf", "*hat* and *scarf*"),
        ("three cats", "*three* became two"),
        ("a cat, a dog and a red bird", "*bird* left out"),
        ("a turtle at night in a room", "no time of day"),
        ("a cat without a hat", "*without a hat* is left out"),
        ("a house wearing sunglasses", "house never wears"),
        ("a cat with a red hat", "*red* may tint"),
        ("a turtel", "Read *turtel* as *turtle*."),
        ("a dragon", "The model never saw *dragon*; try *bird* or *turtle*."),
        ("a cat and a dog with a balloon", "pictures of two"),
        ("a cat on the left", "one alone"),
        ("cat " * 30, "first two"),
        ("a cat " + "on the beach " * 9, f"{MAX_WORDS} words"),
        ("x" * 401, "400 characters"),
    ],
)
def test_what_cannot_be_followed_is_said_in_one_sentence(text: str, part: str) -> None:
    notes = [note for note in read_prompt(text).notes if part in note]
    assert len(notes) == 1 and notes[0].endswith(".")


def test_a_denied_thing_is_neither_seen_nor_read() -> None:
    for text in ("a cat without a hat or a scarf on the beach", "a cat not wearing a hat on the beach"):
        reading = read_prompt(text)
        assert " ".join(reading.words) == "a cat on the beach"
        assert reading.scene == Scene((cat(),), place="beach")
    assert read_prompt("not a cat but a dog").scene.figures == (dog(),)


@pytest.mark.parametrize("text", ["", " \n\t", "dragon", "🙂", "the of a", "черепаха", "no", "\ud800", "--"])
def test_without_known_words_a_prompt_is_unconditional(text: str) -> None:
    reading = read_prompt(text)
    assert reading.unconditional and reading.words == () and reading.scene == Scene()
    assert any("draws whatever it likes" in note for note in reading.notes)


def test_held_out_blocks_are_named() -> None:
    for block in HELD_OUT:
        subject = block.get("subject", "turtle")
        figure = Figure(subject, block.get("colour"), block.get("wearing"))
        scene = Scene((figure,), block.get("thing"), block.get("place"))
        assert block in read_prompt(canonical(scene)).held_out
    assert read_prompt("a cat").held_out == ()


def any_text(rng: random.Random) -> str:
    """Mostly hostile: surrogates, controls, marks, right-to-left, emoji, and our own words in between."""
    ranges = ((0, 0x80), (0x80, 0x530), (0x590, 0x780), (0x300, 0x370), (0x2000, 0x2070), (0xD800, 0xE000),
              (0x4E00, 0x9FFF), (0x1F300, 0x1FA00), (0, 0x110000))  # fmt: skip
    parts = []
    for _ in range(rng.randrange(12)):
        low, high = rng.choice(ranges)
        parts.append("".join(chr(rng.randrange(low, high)) for _ in range(rng.randrange(9))))
        parts.append(
            rng.choice((" ", "", "\u200d", rng.choice(CAPTION_WORDS), " two ", " no ", "n't", " a "))
        )
    return "".join(parts)


def test_it_never_raises_and_always_answers_in_caption_words() -> None:
    rng = random.Random(4)
    known = set(CAPTION_WORDS)
    for _ in range(10_000):
        reading = read_prompt(any_text(rng))
        assert known.issuperset(reading.words) and len(reading.words) <= MAX_WORDS
        assert len(reading.scene.figures) <= 2
        shown = "".join(reading.notes) + "".join(item.word for item in reading.unknown)
        assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in shown)


def test_words_shuffled_into_nonsense_are_read_without_fail() -> None:
    rng = random.Random(5)
    spice = [*CAPTION_WORDS, "two", "three", "no", "without", "or", "not", "dragon", "ocean", "playing"]
    for _ in range(10_000):
        reading = read_prompt(" ".join(rng.choices(spice, k=rng.randrange(1, 14))))
        again = read_prompt(" ".join(reading.words))
        assert len(reading.words) <= MAX_WORDS and len(reading.scene.figures) <= 2
        assert not again.unknown and bool(again.words) == bool(reading.words)


@pytest.mark.parametrize(
    "unit", ["a", "cat ", "no ", "two ", "x y ", "n't", "\u0301", "ﷺ", "or ", "qqqqq ", "'"]
)
def test_long_prompts_are_read_at_once(unit: str) -> None:
    start = time.perf_counter()
    read_prompt(unit * (10_000 // len(unit)))
    assert time.perf_counter() - start < 1.0


def test_a_long_word_is_shown_short() -> None:
    (note, *_) = read_prompt("z" * 300).notes
    assert len(note) < 100 and "z" * 31 not in note


def test_tokens_keep_only_letters_and_digits() -> None:
    assert tokens("The KING's  café—ro\u200dbots!") == ["the", "king", "cafe", "robot"]
