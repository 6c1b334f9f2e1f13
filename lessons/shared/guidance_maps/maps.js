// Takes each message of Python, keeps where the learner is, and paints. Nothing here asks the server for arithmetic.

const MOUNTS = new WeakMap(); // one view for each mount; it outlives every update

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".maps");
  if (!root || !(data instanceof Uint8Array)) return undefined;
  let view = MOUNTS.get(parentElement);
  if (!view) MOUNTS.set(parentElement, (view = openView(root)));
  view.tell = setTriggerValue;
  update(view, unpack(data));
  const call = (view.call = Symbol()); // an update that was overtaken is ended after the next one has begun
  return () => view.call === call && leave(view, parentElement);
}

function openView(root) {
  const view = { root, frames: [], index: 0, scale: 0, seen: {}, frame: null };
  view.watch = new ResizeObserver(() => draw(view));
  view.watch.observe(root);
  document.fonts?.ready.then(() => draw(view));
  return view;
}

function update(view, { header, numbers }) {
  const first = !view.data;
  view.data = header;
  if (!view.grid?.isConnected) {
    buildMaps(view);
    view.grid = view.root.firstChild;
  }
  const fresh = header.run_id !== view.seen.run;
  if (fresh) Object.assign(view, { frames: [], follow: header.running });
  collect(view, header, numbers);
  if (first || (fresh && !header.running)) view.index = header.start;
  if (header.scale !== view.seen.scale) view.scale = header.scale;
  if (view.follow) view.index = Math.max(0, view.frames.length - 1);
  if (!header.running) view.follow = false;
  Object.assign(view.seen, { run: header.run_id, scale: header.scale });
  paintTheme(view);
  draw(view);
  if (!header.running) settle(view);
}

// New steps join those that are there; where some are missing, all are asked for again.
function collect(view, { first, t, used, effect, shape, arrays }, numbers) {
  if (first > view.frames.length) {
    view.tell("need", true);
    return;
  }
  const at = (name, i) => {
    const size = shape[0] * shape[1] * (name.startsWith("x0") ? 3 : 1);
    const from = arrays[name].at + i * size;
    return valuesOf({ n: numbers.subarray(from, from + size), unit: 1 / arrays[name].scale });
  };
  t.forEach((level, i) => {
    const pictures = Object.fromEntries(Object.keys(arrays).map((name) => [name, at(name, i)]));
    view.frames[first + i] = { t: level, used: used[i], effect: effect[i], shape, ...pictures };
  });
}

function paintTheme(view) {
  const theme = themeOf(view.root);
  view.root.dataset.theme = theme;
  view.ink = inkOf(view.root);
  view.table = palette(theme);
  show(view.strip, noiseImage(Float32Array.from({ length: 101 }, (_, i) => (i - 50) / 50), 1, view.table, [1, 101]));
}

function moveTo(view, index) {
  Object.assign(view, { index, follow: false });
  draw(view);
}

function tryScale(view, scale) {
  view.scale = scale;
  draw(view);
}

// The scale where the learner let go is what Run will use next.
function letGo(view) {
  view.seen.scale = view.scale;
  view.tell("scale", view.scale);
  settle(view);
}

function draw(view) {
  view.frame ??= requestAnimationFrame(() => {
    view.frame = null;
    render(view);
  });
}

function render(view) {
  const { data, frames, root } = view;
  if (!data || !root.clientWidth) return;
  view.index = clamp(view.index, 0, Math.max(frames.length - 1, 0));
  const frame = frames[view.index];
  root.dataset.empty = String(!frame);
  if (frame) paintParts(view, frame);
  view.charted.hidden = !data.chart;
  if (data.chart) paintChart(view);
  paintRails(view, frame);
  Object.assign(root.dataset, { index: view.index, received: frames.length, total: data.total, run: data.run_id,
    scale: view.scale, used: frame?.used ?? "", t: frame?.t ?? "", running: String(data.running) });
}

