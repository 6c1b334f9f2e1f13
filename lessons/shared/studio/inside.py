"""Inside the shipped U-Net: one pass over a noisy picture, recorded; passes with connections cut; NumPy out.

What the page opens with is shipped and needs no torch. Other passes run on the engine's thread, one at a time,
so that other learners' runs come in between. Pictures are (32, 32, 3) in [−1, 1] units.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import TimeoutError as TooLate
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from diffusion_core.schedules import Schedule
from diffusion_core.shipped import ShippedFileError
from diffusion_core.tickets import EngineBusy
from diffusion_core.world.prompts import canonical
from lessons.shared.studio import cached, forward, runs

if TYPE_CHECKING:
    from diffusion_core.model import Model

SCHEDULE = Schedule()
T, SHIPPED, SIZE = SCHEDULE.T, "inside", 32
PICTURES = tuple(forward.SCENES)
# The skip connections, outermost first, by the letters the page gives them. A test keeps them in step with the
# network, whose import wants torch.
SKIPS = {"A": "up16_0", "B": "up16_1", "C": "up8_0", "D": "up8_1", "E": "up4_0"}
MAPS = 12  # channels shown of a block
LEVELS = (100, 500, 900)  # little, middling and heavy noise
PATIENCE = 60.0  # seconds to wait for a pass: the first one also loads the network
BUSY = "The network is busy and did not answer in time. Change a control in a minute to ask again; all is kept."


@dataclass(frozen=True)
class Asked:
    """Which noisy picture the network sees, whether it hears the caption, and which connections are cut."""

    picture: str = "turtle"
    t: int = 400
    seed: int = 3
    words: bool = True
    off: tuple[str, ...] = ()  # names in SKIPS' values


OPENS = Asked()


@dataclass(frozen=True)
class Block:
    """A block's output: its shape, what it attends to, and its liveliest channels, each map from 0 to 255."""

    name: str
    shape: tuple[int, int, int]  # channels, height, width
    heeds: tuple[str, ...]  # "self", "words"
    channels: tuple[int, ...]
    ranges: tuple[tuple[float, float], ...]  # the values that 0 and 255 stand for, of each map
    maps: np.ndarray  # uint8 (MAPS, height, width)


@dataclass(frozen=True)
class Look:
    """One pass: what went in, what came out, and each block on the way, in order. `problem`: why there is none."""

    x_t: np.ndarray
    x0_hat: np.ndarray
    blocks: tuple[Block, ...]
    heed: np.ndarray  # (h, w): the share of attention that words get at each place, in the last block that hears them
    share: float  # its mean
    reach: float  # of self-attention in the last block that has it, in pixels
    badge: str = "live"
    problem: str = ""


FAILED = Look(*[np.zeros((0, 0, 3))] * 2, (), np.zeros((0, 0)), 0.0, 0.0)


def truth(picture: str) -> np.ndarray:
    """The clean picture."""
    return forward.from_255(forward.scene_picture(picture))


def caption(picture: str) -> str:
    return canonical(forward.SCENES[picture][0])


def shades(x0_hat: np.ndarray, picture: str) -> float:
    """Root mean square distance of a prediction from the picture, in shades of 0 … 255."""
    return float(127.5 * np.sqrt(np.mean(np.square(x0_hat - truth(picture)))))


def look(asked: Asked, now: bool = False) -> Look:
    """The pass, from the shelf where it lies there, else (or with `now`) made; a problem becomes a sentence."""
    try:
        if not now and asked in _shelf():
            return shipped(asked)
    except cached.PrecomputedMissing:
        pass  # then it is made, as all others are
    try:
        return _looked(asked)
    except (ShippedFileError, EngineBusy) as problem:
        return replace(FAILED, problem=str(problem))
    except TooLate:
        return replace(FAILED, problem=BUSY)


def each_alone(asked: Asked, now: bool = False) -> dict[str, Look]:
    """Every connection cut alone, by its letter; with `now` none comes from the shelf."""
    return {letter: look(replace(asked, off=(name,)), now) for letter, name in SKIPS.items()}


def at_levels(asked: Asked) -> dict[int, Look]:
    """The same picture, noise seed and caption at three noise levels; nothing is cut."""
    return {t: look(replace(asked, t=t, words=True, off=())) for t in LEVELS}


@st.cache_data(max_entries=96, show_spinner=False)
def _looked(asked: Asked) -> Look:
    return runs.answer(passing(asked), PATIENCE)


# --- below: on the engine's thread ---------------------------------------------------------------------------


