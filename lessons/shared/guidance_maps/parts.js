// What stands on the page: four parts, each a map of noise over a picture, then chart, sliders and a line of words.

const PARTS = ["without", "with", "difference", "sum"];

function figureOf(kind, part, caption) {
  const canvas = element("canvas", { role: "img", "data-kind": kind, "data-of": part });
  const text = element("figcaption", {}, caption);
  return { canvas, text, figure: element("figure", { class: kind }, canvas, text) };
}

function partOf(view, part) {
  const { words } = view.data;
  const upper = figureOf("noise", part, "");
  const lower = figureOf(part === "difference" ? "closer" : "picture", part, part === "difference" ? words.magnified : "");
  const title = element("h4", {}, words[part]);
  view.parts[part] = { upper, lower, title };
  return element("section", { class: `part ${part}` }, title, upper.figure, lower.figure);
}

function rangeOf(label, { max, step }) {
  const input = element("input", { type: "range", min: "0", max: String(max), step: String(step), "aria-label": label });
  const value = element("output", { class: "value" });
  return { input, value, row: element("label", { class: "rail" }, element("span", { class: "name" }, label), input, value) };
}

function legendOf(view) {
  const strip = element("canvas", { "aria-hidden": "true", class: "strip" });
  view.strip = strip;
  const scale = element("span", { class: "ends" }, `−${REACH}`, strip, `+${REACH}`);
  return element("div", { class: "legend" }, scale, element("span", {}, view.data.words.legend));
}

function buildMaps(view) {
  const { words, largest } = view.data;
  view.parts = {};
  const grid = element("div", { class: "grid" }, ...PARTS.map((part) => partOf(view, part)));
  view.step = rangeOf(words.step, { max: 0, step: 1 });
  view.scaleOf = rangeOf(words.scale, { max: largest, step: 0.5 });
  view.chart = element("canvas", { role: "img", class: "bars" });
  view.charted = element("div", { class: "chart" }, element("p", {}, words.chart), view.chart);
  view.readout = element("p", { class: "readout" });
  view.spoken = element("p", { class: "spoken", role: "status", "aria-live": "polite" });
  view.badge = element("p", { class: "badge" });
  view.step.input.oninput = () => moveTo(view, Number(view.step.input.value));
  view.step.input.onchange = () => settle(view);
  view.scaleOf.input.oninput = () => tryScale(view, Number(view.scaleOf.input.value));
  view.scaleOf.input.onchange = () => letGo(view);
  const rails = element("div", { class: "rails" }, view.step.row, view.scaleOf.row);
  view.root.replaceChildren(grid, legendOf(view), view.charted, rails, view.readout, view.badge, view.spoken);
  view.root.setAttribute("role", "group");
  view.root.setAttribute("aria-label", words.maps);
}

// The effect of the words at each step as bars; the step on show is coral.
function paintChart(view) {
  const { ctx, width, height } = sized(view.chart);
  const { ink, frames, index, data } = view;
  const effects = frames.map((frame) => frame.effect);
  const most = Math.max(...effects, 1);
  const [left, right] = [10, width - 10]; // the middle of the slider's thumb at either end
  const wide = data.total > 1 ? (right - left) / (data.total - 1) : 0;
  effects.forEach((effect, i) => {
    const tall = Math.max(1.5, height * (effect / most));
    ctx.fillStyle = i === index ? ink.you : ink.predicted;
    ctx.fillRect(left + i * wide - Math.min(wide, 24) * 0.36, height - tall, Math.min(wide, 24) * 0.72, tall);
  });
}
