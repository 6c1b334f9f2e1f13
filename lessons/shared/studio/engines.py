"""The engine that all learners of this server share, and engines apart for what ships."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from dataclasses import replace

import streamlit as st
from streamlit import runtime

from diffusion_core.engine import Engine, Request
from diffusion_core.remote import RemoteEngine

WARMING = Request((), seeds=(0,), steps=3)  # the first passes of a new network take longer than the others


def load_model(network: str):
    """A shipped network by its name; torch is loaded with the first."""
    from diffusion_core.model import load_network

    return load_network(network)


@st.cache_resource(show_spinner=False)
def engine() -> Engine | RemoteEngine:
    """The one engine of this server, in a process of its own; it loads the network when it is first asked."""
    # read when torch is loaded: two cores that also serve a class must not spin while they wait for each other
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    sys.setswitchinterval(0.001)  # seconds: a question takes Python's lock after each of its hundreds of operations
    return RemoteEngine() if _serving() else Engine(load_model)


def own_engine() -> Engine:
    """An engine apart from the learners', for what is shipped: in float32 on every processor."""
    return Engine(lambda network: load_model("unet" if network == "unet_bfloat16" else network))


@st.cache_resource(show_spinner=False)
def warm() -> threading.Thread | None:
    """Load the network as soon as a new server has sent its first page, so that nobody's Run waits for it."""
    if not _serving():
        return None
    thread = threading.Thread(target=_warm, name="warm", daemon=True)
    thread.start()
    return thread


def _warm() -> None:
    """What a learner's ordinary run needs comes first; then what is measured needs; then questions."""
    with contextlib.suppress(RuntimeError):  # weights missing: the first learner is told
        for request in (WARMING, replace(WARMING, exact=True)):
            list(engine().submit(request, "nobody:warm"))
        engine().ask(lambda model: None)


def _serving() -> bool:
    """Whether there is a server. Under AppTest there is a stand-in for it, and the engine works in this process."""
    return runtime.exists() and type(runtime.get_instance()) is runtime.Runtime  # the stand-in passes for an instance
