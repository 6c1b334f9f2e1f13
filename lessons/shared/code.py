"""Show the lines of the core that made the picture: the real ones, read from the file, folded until wanted.

The file is parsed, not imported: a page can show how torch is used without waiting for torch.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Source:
    """A function or class as it stands in its file."""

    path: str
    name: str
    first: int  # line number of its first line, decorators included
    text: str


def show_source(reference: str) -> None:
    """Show `diffusion_core/process.py::add_noise` with its file and line."""
    source = read_source(reference)
    st.code(source.text, language="python", wrap_lines=False)
    st.caption(f":material/description: `{source.path}`, line {source.first}")


def read_source(reference: str) -> Source:
    """The source of `path::name` or `path::Class.method`; the path is relative to the repository."""
    path, _, name = reference.partition("::")
    file = ROOT / path
    if not name or not file.is_file():
        raise LookupError(f"no source {reference!r}: write it as 'diffusion_core/process.py::add_noise'")
    return _read(file, path, name, file.stat().st_mtime_ns)


@lru_cache(maxsize=128)
def _read(file: Path, path: str, name: str, changed: int) -> Source:
    text = file.read_text(encoding="utf-8")
    node: ast.AST = ast.parse(text)
    for part in name.split("."):
        node = _child(node, part, path)
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    lines = text.splitlines()[first - 1 : node.end_lineno]
    indent = len(lines[0]) - len(lines[0].lstrip())
    return Source(path, name, first, "\n".join(line[indent:] for line in lines))


def _child(node: ast.AST, name: str, path: str) -> ast.AST:
    for child in getattr(node, "body", []):
        targets = getattr(child, "targets", []) or [getattr(child, "target", None)]
        names = [getattr(child, "name", None), *(getattr(t, "id", None) for t in targets)]
        if name in names:
            return child
    raise LookupError(f"{path} defines no {name!r}; the lesson names the wrong function")
