// The cursor: slider, keys, playing, and following a run that is still being computed.

const PERIOD = 100; // ms between frames: 10 a second
const LONGEST = 100; // frames of one playback: a long track skips some, and still ends within ten seconds
const CALM = { period: 900, frames: 6 }; // for those who asked their system for less motion

const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function buildTransport(view) {
  const { words, panels, curves } = view.data;
  const slider = element("input", { type: "range", min: "0", step: "1", value: "0", "aria-label": words.slider });
  const play = button(words.play, ICONS.play, () => togglePlay(view), "play");
  const back = button(words.back, ICONS.back, () => stepBy(view, -1));
  const forward = button(words.forward, ICONS.forward, () => stepBy(view, 1));
  const readout = element("div", { class: "readout" });
  const status = element("p", { class: "spoken", role: "status", "aria-live": "polite" });
  const curve = panels.includes("curve") && curves.length === 1 ? chartFigure("curve", words.curve, "") : null;
  slider.oninput = () => goTo(view, Number(slider.value));
  slider.onchange = () => settle(view);
  slider.onkeydown = (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    togglePlay(view);
  };
  const bar = element("div", { class: "transport" }, element("div", { class: "rail" }, slider),
    element("div", { class: "keys" }, back, play, forward), readout, status);
  view.transport = { slider, play, readout, status, curve };
  return curve ? [curve.canvas, bar] : [bar];
}

// A hand on the cursor: it goes there, and stops following or playing.
function goTo(view, index) {
  Object.assign(view, { follow: false, playing: false });
  view.index = clamp(index, 0, availableOf(view));
  pace(view);
  draw(view);
}

function stepBy(view, by) {
  goTo(view, view.index + by);
  settle(view);
}

function togglePlay(view) {
  if (view.playing || view.follow) {
    goTo(view, view.index);
    settle(view);
    return;
  }
  if (view.index >= availableOf(view)) view.index = 0;
  view.playing = true;
  pace(view);
  draw(view);
}

// Start or stop the clock as playing and following need it.
function pace(view) {
  const wanted = view.playing || view.follow;
  if (wanted && !view.clock) view.clock = setInterval(() => tick(view), calm() ? CALM.period : PERIOD);
  if (wanted || !view.clock) return;
  clearInterval(view.clock);
  view.clock = null;
}

function tick(view) {
  const stride = Math.max(1, Math.ceil((view.count - 1) / (calm() ? CALM.frames : LONGEST)));
  const available = availableOf(view);
  const finished = !view.running && view.index >= available;
  view.index = Math.min(view.index + stride, available);
  if (finished || (!view.running && view.index >= available)) {
    Object.assign(view, { playing: false, follow: false });
    pace(view);
    settle(view);
  }
  draw(view);
}

// What the cursor shows, in words: step, noise level, and how much signal and noise remain.
function stateParts(view) {
  const { words, curves } = view.data;
  const shown = view.tracks.map((track) => frameOf(view, track)).filter(Boolean);
  if (!shown.length) return [words.waiting];
  const longest = view.tracks.find((track) => track.count === view.count);
  const step = longest.frames[positionOf(view, longest)]?.step ?? 0;
  const levels = [...new Set(shown.map((frame) => frame.t))];
  const parts = [fill(words.step, { step, last: longest.last }), fill(words.level, { t: levels.join(" / ") })];
  if (curves.length !== 1 || levels.length !== 1) return parts;
  for (const name of ["signal", "noise"]) {
    if (!curves[0][name]) continue;
    const share = percent(rateAt(curves[0], curves[0][name], levels[0]));
    parts.push(fill(words.rate, { name: curves[0][`${name}_name`], share }));
  }
  return parts;
}

function paintTransport(view) {
  const { slider, play, readout, curve } = view.transport;
  const { words, curves } = view.data;
  const parts = stateParts(view);
  const moving = view.playing || view.follow;
  slider.max = Math.max(view.count - 1, 0);
  slider.value = view.index;
  slider.disabled = view.count < 2;
  slider.setAttribute("aria-valuetext", parts.join(", "));
  const share = (index) => `${view.count > 1 ? (100 * index) / (view.count - 1) : 0}%`;
  slider.style.setProperty("--got", share(availableOf(view)));
  slider.style.setProperty("--at", share(view.index));
  if (play.dataset.moving !== String(moving)) {
    play.dataset.moving = String(moving);
    play.innerHTML = moving ? ICONS.pause : ICONS.play;
    play.title = moving ? words.pause : words.play;
    play.setAttribute("aria-label", play.title);
  }
  const note = view.tracks.map((track) => frameOf(view, track)?.note).find(Boolean) || (view.data.clipped && words.clipped);
  readout.replaceChildren(...parts.map((part) => element("span", {}, part)));
  if (note) readout.append(element("span", { class: "aside" }, note));
  if (!curve) return;
  const frames = view.tracks.map((track) => frameOf(view, track)).filter(Boolean);
  const visited = view.tracks[0].frames.slice(0, view.tracks[0].received).map((f) => f.t);
  paintCurve(curve.canvas, curves[0], [...new Set(frames.map((f) => f.t))], visited,
    goesBackwards(view.tracks[0], curves[0]), words, view.ink);
}
