"""Controls whose values live in the URL: what a learner sees, a pasted link opens again.

Each control's `key` is also its name in the URL. Pages share names such as `seed`, and each keeps its own values, for
when a learner comes back to it. A value that the page cannot use is clamped, and a sentence under the title says so.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lessons.shared import limits
from lessons.shared.limits import Number

LARGEST_SEED = 9999  # short enough to say aloud in a classroom
_DEFAULTS = "beaker_defaults"  # key → default, of the page on show; the reset reads it
_NOTES = "beaker_notes"  # key → (what the page said, the value it said it about)
_PAGE = "beaker_page"
_OWNERS = "beaker_owners"  # key → the page that drew its control last
_KEPT = "beaker_kept"  # page → key → value that it was left with
# The keys named by the link that opened the page on show: a link says more than what was kept. They are noted in the
# page's first run: where a second begins before the first ends, Streamlit 1.67 hands it the address of the page before.
_LINK = "beaker_link"


def start_page(name: str) -> None:
    """Begin a run of that page, and turn to it if another was on show; the page header calls this."""
    st.session_state[_DEFAULTS] = {}
    if st.session_state.get(_PAGE) != name:
        _leave()
        _arrive()
        st.session_state[_LINK] = set(st.query_params)
        st.session_state[_PAGE], st.session_state[_NOTES] = name, {}


def notices() -> list[str]:
    """One sentence for each value of the link that this page could not use, for as long as it stands."""
    kept = st.session_state.get(_NOTES, {})
    return [note for key, (note, value) in kept.items() if st.session_state.get(key, value) == value]


def slider(
    key: str, label: str, low: Number, high: Number, default: Number, step: Number = 1, **options: Any
) -> Number:
    """A slider over [low, high]; integers stay integers."""
    _settle(key, default, lambda asked: limits.judge_number(asked, _name(label), low, high, step, default))
    value = st.slider(label, low, high, default, step, key=key, bind="query-params", **options)
    return _keep(key, min(max(value, low), high))  # the browser's limits are a courtesy, not a guard


def number(
    key: str, label: str, low: Number, high: Number, default: Number, step: Number = 1, **options: Any
) -> Number:
    """A number typed in, within [low, high]."""
    _settle(key, default, lambda asked: limits.judge_number(asked, _name(label), low, high, step, default))
    value = st.number_input(label, low, high, default, step, key=key, bind="query-params", **options)
    return _keep(key, min(max(value, low), high))


def select(key: str, label: str, choices: Sequence[str], default: str | None = None, **options: Any) -> str:
    """One of several: in a row up to four short ones, in a list beyond; the same strings stand in the URL."""
    default = choices[0] if default is None else default
    _settle(key, default, lambda asked: limits.judge_choice(asked, _name(label), choices, default))
    short = len(choices) <= 4 and sum(map(len, choices)) <= 28
    if options.pop("row", short):
        value = st.segmented_control(
            label, choices, default=default, key=key, bind="query-params", required=True, **options
        )
    else:
        place = list(choices).index(default)
        value = st.selectbox(label, choices, index=place, key=key, bind="query-params", **options)
    return _keep(key, value if value in choices else default)


def text(key: str, label: str, default: str = "", longest: int = 200, **options: Any) -> str:
    """A line of text, such as a prompt."""
    _settle(key, default, lambda asked: limits.judge_text(asked, _name(label), longest))
    value = st.text_input(label, default, max_chars=longest, key=key, bind="query-params", **options)
    return _keep(key, limits.judge_text(value or "", label, longest)[0])


def toggle(key: str, label: str, default: bool = False, **options: Any) -> bool:
    """On or off."""
    _settle(key, default, lambda asked: limits.judge_switch(asked, _name(label), default))
    value = st.toggle(label, default, key=key, bind="query-params", **options)
    return _keep(key, bool(value))


def seed(key: str = "seed", label: str = "Seed", default: int = 3) -> int:
    """The seed in full view, with a button that draws another."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        value = number(key, label, 0, LARGEST_SEED, default, help="The same seed gives the same noise.")
        st.button(
            "New seed",
            key=f"{key}-new",
            icon=":material/casino:",
            on_click=lambda: st.session_state.update({key: random.randint(0, LARGEST_SEED)}),
        )
    return int(value)


