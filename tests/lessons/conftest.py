"""Fixtures for lessons that run the network: a tiny one with random weights behind the studio's engine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from lessons.shared.studio import cached, engines


class Slow:
    """A model that waits before each pass, so that a test can act in the middle of a run."""

    def __init__(self, model, seconds: float = 0.02):
        self.unet, self.encode, self._model, self._seconds = model.unet, model.encode, model, seconds

    def denoiser(self, context, *how):
        time.sleep(self._seconds)
        return self._model.denoiser(context, *how)


@pytest.fixture
def small_engine(tiny_model, monkeypatch) -> Iterator[Callable]:
    """The studio's engine with the tiny model; the value is its loader."""
    yield from _engine(lambda network="unet": tiny_model, monkeypatch)


@pytest.fixture
def slow_engine(tiny_model, monkeypatch) -> Iterator[Callable]:
    """The same, at 20 ms a step."""
    yield from _engine(lambda network="unet": Slow(tiny_model), monkeypatch)


@pytest.fixture
def no_weights(tmp_path, monkeypatch) -> Iterator[Callable]:
    """An engine whose weights are not there."""
    from diffusion_core.model import load_text

    yield from _engine(lambda network="unet": load_text(tmp_path / "text_image.safetensors"), monkeypatch)


def _engine(load: Callable, monkeypatch) -> Iterator[Callable]:
    monkeypatch.setattr(engines, "load_model", load)
    engines.engine.clear()
    yield load
    engines.engine().stop()
    engines.engine.clear()


@pytest.fixture
def nothing_shipped(tmp_path, monkeypatch) -> Iterator[None]:
    """A course without precomputed results."""
    monkeypatch.setattr(cached, "FOLDER", tmp_path)
    cached.load.cache_clear()
    yield
    cached.load.cache_clear()
