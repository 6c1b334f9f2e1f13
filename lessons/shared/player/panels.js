// The panels of one track: building them, drawing them for one frame, and choosing a pixel in them.

function button(label, glyph, action, extra = "") {
  const made = element("button", { type: "button", "aria-label": label, title: label, class: `key ${extra}` });
  made.innerHTML = glyph; // glyphs are this file's own drawings, never text from outside
  made.onclick = action;
  return made;
}

const icon = (path, kind = "stroke") => `<svg viewBox="0 0 24 24" aria-hidden="true" class="${kind}"><path d="${path}"/></svg>`;
const ICONS = {
  play: icon("M8 5.5v13l10.5-6.5z", "solid"),
  pause: icon("M7 5.5h3.6v13H7zM13.4 5.5H17v13h-3.6z", "solid"),
  back: icon("M17 6l-8 6 8 6zM6.5 6v12"),
  forward: icon("M7 6l8 6-8 6zM17.5 6v12"),
  reset: icon("M5.5 12a6.5 6.5 0 1 0 2-4.7M7 4v3.8h3.8"),
  closer: icon("M12 6v12M6 12h12"),
  wider: icon("M6 12h12"),
  close: icon("M7 7l10 10M17 7L7 17"),
};

function pictureFigure(view, track, name) {
  const { words } = view.data;
  const canvas = element("canvas", { tabindex: "0", role: "application", class: "picture", "data-panel": name });
  const title = element("span", { class: "name" }, symbol(name), ` ${words[name]}`);
  const note = element("span", { class: "note" }, name === "eps_hat" ? words.noise_scale : "");
  const empty = element("span", { class: "empty" });
  const figure = element("figure", { class: `frame ${name}` },
    element("div", { class: "sheet" }, canvas, empty), element("figcaption", {}, title, note));
  canvas.onclick = (event) => {
    if (!track.shape[0]) return;
    const box = canvas.getBoundingClientRect();
    const [rows, columns] = track.shape;
    choose(view, [clamp(Math.floor(((event.clientY - box.top) / box.height) * rows), 0, rows - 1),
      clamp(Math.floor(((event.clientX - box.left) / box.width) * columns), 0, columns - 1)]);
  };
  canvas.onkeydown = (event) => movePixel(view, track, event);
  return { name, figure, canvas, note, empty };
}

function movePixel(view, track, event) {
  const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  const [rows, columns] = track.shape;
  if (event.key === "Escape") choose(view, null);
  if (!move || !rows) return;
  event.preventDefault();
  const [row, column] = view.pixel || [Math.floor(rows / 2) - move[0], Math.floor(columns / 2) - move[1]];
  choose(view, [clamp(row + move[0], 0, rows - 1), clamp(column + move[1], 0, columns - 1)]);
}

function chartFigure(name, title, note) {
  const canvas = element("canvas", { role: "img", class: "chart", "data-panel": name });
  const figure = element("figure", { class: `frame ${name}` },
    element("div", { class: "sheet" }, canvas),
    element("figcaption", {}, element("span", { class: "name" }, title), element("span", { class: "note" }, note)));
  return { name, figure, canvas };
}

function cloudFigure(view, track) {
  const { words } = view.data;
  const canvas = element("canvas", { tabindex: "0", role: "application", class: "cloud", "data-panel": "cloud" });
  const tools = element("div", { class: "tools" },
    button(words.wider, ICONS.wider, () => zoomBy(view, 0.5), "quiet"),
    button(words.closer, ICONS.closer, () => zoomBy(view, 2), "quiet"),
    button(words.reset, ICONS.reset, () => setCamera(view, { ...HOME, zoom: view.data.zoom }), "quiet"));
  const note = element("span", { class: "note" }, words.cloud_hint);
  const figure = element("figure", { class: "frame cloudframe" },
    element("div", { class: "sheet" }, canvas, tools),
    element("figcaption", {}, element("span", { class: "name" }, words.cloud), note));
  const panel = { name: "cloud", figure, canvas };
  orbit(view, canvas, (x, y) => pickInCloud(view, track, panel, x, y));
  return panel;
}

function setCamera(view, camera) {
  view.camera = { yaw: camera.yaw, pitch: clamp(camera.pitch, -1.5, 1.5), zoom: clamp(camera.zoom, 0.5, 128) };
  draw(view);
}

const zoomBy = (view, factor) => setCamera(view, { ...view.camera, zoom: view.camera.zoom * factor });
const turnBy = (view, yaw, pitch) =>
  setCamera(view, { ...view.camera, yaw: view.camera.yaw + yaw, pitch: view.camera.pitch + pitch });

