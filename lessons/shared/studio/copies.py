"""A learner's own copy of a small, untrained network, and real training steps on it, a few at a time.

The copy lives in the learner's session: one each, at most MOST on this server, gone when the page is left or
after KEPT seconds without a step. Only the engine's thread touches its network; between two of a learner's
questions everybody else's pictures go on.
"""

from __future__ import annotations

import threading
import time
import weakref
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from diffusion_core.shipped import ShippedFileError
from diffusion_core.tickets import EngineBusy
from lessons.shared.limits import judge_number
from lessons.shared.studio import runs
from lessons.shared.studio import training_step as studio
from lessons.shared.studio.training_step import Answers, Examples

if TYPE_CHECKING:
    from diffusion_core.model import Model

COPY, NOTE, SLOT, LINK = "beaker_copy", "beaker_copy_note", "training-copy", "trained"  # LINK stands in the address
MOST = 40  # copies on this server: about 13 MB each
KEPT = 600.0  # seconds without a step, after which a copy may be dropped
AT_ONCE, SLICE = 5, 0.2  # steps, and seconds, that one question may take on the engine's thread
MOST_STEPS = 300
RATES = {"small": 0.0005, "medium": 0.004, "too large": 0.03}  # learning rates
FULL = (
    f"{MOST} learners are training their own copies on this server right now, which is as many as it holds. "
    "Try again in a few minutes."
)


@dataclass(frozen=True)
class Settings:
    """What a copy trains on, and how fast."""

    picture: str
    draw: int
    rate: str = "medium"


@dataclass(eq=False)
class Copy:
    """A network on its way. `losses[k]`: the error on its batch after k steps; `tests`: step → error on strangers."""

    settings: Settings
    target: int = 0  # steps to have taken
    steps: int = 0
    losses: list[float] = field(default_factory=list)
    tests: dict[int, float] = field(default_factory=dict)
    answers: Answers | None = None  # to its own batch, as it stands
    problem: str = ""
    touched: float = field(default_factory=time.monotonic)
    learning: _Learning | None = None

    @property
    def left(self) -> int:
        """Steps still to take."""
        return max(self.target - self.steps, 0)

    @property
    def examples(self) -> Examples:
        """The ten examples that it trains on."""
        return studio.examples(self.settings.picture, studio.levels(self.settings.draw), self.settings.draw)

    def cancel(self) -> None:
        """Stop and let go of the network; runs.enter calls this when the learner leaves the page."""
        self.target, self.learning, self.problem = self.steps, None, ""
        _shelf().copies.discard(self)


@dataclass
class _Shelf:
    lock: threading.Lock = field(default_factory=threading.Lock)
    copies: weakref.WeakSet[Copy] = field(default_factory=weakref.WeakSet)  # a closed session's copy falls out


@st.cache_resource(show_spinner=False)
def _shelf() -> _Shelf:
    return _Shelf()


def of(settings: Settings) -> Copy | None:
    """This learner's copy; one of other settings is dropped. A link that was trained is trained again, once."""
    seen = f"{COPY}_seen"
    if seen not in st.session_state:
        st.session_state[seen] = True
        asked = st.query_params.get(LINK, 0)
        steps, st.session_state[NOTE] = judge_number(asked, "training steps", 0, MOST_STEPS, 1, 0)
        if steps:
            aim(settings, steps)
    copy = st.session_state.get(COPY)
    if copy is not None and (copy.settings != settings or (copy.learning is None and copy.steps)):
        drop()
        copy = None
    elif copy is None:
        _in_link(0)
    return copy


def aim(settings: Settings, steps: int) -> None:
    """Have `steps` more steps taken, from where the copy stands; this replaces what was still to be taken."""
    copy = st.session_state.get(COPY)
    if copy is None or copy.settings != settings or (copy.problem and copy.learning is None):
        drop()
        copy = st.session_state[COPY] = _taken(Copy(settings))
        page = st.session_state.get(runs.PAGE, "")
        runs._entries()[SLOT] = runs._Entry(page, "", copy)  # so that leaving the page cancels it, like a run
    copy.target, copy.problem = min(copy.steps + steps, MOST_STEPS), copy.problem if copy.problem == FULL else ""
    _in_link(copy.target)


def stop() -> None:
    """Take no further steps; what the copy has learned stays."""
    if (copy := st.session_state.get(COPY)) is not None:
        copy.target = copy.steps
        _in_link(copy.target)


