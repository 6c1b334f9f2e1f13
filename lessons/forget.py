"""How fast to forget: a schedule decides how much each step forgets, and so where the picture is lost."""

from __future__ import annotations

import streamlit as st

from lessons import catalog
from lessons.shared import controls, forgetting, forgetting_curves, guess, line_chart, links, page, pictures, prose
from lessons.shared.player import link_state, player
from lessons.shared.schedule_controls import choose_schedule
from lessons.shared.studio import schedules as studio

OPENS_AT = 0.24  # of the way: both pictures can still be told, they differ, and the cursor stands clear of the names
RENAMED = ("step", "level", "slider", "x_t", "x0_hat", "curve", "pick_hint")  # words of the player

lesson, words = catalog.lesson(__file__), prose.load("forget")
page.header(lesson)
line_chart.style()
play, side = page.stage()

with side:
    shape = st.container()
    beside = controls.select("beside", "Beside it", list(studio.COMPARISONS), row=False, help=words.text("beside"))
    with page.more():
        rest = st.container()
        known = controls.slider("known", "Picture", 1, studio.KNOWN, studio.PICTURE, help=words.text("known"))
        seed = controls.seed(default=studio.SEED)
    with shape:
        st.caption(words.text("schedule"))
        schedule = choose_schedule(default_kind="linear", rest=rest)
    controls.reset_button()
    links.copy_link()

compared = studio.comparison(beside, schedule.T)
name, other_name = f"yours, {schedule.kind.replace('_', ' ')}", f"beside it, {beside}"
made = f"picture {known} · seed {seed} · T {schedule.T:,}"
with side, st.spinner(words.text("waiting")):  # below the controls, where nothing jumps
    yours, other = studio.fading(schedule, known, seed), studio.fading(compared, known, seed)
fadings, schedules = {name: yours, other_name: other}, {name: schedule, other_name: compared}

# --- the 64, and a guess ---

st.header("Who can still tell?", anchor=False)
left, right = st.columns([0.4, 0.6], gap="large")
with left:
    sheet, true = forgetting.sheet(studio.known_pictures(), known), f"number {known} is the one in the frame"
    label = pictures.badge("illustration", "drawn by the picture world")
    pictures.pixel_picture(sheet, 1, true.capitalize(), label, alt=f"The 64 known pictures; {true}")
with right:
    st.markdown(words.text("who"))
    told = guess.ask_number("forget-step", words.text("question"), 0, 100, unit="%")

with play:
    at, pixel = link_state(st.query_params)
    notes = forgetting.notes(yours, other, words.text("sure")) if told.open else None
    tracks = [forgetting.track(each, schedules[each], fading, made, notes) for each, fading in fadings.items()]
    panels = ("x_t", "x0_hat", "curve") if told.open else ("x_t", "curve")
    curves = [forgetting.rates(each, words) for each in schedules.values()]
    renamed = {part: words.text(f"player-{part}") for part in RENAMED}
    start = round(OPENS_AT * min(studio.FRAMES, schedule.T)) if at is None else at
    player(tracks, key="forget", panels=panels, curve=curves, start=start, pixel=pixel, words=renamed)

# --- what came of it ---

share = round(100 * yours.step / schedule.T) if yours.step else "never"
sentence = forgetting.outcome(words, schedule, yours, other, beside) if told.open else ""
guess.reveal(told, share, sentence, unit="%", source="The guesser gives up")
if told.open:
    chart, seen = st.columns([0.5, 0.5], gap="medium")
    with chart:
        line_chart.draw(forgetting_curves.certainty(fadings, words, sentence.replace("*", "")))
    with seen:
        moment = forgetting.last_known(yours)
        facts = {"t": f"{yours.times[moment]:,}", "sure": round(100 * yours.sure[moment])}
        st.html(forgetting.row(forgetting.answer(yours, moment, studio.known_pictures()[known - 1]), scale=5))
        pictures.show_badge(yours.badge, f"yours · {made}")
        st.markdown(words.text("eye" if yours.step else "eye-never", **facts))

# --- the same thing in curves and strips ---

st.header("One schedule, drawn three ways", anchor=False)
gives_up = {each: fading.step for each, fading in fadings.items()} if told.open else {}
st.markdown(words.text("three") + (f" {words.text('dots')}" if any(gives_up.values()) else ""))
halves = forgetting.reading(schedule, compared)
alts = {key: words.text(f"alt-{key}", **halves) for key in forgetting_curves.CURVES}
line_chart.draw(*forgetting_curves.three_curves(schedules, gives_up, words, alts))
st.markdown(words.text("strips", other=beside))
for each, fading in fadings.items():
    pictures.strip(*forgetting.strip(fading), scale=2, label=pictures.badge(fading.badge, f"{each} · {made}"))

st.header("When the end is not noise", anchor=False)
rate = float(schedule.signal_rate(schedule.T))
st.markdown(words.text("end"))
st.html(forgetting.row(forgetting.ends(schedules, fadings), scale=5))
verdict = "end-noise" if rate <= 0.02 else "end-trace" if rate <= 0.15 else "end-picture"
st.markdown(words.text(verdict, rate=forgetting.percent(rate), steps=f"{schedule.T:,}"))

page.try_this(words.moves())
page.what_you_saw(words.text("saw"), belief=words.text("belief"), truth=words.text("truth"))
page.depth(
    maths=words.text("maths"),
    sources=[f"diffusion_core/schedules.py::{part}" for part in (schedule.kind, "Schedule.alpha_bar", "Schedule.snr")]
    + ["diffusion_core/process.py::add_noise", "diffusion_core/denoiser.py::ExactDataset.posterior"],
    papers=words.text("papers"),
    note=words.text("code-note"),
)
page.check_yourself(words.quiz(), key="forget")
page.where_next(lesson, words.text("next"))
