// The player: takes each message of Python, keeps what the learner chose, and draws when something moved.

const VIEWS = new WeakMap(); // one view for each place the player is mounted; it outlives every update

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".player");
  if (!root || !(data instanceof Uint8Array)) return undefined;
  let view = VIEWS.get(parentElement);
  if (!view) VIEWS.set(parentElement, (view = newView(root)));
  view.ask = (from) => setTriggerValue("need_from", from);
  update(view, unpack(data));
  const call = (view.call = Symbol()); // an update that was overtaken is ended after the next one has begun
  return () => view.call === call && leave(view, parentElement);
}

function newView(root) {
  const view = { root, tracks: [], index: 0, count: 1, camera: { ...HOME }, pixel: null, playing: false,
    follow: false, running: false, clock: null, frame: null, asked: 0, layer: document.createElement("canvas"),
    home: 0, after: null, seen: { links: [] } };
  view.watch = new ResizeObserver(() => draw(view));
  view.watch.observe(root);
  document.fonts?.ready.then(() => draw(view));
  return view;
}

function update(view, { header, numbers }) {
  const first = !view.data;
  view.data = header;
  view.running = header.running;
  build(view);
  const fresh = header.tracks.map((told, i) =>
    collect(view.tracks[i], told, numbers, !header.running && told.first === 0)).some(Boolean);
  view.count = Math.max(1, ...view.tracks.map((track) => track.count));
  askForMissing(view);
  placeCursor(view, first, fresh);
  view.tracks.forEach((track) => labelTrack(view, track));
  view.root.dataset.theme = themeOf(view.root);
  view.ink = inkOf(view.root);
  pace(view);
  draw(view);
  if (!view.playing && !view.follow) settle(view);
}

// The panels are built once, and again only when Python asks for others.
function build(view) {
  const { panels, tracks, curves, words } = view.data;
  const plan = JSON.stringify([panels, tracks.length, Math.min(curves.length, 2), words]);
  if (view.plan === plan) return;
  view.plan = plan;
  view.tracks = tracks.map((_, i) => view.tracks[i] || emptyTrack());
  const sections = view.tracks.map((track) => buildTrack(view, track));
  const holder = element("div", { class: "tracks", "data-tracks": String(tracks.length) }, ...sections);
  view.root.replaceChildren(holder, ...buildTransport(view));
  view.root.setAttribute("role", "group");
  view.root.setAttribute("aria-label", words.player);
}

// Streamlit may merge updates that follow closely: what was lost is asked for, once a second at most.
function askForMissing(view) {
  const gap = view.tracks.find(hasGap);
  if (!gap || Date.now() - view.asked < 1000) return;
  view.asked = Date.now();
  view.ask(gap.told.steps[0] === undefined ? 0 : gap.received);
}

// A new run that is under way is followed; otherwise the cursor stays, unless Python asks for another place.
function placeCursor(view, first, fresh) {
  const { start, pixel, zoom, running } = view.data;
  const { seen } = view;
  const told = JSON.stringify(pixel);
  if (told !== seen.pixel && (first || told !== JSON.stringify(view.pixel))) view.pixel = pixel;
  if (zoom !== seen.zoom) view.camera.zoom = zoom;
  if (fresh && running) {
    Object.assign(view, { index: 0, follow: true, playing: false });
    if (!first) bringIntoSight(view.root);
  } else if (first || (fresh && start === "last") || (start !== seen.start && !ownEcho(seen, start))) {
    view.index = indexOfStep(view, start);
    view.home = start;
  }
  Object.assign(seen, { start, pixel: told, zoom });
  view.index = clamp(view.index, 0, availableOf(view));
}

// On a phone the Run button lies a screen away from the player.
function bringIntoSight(root) {
  const { top, bottom } = root.getBoundingClientRect();
  if (bottom > 80 && top < window.innerHeight - 80) return;
  root.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
}

// A `start` that Python read from the address we wrote ourselves is no wish of Python's.
function ownEcho(seen, start) {
  seen.links = seen.links.filter(([, when], i, all) => i === all.length - 1 || Date.now() - when < 5000);
  return seen.links.some(([step]) => step === start);
}

function indexOfStep(view, step) {
  if (step === "last") return view.count - 1;
  const longest = view.tracks.find((track) => track.count === view.count);
  const at = longest?.frames.findIndex((frame) => frame && frame.step >= step) ?? 0;
  return at < 0 ? view.count - 1 : at;
}

function choose(view, pixel) {
  view.pixel = pixel;
  draw(view);
  settle(view);
}

// Once things rest: say the state, describe the pictures, and put cursor and pixel into the page's address.
function settle(view) {
  const state = stateParts(view).join(", ");
  const { words } = view.data;
  const describe = (panel, name, help = "") => panel?.canvas.setAttribute("aria-label", `${name}. ${state}. ${help}`.trim());
  for (const { dom } of view.tracks) {
    dom.pictures.forEach((panel) => describe(panel, words[panel.name], words.picture_help));
    describe(dom.cloud, words.cloud, words.cloud_help);
    describe(dom.histogram, words.histogram, words.bell);
    describe(dom.curve, words.curve);
  }
  describe(view.transport.curve, words.curve);
  draw(view, () => { // once the numbers of the followed pixel are written
    const said = view.pixel ? `${state}. ${view.tracks[0].dom.numbers.innerText.replace(/\s+/g, " ")}` : state;
    const { status } = view.transport;
    if (status.textContent !== said) status.textContent = said;
  });
  remember(view);
}

function address(view, change) {
  if (!view.data?.link) return;
  const url = new URL(window.location.href);
  const before = url.search;
  change(url.searchParams, view.data.link);
  const after = url.search.replaceAll("%2C", ",");
  if (after === before) return;
  url.search = after;
  window.history.replaceState(window.history.state, "", url);
}

function remember(view) {
  const longest = view.tracks.find((track) => track.count === view.count);
  const step = longest?.frames[positionOf(view, longest)]?.step ?? 0;
  const home = view.home === "last" ? longest?.last : view.home;
  view.seen.links = [...view.seen.links.slice(-50), [step, Date.now()]];
  address(view, (parameters, [at, px]) => {
    if (step !== home || parameters.has(at)) parameters.set(at, String(step));
    if (view.pixel) parameters.set(px, view.pixel.join(","));
    else parameters.delete(px);
  });
}

function draw(view, after) {
  if (after) view.after = after;
  view.frame ??= requestAnimationFrame(() => {
    view.frame = null;
    render(view);
    view.after?.();
    view.after = null;
  });
}

function render(view) {
  if (!view.root.clientWidth || !view.data) return;
  view.tracks.forEach((track) => paintTrack(view, track));
  paintTransport(view);
  const { yaw, pitch, zoom } = view.camera;
  const lead = view.tracks[0];
  Object.assign(view.root.dataset, {
    index: view.index, count: view.count, t: frameOf(view, lead)?.t ?? "", run: lead.runId,
    camera: [yaw, pitch, zoom].map((v) => v.toFixed(3)).join(","), pixel: view.pixel?.join(",") ?? "",
    playing: view.playing, following: view.follow, running: view.running,
    received: view.tracks.map((track) => track.received).join(","),
  });
}

function leave(view, parentElement) {
  clearInterval(view.clock);
  cancelAnimationFrame(view.frame);
  view.watch.disconnect();
  address(view, (parameters, names) => names.forEach((name) => parameters.delete(name)));
  VIEWS.delete(parentElement);
}
