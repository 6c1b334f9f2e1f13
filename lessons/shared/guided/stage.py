"""The stage: one run taken apart, and at which step its words act most."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from lessons.shared import guess
from lessons.shared.guidance_maps import Badge, guidance_maps
from lessons.shared.guided.watch import watch
from lessons.shared.player import link_state
from lessons.shared.prose import Prose
from lessons.shared.studio import guided, runs
from lessons.shared.studio.guided import Moment
from lessons.shared.studio.runs import Job

OPENS_AT = 3  # the step on show at first: the words act strongly, and both pictures can be told
UNHEARD = 0.5  # shades: moving the picture by less than this at every step, words say nothing
CHOSEN = "beaker_guided_chosen"
WHEN = ("first", "middle", "last")


def maps(shipped: Sequence[Moment], scale: float, idle: str, chart: bool, on_scale: Callable[[float], None]) -> None:
    """The maps of the learner's run as it comes; of the shipped one while there is none."""
    at, _ = link_state(st.query_params)

    def chosen(tried: float) -> None:
        on_scale(tried)
        st.session_state[CHOSEN] = True

    view = {"key": "guided", "scale": scale, "chart": chart, "on_scale": chosen,
            "start": OPENS_AT if at is None else at}  # fmt: skip

    def draw(jobs: list[Job]) -> None:
        if st.session_state.pop(CHOSEN, False):
            st.rerun()  # the whole page: the slider beside the stage stands outside this fragment
        if jobs and jobs[0].state != "failed":
            job = jobs[0]
            moments, badge = guided.moments(runs.records(guided.MAPS)), _badge("live", job.title, job.request)
            running = not job.over
            guidance_maps(job.run_id, moments, total=job.request.steps, badge=badge, running=running, **view)
        elif shipped:
            badge = _badge("cached", guided.PROMPT, guided.maps_request(()))
            guidance_maps("shipped", shipped, total=len(shipped), badge=badge, **view)

    watch("guided", [guided.MAPS], idle, draw)


def _badge(kind: str, prompt: str, request: runs.Request) -> Badge:
    return Badge(kind, guided.titled(prompt, runs.describe(request)))


def moments_on_show(shipped: Sequence[Moment]) -> tuple[Sequence[Moment], bool]:
    """(the steps of the finished run, whether it is the learner's own); nothing while a run is going."""
    jobs = runs.jobs([guided.MAPS])
    if jobs and jobs[0].state != "failed":
        return (guided.moments(runs.records(guided.MAPS)) if jobs[0].state == "done" else []), True
    return shipped, False


def reveal(asked: guess.Guess, moments: Sequence[Moment], own: bool, words: Prose) -> None:
    """When the words acted most, measured on the run on show."""
    if not moments or not asked.open:
        if asked.open:
            st.caption(words.text("when-later"))
        else:
            guess.reveal(asked, "", "")
        return
    effects = [moment.effect for moment in moments]
    if max(effects) < UNHEARD:
        guess.reveal(asked, words.text("when-never"), words.text("when-nothing", which=_which(own, words)))
        return
    top = int(np.argmax(effects))
    noise = max(_share_of_noise(moment) for moment in moments)
    found = {"step": top + 1, "steps": len(effects), "most": _shades(effects[top]), "last": _shades(effects[-1])}
    sentence = words.text("when-measured", which=_which(own, words), noise=f"{100 * noise:.1f}", **found)
    guess.reveal(asked, words.text(f"when-{quarter(top, len(effects))}"), sentence)


def quarter(index: int, steps: int) -> str:
    """first, middle or last: in which part of a run a step lies; both ends are a quarter each."""
    share = (index + 0.5) / steps
    return WHEN[0] if share <= 0.25 else WHEN[2] if share > 0.75 else WHEN[1]


def _share_of_noise(moment: Moment) -> float:
    """The size of the difference beside the size of the noise, on the maps."""
    return float((moment.eps_with - moment.eps_without).std() / max(moment.eps_without.std(), 1e-6))


def _which(own: bool, words: Prose) -> str:
    return words.text("run-yours" if own else "run-shipped")


def _shades(effect: float) -> str:
    return f"{effect:.0f}" if effect >= 10 else f"{effect:.1f}"
