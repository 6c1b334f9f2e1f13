// Attention over the picture: takes each message of Python, keeps what the learner chose, draws when something moved.

const VIEWS = new WeakMap(); // one view for each place it is mounted; it outlives every update

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".maps");
  if (!root || !(data instanceof Uint8Array)) return undefined;
  let view = VIEWS.get(parentElement);
  if (!view) VIEWS.set(parentElement, (view = newView(root)));
  update(view, opened(data));
  const call = (view.call = Symbol()); // an update that was overtaken is ended after the next one has begun
  return () => view.call === call && leave(view, parentElement);
}

function newView(root) {
  const view = { root, mode: "word", word: 1, size: ALL, cell: [5, 3], picture: "x0_hat", bare: false, wanted: 0, frame: null,
    link: null, odd: "" }; // what a link still waits for, and what it asked for in vain
  view.watch = new ResizeObserver(() => draw(view));
  view.watch.observe(root);
  document.fonts?.ready.then(() => draw(view));
  return view;
}

function update(view, data) {
  const before = view.data;
  view.data = data;
  if (!before) Object.assign(view, { wanted: data.start, word: data.word, link: readAddress() });
  else if (String(before.words) !== String(data.words)) view.word = data.word;
  if (view.link) followLink(view);
  build(view);
  view.root.dataset.theme = data.dark ? "dark" : "light";
  view.ink = inkOf(view.root);
  draw(view);
  if (!data.running && !view.link) settle(view);
}

function change(view, chosen, settled = true) {
  Object.assign(view, chosen, { link: null, odd: "" });
  fit(view);
  draw(view);
  if (settled) settle(view);
}

// In some layers pixels do not look at each other.
function fit(view) {
  if (view.mode === "pixel" && view.size !== ALL && !view.data.own[view.size]) view.size = ALL;
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
  view.note.textContent = view.odd;
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

function leave(view, parentElement) {
  cancelAnimationFrame(view.frame);
  view.watch.disconnect();
  address((parameters) => Object.keys(ASKED).forEach((name) => parameters.delete(name)));
  VIEWS.delete(parentElement);
}
