"""The mean of two moments of one training: python -m diffusion_core.blend old new --out unet.safetensors

Two ends of a training that went on make different mistakes, and the mean of their weights often makes fewer than
either, most of all where neither was trained (Izmailov et al. 2018, arXiv 1803.05407; Wortsman et al. 2022,
arXiv 2109.01903). What was done to our own is in docs/training.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from torch import Tensor

from diffusion_core.checkpoints import load_weights, save_weights
from diffusion_core.model import UNET_COMMAND
from diffusion_core.nn.unet import UNetConfig
from diffusion_core.sample import OneLineParser
from diffusion_core.shipped import ShippedFileError


def blend(old: dict[str, Tensor], new: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """(1 − share)·old + share·new, tensor by tensor; both must have the same names and shapes."""
    return {name: old[name].lerp(new[name], share) for name in old}


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = OneLineParser("python -m diffusion_core.blend", description="The mean of two moments of one training.")
    parser.add_argument("old", type=Path, help="the earlier U-Net's weights")
    parser.add_argument("new", type=Path, help="the later one's, from a run that went on from the earlier")
    parser.add_argument("--share", type=float, default=0.5, help="how much of the later one, from 0 to 1")
    parser.add_argument("--out", type=Path, required=True, help="where the blend goes")
    options = parser.parse_args(arguments)
    if not 0 <= options.share <= 1:
        parser.error(f"--share must be from 0 to 1, not {options.share:g}")
    try:
        (old, config, before), (new, other, after) = (load_weights(p, UNET_COMMAND) for p in (options.old, options.new))
    except ShippedFileError as problem:
        parser.error(str(problem))
    if config != other:
        parser.error(f"{options.old.name} and {options.new.name} are networks of different layouts")
    save_weights(
        options.out, blend(old, new, options.share), UNetConfig(**config), record(before, after, options.share)
    )
    print(
        f"{options.out}: {1 - options.share:g} of {before['pictures']:,} and {options.share:g} of {after['pictures']:,}"
    )


def record(before: dict[str, Any], after: dict[str, Any], share: float) -> dict[str, Any]:
    """What the file says of its training: the later moment's record, and of what the weights are the mean."""
    kept = ("command", "pictures", "data_seed")
    return after | {"blend": {"share": share, "of": {name: before.get(name) for name in kept}}}


if __name__ == "__main__":
    main()
