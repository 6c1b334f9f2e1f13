// The parts of the stage, built once: two large pictures, what is said of them, ten small ones, two sliders.

const SIDE = 32; // pixels of a picture
const PARAMETERS = { moment: "seen", column: "at" }; // where the sliders stand in the page's address
const PERIODS = { moment: 700, column: 250 }; // ms between two stops of a playback

function build(view) {
  const { labels, names } = view.data;
  view.large = Object.fromEntries(["x_t", "x0_hat"].map((name) => [name, largePicture(name, labels)]));
  view.says = element("div", { class: "says" });
  view.tiles = names.map((name, i) => tile(view, name, i));
  view.rails = {
    moment: rail(view, "moment", labels.training, names.length - 1),
    column: rail(view, "column", labels.generation, 1),
  };
  view.badge = element("p", { class: "badge" });
  view.spoken = element("p", { class: "spoken", role: "status", "aria-live": "polite" });
  const { moment, column } = view.rails;
  moment.value.before(element("span", { class: "aside" }, labels.tiles, " ", symbol("x0_hat")));
  view.root.replaceChildren(
    element("div", { class: "pair" }, view.large.x_t.figure, view.large.x0_hat.figure, view.says),
    moment.head, element("div", { class: "tiles", role: "group", "aria-label": labels.training }, ...view.tiles.map((t) => t.button)),
    moment.slider, column.head, column.slider, view.badge, view.spoken,
  );
}

function largePicture(name, labels) {
  const canvas = element("canvas", { width: SIDE, height: SIDE, role: "img", "data-picture": name });
  const veil = element("span", { class: "veil" }, labels.locked);
  const caption = element("figcaption", {}, symbol(name), ` ${labels[name]}`);
  const figure = element("figure", { class: name }, element("div", { class: "frame" }, canvas, veil), caption);
  return { figure, canvas };
}

function tile(view, name, i) {
  const canvas = element("canvas", { width: SIDE, height: SIDE });
  const button = element("button", { type: "button" }, canvas, element("span", {}, name));
  button.onclick = () => move(view, "moment", i);
  return { button, canvas };
}

function rail(view, axis, name, most) {
  const slider = element("input", { type: "range", min: "0", max: String(most), step: "1", "aria-label": name, class: axis });
  slider.oninput = () => move(view, axis, Number(slider.value));
  const value = element("span", { class: "value" });
  const play = element("button", { type: "button", class: "play" });
  play.onclick = () => toggle(view, axis);
  return { slider, value, play, name, head: element("div", { class: "head" }, play, element("b", {}, name), value) };
}

// One picture of a sheet onto a canvas: column by step, row by moment of training.
function paintFrom(canvas, sheet, column, row) {
  const ink = canvas.getContext("2d");
  ink.imageSmoothingEnabled = false;
  ink.drawImage(sheet, column * SIDE, row * SIDE, SIDE, SIDE, 0, 0, SIDE, SIDE);
}

function verdict(view) {
  const { labels, verdicts, shown } = view.data;
  const marks = shown[view.moment] && verdicts[view.moment];
  if (!marks) return [];
  if (!marks.length) return [element("p", {}, labels.nothing_named)];
  const items = marks.map(({ name, right }) =>
    element("li", { class: right ? "right" : "wrong" }, element("i", { "aria-hidden": "true" }, right ? "✓" : "✗"), `${name}`,
      element("span", { class: "spoken" }, right ? labels.found : labels.missed)));
  return [element("p", {}, labels.judge), element("ul", {}, ...items)];
}
