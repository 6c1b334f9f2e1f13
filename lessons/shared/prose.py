"""A lesson's words live in lessons/prose/<language>/<topic>.md, in named sections; this file reads them.

A section opens with `## its-name` and runs to the next one. `{{name}}` is filled in by the caller.
Numbered lines are moves, `### question` with `- [x]` and `- [ ]` options are a quiz; a `>` line under a
move or an option is what is folded away until it is wanted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PROSE = Path(__file__).parents[1] / "prose"
LANGUAGE = "en"

_HEADING = re.compile(r"^## +(\S.*?)\s*$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")
_MOVE = re.compile(r"^\d+\. +", re.MULTILINE)
_OPTION = re.compile(r"^- \[([ x])\] +", re.MULTILINE)
_QUESTION = re.compile(r"^### +", re.MULTILINE)


class ProseError(ValueError):
    """A section, a placeholder or a quiz that is not as the lesson needs it."""


@dataclass(frozen=True)
class Move:
    """One thing to do, and what there is to notice (folded until wanted; may be empty)."""

    text: str
    notice: str = ""


@dataclass(frozen=True)
class Option:
    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class Question:
    text: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Prose:
    """The words of one lesson in one language."""

    topic: str
    sections: dict[str, str]

    def text(self, section: str, **values: object) -> str:
        """A section as Markdown, with every `{{name}}` filled from `values`."""
        if section not in self.sections:
            known = ", ".join(self.sections) or "none"
            raise ProseError(f"{self.topic}.md has no section '## {section}'; it has: {known}")
        return fill(self.sections[section], values, f"{self.topic}.md, section '{section}'")

    def has(self, section: str) -> bool:
        return section in self.sections

    def moves(self, section: str = "try-this", **values: object) -> tuple[Move, ...]:
        """A numbered list as moves."""
        moves = read_moves(self.text(section, **values))
        if not moves:
            raise ProseError(f"{self.topic}.md, section '{section}': number the moves '1. …', '2. …'")
        return moves

    def quiz(self, section: str = "check", **values: object) -> tuple[Question, ...]:
        """The questions of a section."""
        return read_quiz(self.text(section, **values), f"{self.topic}.md, section '{section}'")


def load(topic: str, language: str = LANGUAGE) -> Prose:
    """The words of a lesson; read again only when the file has changed."""
    path = PROSE / language / f"{topic}.md"
    if not path.is_file():
        raise ProseError(f"write the lesson's words in lessons/prose/{language}/{topic}.md; it is missing")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> Prose:
    return Prose(path.stem, split_sections(path.read_text(encoding="utf-8"), path.name))


def split_sections(markdown: str, name: str = "prose") -> dict[str, str]:
    """Named sections of a Markdown text, in order."""
    parts = _HEADING.split(markdown)
    names, bodies = parts[1::2], parts[2::2]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise ProseError(f"{name} has two sections called '## {twice[0]}'; rename one")
    return {n: body.strip() for n, body in zip(names, bodies, strict=True)}


def fill(text: str, values: dict[str, object], where: str = "prose") -> str:
    """Fill `{{name}}` placeholders; a missing or an unused value is an error, so that typing slips show."""
    wanted = set(_PLACEHOLDER.findall(text))
    for name in sorted(wanted ^ values.keys()):
        problem = f"wants a value for {{{{{name}}}}}" if name in wanted else f"has no {{{{{name}}}}} to fill"
        raise ProseError(f"{where} {problem}")
    return _PLACEHOLDER.sub(lambda match: str(values[match[1]]), text)


def read_moves(text: str) -> tuple[Move, ...]:
    """`1. Do this.` with an optional `> what you notice` below it."""
    return tuple(Move(*_unquote(part)) for part in _MOVE.split(text)[1:])


def read_quiz(text: str, where: str = "quiz") -> tuple[Question, ...]:
    """`### Question`, then `- [x] right` and `- [ ] wrong` options, each with its `> why`."""
    questions = tuple(_read_question(part, where) for part in _QUESTION.split(text)[1:])
    if not questions:
        raise ProseError(f"{where}: a quiz needs a question, '### …?'")
    return questions


def _read_question(part: str, where: str) -> Question:
    asked, *pieces = _OPTION.split(part)
    options = []
    for mark, body in zip(pieces[::2], pieces[1::2], strict=True):
        text, why = _unquote(body)
        options.append(Option(text, mark == "x", why))
    title = " ".join(asked.split())
    if len(options) < 2 or sum(o.right for o in options) != 1:
        raise ProseError(f"{where}: '{title}' needs two options or more, exactly one of them '- [x]'")
    if not all(o.why for o in options):
        raise ProseError(f"{where}: every option of '{title}' needs a '> why' line, the wrong ones too")
    return Question(title, tuple(options))


def _unquote(part: str) -> tuple[str, str]:
    """Split a part into its own text and the text of its `>` lines."""
    own, quoted = [], []
    for line in part.strip().splitlines():
        stripped = line.strip()
        if stripped.startswith(">"):
            quoted.append(stripped.removeprefix(">").strip())
        else:
            own.append(stripped)
    return "\n".join(own).strip(), "\n".join(quoted).strip()
