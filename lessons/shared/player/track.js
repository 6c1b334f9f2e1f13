// One track: the frames collected for its run, where the cursor stands in them, and its panels.

const emptyTrack = () => ({ runId: null, frames: [], received: 0, count: 0, last: 0, shape: [0, 0], dom: null });

// Take in what a message tells of this track; true where it is another run than before.
function collect(track, told, numbers, whole) {
  const fresh = track.runId !== told.run_id;
  if (fresh || whole) track.frames = [];
  framesOf(told, numbers).forEach((frame, i) => { track.frames[told.first + i] = frame; });
  let received = 0;
  while (track.frames[received]) received += 1;
  Object.assign(track, { runId: told.run_id, told, received, count: told.count, last: told.last });
  if (told.shape[0]) track.shape = told.shape;
  return fresh;
}

const hasGap = (track) => track.frames.length > track.received;

// Tracks of other lengths move along in proportion.
function positionOf(view, track) {
  const part = view.count > 1 ? view.index / (view.count - 1) : 0;
  return clamp(Math.round(part * (track.count - 1)), 0, Math.max(track.received - 1, 0));
}

const frameOf = (view, track) => track.frames[positionOf(view, track)];

function availableOf(view) {
  const reach = view.tracks.map((track) =>
    track.count > 1 ? Math.floor((Math.max(track.received - 1, 0) / (track.count - 1)) * (view.count - 1)) : view.count - 1);
  return Math.max(0, Math.min(...reach));
}

function pixelIndex(view, track) {
  if (!view.pixel) return null;
  const [[row, column], [rows, columns]] = [view.pixel, track.shape];
  return row < rows && column < columns ? row * columns + column : null;
}

// Whether t falls along the track; while nothing has come of a run, as in the run before.
function goesBackwards(track, curve) {
  const [first, last] = [track.frames[0], track.frames[track.received - 1]];
  if (first) track.backwards = track.received > 1 ? last.t < first.t : first.t > Math.max(...curve.t) / 2;
  return Boolean(track.backwards);
}

function buildTrack(view, track) {
  const { panels, curves, words } = view.data;
  const pictures = PICTURES.filter((name) => panels.includes(name)).map((name) => pictureFigure(view, track, name));
  const cloud = panels.includes("cloud") ? cloudFigure(view, track) : null;
  const histogram = panels.includes("histogram") ? chartFigure("histogram", words.histogram, words.bell) : null;
  const curve = panels.includes("curve") && curves.length > 1 ? chartFigure("curve", words.curve, "") : null;
  const [first, ...rest] = pictures.map((picture) => picture.figure);
  const stage = element("div", { class: "stage" });
  if (first) stage.append(element("div", { class: "big" }, first));
  if (rest.length) stage.append(element("div", { class: "stack" }, ...rest));
  if (cloud) stage.append(element("div", { class: "sky" }, cloud.figure));
  if (histogram) stage.append(element("div", { class: "tally" }, histogram.figure));
  if (curve) stage.append(element("div", { class: "way" }, curve.figure));
  stage.style.setProperty("--pictures", Math.max(pictures.length, 1));
  stage.dataset.has = [...stage.children].map((child) => child.className).join(" ");
  const title = element("h3", { class: "title" });
  const badge = element("span", { class: "badge" });
  const numbers = element("div", { class: "numbers" });
  const section = element("section", { class: "track" }, element("header", {}, title, badge), stage, numbers);
  track.dom = { section, title, badge, numbers, pictures, cloud, histogram, curve };
  return section;
}

function labelTrack(view, track) {
  const { title, badge, section } = track.dom;
  const { told } = track;
  title.textContent = told.title;
  title.hidden = !told.title;
  badge.replaceChildren(element("b", {}, view.data.words[told.badge.kind]), told.badge.text ? ` · ${told.badge.text}` : "");
  badge.dataset.kind = told.badge.kind;
  section.setAttribute("aria-label", told.title || view.data.words.player);
  const aspect = track.shape[0] ? track.shape[1] / track.shape[0] : 1;
  section.style.setProperty("--aspect", aspect);
  if (aspect < 0.8) section.style.setProperty("--tall", "240px");
  else section.style.removeProperty("--tall");
}

function paintTrack(view, track) {
  const { pictures, cloud, histogram, curve } = track.dom;
  const { words, curves } = view.data;
  const frame = frameOf(view, track);
  const pixel = pixelIndex(view, track) === null ? null : view.pixel;
  for (const panel of pictures) {
    paintPicture(panel.canvas, frame?.[panel.name], track.shape, panel.name, pixel, view.ink);
    const why = frame ? words.nothing_predicted : panel === pictures[0] ? words.waiting : "";
    panel.empty.textContent = frame?.[panel.name] ? "" : why;
    if (panel.name === "x_t") panel.note.textContent = frame ? outsideText(frame.x_t, words) : "";
  }
  if (cloud) paintCloud(view, track, cloud.canvas);
  if (histogram) paintHistogram(histogram.canvas, frame?.x_t, words, view.ink);
  if (curve) {
    const own = curves[Math.min(view.tracks.indexOf(track), curves.length - 1)];
    const visited = track.frames.slice(0, track.received).map((f) => f.t);
    paintCurve(curve.canvas, own, frame ? [frame.t] : [], visited, goesBackwards(track, own), words, view.ink);
  }
  writeNumbers(view, track, frame);
}

function outsideText(picture, words) {
  let out = 0;
  for (const n of picture.n) if (Math.abs(n * picture.unit) > 1.002) out += 1; // half a shade beyond the cube
  const share = Math.round((100 * out) / picture.n.length);
  return out ? fill(words.outside, { share: share || "<1" }) : words.inside;
}

// The followed pixel in numbers: unclipped, and what the screen can show of it.
function writeNumbers(view, track, frame) {
  const { numbers, cloud } = track.dom;
  const { words } = view.data;
  const at = pixelIndex(view, track);
  if (at === null || !frame) {
    numbers.replaceChildren(element("span", { class: "hint" }, cloud ? words.pick_hint : words.pick_hint_no_cloud));
    numbers.dataset.empty = "true";
    return;
  }
  delete numbers.dataset.empty;
  const [row, column] = view.pixel;
  const items = [element("span", { class: "who" }, fill(words.pixel, { row: row + 1, column: column + 1 }))];
  for (const name of PICTURES) {
    if (frame[name]) items.push(pixelItem(name, frame[name], at * 3, words));
  }
  const close = button(words.forget, ICONS.close, () => choose(view, null), "quiet");
  numbers.replaceChildren(...items, close);
}

function pixelItem(name, picture, at, words) {
  const item = element("span", { class: "item", "data-of": name }, symbol(name));
  if (name === "eps_hat") item.append(element("span", { class: "digits" }, noiseText(picture, at)));
  else {
    const text = pixelText(picture, at);
    item.append(element("span", { class: "chip", style: `background:${text.colour}` }),
      element("span", { class: "digits" }, fill(words.value, text)));
    item.append(element("span", { class: "digits soft" }, `· ${fill(words.shown, text)}`));
  }
  return item;
}
