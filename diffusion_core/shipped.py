"""Files that ship with the course, under assets/, and the manifest of their hashes. Needs no torch.

python -m diffusion_core.shipped        hash every file again and write assets/manifest.json
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

ASSETS = Path(__file__).resolve().parents[1] / "assets"
MANIFEST = "manifest.json"


class ShippedFileError(RuntimeError):
    """A shipped file is missing, damaged or not the one the manifest names; the message says what to do."""


def sha256_of(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(path: Path, command: str) -> None:
    """Raise ShippedFileError unless the file is there and, if the manifest names it, has its hash."""
    if not path.is_file():
        raise ShippedFileError(f"{path.name} is missing from {path.parent.name}/. Make it with: {command}")
    expected = read_manifest().get(_name(path))
    if expected is not None and sha256_of(path) != expected["sha256"]:
        raise ShippedFileError(
            f"{path.name} is not the file that this version of the course was checked with. "
            f"Restore it from the repository, or make it again with: {command}"
        )


@lru_cache(maxsize=1)
def read_manifest() -> dict[str, dict[str, Any]]:
    """Shipped files by path under assets/: {"weights/unet.safetensors": {"sha256": …, "bytes": …}}."""
    path = ASSETS / MANIFEST
    return json.loads(path.read_text()) if path.is_file() else {}


def write_manifest() -> dict[str, dict[str, Any]]:
    """Hash every file under assets/ and write assets/manifest.json."""
    files = sorted(p for p in ASSETS.rglob("*") if p.is_file() and p.name != MANIFEST)
    table = {_name(p): {"sha256": sha256_of(p), "bytes": p.stat().st_size} for p in files}
    (ASSETS / MANIFEST).write_text(json.dumps(table, indent=1) + "\n")
    read_manifest.cache_clear()
    return table


def _name(path: Path) -> str:
    resolved = path.resolve()
    return resolved.relative_to(ASSETS).as_posix() if resolved.is_relative_to(ASSETS) else path.name


if __name__ == "__main__":
    for name, entry in write_manifest().items():
        print(f"{entry['sha256'][:12]}  {entry['bytes']:>9,}  {name}")
