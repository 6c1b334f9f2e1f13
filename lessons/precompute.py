"""Make what ships for the first paint of each lesson: python -m lessons.precompute [name …]"""

from __future__ import annotations

import sys
from collections.abc import Callable

from lessons.shared.studio import (
    attention,
    back_shipped,
    broken_shipped,
    cached,
    forward,
    grow_shipped,
    guided_shipped,
    inside,
    meaning,
    runs,
    schedules,
    steps_shipped,
    training_step,
    without_shipped,
    workshop,
)

MAKERS: dict[str, Callable[[], cached.Result]] = {
    "adrift": forward.make_shipped,
    "attention": attention.make_shipped,
    "back": back_shipped.make_shipped,
    "broken": broken_shipped.make_shipped,
    "forget": schedules.make_default,
    "grow": grow_shipped.make_shipped,
    "guided": guided_shipped.make_shipped,
    "inside": inside.make_shipped,
    "reverse": runs.make_default,
    "steps": steps_shipped.make_shipped,
    "training_step": training_step.make_shipped,
    "words": meaning.make_shipped,
    "workshop": workshop.make_shipped,
    "without": without_shipped.make_shipped,
}


def main(names: list[str]) -> None:
    """Make the named results, or all."""
    unknown = [name for name in names if name not in MAKERS]
    if unknown:
        sys.exit(f"nothing is called {unknown[0]}; choose from {', '.join(MAKERS)}")
    for name in names or MAKERS:
        path = cached.save(name, MAKERS[name])
        print(f"{path.name}: {path.stat().st_size:,} bytes")
    cached.write_manifest()


if __name__ == "__main__":
    main(sys.argv[1:])