def reset_button(keep: Sequence[str] = ("seed",), label: str = "Reset, keep the seed") -> None:
    """Put every control above it back to its default, save those in `keep`."""
    defaults = {k: v for k, v in st.session_state.get(_DEFAULTS, {}).items() if k not in keep}
    st.button(
        label,
        key="beaker-reset",
        icon=":material/restart_alt:",
        type="tertiary",
        on_click=lambda: st.session_state.update(defaults),
    )


def open_with(values: Mapping[str, Any]) -> None:
    """Begin the page anew as if its link had said so: key → value, of controls that are not drawn yet."""
    st.session_state.setdefault(_LINK, set()).update(values)
    st.query_params.update({key: _spelt(value) for key, value in values.items()})
    st.rerun()  # controls read the address as it stood when the script began


@dataclass(frozen=True)
class Ask:
    """What the run button has to say on this pass of the script."""

    start: bool  # begin a run now: the button was pressed, or a link that was run has been opened
    ran: bool  # these very settings have been run in this session
    linked: bool  # this session began with a link that was run: its guesses were somebody else's
    settings: Mapping[str, Any]  # what to run


def run_button(label: str = "Run", key: str = "run", **settings: Any) -> Ask:
    """A button for work worth waiting for; `?run=1` in a link presses it once, with the link's settings.

    Changing any of `settings` takes `run=1` out of the URL again: a link never claims a run it has not seen.
    """
    memory = f"beaker_{key}_of_{st.session_state.get(_PAGE, '')}"
    wanted = repr(sorted(settings.items()))
    pressed = st.button(label, key=f"{key}-button", type="primary", width="stretch")
    opened = memory not in st.session_state and st.query_params.get(key) == "1"
    if pressed or opened:
        st.session_state[memory] = wanted
    st.session_state.setdefault(memory, None)
    linked = st.session_state.setdefault(f"{memory}_link", opened)
    ran = st.session_state[memory] == wanted
    _mark_link(key, ran)
    return Ask(start=pressed or opened, ran=ran, linked=linked, settings=settings)


def _mark_link(key: str, ran: bool) -> None:
    if ran and st.query_params.get(key) != "1":
        st.query_params[key] = "1"
    elif not ran and key in st.query_params:
        del st.query_params[key]


def _settle(key: str, default: Any, judge: Callable[[object], tuple[Any, str]]) -> None:
    """Before a control is drawn: judge what the URL or an earlier page left for it."""
    st.session_state.setdefault(_DEFAULTS, {})[key] = default
    _recall(key, default)
    if key in st.session_state:
        value, _ = judge(st.session_state[key])
        if value != st.session_state[key]:
            st.session_state[key] = value  # put there by a page's own code
        return
    asked = st.query_params.get(key)
    if asked is None:
        return
    value, note = judge(asked)
    if not note:
        return
    st.session_state.setdefault(_NOTES, {})[key] = (note, value)
    # Streamlit drops a bad value and its parameter silently, so the link is corrected before it looks.
    if value == default:
        del st.query_params[key]
    else:
        st.query_params[key] = _spelt(value)
    st.rerun()


def _leave() -> None:
    """Keep what was set on the page before at the last moment: turning the page stopped the run that would have."""
    page = st.session_state.get(_PAGE)
    for key, owner in _owners().items():
        if owner == page and key in st.session_state:
            _kept()[key] = st.session_state[key]


def _arrive() -> None:
    """The browser's Back and Forward bring a page as it was left, like the sidebar.

    Streamlit 1.67 puts each control that the address says nothing of back to its default then; and of what the address
    says, it drops what another page has a control for.
    """
    if context := get_script_run_ctx():
        context.is_history_navigation = False


def _recall(key: str, default: Any) -> None:
    """Give a control back what this page was left with, where it comes new or from another page."""
    page = st.session_state.get(_PAGE)
    lost = _owners().get(key, page) != page if key in st.session_state else key in _kept()
    if lost and key not in st.session_state.get(_LINK, ()):
        st.session_state[key] = _kept().get(key, default)


def _owners() -> dict[str, str]:
    return st.session_state.setdefault(_OWNERS, {})


def _kept() -> dict[str, Any]:
    """What this page was left with."""
    return st.session_state.setdefault(_KEPT, {}).setdefault(st.session_state.get(_PAGE), {})


def _keep(key: str, value: Any) -> Any:
    """Note what a control says once it is drawn: a run that was stopped before that left it to the next."""
    _owners()[key] = st.session_state.get(_PAGE)
    _kept()[key] = value
    return value


def _spelt(value: Any) -> str:
    """A value as it stands in an address."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _name(label: str) -> str:
    """The label as it reads inside a sentence."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
