"""What a link may ask for: every value from outside is brought into its range, and the page says so."""

from __future__ import annotations

import math
from collections.abc import Sequence

Number = int | float


def judge_number(
    asked: object, what: str, low: Number, high: Number, step: Number, default: Number
) -> tuple[Number, str]:
    """A number within [low, high] on the grid of `step`, and one sentence if it is not what was asked."""
    whole = isinstance(low, int) and isinstance(step, int)
    number = _number(asked)
    if number is None:
        return default, f"The link's {what} “{shorten(asked)}” is not a number, so this page uses {say(default)}."
    if number > high:
        return high, _beyond(what, number, f"goes up to {say(high)}", high)
    if number < low:
        return low, _beyond(what, number, f"starts at {say(low)}", low)
    snapped = low + round((number - low) / step) * step
    value = int(snapped) if whole else min(float(f"{snapped:.12g}"), high)
    if math.isclose(value, number, rel_tol=1e-6, abs_tol=1e-12):
        return value, ""
    return value, _beyond(what, number, f"goes in steps of {say(step)}", value)


def judge_choice(asked: object, what: str, options: Sequence[str], default: str) -> tuple[str, str]:
    """One of `options`; anything else becomes the default, said in one sentence."""
    if asked in options:
        return str(asked), ""
    return default, (
        f"The link asked for {what} “{shorten(asked)}”, which this page does not have, so it uses {default}."
    )


def judge_text(asked: object, what: str, longest: int) -> tuple[str, str]:
    """Text of at most `longest` characters without control characters."""
    text = "".join(c if c.isprintable() else " " for c in str(asked))
    if len(text) <= longest:
        return text, ""
    return text[:longest], (f"The link's {what} is {len(text)} characters long; this page reads the first {longest}.")


def judge_switch(asked: object, what: str, default: bool) -> tuple[bool, str]:
    """true or false."""
    word = str(asked).strip().lower()
    if word in {"true", "false"}:
        return word == "true", ""
    usual = "on" if default else "off"
    return default, f"The link's {what} “{shorten(asked)}” is neither true nor false, so it stays {usual}."


def say(number: Number) -> str:
    """A number as a reader writes it: 200, 0.02, 1e-04."""
    return f"{number:,}" if isinstance(number, int) else f"{number:.6g}"


def shorten(asked: object, longest: int = 24) -> str:
    """What was asked, short and printable, for quoting in a sentence; Markdown marks are taken out."""
    text = "".join(c for c in str(asked) if c.isprintable() and c not in "`*_[]<>$\\:#|~")
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _number(asked: object) -> float | None:
    try:
        number = float(str(asked).strip())
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _beyond(what: str, number: float, limit: str, value: Number) -> str:
    asked = int(number) if number == int(number) and abs(number) < 1e15 else number
    return f"The link asked for {what} {say(asked)}; this page {limit}, so it uses {say(value)}."
