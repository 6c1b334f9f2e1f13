// What is on show: the picture with its cursor, and beside it the words, the layer sizes and the two ways to look.

function press(label, action, attributes = {}) {
  const made = element("button", { type: "button", "aria-pressed": "false", ...attributes }, ...label);
  made.onclick = action;
  return made;
}

// Built again only when the words or the layers are others; an update of the same run keeps focus where it is.
function build(view) {
  const { words, cross, own, labels } = view.data;
  const plan = JSON.stringify([words, sizesOf(cross), sizesOf(own), labels]);
  if (view.plan === plan) return;
  view.plan = plan;
  const stage = buildStage(view);
  const board = element("div", { class: "board" }, buildModes(view), buildWords(view), buildSizes(view));
  view.status = element("p", { class: "spoken", role: "status" });
  view.note = element("p", { class: "note" });
  view.root.replaceChildren(view.note, element("div", { class: "both" }, stage, board), view.status);
  view.root.setAttribute("role", "group");
  view.root.setAttribute("aria-label", labels.what);
}

function buildStage(view) {
  const { labels } = view.data;
  view.canvas = element("canvas", { class: "picture", tabindex: "0", role: "application" });
  view.canvas.onclick = (event) => {
    const box = view.canvas.getBoundingClientRect();
    const n = sizesOf(view.data.own)[0];
    const at = (part) => clamp(Math.floor(part * n), 0, n - 1);
    pick(view, [at((event.clientY - box.top) / box.height), at((event.clientX - box.left) / box.width)]);
  };
  view.canvas.onkeydown = (event) => moveCell(view, event);
  view.slider = element("input", { type: "range", min: "0", step: "1", "aria-label": labels.slider });
  view.slider.oninput = () => change(view, { wanted: view.data.looks[Number(view.slider.value)] }, false);
  view.slider.onchange = () => settle(view);
  view.readout = element("p", { class: "readout" });
  view.pictures = Object.fromEntries(["x0_hat", "x_t"].map((name) =>
    [name, press([labels[name]], () => change(view, { picture: name }), { "data-picture": name })]));
  view.pictures.none = press([labels.bare], () => change(view, { bare: !view.bare }), { "data-picture": "bare" });
  return element("div", { class: "stage" }, view.canvas,
    element("div", { class: "choices small", role: "group", "aria-label": labels.pictures }, ...Object.values(view.pictures)),
    view.slider, view.readout);
}

function buildModes(view) {
  const { labels } = view.data;
  view.modes = {
    word: press([labels.word_mode], () => change(view, { mode: "word" }), { "data-mode": "word" }),
    pixel: press([labels.pixel_mode], () => change(view, { mode: "pixel" }), { "data-mode": "pixel" }),
  };
  return element("div", { class: "choices", role: "group", "aria-label": labels.modes }, ...Object.values(view.modes));
}

function buildWords(view) {
  const { words, labels } = view.data;
  view.chips = words.map((word, place) => {
    const canvas = element("canvas", { "aria-hidden": "true" });
    const bar = element("i", {});
    const share = element("span", { class: "share" });
    const name = element("span", { class: "name" }, word);
    const button = press([canvas, name, element("span", { class: "bar" }, bar), share],
      () => change(view, { mode: "word", word: place }), { "data-word": String(place), class: place ? "chip" : "chip start" });
    return { button, canvas, bar, share };
  });
  const [start, ...rest] = view.chips.map((chip) => chip.button);
  view.asked = element("p", { class: "hint" });
  return element("div", {}, view.asked, element("div", { class: "words", role: "group", "aria-label": labels.words }, ...rest, start));
}

function buildSizes(view) {
  const { cross, labels } = view.data;
  view.sizes = [ALL, ...sizesOf(cross)].map((size) => {
    const canvas = element("canvas", { "aria-hidden": "true" });
    const name = size === ALL ? labels.all : `${size} × ${size}`;
    const button = press([canvas, element("span", { class: "name" }, name)], () => change(view, { size }), { "data-size": String(size), class: "chip" });
    return { size, canvas, button };
  });
  view.layers = element("p", { class: "hint" });
  return element("div", {}, view.layers,
    element("div", { class: "sizes", role: "group", "aria-label": labels.sizes }, ...view.sizes.map((each) => each.button)));
}

// One press is one cell of the grid that is looked at.
function moveCell(view, event) {
  const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  if (event.key === "Escape") change(view, { mode: "word" });
  if (!move) return;
  event.preventDefault();
  const n = sizesOf(view.data.own)[0];
  const stride = view.data.own[view.size] ? n / view.size : 1;
  const from = view.mode === "pixel" ? view.cell : view.cell.map((at, i) => at - move[i] * stride);
  pick(view, from.map((at, i) => clamp(at + move[i] * stride, 0, n - 1)));
}

const pick = (view, cell) => change(view, { mode: "pixel", cell });
