"""A page that mounts the player on made-up tracks. The address picks what: ?case=…&panels=…"""

from __future__ import annotations

import time

import numpy as np
import streamlit as st

from lessons.shared.player import ALL_PANELS, PANELS, Badge, Curve, Frame, Track, link_state, player

SIZE = 32


def schedule(steps: int = 1000) -> tuple[np.ndarray, np.ndarray]:
    """A cosine schedule: signal and noise rates at t = 0..steps."""
    angle = np.linspace(0.02, np.pi / 2 - 0.02, steps + 1)
    return np.cos(angle), np.sin(angle)


def scene(size: int = SIZE, shade: float = 0.0) -> np.ndarray:
    """A house under the sun, in −1..1."""
    rows, columns = np.mgrid[0:size, 0:size] / (size - 1)
    picture = np.empty((size, size, 3))
    picture[:] = np.array([0.45, 0.75, 0.95]) - 0.25 * rows[..., None]
    picture[rows > 0.72] = (0.36, 0.62, 0.3)
    picture[(abs(columns - 0.45) < 0.2) & (rows > 0.45) & (rows < 0.85)] = (0.93, 0.85, 0.7)
    picture[(abs(columns - 0.45) < (rows - 0.2)) & (rows > 0.22) & (rows < 0.46)] = (0.8, 0.28, 0.2 + shade)
    picture[(abs(columns - 0.45) < 0.05) & (rows > 0.62) & (rows < 0.85)] = (0.3, 0.2, 0.15)
    picture[np.hypot(columns - 0.82, rows - 0.18) < 0.11] = (1.0, 0.83, 0.2)
    return 2 * picture - 1


def reverse_frames(count: int = 21, size: int = SIZE, seed: int = 3, shade: float = 0.0) -> list[Frame]:
    """From noise to the scene along one straight line of noise; the guess sharpens on the way."""
    signal, noise = schedule()
    x0, eps = scene(size, shade), np.random.default_rng(seed).standard_normal((size, size, 3))
    frames = []
    for t in np.linspace(1000, 0, count).astype(int):
        guess = x0 * signal[t] + x0.mean((0, 1)) * (1 - signal[t])
        last = t == 0
        x_t = x0 if last else signal[t] * x0 + noise[t] * eps
        frames.append(Frame(int(t), x_t, None if last else guess, None if last else eps + 0.2 * (x0 - guess)))
    return frames


def stick_figure() -> list[Frame]:
    """Three pixels that drift."""
    rng = np.random.default_rng(0)
    x = np.array([[[1.0, -1, -1]], [[-1, 1, -1]], [[-1, -1, 1]]])
    frames = [Frame(0, x)]
    for t in range(1, 31):
        x = np.sqrt(0.99) * x + 0.1 * rng.standard_normal(x.shape)
        frames.append(Frame(t, x))
    return frames


def live(frames: list[Frame], key: str, panels: tuple[str, ...], gap: float) -> None:
    """Frames that arrive while the page is open, one every `gap` seconds, polled by a fragment."""
    if st.button("Run"):
        number = st.session_state.get("run", ("", 0.0))[0]
        st.session_state.run = (f"{number}1", time.monotonic())
    run, began = st.session_state.get("run", ("0", -1e9))
    done = time.monotonic() - began > gap * len(frames)

    @st.fragment(run_every=None if done else 0.2)
    def show() -> None:
        have = min(len(frames), int((time.monotonic() - began) / gap))
        running = have < len(frames)
        track = Track(f"run {run}", "a house at noon", Badge("live", "seed 3"), frames[:have],
                      total=len(frames))
        if st.toggle("Shown", True):
            player([track], key=key, panels=panels, curve=curve, running=running)
        if not running and not done:
            st.rerun()

    show()


st.set_page_config(page_title="Player", layout="wide", initial_sidebar_state="collapsed")
asked = st.query_params
case, panels = asked.get("case", "one"), tuple(p for p in asked.get("panels", "").split(",") if p) or PANELS
signal, noise = schedule()
grid = np.linspace(0, 1000, 101).astype(int)
curve = Curve(grid, signal[grid], noise[grid])
at, pixel = link_state(asked)
count, size = int(asked.get("count", 21)), int(asked.get("size", SIZE))
cached = Badge("cached", "seed 3 · DPM-Solver++(2M) · 20 steps · guidance 3")

if case == "one":
    shade = 0.1 * st.slider("Shade", 0, 5, 0, key="shade", bind="query-params")
    frames = reverse_frames(count, size, shade=shade)
    player([Track(f"shade {shade}", "a house at noon", cached, frames)], key="one", panels=panels,
           curve=curve, start=at or 0, pixel=pixel)
elif case == "two":
    pair = [Track("a", "with the prompt", cached, reverse_frames(count, size)),
            Track("b", "without", Badge("live", "seed 3 · guidance 0"), reverse_frames(11, size, shade=0.6))]
    player(pair, key="two", panels=panels, curve=curve, start=at or 0, pixel=pixel)
elif case == "three":
    trio = [Track(str(k), f"scale {k}", cached, reverse_frames(count, size, shade=k / 5)) for k in (1, 3, 8)]
    curves = [Curve(grid, signal[grid] ** k, np.sqrt(1 - signal[grid] ** (2 * k))) for k in (0.6, 1, 2)]
    player(trio, key="three", panels=panels, curve=curves, start=at or 0, pixel=pixel)
elif case == "stick":
    few = Curve(np.arange(31), 0.99 ** (np.arange(31) / 2), np.sqrt(1 - 0.99 ** np.arange(31)))
    player([Track("stick", "three pixels", Badge("live", "noise seed 0"), stick_figure())], key="stick",
           panels=("x_t", "cloud", "curve", "histogram"), curve=few, start=at or 0, pixel=pixel,
           zoom=float(asked.get("zoom", 1)))
elif case == "live":
    live(reverse_frames(count, size), "live", panels, float(asked.get("gap", 0.05)))
elif case == "all":
    player([Track("all", "every panel", cached, reverse_frames(count, size))], key="all", panels=ALL_PANELS,
           curve=curve, start=at or 0, pixel=pixel)
