"""Examples and answers as cells of pictures: one example large, with its sum; many in columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from lessons.shared import pictures
from lessons.shared.stepping import pixels
from lessons.shared.stepping.numbers import fine
from lessons.shared.studio.training_step import SCHEDULE, Answers, Examples

LARGE, SMALL = 5, 3  # how many times a pixel is enlarged
Words = Mapping[str, str]


def one(asked: Examples, said: Answers | None, words: Words) -> str:
    """One example: picture, noise, noisy picture; below, each under its own, what the network makes of them."""
    mark, (t,) = None, asked.t
    above = [
        _cell(pixels.picture(asked.x0[0]), words["x0"], f"× {fine(SCHEDULE.signal_rate(t))}"),
        _cell(pixels.noise(asked.eps[0]), words["eps"], f"× {fine(SCHEDULE.noise_rate(t))}", mark),
        _cell(pixels.picture(asked.x_t[0]), words["x_t"], words["level"].format(t=f"{t:,}")),
    ]
    if said is None:
        below = [f'<div class="ts-empty"><span>{escape(words[k])}</span></div>' for k in ("x0_hat", "eps_hat", "diff")]
        tile = _tile(words["mse"], "?", words["mse_note"])
        return _grid([*above, tile, *below, f'<div class="ts-empty"><span>{escape(words["map"])}</span></div>'])
    squared = said.noise_error(asked)[0]
    mark, top = pixels.worst(squared)[:2], pixels.top_of(squared)
    above[1] = _cell(pixels.noise(asked.eps[0]), words["eps"], f"× {fine(SCHEDULE.noise_rate(t))}", mark)
    below = [
        _cell(pixels.picture(said.x0_hat[0]), words["x0_hat"], words["x0_hat_note"]),
        _cell(pixels.noise(said.eps_hat[0]), words["eps_hat"], words["eps_hat_note"], mark),
        _cell(pixels.noise(said.eps_hat[0] - asked.eps[0]), words["diff"], words["diff_note"], mark),
        _cell(pixels.error(squared, top), words["map"], words["map_note"].format(top=fine(top)), mark),
    ]
    return _grid([*above, _tile(words["mse"], fine(float(squared.mean())), words["mse_note"]), *below])


def by_hand(asked: Examples, said: Answers, words: Words) -> str:
    """The sum behind the MSE, for the one value that the network got most wrong."""
    squared = said.noise_error(asked)[0]
    at = pixels.worst(squared)
    eps, eps_hat = float(asked.eps[0][at]), float(said.eps_hat[0][at])
    steps = (
        ("noise", words["sum_eps"], fine(eps, signed=True)),
        ("predicted", words["sum_eps_hat"], fine(eps_hat, signed=True)),
        ("", words["sum_diff"], fine(eps_hat - eps, signed=True)),
        ("", words["sum_square"], fine(float(squared[at]))),
        ("total", words["sum_mean"].format(count=f"{squared.size:,}"), fine(float(squared.mean()))),
    )
    cells = "".join(f'<div class="{look}"><dt>{escape(k)}</dt><dd>{v}</dd></div>' for look, k, v in steps)
    where = words["sum_title"].format(colour=words["colours"].split(", ")[at[2]], row=at[0] + 1, column=at[1] + 1)
    return f'<div class="ts-sum"><p>{escape(where)}</p><dl class="ts-terms">{cells}</dl></div>'


def many(asked: Examples, said: Answers | None, words: Words, show: Sequence[int] | None = None) -> str:
    """Examples in columns: level, noisy picture, and once there are answers both predictions and the errors."""
    places = range(len(asked.t)) if show is None else show
    rows = [_line(words["row_level"], [f"{asked.t[i]:,}" for i in places])]
    rows.append(_pictures(words["x_t"], pixels.picture(asked.x_t), asked.t, places))
    rows.append(_pictures(words["eps"], pixels.noise(asked.eps), asked.t, places))
    if said is not None:
        rows.append(_pictures(words["eps_hat"], pixels.noise(said.eps_hat), asked.t, places))
        rows.append(_pictures(words["x0_hat"], pixels.picture(said.x0_hat), asked.t, places))
        for name, errors in zip(("row_noise", "row_picture"), said.means(asked), strict=True):
            rows.append(_line(words[name], [fine(float(errors[i])) for i in places]))
    return f'<div class="ts-many" role="group" tabindex="0"><table>{"".join(rows)}</table></div>'


def _line(title: str, cells: Sequence[str]) -> str:
    values = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="rowgroup" colspan="{len(cells)}"><span>{escape(title)}</span></th></tr><tr>{values}</tr>'


def _pictures(title: str, shown: np.ndarray, t: Sequence[int], places: Sequence[int]) -> str:
    cells = [pictures.picture_html(shown[i], SMALL, alt=f"{title} at noise level {t[i]}") for i in places]
    return _line(title, cells)


def _cell(shown: np.ndarray, title: str, note: str, mark: tuple[int, int] | None = None) -> str:
    box = ""
    if mark is not None:
        box = f'<i aria-hidden="true" style="top:{mark[0] * LARGE}px;left:{mark[1] * LARGE}px"></i>'
    drawn = pictures.picture_html(shown, LARGE, alt=title)
    return f'<div class="ts-cell"><div>{drawn}{box}</div><b>{escape(title)}</b><small>{escape(note)}</small></div>'


def _tile(title: str, number: str, note: str) -> str:
    return f'<div class="ts-tile"><b>{escape(title)}</b><strong>{number}</strong><small>{escape(note)}</small></div>'


def _grid(cells: Sequence[str]) -> str:
    return f'<div class="ts-one">{"".join(cells)}</div>'
