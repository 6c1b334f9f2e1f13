// Labelled points in three dimensions. Each kind has a colour and a shape; a label that would cover another waits.

const PLACES = new WeakMap(); // one view for each mount; it outlives every update, and so does its camera
const SHAPES = ["circle", "square", "triangle", "diamond", "cross", "bar"];

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".space");
  if (!root) return undefined;
  let view = PLACES.get(parentElement);
  if (!view) PLACES.set(parentElement, (view = openView(root)));
  view.say = (word) => setTriggerValue("word", word);
  view.data = { ...data, zoom: 1 };
  buildSpace(view);
  root.dataset.theme = data.dark ? "dark" : "light";
  root.style.setProperty("--tall", `${data.tall}px`);
  view.ink = inkOf(root);
  view.hues = Object.fromEntries(view.kinds.map((kind, i) => [kind, getComputedStyle(root).getPropertyValue(`--kind-${i}`).trim()]));
  draw(view);
  const call = (view.call = Symbol()); // an update that was overtaken is ended after the next one has begun
  return () => view.call === call && view.watch.disconnect();
}

function openView(root) {
  const view = { root, camera: { ...HOME }, hover: null, frame: null, at: [] };
  view.watch = new ResizeObserver(() => draw(view));
  document.fonts?.ready.then(() => draw(view));
  return view;
}

// Canvas, tools and legend are built once; a later update only brings other points.
function buildSpace(view) {
  view.watch.observe(view.root);
  const { words } = view.data;
  view.kinds = Object.keys(words).filter((name) => name.startsWith("kind_")).map((name) => name.slice(5));
  if (view.canvas?.isConnected) return;
  const canvas = element("canvas", { tabindex: "0", role: "application", "aria-label": `${words.what}. ${words.help}` });
  const tools = element("div", { class: "tools" },
    button(words.wider, ICONS.wider, () => zoomBy(view, 0.8), "quiet"),
    button(words.closer, ICONS.closer, () => zoomBy(view, 1.25), "quiet"),
    button(words.reset, ICONS.reset, () => setCamera(view, { ...HOME }), "quiet"));
  const legend = element("ul", { class: "legend" });
  const hint = element("span", { class: "hint" }, words.hint);
  view.canvas = canvas;
  view.legend = legend;
  orbit(view, canvas, (x, y) => pick(view, x, y));
  const turn = canvas.onpointermove;
  canvas.onpointermove = (event) => {
    turn(event);
    hover(view, event);
  };
  canvas.onpointerleave = () => choose(view, null);
  view.root.replaceChildren(element("div", { class: "sheet" }, canvas, tools), element("div", { class: "foot" }, legend, hint));
}

function choose(view, word) {
  if (view.hover === word) return;
  view.hover = word;
  draw(view);
}

function under(view, x, y) {
  let [best, found] = [20 ** 2, null];
  for (const spot of view.at) {
    const distance = (spot.x - x) ** 2 + (spot.y - y) ** 2;
    if (!spot.faint && distance < best) [best, found] = [distance, spot.label];
  }
  return found;
}

function hover(view, event) {
  const box = view.canvas.getBoundingClientRect();
  choose(view, under(view, event.clientX - box.left, event.clientY - box.top));
  view.canvas.style.cursor = view.hover ? "pointer" : "";
}

function pick(view, x, y) {
  const word = under(view, x, y);
  if (word) view.say(word);
}

function draw(view) {
  if (!view.data) return;
  view.frame ??= requestAnimationFrame(() => {
    view.frame = null;
    render(view);
  });
}

