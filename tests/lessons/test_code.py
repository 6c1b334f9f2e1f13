"""The code shown is the code in the file, and reading it imports nothing."""

from __future__ import annotations

import inspect
import sys

import pytest

from lessons.shared import limits
from lessons.shared.code import read_source


def test_it_is_the_source_that_python_runs():
    source = read_source("lessons/shared/limits.py::judge_number")
    assert source.text == inspect.getsource(limits.judge_number).rstrip()
    assert source.first == inspect.getsourcelines(limits.judge_number)[1]


def test_decorators_methods_and_constants(tmp_path, monkeypatch):
    monkeypatch.setattr("lessons.shared.code.ROOT", tmp_path)
    (tmp_path / "m.py").write_text(
        "import no_such_module\n@wrap\nclass A:\n    @prop\n    def f(self):\n        return 1\n"
        "B = {1: 2}\nC: int = 3\n"
    )
    assert read_source("m.py::A").text.startswith("@wrap\nclass A:")
    assert read_source("m.py::A.f").text == "@prop\ndef f(self):\n    return 1"
    assert read_source("m.py::B").text == "B = {1: 2}"
    assert read_source("m.py::C").text == "C: int = 3"
    assert "no_such_module" not in sys.modules


@pytest.mark.parametrize("wrong", ["lessons/shared/limits.py", "nowhere.py::f", "lessons/shared/limits.py::nope"])
def test_a_wrong_reference_says_so(wrong):
    with pytest.raises(LookupError, match=r"write it as|defines no 'nope'"):
        read_source(wrong)