def drop() -> None:
    """Back to the untrained start."""
    if (copy := st.session_state.pop(COPY, None)) is not None:
        copy.cancel()
    runs._entries().pop(SLOT, None)
    _in_link(0)


def advance(copy: Copy) -> None:
    """Take a few of the steps that are left, at most AT_ONCE, and look at what the copy says now."""
    if copy.problem:
        return stop()
    copy.touched = time.monotonic()
    asked, test = copy.examples, studio.strangers(studio.levels(copy.settings.draw), copy.settings.draw)
    try:
        runs.answer(lambda model: _learn(model, copy, asked, test), studio.PATIENCE)
    except (ShippedFileError, EngineBusy) as problem:
        copy.problem = str(problem)
    except TooLate:
        copy.problem = studio.BUSY
    if copy.problem:
        stop()


def _taken(copy: Copy) -> Copy:
    """A place on the shelf; the oldest idle copies make room."""
    shelf, now = _shelf(), time.monotonic()
    with shelf.lock:
        for other in [other for other in shelf.copies if now - other.touched > KEPT]:
            other.cancel()
        if len(shelf.copies) >= MOST:
            copy.problem = FULL
        else:
            shelf.copies.add(copy)
    return copy


def _in_link(steps: int) -> None:
    """The steps stand in the address: a reload, or another learner, trains a copy to the same place."""
    if steps and st.query_params.get(LINK) != str(steps):
        st.query_params[LINK] = str(steps)
    elif not steps and LINK in st.query_params:
        del st.query_params[LINK]


# --- below: on the engine's thread ---------------------------------------------------------------------------


@dataclass
class _Learning:
    """The network of a copy, with all that a step needs."""

    network: Any
    optimiser: Any
    words: Any  # what the network hears for each example: (vectors, mask)
    other_words: Any

    @classmethod
    def fresh(cls, model: Model, settings: Settings, asked: Examples, test: Examples) -> _Learning:
        """An untrained network; the same one every time."""
        import torch

        from diffusion_core.nn.unet import UNet
        from diffusion_core.train import SIBLING

        with torch.random.fork_rng(devices=[]):  # layers draw their first weights from the global generator
            torch.manual_seed(0)
            network = UNet(SIBLING).to(memory_format=torch.channels_last)
        optimiser = torch.optim.AdamW(network.parameters(), lr=RATES[settings.rate], betas=(0.9, 0.99), fused=True)
        return cls(network, optimiser, *(_heard(model, each.captions) for each in (asked, test)))

    def predict_v(self, words: Any):
        """The network as a function of (x_t, log_snr)."""
        return lambda x_t, log_snr: self.network(x_t, log_snr, *words)


def _heard(model: Model, captions: tuple[str, ...]) -> tuple[Any, Any]:
    context = model.encode([caption.split() for caption in captions])
    return context.words.clone(), context.mask.clone()  # clones: inference tensors cannot be trained on


def _learn(model: Model, copy: Copy, asked: Examples, test: Examples) -> None:
    import torch

    from diffusion_core.training_step import training_step

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # for ten small rows a second core gains little, and waits badly where it is wanted
    try:
        with torch.inference_mode(False), torch.enable_grad():
            if copy.learning is None:
                copy.learning = _Learning.fresh(model, copy.settings, asked, test)
                _look(copy, copy.learning, asked, test)  # the untrained start
            own, end = copy.learning, time.monotonic() + SLICE
            rows, predict = studio.batch(asked), own.predict_v(own.words)
            for _ in range(min(copy.left, AT_ONCE)):
                copy.losses[copy.steps :] = [training_step(predict, own.optimiser, rows)]
                copy.steps += 1
                if time.monotonic() > end:
                    break
            _look(copy, own, asked, test)
    finally:
        torch.set_num_threads(threads)


def _look(copy: Copy, own: _Learning, asked: Examples, test: Examples) -> None:
    """What the copy says now, and how wrong that is on its own batch and on strangers."""
    import torch

    from diffusion_core.denoiser import from_v_network

    with torch.no_grad():
        for each, words in ((asked, own.words), (test, own.other_words)):
            rows = studio.batch(each)
            said = from_v_network(own.predict_v(words))(rows.x_t, rows.log_snr)
            found = Answers(studio.pixels_last(said.eps_hat), studio.pixels_last(said.x0_hat))
            error = float(np.mean(found.noise_error(each)) + np.mean(found.picture_error(each)))
            if each is asked:
                copy.answers = found
                copy.losses[copy.steps :] = [error]
            else:
                copy.tests[copy.steps] = error