function render(view) {
  const { canvas, data, ink, camera } = view;
  const { ctx, width, height } = sized(canvas);
  const { zoom: fit, shift } = fitted(data, width, height);
  const straight = projector({ ...camera, zoom: camera.zoom * fit }, [0, 0, 0], width, height);
  const project = (...at) => {
    const [x, y, near, scale] = straight(...at);
    return [x + shift[0], y + shift[1], near, scale];
  };
  drawFloor(ctx, project, 1.6 / fit, data.axes, ink);
  const place = (point) => {
    const [x, y, near, scale] = project(...point.at);
    return { ...point, x, y, near, scale };
  };
  view.at = data.points.map(place).sort((a, b) => a.near - b.near);
  const own = data.own.map(place);
  for (const pair of data.threads) line(ctx, pair.map((at) => project(...at)), ink.predicted, 1.25, [3, 3]);
  view.at.forEach((point) => drawPoint(ctx, point, view));
  for (const [from, to] of data.arrows) drawArrow(ctx, project(...from), project(...to), 5, ink);
  drawTrail(ctx, own, ink);
  own.forEach((point) => drawOwn(ctx, point, ink));
  drawLabels(ctx, own, view, width, height);
  fillLegend(view);
  const { yaw, pitch, zoom } = camera;
  Object.assign(view.root.dataset, { camera: [yaw, pitch, zoom].map((v) => v.toFixed(3)).join(","),
    own: own.map((p) => `${p.kind}:${p.label}:${p.at.join(" ")}`).join("|"), drawn: String(data.points.length),
    spots: view.at.filter((p) => !p.faint).map((p) => `${p.label}:${Math.round(p.x)},${Math.round(p.y)}`).join("|") });
}

// Zoom and shift at which everything just fits, seen from where the camera stands at first: turning changes neither.
function fitted({ points, own }, width, height) {
  const project = projector({ ...HOME, zoom: 0.01 }, [0, 0, 0], width, height);
  const places = [...points.filter((p) => !p.faint), ...own].map(({ at }) => project(...at));
  const [xs, ys] = [0, 1].map((c) => places.map((place) => place[c]));
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const room = Math.min(width - Math.min(190, width / 2.4), 1.5 * width);
  const zoom = 0.93 * Math.min(room / Math.max(right - left, 1e-6), (height - 84) / Math.max(bottom - top, 1e-6));
  const label = Math.min(24, width / 14); // labels stand to the right of their points
  return { zoom: zoom / 100, shift: [(width / 2 - (left + right) / 2) * zoom - label, (height / 2 - (top + bottom) / 2) * zoom + 8] };
}

// Three hairline axes through the middle: something to see turning.
function drawFloor(ctx, project, length, names, ink) {
  for (let axis = 0; axis < 3; axis += 1) {
    const ends = [-length, length].map((reach) => [0, 1, 2].map((c) => (c === axis ? reach : 0)));
    const [from, to] = ends.map((at) => project(...at));
    line(ctx, [from, to], ink.hairline, 1);
    write(ctx, names[axis], to[0], to[1], { size: 11, colour: ink.soft, font: ink.mono, halo: ink.paper, align: "center" });
  }
}

function drawPoint(ctx, point, view) {
  const radius = (point.faint ? 2 : 5) * point.scale;
  ctx.globalAlpha = point.faint ? 0.5 : clamp(0.82 + point.near * 0.12, 0.6, 1);
  const hue = point.faint ? view.ink.noise : view.hues[point.kind];
  shape(ctx, point.faint ? "circle" : SHAPES[view.kinds.indexOf(point.kind)], point.x, point.y, radius, hue, view.ink.paper);
  ctx.globalAlpha = 1;
}

function shape(ctx, name, x, y, r, fill, rim) {
  const corners = { square: [[-1, -1], [1, -1], [1, 1], [-1, 1]], triangle: [[0, -1.25], [1.15, 0.85], [-1.15, 0.85]],
    diamond: [[0, -1.35], [1.35, 0], [0, 1.35], [-1.35, 0]], bar: [[-1.3, -0.55], [1.3, -0.55], [1.3, 0.55], [-1.3, 0.55]],
    cross: [[-0.45, -1.25], [0.45, -1.25], [0.45, -0.45], [1.25, -0.45], [1.25, 0.45], [0.45, 0.45], [0.45, 1.25],
      [-0.45, 1.25], [-0.45, 0.45], [-1.25, 0.45], [-1.25, -0.45], [-0.45, -0.45]] }[name];
  ctx.beginPath();
  if (corners) corners.forEach(([dx, dy], i) => ctx[i ? "lineTo" : "moveTo"](x + dx * r * 0.95, y + dy * r * 0.95));
  else ctx.arc(x, y, r, 0, 7);
  ctx.closePath();
  Object.assign(ctx, { fillStyle: fill, strokeStyle: rim, lineWidth: 1.25 });
  ctx.fill();
  ctx.stroke();
}

