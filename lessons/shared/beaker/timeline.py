"""Dates on a line: a year, what it brought, and a sentence more."""

from __future__ import annotations

from html import escape

import streamlit as st

_STYLE = """<style>
.stHtml .bk-timeline { display: grid; grid-template-columns: repeat(var(--years), minmax(0, 1fr)); margin: 0.25rem 0 0;
  padding: 0 !important; list-style: none; }
.stHtml .bk-timeline li { position: relative; margin: 0; padding: 1.6rem 1.5rem 0 0; }
.bk-timeline li::before { content: ""; position: absolute; left: 0; right: 0; top: 6px;
  border-top: 1.5px solid var(--bk-hair); }
.bk-timeline li::after { content: ""; position: absolute; left: 0; top: 0; width: 14px; height: 14px;
  border-radius: 50% 50% 50% 50% / 62% 62% 38% 38%; background: var(--bk-you); }
.bk-timeline li:last-child::before { right: 40%; }
.bk-timeline time { display: block; font: 600 1.35rem/1.2 var(--bk-mono); letter-spacing: -0.03em; }
.bk-timeline strong { display: block; margin-top: 0.2rem; font-weight: 600; line-height: 1.35; }
.bk-timeline p { margin: 0.25rem 0 0; max-width: 34ch; color: var(--bk-soft); font-size: 0.9rem; line-height: 1.5; }
@media (max-width: 860px) {
  .stHtml .bk-timeline { grid-template-columns: 1fr; }
  .stHtml .bk-timeline li { padding: 0 0 1.4rem 2rem; }
  .bk-timeline li::before, .bk-timeline li:last-child::before { left: 6px; right: auto; top: 6px; bottom: -6px;
    border: 0; border-left: 1.5px solid var(--bk-hair); }
  .bk-timeline li:last-child::before { display: none; }
  .bk-timeline li::after { top: 5px; }
}
</style>"""


def timeline(lines: str) -> None:
    """Show lines of `year | what | a sentence more`, in order."""
    entries = [[escape(part.strip()) for part in line.split("|")] for line in lines.splitlines() if line.strip()]
    items = "".join(
        f'<li><time datetime="{year}">{year}</time><strong>{what}</strong><p>{more}</p></li>'
        for year, what, more in entries
    )
    st.html(f'{_STYLE}<ol class="bk-timeline" style="--years: {len(entries)}">{items}</ol>')