def passing(asked: Asked) -> Callable[[Model], Look]:
    """One recorded pass, to be made on the engine's thread."""

    def run(model: Model) -> Look:
        import torch

        from diffusion_core.nn.layers import Probe
        from diffusion_core.process import add_noise

        x0 = torch.from_numpy(truth(asked.picture)).movedim(-1, 0)[None]  # (1, 3, 32, 32)
        eps = torch.randn(x0.shape, generator=torch.Generator().manual_seed(asked.seed))
        level = SCHEDULE.level(asked.t)
        x_t = add_noise(x0, level.signal_rate**2, eps)
        heard = model.encode([caption(asked.picture).split() if asked.words else []])
        probe = Probe(skips_off=frozenset(asked.off), record=True)
        answer = model.denoiser(heard, probe)(x_t, torch.tensor([level.log_snr], dtype=torch.float32))
        return _look(x_t, answer.x0_hat, probe)

    return run


def _look(x_t: Any, x0_hat: Any, probe: Any) -> Look:
    from diffusion_core import probing

    heeds = {name: tuple(kind for kind in ("self", "words") if f"{name}.{kind}" in probe.attention)
             for name in probe.activations}  # fmt: skip
    blocks = tuple(_block(name, a[0].float(), heeds[name]) for name, a in probe.activations.items())
    to_words = [probe.attention[f"{name}.words"][0] for name, kinds in heeds.items() if "words" in kinds]
    to_own = [probe.attention[f"{name}.self"][0] for name, kinds in heeds.items() if "self" in kinds]
    share = probing.word_share(to_words[-1])  # (N,)
    n = round(len(share) ** 0.5)
    pictures = [p[0].movedim(0, -1).contiguous().numpy() for p in (x_t, x0_hat)]
    return Look(*pictures, blocks, share.reshape(n, n).numpy(), float(share.mean()), probing.reach(to_own[-1], SIZE))


def _block(name: str, activation: Any, heeds: tuple[str, ...]) -> Block:
    from diffusion_core.probing import liveliest

    chosen = liveliest(activation, MAPS)
    maps = activation[chosen].numpy()  # (MAPS, H, W)
    low, high = maps.min((1, 2)), maps.max((1, 2))
    shown = np.rint(255 * (maps - low[:, None, None]) / np.maximum(high - low, 1e-9)[:, None, None])
    ranges = tuple((round(float(a), 3), round(float(b), 3)) for a, b in zip(low, high, strict=True))
    channels = tuple(chosen.tolist())
    return Block(name, tuple(activation.shape), heeds, channels, ranges, shown.astype(np.uint8))


# --- the shelf -----------------------------------------------------------------------------------------------


def _shelved() -> list[Asked]:
    """What the page opens with: the stage, each connection cut alone, three levels."""
    cut = [replace(OPENS, off=(name,)) for name in SKIPS.values()]
    return [OPENS, *cut, *(replace(OPENS, t=t) for t in LEVELS)]


def _shelf() -> dict[Asked, int]:
    return {asked: place for place, asked in enumerate(_shelved())}


def shipped(asked: Asked) -> Look:
    """A pass from the shelf. Raises PrecomputedMissing."""
    arrays, settings = cached.load(SHIPPED)
    place = _shelf()[asked]
    told = settings["looks"][place]
    blocks = tuple(
        Block(b["name"], tuple(b["shape"]), tuple(b["heeds"]), tuple(b["channels"]),
              tuple(map(tuple, b["ranges"])), arrays[f"maps_{place}_{b['name']}"])
        for b in told["blocks"]
    )  # fmt: skip
    pictures = (arrays[f"{name}_{place}"] for name in ("x_t", "x0_hat"))
    return Look(*pictures, blocks, arrays[f"heed_{place}"], told["share"], told["reach"], "cached")


def make_shipped() -> cached.Result:
    """What the page opens with, for `python -m lessons.precompute`."""
    from diffusion_core.model import load_model

    model, arrays, looks = load_model(), {}, []
    for place, asked in enumerate(_shelved()):
        seen = passing(asked)(model)
        arrays |= {f"x_t_{place}": seen.x_t, f"x0_hat_{place}": seen.x0_hat, f"heed_{place}": seen.heed}
        arrays |= {f"maps_{place}_{b.name}": b.maps for b in seen.blocks}
        blocks = [{k: v for k, v in asdict(b).items() if k != "maps"} for b in seen.blocks]
        looks.append({"blocks": blocks, "share": round(seen.share, 5), "reach": round(seen.reach, 4)})
    return arrays, {"made": f"{OPENS.picture}, seed {OPENS.seed}, cosine schedule", "looks": looks}
