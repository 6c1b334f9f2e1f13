"""What came of a growth, as numbers that sentences can follow: when a thing became a thing, when a curve was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lessons.shared.studio.grow import SEEN
from lessons.shared.studio.judging import Look, Mark

SETTLED = 0.9  # share of its whole fall, after which a curve is called done


@dataclass(frozen=True)
class Became:
    """At which moments the judge sees what the prompt is about."""

    what: str  # the subjects that the prompt names, or its other words where it names none
    seen: tuple[bool, ...]  # at each moment
    sure: tuple[float, ...]  # the judge's confidence in the least certain of them
    whole: tuple[bool, ...]  # whether everything named is right

    @property
    def first(self) -> int | None:
        """The first moment at which it is seen; None where it never is."""
        return first(self.seen)

    @property
    def lost(self) -> tuple[int, ...]:
        """Later moments at which it is not seen again."""
        return () if self.first is None else tuple(i for i in range(self.first, len(self.seen)) if not self.seen[i])


def became(looks: Sequence[Look]) -> Became | None:
    """None where the prompt names nothing that a judge could look for."""
    if not looks or not looks[-1].named:
        return None
    marks = [central(look) for look in looks]
    what = " and ".join(dict.fromkeys(str(mark.asked) for mark in marks[-1]))
    return Became(what, tuple(all(m.right for m in some) for some in marks),
                  tuple(min(m.confidence for m in some) for some in marks),
                  tuple(look.right for look in looks))  # fmt: skip


def central(look: Look) -> list[Mark]:
    """The marks of the subjects; of everything named where no subject is."""
    return [mark for mark in look.named if mark.attribute == "subject"] or list(look.named)


def first(flags: Sequence[bool]) -> int | None:
    """The first place that is true."""
    return next((i for i, flag in enumerate(flags) if flag), None)


def fallen(error: Sequence[float]) -> list[float]:
    """At each moment the share of the curve's whole fall that is behind it: 0 at its start, 1 at its lowest."""
    whole = error[0] - min(error)
    return [(error[0] - each) / whole if whole else 0.0 for each in error]


def settled(error: Sequence[float], share: float = SETTLED) -> int:
    """The first moment at which so much of the fall is done."""
    return next(i for i, each in enumerate(fallen(error)) if each >= share or i == len(error) - 1)


def half_right(rates: Sequence[tuple[int, int]]) -> int | None:
    """The first moment from which on at least half are right, at every later moment too."""
    below = [i for i, (right, named) in enumerate(rates) if 2 * right < named]
    start = below[-1] + 1 if below else 0
    return start if start < len(rates) else None


def short(seen: int) -> str:
    """A number of drawings where there is little room: 0, 2k, 1.86M."""
    if seen >= 1_000_000:
        return f"{seen / 1e6:g}M"
    return f"{seen / 1000:g}k" if seen >= 1000 else str(seen)


def spelt(moments: Sequence[int]) -> str:
    """Moments as pictures seen: "20,000", "20,000 and 40,000", "5,000, 20,000 and 40,000"."""
    counts = [f"{SEEN[i]:,}" for i in moments]
    return " and ".join(filter(None, [", ".join(counts[:-1]), counts[-1]])) if counts else ""
