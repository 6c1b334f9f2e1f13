"""The controls that shape a schedule, shared by lessons: one shaped in one lesson arrives in the next.

Every combination within the limits makes a schedule, save one: a β that starts above its end is lowered to it, and
a sentence says so.
"""

from __future__ import annotations

from contextlib import nullcontext

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from diffusion_core.schedules import SCHEDULES, T_MAX, T_MIN, Schedule
from lessons.shared import controls

KINDS = tuple(kind.replace("_", " ") for kind in SCHEDULES)
GIVEN_BY_BETA = frozenset({"linear", "scaled linear", "custom"})
START, END = (5e-5, 0.02, 5e-5), (5e-4, 0.05, 5e-4)  # lowest, highest, step
BEND = (0.1, 5.0, 0.1)
_MEMORY, _SEEN = "beaker_schedule", "beaker_schedule_page"
HELP = {
    "schedule": "How the noise is spread over the steps.",
    "T": "How many steps lead from the picture to the end.",
    "beta_start": "β of the first step: the share of fresh noise that it mixes in.",
    "beta_end": "β of the last step: the share of fresh noise that it mixes in.",
    "curve": "How β climbs: 1 is a straight line, more keeps it low for longer, less lifts it early.",
    "rescale": "β is multiplied by 1,000 ÷ T, so that fewer steps each forget more and the end stays as noisy. "
    "Off: β is used as it stands, whatever T is.",
    "zero_snr": "Shifts the schedule so that nothing at all of the picture is left at the last step.",
}


def choose_schedule(prefix: str = "", default_kind: str = "cosine", rest: DeltaGenerator | None = None) -> Schedule:
    """Kind, T, and β start, β end and bend for the kinds that have them.

    `rest` is where the two switches go, such as a container under "More"; without it they follow the sliders.
    The page opens with the schedule shaped on the page before, unless its link names one.
    """
    _arrive(prefix)
    kind = controls.select(f"{prefix}schedule", "Schedule", KINDS, _shown(default_kind), help=HELP["schedule"])
    steps = int(controls.slider(f"{prefix}T", "Steps T", T_MIN, T_MAX, 1000, help=HELP["T"]))
    start, end, curve, rescale = Schedule.beta_start, Schedule.beta_end, Schedule.curve, Schedule.rescale
    if kind in GIVEN_BY_BETA:
        start, end = _betas(prefix)
    if kind == "custom":
        curve = float(controls.slider(f"{prefix}curve", "Bend", *BEND[:2], curve, BEND[2], help=HELP["curve"]))
    with rest or nullcontext():
        if kind in GIVEN_BY_BETA:
            rescale = controls.toggle(f"{prefix}rescale", "Scale β with 1,000 ÷ T", rescale, help=HELP["rescale"])
        zero = controls.toggle(f"{prefix}zero_snr", "Force the end to pure noise", help=HELP["zero_snr"])
    schedule = Schedule(kind.replace(" ", "_"), steps, start, end, curve, rescale, zero)
    _remember(prefix, schedule, Schedule(default_kind))
    return schedule


def _arrive(prefix: str) -> None:
    """On the way from another page, take along what was shaped there, unless the address says otherwise."""
    page, (_, values) = st.session_state.get("beaker_page"), st.session_state.get(_MEMORY, ("", {}))
    came = st.session_state.get(_SEEN) != page
    st.session_state[_SEEN] = page
    if not came or any(f"{prefix}{name}" in st.query_params for name in HELP):
        return
    for name in HELP:
        st.session_state.pop(f"{prefix}{name}", None)  # a reset on the other page leaves its values behind
    if values:
        controls.open_with({f"{prefix}{name}": value for name, value in values.items()})


def _remember(prefix: str, schedule: Schedule, usual: Schedule) -> None:
    """Keep what differs from a page's own schedule; what arrived unchanged still belongs to where it was shaped."""
    page, (origin, values) = st.session_state.get("beaker_page"), st.session_state.get(_MEMORY, ("", {}))
    on_show = {name: st.session_state[f"{prefix}{name}"] for name in HELP if f"{prefix}{name}" in st.session_state}
    now = {} if schedule == usual else on_show
    if now != values:
        st.session_state[_MEMORY] = (page, now)
    elif now and origin != page:
        st.caption(":material/redo: You shaped this schedule in another lesson. *Reset* brings back this page's own.")


def _betas(prefix: str) -> tuple[float, float]:
    """β start and β end, in order."""
    (low, high, step), told = START, {"format": "%.5f", "help": HELP["beta_start"]}
    start = controls.slider(f"{prefix}beta_start", "β start", low, high, Schedule.beta_start, step, **told)
    (low, high, step), told = END, {"format": "%.4f", "help": HELP["beta_end"]}
    end = controls.slider(f"{prefix}beta_end", "β end", low, high, Schedule.beta_end, step, **told)
    if start > end:
        st.caption(f":material/info: β start {start:g} lies above β end {end:g}, so this page uses {end:g} for both.")
    return min(start, end), end


def _shown(kind: str) -> str:
    return kind.replace("_", " ")
