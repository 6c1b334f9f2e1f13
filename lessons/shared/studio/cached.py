"""Shipped results for the first paint: made by `python -m lessons.precompute`, read without torch.

Each is one .npz file of arrays under assets/precomputed/, with the settings that made it and the hash of the
weights it was made with. A test makes them again and compares.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from diffusion_core.shipped import ASSETS, ShippedFileError, write_manifest

FOLDER = ASSETS / "precomputed"
COMMAND = "python -m lessons.precompute"

__all__ = ["PrecomputedMissing", "Result", "load", "save", "write_manifest"]

Result = tuple[dict[str, np.ndarray], dict[str, Any]]  # arrays, settings


class PrecomputedMissing(ShippedFileError):
    """A shipped result is not there or damaged; the message says which command makes it."""


def save(name: str, make: Callable[[], Result]) -> Path:
    """Compute a result and write it; floats are kept in half precision, which is finer than a screen shows."""
    arrays, settings = make()
    FOLDER.mkdir(parents=True, exist_ok=True)
    small = {key: a.astype(np.float16) if a.dtype.kind == "f" and a.ndim > 1 else a for key, a in arrays.items()}
    path = FOLDER / f"{name}.npz"
    np.savez_compressed(path, settings=np.array(json.dumps(settings)), **small)
    return path


@lru_cache(maxsize=16)
def load(name: str) -> Result:
    """(arrays, settings) of a shipped result; arrays are read-only and shared by all learners.

    Raises PrecomputedMissing with the command that makes it.
    """
    path = FOLDER / f"{name}.npz"
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files if key != "settings"}
            settings = json.loads(str(file["settings"]))
    except Exception as problem:  # missing, truncated, not an archive: one cure for all
        raise PrecomputedMissing(f"{path.name} is missing or damaged. Make it with: {COMMAND}") from problem
    arrays = {key: a.astype(np.float32) if a.dtype == np.float16 else a for key, a in arrays.items()}
    for array in arrays.values():
        array.setflags(write=False)
    return arrays, settings
