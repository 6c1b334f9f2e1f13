// Takes each message of Python, keeps where both sliders stand, and paints. The server hears of neither.

const VIEWS = new WeakMap(); // one view for each place it is mounted; it outlives every update

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".growing");
  if (!root || !data) return undefined;
  let view = VIEWS.get(parentElement);
  if (!view) VIEWS.set(parentElement, (view = { moment: null, column: null, sheets: null, clock: null, playing: "" }));
  view.root = root;
  update(view, data);
  const call = (view.call = Symbol()); // an update that was overtaken is ended after the next one has begun
  return () => view.call === call && leave(view, parentElement);
}

async function update(view, data) {
  const began = data.running && !view.data?.running;
  view.newest = data;
  const sheets = await Promise.all([loaded(data.x_t), loaded(data.x0_hat)]);
  if (view.newest !== data) return; // a newer one came while these were decoded
  const first = !view.data;
  const ended = view.data?.running && !data.running;
  Object.assign(view, { data, sheets: { x_t: sheets[0], x0_hat: sheets[1] } });
  if (first || !view.root.firstChild) build(view);
  if (first) fromAddress(view);
  if (began) bringIntoSight(view.root);
  if (data.running) stop(view);
  if (data.running || ended) view.column = data.steps.length - 1;
  view.column = clamp(view.column, 0, data.steps.length - 1);
  paint(view);
  if (!data.running) toAddress(view);
}

function loaded(url) {
  return new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.src = url;
  });
}

function move(view, axis, value) {
  stop(view);
  view[axis] = clamp(value, 0, mostOf(view, axis));
  paint(view);
  toAddress(view);
}

const mostOf = (view, axis) => (axis === "moment" ? view.data.seen : view.data.steps).length - 1;

function toggle(view, axis) {
  const wasPlaying = view.playing === axis;
  stop(view);
  if (!wasPlaying) {
    if (view[axis] >= mostOf(view, axis)) view[axis] = 0;
    view.playing = axis;
    view.clock = setInterval(() => tick(view, axis), PERIODS[axis]);
  }
  paint(view);
}

function tick(view, axis) {
  view[axis] = Math.min(view[axis] + 1, mostOf(view, axis));
  if (view[axis] >= mostOf(view, axis)) {
    stop(view);
    toAddress(view);
  }
  paint(view);
}

function stop(view) {
  clearInterval(view.clock);
  Object.assign(view, { clock: null, playing: "" });
}

function paint(view) {
  const { root, data, sheets, moment, column } = view;
  const { labels } = data;
  root.dataset.theme = data.dark ? "dark" : "light";
  const seen = data.seen[moment].toLocaleString("en");
  const step = fill(labels.step, { step: data.steps[column], total: data.total, t: data.times[column].toLocaleString("en") });
  const trained = fill(labels.seen, { seen });
  for (const [name, { canvas, figure }] of Object.entries(view.large)) {
    paintFrom(canvas, sheets[name], column, moment);
    figure.classList.toggle("locked", !data.shown[moment]);
    canvas.setAttribute("aria-label", data.shown[moment] ? fill(labels[`${name}_alt`], { trained, step }) : labels.locked);
  }
  view.tiles.forEach(({ button, canvas }, i) => {
    paintFrom(canvas, sheets.x0_hat, column, i);
    button.classList.toggle("locked", !data.shown[i]);
    button.setAttribute("aria-pressed", String(i === moment));
    button.setAttribute("aria-label", fill(labels.seen, { seen: data.seen[i].toLocaleString("en") }));
  });
  paintRail(view, "moment", trained);
  paintRail(view, "column", step);
  view.says.replaceChildren(...verdict(view));
  view.badge.replaceChildren(element("b", { "data-kind": data.badge.kind }, data.badge.kind), element("span", {}, data.badge.text));
  Object.assign(root.dataset, { moment, step: data.steps[column], running: data.running, badge: data.badge.kind,
    shown: data.shown.filter(Boolean).length, columns: data.steps.length });
}

function paintRail(view, axis, text) {
  const { slider, value, play, name } = view.rails[axis];
  const { labels, running } = view.data;
  const most = mostOf(view, axis);
  slider.max = String(Math.max(most, 1));
  slider.value = String(view[axis]);
  slider.disabled = axis === "column" && running;
  play.disabled = running;
  slider.style.setProperty("--at", `${most ? (100 * view[axis]) / most : 100}%`);
  slider.setAttribute("aria-valuetext", text);
  value.textContent = text;
  const playing = view.playing === axis;
  play.textContent = playing ? "❚❚" : "▶";
  play.setAttribute("aria-label", `${playing ? labels.pause : labels.play}: ${name}`);
}

// --- the page's address ---

function fromAddress(view) {
  const asked = new URL(window.location.href).searchParams;
  view.moment = nearest(view.data.seen, asked.get(PARAMETERS.moment));
  view.column = nearest(view.data.steps, asked.get(PARAMETERS.column));
}

// The place of the value nearest to what the address asks for; the last one where it asks for nothing sensible.
function nearest(values, text) {
  const asked = Number.parseFloat(text);
  if (!Number.isFinite(asked)) return values.length - 1;
  const far = values.map((value) => Math.abs(value - asked));
  return far.indexOf(Math.min(...far));
}

function toAddress(view) {
  const { data, moment, column } = view;
  write({ [PARAMETERS.moment]: moment === data.seen.length - 1 ? "" : data.seen[moment],
    [PARAMETERS.column]: column === data.steps.length - 1 ? "" : data.steps[column] });
}

function write(values) {
  const url = new URL(window.location.href);
  const before = url.search;
  for (const [name, value] of Object.entries(values)) {
    if (value === "") url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  if (url.search !== before) window.history.replaceState(window.history.state, "", url);
}

function leave(view, parentElement) {
  stop(view);
  VIEWS.delete(parentElement);
  write({ [PARAMETERS.moment]: "", [PARAMETERS.column]: "" });
}

// On a phone the Run button lies a screen away from the pictures.
function bringIntoSight(root) {
  const { top, bottom } = root.getBoundingClientRect();
  if (bottom > 80 && top < window.innerHeight - 80) return;
  root.scrollIntoView({ block: "start" });
}
