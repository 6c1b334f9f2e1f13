// Attention over the picture: takes each message of Python, keeps what the learner chose, draws when something moved.

const VIEWS = new WeakMap(); // one view for each place it is mounted; it outlives every update
const LINK = ["look", "word", "grid", "px"]; // names under which the choices stand in the page's address

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".maps");
  if (!root || !(data instanceof Uint8Array)) return undefined;
  let view = VIEWS.get(parentElement);
  if (!view) VIEWS.set(parentElement, (view = newView(root)));
  update(view, opened(data));
  return () => leave(view, parentElement);
}

function newView(root) {
  const view = { root, mode: "word", word: 1, size: ALL, cell: [5, 3], picture: "x0_hat", bare: false, wanted: 0, frame: null };
  view.watch = new ResizeObserver(() => draw(view));
  view.watch.observe(root);
  document.fonts?.ready.then(() => draw(view));
  return view;
}

function update(view, data) {
  const before = view.data;
  view.data = data;
  if (!before) Object.assign(view, { wanted: data.start, word: data.word }, fromAddress(data));
  else if (String(before.words) !== String(data.words)) view.word = Math.min(data.word, data.words.length - 1);
  build(view);
  view.root.dataset.theme = data.dark ? "dark" : "light";
  view.ink = inkOf(view.root);
  draw(view);
  if (!data.running) settle(view);
}

// What a link chose, as far as this run has it.
function fromAddress(data) {
  const asked = new URL(window.location.href).searchParams;
  const whole = (name, most) => (/^\d{1,3}$/.test(asked.get(name) || "") ? clamp(Number(asked.get(name)), 0, most) : null);
  const found = {};
  if (whole("look", 1000) !== null) found.wanted = Math.max(whole("look", 1000) - 1, 0);
  if (whole("word", 99) !== null) found.word = Math.min(whole("word", 99), data.words.length - 1);
  if (data.cross[asked.get("grid")]) found.size = Number(asked.get("grid"));
  const cell = /^(\d),(\d)$/.exec(asked.get("px") || "");
  if (cell) Object.assign(found, { mode: "pixel", cell: cell.slice(1).map((at) => Math.min(Number(at), sizesOf(data.own)[0] - 1)) });
  return found;
}

function change(view, chosen, settled = true) {
  Object.assign(view, chosen);
  if (view.mode === "pixel" && view.size !== ALL && !view.data.own[view.size]) view.size = ALL;
  draw(view);
  if (settled) settle(view);
}

// The kept look nearest to the one wanted; of a run under way, the one there is.
function lookOf(view) {
  const { looks } = view.data;
  let best = 0;
  looks.forEach((look, i) => {
    if (Math.abs(look - view.wanted) < Math.abs(looks[best] - view.wanted)) best = i;
  });
  return best;
}

function draw(view) {
  if (!view.data) return;
  view.frame ??= requestAnimationFrame(() => {
    view.frame = null;
    if (view.root.clientWidth) render(view);
  });
}

function render(view) {
  const { data, mode, word, size, cell } = view;
  const look = lookOf(view);
  const map = mode === "word" ? wordMap(data, look, word, size) : pixelMap(data, look, cell, size);
  const { ctx, width, height } = paintVeiled(view.canvas, pictureOf(data, look, view.picture), view.bare ? null : map);
  if (mode === "pixel") {
    const n = data.own[size] ? size : sizesOf(data.own)[0];
    outline(ctx, cellAt(data, cell, n), width / n, height / n, view.ink);
  }
  const share = paintWords(view, look);
  paintSizes(view, look);
  paintState(view, look, map, share);
}

