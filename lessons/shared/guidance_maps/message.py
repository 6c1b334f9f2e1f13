"""What the maps are told, as a pure function: the steps of a run in, one message of bytes out (player/encode.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lessons.shared.player.encode import Numbers, pack
from lessons.shared.player.message import Badge
from lessons.shared.studio.guided import Moment

__all__ = ["FIELDS", "LARGEST", "Badge", "message"]

FIELDS = ("eps_without", "eps_with", "x0_without", "x0_with")
LARGEST = 15.0  # of the scale's slider


def message(run_id: str, moments: Sequence[Moment], *, total: int, scale: float, badge: Badge, running: bool,
            start: int, chart: bool, words: Mapping[str, str], sent: int = 0) -> bytes:  # fmt: skip
    """One message. The first `sent` steps are left out: the browser has them."""
    numbers, fresh = Numbers(), moments[sent:]
    arrays = {name: numbers.add(np.asarray(getattr(m, name)) for m in fresh) for name in FIELDS} if fresh else {}
    shape = list(fresh[0].x0_with.shape[:2]) if fresh else [0, 0]
    header = {
        "run_id": run_id, "first": sent, "total": total, "shape": shape, "arrays": arrays,
        "t": [int(m.t) for m in fresh], "used": [round(float(m.scale), 3) for m in fresh],
        "effect": [round(m.effect, 2) for m in fresh], "scale": float(scale), "largest": LARGEST, "running": running,
        "start": start, "chart": chart, "badge": {"kind": badge.kind, "text": badge.text}, "words": dict(words),
    }  # fmt: skip
    return pack(header, numbers)
