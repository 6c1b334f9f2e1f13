"""Our own Markdown as HTML, made here and once for everybody.

Streamlit's st.markdown leaves that to the browser, and for HTML between the lines it loads a parser of 190 kB. Formulas
and icons are Streamlit's alone: what holds these goes through st.markdown.
"""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt

_READER = MarkdownIt("commonmark", {"html": False})
_MOST = 1024  # texts kept: the course has a few hundred


@lru_cache(_MOST)
def paragraphs(text: str) -> str:
    """A text of any length."""
    return _READER.render(text)


@lru_cache(_MOST)
def line(text: str) -> str:
    """A single line, which goes into an element of the caller's."""
    return _READER.renderInline(text)
