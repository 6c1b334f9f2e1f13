"""The shipped model: a U-Net, and the text encoder whose words steer it."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from diffusion_core.checkpoints import load_weights
from diffusion_core.denoiser import Denoiser, Prediction, from_v_network
from diffusion_core.frozen import freeze
from diffusion_core.guidance import Interval, cfg_one_pass
from diffusion_core.nn.layers import Probe
from diffusion_core.nn.text import TextConfig, TextEncoder
from diffusion_core.nn.unet import UNet, UNetConfig
from diffusion_core.shipped import ASSETS, ShippedFileError
from diffusion_core.sibling import SIBLINGS
from diffusion_core.spread import CORES, Pass, spread

WEIGHTS = ASSETS / "weights"
TEXT_FILE, UNET_FILE = WEIGHTS / "text_image.safetensors", WEIGHTS / "unet.safetensors"
TEXT_COMMAND = "python -m diffusion_core.train text_image"
UNET_COMMAND = "python -m diffusion_core.train unet --resume"
SIBLING_COMMAND = "python -m diffusion_core.train sibling"
MOST_HEARD = 1000  # sentences kept as vectors, of 24 KiB each
FROZEN = {"unet": torch.float32, "unet_bfloat16": torch.bfloat16}  # the shipped U-Net, in two number types


@dataclass(frozen=True)
class Context:
    """What the U-Net is told: one vector a word (B, L, D), and which places hold a word (B, L).

    heard: what its adapter makes of the words, (B, L, D). It is the same at every noise level, so it comes along.
    """

    words: Tensor
    mask: Tensor
    heard: Tensor

    @classmethod
    def join(cls, contexts: Sequence[Context]) -> Context:
        """The rows of several contexts as one batch."""
        return cls(*(torch.cat(parts) for parts in zip(*(c._parts() for c in contexts), strict=True)))

    def expand(self, rows: int) -> Context:
        """One row repeated."""
        return Context(*(part.expand(rows, *part.shape[1:]) for part in self._parts()))

    def each(self, times: int) -> Context:
        """Every row `times` times in a row."""
        return Context(*(part.repeat_interleave(times, 0) for part in self._parts()))

    def __getitem__(self, rows: slice | Tensor) -> Context:
        return Context(*(part[rows] for part in self._parts()))

    def __len__(self) -> int:
        return len(self.words)

    def _parts(self) -> tuple[Tensor, Tensor, Tensor]:
        return self.words, self.mask, self.heard


class Typed(nn.Module):
    """A copy of the U-Net that works in another number type, and is asked and answers in float32.

    Its arguments are those of UNet.answer.
    """

    def __init__(self, unet: UNet, kind: torch.dtype):
        super().__init__()
        self.unet, self.kind = copy.deepcopy(unet).to(kind), kind

    def forward(self, x: Tensor, log_snr: Tensor, heard: Tensor, mask: Tensor) -> Tensor:
        return self.unet.answer(x.to(self.kind), log_snr, heard.to(self.kind), mask).float()


@dataclass
class Model:
    """A network and its text encoder, with how they were trained."""

    unet: UNet
    text: TextEncoder
    training: dict[str, Any]
    quick: Pass | None = None  # the U-Net as one call, where nothing is read from it or changed in it
    least: int = 1  # rows that it is asked with: in bfloat16 one alone is rounded otherwise than the same among others
    heard: dict[tuple[str, ...], Context] = field(default_factory=dict, repr=False)  # a class asks much alike

    def frozen(self, kind: torch.dtype = torch.float32) -> Model:
        """The same model with the U-Net as one call in this type; a probe still goes through the U-Net itself."""
        config = self.unet.config
        x = torch.zeros(2, 3, config.picture_size, config.picture_size)
        heard = torch.zeros(2, 2, config.length, config.word_dim)
        unet = Typed(self.unet, kind)
        quick = freeze(unet, x, torch.zeros(2), heard, torch.ones(2, 2, config.length, dtype=torch.bool))
        return replace(self, quick=quick, least=1 if kind is torch.float32 else 2)

    @torch.inference_mode()
    def encode(self, sentences: Sequence[Sequence[str]]) -> Context:
        """Word lists → context, one row each. An empty list is "no prompt": the caption that training left out."""
        asked, heard = [tuple(words) for words in sentences], self.heard if len(self.heard) < MOST_HEARD else {}
        if new := [words for words in dict.fromkeys(asked) if words not in heard]:
            tokens = self.text.tokenise(new)
            words, mask = self.text(tokens), tokens > 0
            whole = Context(words, mask, self.unet.adapter(words, mask))
            self.heard = heard = heard | {words: whole[i : i + 1] for i, words in enumerate(new)}
        return Context.join([heard[words] for words in asked])

    def denoiser(self, context: Context, probe: Probe | None = None, cores: int = CORES) -> Denoiser:
        """The network as a denoiser for pictures that hear `context`, one row each (or one for all).

        Where it has several times as many rows as there are pictures, so has the answer: each picture with several
        sentences, first all with their first. cores: over how many it may share out the rows, where it is one call.
        """

        def denoise(x: Tensor, log_snr: Tensor) -> Prediction:
            told = context if len(context) >= len(x) else context.expand(len(x))
            pictures, sentences = len(x), len(told) // len(x)

            def predict_v(rows: Tensor, levels: Tensor) -> Tensor:
                if probe is not None or self.quick is None:
                    return self.unet.answer(rows, levels, told.heard[:, None], told.mask[:, None], probe)[:, 0]
                network = spread(self.quick, cores, self.least)
                if sentences == 1 or pictures < cores * self.least:  # too few to keep every core at work
                    return network(rows, levels, told.heard[:, None], told.mask[:, None])[:, 0]
                heard, mask = (part.unflatten(0, (sentences, pictures)).transpose(0, 1)  # (K·B, …) → (B, K, …)
                               for part in (told.heard, told.mask))  # fmt: skip
                return network(x, levels[:pictures], heard, mask).transpose(0, 1).flatten(0, 1)

            if sentences == 1:
                return from_v_network(predict_v)(x, log_snr)
            return from_v_network(predict_v)(torch.cat([x] * sentences), torch.cat([log_snr] * sentences))

        return torch.inference_mode()(denoise)

    def guided(
        self, words: Sequence[str], rows: int, scale: float, interval: Interval | None = None
    ) -> Denoiser:
        """Classifier-free guidance towards `words`; one pass at scale 0 and 1, two in one batch elsewhere."""
        if scale in (0.0, 1.0) and interval is None:
            return self.denoiser(self.encode([words if scale else []]))
        return cfg_one_pass(self.denoiser(self.encode([words, []]).each(rows)), scale, interval)


def load_text(path: Path = TEXT_FILE) -> TextEncoder:
    """The frozen text encoder. Raises ShippedFileError with the command that makes it."""
    tensors, config, _ = load_weights(path, TEXT_COMMAND)
    config["words"] = tuple(config["words"])
    text = TextEncoder(TextConfig(**config))
    _fill(
        text,
        {n.removeprefix("text."): t for n, t in tensors.items() if n.startswith("text.")},
        path,
        TEXT_COMMAND,
    )
    return text.eval().requires_grad_(False)


def load_network(name: str) -> Model:
    """A shipped network by its name: "unet", "unet_bfloat16", or the small sibling's "sibling_0" to "sibling_9"."""
    if name in FROZEN:
        return load_model().frozen(FROZEN[name])
    if name not in SIBLINGS:
        raise ValueError(f"there is no network called {name!r}")
    return load_model(WEIGHTS / f"{name}.safetensors", command=SIBLING_COMMAND)


def load_model(path: Path = UNET_FILE, text: TextEncoder | None = None, command: str = UNET_COMMAND) -> Model:
    """A U-Net with its text encoder, ready to sample. Raises ShippedFileError with the command that makes it."""
    text = text or load_text()
    tensors, config, training = load_weights(path, command)
    config["channels"] = tuple(config["channels"])
    config.setdefault("reach", 2)  # of files from before it was a setting
    unet = UNet(UNetConfig(**config))
    _fill(unet, tensors, path, command)
    unet = unet.eval().requires_grad_(False).to(memory_format=torch.channels_last)
    return Model(unet, text, training)


def _fill(network: nn.Module, tensors: dict[str, Tensor], path: Path, command: str) -> None:
    try:
        network.load_state_dict(tensors)
    except RuntimeError as mismatch:
        raise ShippedFileError(
            f"{path.name} does not fit this version's network. Make it again with: {command}"
        ) from mismatch