function paintParts(view, frame) {
  const { parts, scale, table, data: { words } } = view;
  const size = frame.shape;
  const difference = frame.eps_with.map((value, i) => value - frame.eps_without[i]);
  const maps = { without: frame.eps_without, with: frame.eps_with, difference, sum: mixed(frame.eps_without, frame.eps_with, scale) };
  const pictures = { without: frame.x0_without, with: frame.x0_with, sum: mixed(frame.x0_without, frame.x0_with, scale) };
  for (const part of PARTS) {
    show(parts[part].upper.canvas, noiseImage(maps[part], REACH, table, size));
    if (pictures[part]) {
      show(parts[part].lower.canvas, colourImage(pictures[part], size));
      parts[part].lower.text.textContent = fill(words.clipped, { share: tenth(100 * beyond(pictures[part])) });
    } else show(parts[part].lower.canvas, noiseImage(difference, REACH / CLOSER, table, size));
  }
  parts.sum.title.textContent = fill(words.sum, { scale: tidy(scale) });
  view.root.dataset.beyond = beyond(pictures.sum).toFixed(4);
  view.root.dataset.middle = maps.sum[Math.floor(maps.sum.length / 2)].toFixed(3);
}

const tidy = (value) => String(Math.round(value * 100) / 100);
const tenth = (value) => (value >= 9.95 ? value.toFixed(0) : value.toFixed(1));

function paintRails(view, frame) {
  const { step, scaleOf, data, frames, index } = view;
  step.input.max = Math.max(data.total - 1, 0);
  step.input.value = index;
  step.input.disabled = frames.length < 2;
  scaleOf.input.value = view.scale;
  step.value.textContent = `${index + 1} / ${data.total}`;
  scaleOf.value.textContent = tidy(view.scale);
  const share = (part, all) => `${all ? (100 * part) / all : 0}%`;
  step.input.style.setProperty("--at", share(index, data.total - 1));
  step.input.style.setProperty("--got", share(frames.length - 1, data.total - 1));
  scaleOf.input.style.setProperty("--at", share(view.scale, data.largest));
  const said = sentence(view, frame);
  view.readout.textContent = said.join(" · ");
  step.input.setAttribute("aria-valuetext", said[0]);
  const { kind, text } = data.badge;
  view.badge.replaceChildren(element("b", { "data-kind": kind }, data.words[kind]), element("span", {}, text));
}

// The state in words: for those who look, and for those who listen.
function sentence(view, frame) {
  const { data: { words, total, chart }, index, scale } = view;
  if (!frame) return [words.waiting];
  const said = [fill(words.step_of, { step: index + 1, last: total }), fill(words.level, { t: frame.t })];
  if (chart) said.push(fill(words.effect, { shades: tenth(frame.effect) }));
  const other = Math.abs(scale - frame.used) > 1e-6;
  said.push(fill(other ? words.asked : words.used, { scale: tidy(scale), used: tidy(frame.used) }));
  return said;
}

// Once things rest: say the state, describe every picture, and put the step into the page's address.
function settle(view) {
  const { data: { words }, parts, frames, index } = view;
  const frame = frames[clamp(index, 0, Math.max(frames.length - 1, 0))];
  const state = sentence(view, frame).join(", ");
  for (const part of PARTS) {
    const name = part === "sum" ? fill(words.sum, { scale: tidy(view.scale) }) : words[part];
    parts[part].upper.canvas.setAttribute("aria-label", `${fill(words.noise_of, { part: name })}. ${state}`);
    const lower = part === "difference" ? words.closer : fill(words.picture_of, { part: name });
    parts[part].lower.canvas.setAttribute("aria-label", `${lower}. ${state}`);
  }
  view.chart.setAttribute("aria-label", `${words.chart}: ${frames.map((f) => tenth(f.effect)).join(", ")}`);
  if (view.spoken.textContent !== state) view.spoken.textContent = state;
  if (frame) address((parameters) => (index === view.data.start && !parameters.has("at")) || parameters.set("at", String(index)));
}

function address(change) {
  const url = new URL(window.location.href);
  const before = url.search;
  change(url.searchParams);
  if (url.search !== before) window.history.replaceState(window.history.state, "", url);
}

function leave(view, parentElement) {
  cancelAnimationFrame(view.frame);
  view.watch.disconnect();
  address((parameters) => parameters.delete("at"));
  MOUNTS.delete(parentElement);
}
