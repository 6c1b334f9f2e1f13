"""Weights on disk: safetensors files that describe themselves.

A file holds tensors in half precision and, as JSON in its metadata, the network's name, its
configuration and how it was trained. Nothing is ever unpickled.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from diffusion_core.shipped import ShippedFileError, check


def save_weights(
    path: Path, tensors: dict[str, Tensor], config: Any, training: dict[str, Any], half: bool = True
) -> None:
    """Write tensors with their configuration (a dataclass) and training record, atomically."""
    kind = torch.float16 if half else torch.float32
    ready = {
        name: (t.detach().to("cpu", kind) if t.is_floating_point() else t.detach().cpu()).contiguous()
        for name, t in tensors.items()
    }
    metadata = {
        "network": type(config).__name__.removesuffix("Config").lower(),
        "config": json.dumps(asdict(config)),
        "training": json.dumps(training),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    save_file(ready, str(draft), metadata=metadata)
    os.replace(draft, path)  # a kill in between leaves the old file whole


def load_weights(path: Path, command: str) -> tuple[dict[str, Tensor], dict[str, Any], dict[str, Any]]:
    """Tensors (float32), configuration and training record of a weights file.

    Raises ShippedFileError, with the command that makes the file, when it is missing, truncated or,
    being named in the manifest, of another hash.
    """
    check(path, command)
    try:
        with safe_open(str(path), framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        config, training = json.loads(metadata["config"]), json.loads(metadata.get("training", "{}"))
    except Exception as damage:
        raise ShippedFileError(f"{path.name} is damaged and cannot be read. Make it again with: {command}") from damage
    return {n: t.float() if t.is_floating_point() else t for n, t in tensors.items()}, config, training