// One pointer turns, two pinch; a press that hardly moves picks the nearest point.
function orbit(view, canvas, pick) {
  const fingers = new Map();
  let moved = 0;
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return Math.hypot(a.x - b.x, a.y - b.y) || 1;
  };
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (!fingers.size) moved = 0;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };
  canvas.onpointermove = (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const before = fingers.size === 2 ? spread() : 0;
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    moved += Math.hypot(dx, dy);
    if (fingers.size === 2) zoomBy(view, spread() / before);
    else if (moved > 4) turnBy(view, dx * 0.009, dy * 0.009);
  };
  canvas.onpointerup = (event) => {
    const box = canvas.getBoundingClientRect();
    if (fingers.delete(event.pointerId) && moved <= 4) pick(event.clientX - box.left, event.clientY - box.top);
  };
  canvas.onpointercancel = (event) => fingers.delete(event.pointerId);
  canvas.ondblclick = () => setCamera(view, { ...HOME, zoom: view.data.zoom });
  canvas.onwheel = (event) => { // a bare wheel scrolls the page; with Ctrl, or a trackpad's pinch, it zooms
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoomBy(view, Math.exp(-event.deltaY * 0.004));
  };
  canvas.onkeydown = (event) => cloudKey(view, event);
}

function cloudKey(view, event) {
  const act = {
    ArrowLeft: () => turnBy(view, -0.12, 0), ArrowRight: () => turnBy(view, 0.12, 0),
    ArrowUp: () => turnBy(view, 0, -0.12), ArrowDown: () => turnBy(view, 0, 0.12),
    "+": () => zoomBy(view, 1.25), "=": () => zoomBy(view, 1.25), "-": () => zoomBy(view, 0.8),
    0: () => setCamera(view, { ...HOME, zoom: view.data.zoom }), Home: () => setCamera(view, { ...HOME, zoom: view.data.zoom }), Escape: () => choose(view, null),
  }[event.key];
  if (!act || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  act();
}

function pickInCloud(view, track, panel, x, y) {
  const picture = frameOf(view, track)?.x_t;
  if (!picture) return;
  const project = cloudProjector(view, track, panel.canvas);
  let [best, found] = [26 ** 2, null];
  for (let i = 0; i < picture.n.length / 3; i += 1) {
    const [px, py, near] = project(...place(picture, i));
    const distance = (px - x) ** 2 + (py - y) ** 2 - near * 4; // of two equally near the finger, the front one
    if (distance < best) [best, found] = [distance, i];
  }
  if (found !== null) choose(view, [Math.floor(found / track.shape[1]), found % track.shape[1]]);
}

const place = (picture, i) => [0, 1, 2].map((c) => picture.n[3 * i + c] * picture.unit);

function cloudProjector(view, track, canvas) {
  const at = pixelIndex(view, track);
  const first = at === null ? null : track.frames[0]?.x_t;
  const target = targetOf(view.camera.zoom, first ? place(first, at) : null);
  return projector(view.camera, target, canvas.clientWidth, canvas.clientHeight);
}

function paintCloud(view, track, canvas) {
  const { ctx, ratio, width, height } = sized(canvas);
  const picture = frameOf(view, track)?.x_t;
  const project = cloudProjector(view, track, canvas);
  drawEdges(ctx, project, false, view.ink);
  if (picture) {
    const count = picture.n.length / 3;
    const radius = discRadius(count, view.camera.zoom, width, height);
    if (count <= 16) drawJourneys(ctx, project, track, picture, count, radius, view);
    const image = new ImageData(canvas.width, canvas.height);
    stampDiscs(image, discsOf(picture, project, radius, ratio), view.root.dataset.theme === "dark");
    Object.assign(view.layer, { width: canvas.width, height: canvas.height });
    view.layer.getContext("2d", { willReadFrequently: true }).putImageData(image, 0, 0);
    ctx.globalAlpha = pixelIndex(view, track) === null || count <= 16 ? 1 : 0.5; // one is followed: the rest recede
    ctx.drawImage(view.layer, 0, 0, width, height);
    ctx.globalAlpha = 1;
    followInCloud(ctx, project, view, track, picture, radius);
  }
  drawEdges(ctx, project, true, view.ink);
  drawAxisNames(ctx, project, view.ink);
}

// Few points have room for more: a ring where each began, an arrow to where it is, and its values.
function drawJourneys(ctx, project, track, picture, count, radius, view) {
  const first = track.frames[0]?.x_t;
  for (let i = 0; first && i < count; i += 1) {
    const [from, to] = [project(...place(first, i)), project(...place(picture, i))];
    disc(ctx, from[0], from[1], radius * 0.55, view.ink.paper, view.ink.soft, 1.25);
    if (i !== pixelIndex(view, track)) drawArrow(ctx, from, to, radius * 1.1, view.ink);
    const style = { size: 12, colour: view.ink.ink, font: view.ink.mono, halo: view.ink.paper };
    if (count <= 8) write(ctx, pixelText(picture, 3 * i).value, to[0] + radius + 8, to[1], style);
  }
}

function followInCloud(ctx, project, view, track, picture, radius) {
  const at = pixelIndex(view, track);
  if (at === null) return;
  const places = track.frames.slice(0, track.received).filter((f) => f.x_t).map((f) => place(f.x_t, at));
  drawPath(ctx, project, places, positionOf(view, track), view.ink);
  const [x, y, , scale] = project(...place(picture, at));
  disc(ctx, x, y, Math.max(radius * scale, 5), pixelText(picture, at * 3).colour, view.ink.paper, 5);
  disc(ctx, x, y, Math.max(radius * scale, 5) + 2, "transparent", view.ink.you, 2.5);
}