// Every word with its own map and its share, of the whole picture or of the chosen place.
function paintWords(view, look) {
  const { data, mode, size, cell } = view;
  const shares = data.words.map((_, place) => shareOf(data, look, place, size, mode === "pixel" ? cell : null));
  const top = Math.max(...shares.slice(1), 1e-9);
  const teal = rgbOf(view.ink.predicted);
  view.chips.forEach((chip, place) => {
    paintMap(chip.canvas, wordMap(data, look, place, size), place ? teal : rgbOf(view.ink.noise));
    chip.bar.style.width = `${100 * Math.min(shares[place] / top, 1)}%`;
    chip.share.textContent = percentOf(shares[place]);
    chip.button.setAttribute("aria-pressed", String(mode === "word" && place === view.word));
    chip.button.setAttribute("aria-label", fill(data.labels.chip, { word: data.words[place], share: percentOf(shares[place]) }));
  });
  view.asked.textContent = mode === "pixel" ? data.labels.asked_pixel : data.labels.asked_word;
  return shares[view.word];
}

function paintSizes(view, look) {
  const { data, mode, word, cell } = view;
  const teal = rgbOf(view.ink.predicted);
  view.layers.textContent = mode === "word" ? data.labels.layers_word : data.labels.layers_pixel;
  view.sizes.forEach(({ size, canvas, button }) => {
    const has = mode === "word" || size === ALL || Boolean(data.own[size]);
    const map = has && (mode === "word" ? wordMap(data, look, word, size) : pixelMap(data, look, cell, size));
    paintMap(canvas, map || null, teal);
    button.disabled = !has;
    button.title = has ? "" : data.labels.no_pixels;
    button.setAttribute("aria-pressed", String(size === view.size));
  });
}

function paintState(view, look, map, share) {
  const { data, mode, slider, readout } = view;
  const { labels } = data;
  // of a run under way one look is here at a time: the cursor shows how far it has come
  const [at, many] = data.running ? [data.looks[look], data.total - 1] : [look, data.looks.length - 1];
  Object.assign(slider, { max: String(Math.max(many, 1)), value: String(at), disabled: data.running || many < 1 });
  slider.style.setProperty("--at", `${(100 * at) / Math.max(many, 1)}%`);
  const step = fill(labels.look, { look: data.looks[look] + 1, total: data.total });
  const level = fill(labels.level, { t: data.t[look] });
  slider.setAttribute("aria-valuetext", `${step}, ${level}`);
  const values = { word: data.words[view.word], share: percentOf(share), most: percentOf(most(map)) };
  const said = fill(mode === "word" ? labels.says_word : labels.says_pixel, values);
  readout.replaceChildren(element("b", {}, step), ` · ${level}`, element("span", {}, said));
  view.canvas.setAttribute("aria-label", `${said} ${step}, ${level}. ${labels.help}`);
  for (const [name, button] of Object.entries(view.modes)) button.setAttribute("aria-pressed", String(name === mode));
  for (const name of ["x0_hat", "x_t"]) view.pictures[name].setAttribute("aria-pressed", String(name === view.picture));
  view.pictures.none.setAttribute("aria-pressed", String(view.bare));
  view.said = `${said} ${step}.`;
  Object.assign(view.root.dataset, { run: data.run, look: data.looks[look] + 1, looks: data.looks.length, mode,
    word: data.words[view.word], size: view.size, cell: mode === "pixel" ? view.cell.join(",") : "",
    share: share.toFixed(4), picture: view.picture, running: data.running });
}

// Once things rest: say what is shown, and put the choices into the page's address.
function settle(view) {
  requestAnimationFrame(() => requestAnimationFrame(() => {
    if (view.status && view.said) view.status.textContent = view.said;
  }));
  address((parameters) => {
    const put = (name, value, home) => (value === home ? parameters.delete(name) : parameters.set(name, String(value)));
    put("look", view.wanted + 1, view.data.start + 1);
    put("word", view.word, view.data.word);
    put("grid", view.size, ALL);
    put("px", view.mode === "pixel" ? view.cell.join(",") : "", "");
  });
}

function address(alter) {
  const url = new URL(window.location.href);
  const before = url.search;
  alter(url.searchParams);
  url.search = url.search.replaceAll("%2C", ",");
  if (url.search !== before) window.history.replaceState(window.history.state, "", url);
}

function leave(view, parentElement) {
  cancelAnimationFrame(view.frame);
  view.watch.disconnect();
  address((parameters) => LINK.forEach((name) => parameters.delete(name)));
  VIEWS.delete(parentElement);
}
