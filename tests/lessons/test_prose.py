"""Words: named sections, placeholders, moves and quizzes, and a clear sentence when one is wrong."""

from __future__ import annotations

import pytest

from lessons import catalog
from lessons.shared import prose
from lessons.shared.prose import Move, Prose, ProseError

QUIZ = "### One?\n- [ ] no\n  > wrong because\n- [x] yes\n  > right\n  > because\n"


def test_sections_keep_order_and_drop_what_stands_before_the_first():
    sections = prose.split_sections("# Title\nlost\n## b\nsecond\n\n## a\nfirst\n### sub\n")
    assert sections == {"b": "second", "a": "first\n### sub"}


def test_a_section_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(ProseError, match=r"demo\.md has no section '## maths'; it has: saw"):
        Prose("demo", {"saw": "x"}).text("maths")


def test_two_sections_of_one_name_are_refused():
    with pytest.raises(ProseError, match="two sections called '## a'"):
        prose.split_sections("## a\n1\n## a\n2\n")


def test_a_missing_file_says_where_to_write_it():
    with pytest.raises(ProseError, match=r"lessons/prose/en/nowhere\.md"):
        prose.load("nowhere")


def test_placeholders_are_filled_and_formulas_are_left_alone():
    assert prose.fill(r"$x^{{2}}$ at {{t}} of $\frac{1}{2}$", {"t": 3}) == r"$x^{{2}}$ at 3 of $\frac{1}{2}$"


@pytest.mark.parametrize("values", [{}, {"t": 1, "typo": 2}])
def test_missing_and_unused_values_are_errors(values):
    with pytest.raises(ProseError):
        prose.fill("at {{t}}", values)


def test_moves_split_what_to_do_from_what_to_notice():
    moves = prose.read_moves("1. Do **this**\n   and that.\n   > See\n   > more.\n2. Stop.")
    assert moves == (Move("Do **this**\nand that.", "See\nmore."), Move("Stop.", ""))


def test_quiz_keeps_an_explanation_for_every_option():
    (question,) = prose.read_quiz(QUIZ)
    assert question.text == "One?"
    assert [(o.text, o.right, o.why) for o in question.options] == [
        ("no", False, "wrong because"),
        ("yes", True, "right\nbecause"),
    ]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda q: q.replace("[x]", "[ ]"), "exactly one"),
        (lambda q: q.replace("[ ]", "[x]"), "exactly one"),
        (lambda q: q.replace("  > wrong because\n", ""), "needs a '> why'"),
        (lambda q: "no question here", "needs a question"),
    ],
)
def test_a_spoilt_quiz_is_refused(spoil, sentence):
    with pytest.raises(ProseError, match=sentence):
        prose.read_quiz(spoil(QUIZ))


def test_a_changed_file_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr(prose, "PROSE", tmp_path)
    (tmp_path / "xx").mkdir()
    file = tmp_path / "xx" / "demo.md"
    file.write_text("## a\nold")
    assert prose.load("demo", "xx").text("a") == "old"
    file.write_text("## a\nnew and longer")
    assert prose.load("demo", "xx").text("a") == "new and longer"


def test_catalog_is_whole():
    """Every lesson has its script, its own address and a promise that completes "At the end you can …"."""
    urls = [lesson.url for lesson in catalog.LESSONS]
    assert len(set(urls)) == len(urls)
    for lesson in catalog.LESSONS:
        assert (prose.PROSE.parents[1] / lesson.file).is_file()
        assert lesson.promise and not lesson.promise.endswith(".") and lesson.minutes > 0
    assert catalog.following(catalog.LESSONS[-1]) is None
    assert catalog.following(catalog.WELCOME) is catalog.LESSONS[0]
    with pytest.raises(KeyError, match=r"catalog\.py"):
        catalog.lesson("lessons/unheard_of.py")