// The way from the phrases before to the one now.
function drawTrail(ctx, own, ink) {
  const way = own.filter((point) => point.kind === "past" || point.kind === "you");
  if (way.length > 1) line(ctx, way.map(({ x, y }) => [x, y]), ink.you, 2, [1, 4]);
}

function drawOwn(ctx, point, ink) {
  const { x, y, kind } = point;
  if (kind === "past") disc(ctx, x, y, 4, ink.paper, ink.you, 1.5);
  if (kind === "you") disc(ctx, x, y, 8.5, ink.you, ink.paper, 2.5);
  if (kind === "other") {
    disc(ctx, x, y, 8, ink.paper, ink.you, 3);
  }
  if (kind === "sum") shape(ctx, "diamond", x, y, 8, ink.predicted, ink.paper);
}

// The learner's own first, then from near to far; what would cover a label already there is left out.
function drawLabels(ctx, own, view, width, height) {
  const { ink, hover: named, data } = view;
  const taken = own.map(({ x, y }) => [x - 10, y - 10, x + 10, y + 10]);
  const threaded = new Set(data.threads.map((pair) => pair[1].join()));
  const rank = (p) => (p.label === named ? 2e3 : threaded.has(p.at.join()) ? 1e3 : 0) + p.near;
  const words = view.at.filter((p) => !p.faint).sort((a, b) => rank(b) - rank(a));
  for (const point of [...own.filter((p) => p.label).reverse(), ...words]) {
    const mine = own.includes(point);
    const loud = mine || rank(point) > 500;
    const size = mine ? 14 : 13;
    const text = point.label.length > 34 ? `${point.label.slice(0, 33)}…` : point.label;
    ctx.font = `${loud ? 600 : 400} ${size}px ${ink.sans}`;
    const wide = ctx.measureText(text).width;
    const gap = data.arrows.length ? -6 : mine ? 13 : 9;
    const right = point.x + gap + wide < width - 2;
    const left = right ? point.x + gap : Math.max(2, point.x - gap - wide);
    const above = data.arrows.length ? 17 : 0; // beside the point an arrow may end
    const box = [left - 2, point.y - 8 - above, left + wide + 2, point.y + 8 - above];
    const covered = taken.some(([a, b, c, d]) => box[0] < c && box[2] > a && box[1] < d && box[3] > b);
    const outside = box[3] < 0 || box[1] > height || box[2] < 0 || box[0] > width;
    if (outside || (covered && !mine && point.label !== named)) continue;
    taken.push(box);
    const kind = { you: ink.you, other: ink.you, past: ink.soft, sum: ink.predicted }[point.kind];
    write(ctx, text, left, point.y - above, { size, weight: loud ? 600 : 400, colour: mine ? kind : view.hues[point.kind], font: ink.sans, halo: ink.paper });
  }
}

function fillLegend(view) {
  const shown = view.kinds.filter((kind) => view.data.points.some((p) => p.kind === kind && !p.faint));
  const plan = JSON.stringify([shown, view.root.dataset.theme]);
  if (view.plan === plan) return;
  view.plan = plan;
  view.legend.replaceChildren(...(shown.length > 1 ? shown : []).map((kind) => {
    const mark = element("canvas", { "aria-hidden": "true", class: "mark" });
    Object.assign(mark, { width: 28, height: 28 });
    shape(mark.getContext("2d"), SHAPES[view.kinds.indexOf(kind)], 14, 14, 8.5, view.hues[kind], "transparent");
    return element("li", {}, mark, view.data.words[`kind_${kind}`]);
  }));
}
