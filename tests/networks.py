"""Networks for an engine in a process of its own, which finds them as "tests.networks:tiny"."""

from __future__ import annotations

import os
import time

import torch

from diffusion_core.shipped import ShippedFileError
from tests.conftest import make_tiny_model


def tiny(network: str):
    """A real one, far too small to draw anything."""
    torch.set_num_threads(1)
    print("whatever is printed on the way must not come between the steps")
    return make_tiny_model()


class _Slow:
    def __init__(self, seconds: float):
        self._model = tiny("")
        self.unet, self.encode, self._seconds = self._model.unet, self._model.encode, seconds

    def denoiser(self, context, *how):
        time.sleep(self._seconds)
        return self._model.denoiser(context, *how)


def slow(network: str):
    """One that waits before each pass."""
    return _Slow(0.02)


def missing(network: str):
    """One whose file is not there."""
    raise ShippedFileError("unet.safetensors is missing. Make it with: the command")


def deadly(network: str):
    """One that takes the whole process with it, as a processor's fault would."""
    os._exit(3)
