// The instrument: a clock that runs out or back, one step of the physics for each tick, and what it shows.

const VIEWS = new WeakMap(); // one view for each place the beaker is mounted; it outlives every update
const ACTS = ["forward", "blind", "score"];
const MOST_TICKS = 2; // in one frame: a slow machine loses speed, never steps
const LEAPS = 5; // for those who asked their system for less motion: a whole way in five presses

const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".beaker");
  if (!root || !data) return undefined;
  let view = VIEWS.get(parentElement);
  if (!view) VIEWS.set(parentElement, (view = newView(root)));
  view.report = (ended) => setTriggerValue("ended", ended);
  update(view, data);
  const call = (view.call = Symbol()); // an update that was overtaken is ended after the next one has begun
  return () => view.call === call && leave(view, parentElement);
}

function newView(root) {
  const find = (name) => root.querySelector(`[data-part=${name}]`);
  const view = { root, find, running: false, frame: null, act: "forward", drawn: 0 };
  view.keys = Object.fromEntries([...ACTS, "fresh"].map((name) => [name, find(name)]));
  ACTS.forEach((act) => (view.keys[act].onclick = () => press(view, act)));
  view.keys.fresh.onclick = () => {
    freshDrop(view);
    rest(view, view.data.words.say_start);
  };
  view.watch = new ResizeObserver(() => draw(view));
  view.watch.observe(root);
  document.fonts?.ready.then(() => draw(view));
  return view;
}

function update(view, data) {
  const asked = JSON.stringify([data.drop, data.count, data.seed]);
  const first = !view.data;
  const opened = !first && ["blind", "score"].find((act) => data.open[act] && !view.data.open[act]);
  view.data = data;
  view.ink = inkOf(view.root);
  if (asked !== view.asked) {
    view.asked = asked;
    freshDrop(view);
    rest(view, data.words.say_start);
  } else if (opened && !view.running) rest(view, data.words[view.turn || view.tick ? `say_open_${opened}` : "say_start"]);
  label(view);
  draw(view);
}

// A drop that has just fallen. The seed decides its particles, and every push they will ever get.
function freshDrop(view) {
  const { drop, count, seed } = view.data;
  const [x, eps] = [new Float64Array(2 * count), new Float64Array(2 * count)];
  const stream = mulberry32(seed);
  startDrop(drop, x, drawNormals(stream, eps));
  view.world = { x, eps, stream, start: x.slice(), variance: varianceAt(drop, 0) };
  Object.assign(view, { tick: 0, turn: null, act: "forward", traces: { forward: [], blind: [], score: [] },
    paths: { forward: [], back: [] } });
  note(view);
}

// A press: run, pause, or say why not.
function press(view, act) {
  const { words, open } = view.data;
  const last = lastTick(view);
  if (view.running && view.act === act) return rest(view, words.say_pause);
  if (act !== "forward" && !open[act]) return rest(view, words[`say_locked_${act}`]);
  if (act !== "forward" && !view.tick && !view.turn) return rest(view, words.say_too_soon);
  if (act === "forward" && view.act === "blind") backToTurn(view);
  if (act === "forward" && view.tick >= last) return rest(view, words.say_full);
  if (act === "forward") leaveTurn(view);
  else turnRound(view, act);
  view.act = act;
  say(view, words[`say_${act}`]);
  if (calm()) return leapOn(view);
  view.running = true;
  view.since = null;
  label(view);
  return draw(view);
}

// Both ways back begin at the same moment with the same dice, so that one thing alone differs.
function turnRound(view, act) {
  const { x, variance, stream } = view.world;
  const going = view.turn && view.act === act && view.tick > 0;
  if (going) return;
  if (view.turn) backToTurn(view);
  else view.turn = { x: x.slice(), variance, tick: view.tick, state: stream.state, spread: view.spread };
  view.traces[act] = [];
  view.paths.back = [];
  view.act = act;
  note(view);
}

function backToTurn(view) {
  const { turn, world } = view;
  if (!turn) return;
  world.x.set(turn.x);
  world.variance = turn.variance;
  world.stream.state = turn.state;
  Object.assign(view, { tick: turn.tick, spread: turn.spread });
  view.paths.back = [];
}

// Going on from here: what was measured later than this moment is measured anew.
function leaveTurn(view) {
  const now = view.tick * view.data.dt;
  if (view.turn && view.act === "score") view.paths.forward = [];
  if (!view.tick) view.world.start = view.world.x.slice();
  view.turn = null;
  view.traces = { forward: view.traces.forward.filter(([t]) => t <= now), blind: [], score: [] };
  view.paths.back = [];
}

const lastTick = ({ data }) => Math.round(data.last / data.dt);

function step(view) {
  const { world, data, act } = view;
  const { drop, dt } = data;
  const { x, eps, stream } = world;
  drawNormals(stream, eps);
  if (act === "score") {
    const [now, before] = [varianceAt(drop, view.tick * dt), varianceAt(drop, (view.tick - 1) * dt)];
    if (data.dice) reverseStep(drop, x, now, before, eps);
    else flowStep(drop, x, now, before);
    world.variance = before;
  } else { // forwards, or backwards without knowledge: the same random step
    forwardStep(drop, x, drop.rate * dt, eps);
    world.variance += drop.rate * dt;
  }
  view.tick += act === "forward" ? 1 : -1;
  note(view);
}

function note(view) {
  const { world, act, tick, data } = view;
  view.spread = spreadOf(world.x);
  if (tick % 6 === 0 || tick === lastTick(view)) view.traces[act].push([tick * data.dt, view.spread]);
  if (tick % 5 === 0) view.paths[act === "forward" ? "forward" : "back"].push([world.x[0], world.x[1]]);
}

const arrived = (view) => view.tick === (view.act === "forward" ? lastTick(view) : 0);

function advance(view, now) {
  const { dt } = view.data;
  view.since ??= now - 1000 * dt;
  const due = Math.min(MOST_TICKS, Math.floor((now - view.since) / (1000 * dt)));
  view.since = due === MOST_TICKS ? now : view.since + 1000 * dt * due;
  for (let k = 0; k < due && !arrived(view); k += 1) step(view);
  if (arrived(view)) finish(view);
}

function leapOn(view) {
  for (let k = 0; k < lastTick(view) / LEAPS && !arrived(view); k += 1) step(view);
  if (arrived(view)) finish(view);
  else rest(view, view.data.words.say_calm);
}

function finish(view) {
  const { act, turn, spread, world, data } = view;
  rest(view, data.words[`say_end_${act}`]);
  if (act === "forward") return;
  const [fresh] = data.curve.spread; // of the scene that was run: the learner may choose another one afterwards
  view.report({ act, before: turn.spread, after: spread, apart: meanDistance(world.x, world.start), fresh });
}

// Stand still, and say in words what there is to see.
function rest(view, sentence) {
  view.running = false;
  say(view, sentence);
  label(view);
  draw(view);
}

function numbersOf({ tick, data, spread, turn }) {
  const number = (value) => value.toFixed(2);
  return { t: (tick * data.dt).toFixed(1), last: data.last, spread: number(spread), even: number(data.even),
    from: number(turn?.spread ?? spread) };
}

function say(view, sentence) {
  const said = fill(sentence, numbersOf(view));
  const line = view.find("say");
  if (line.textContent !== said) line.textContent = said;
  const { words } = view.data;
  view.find("water").setAttribute("aria-label", fill(words.water_alt, numbersOf(view)));
  view.find("chart").setAttribute("aria-label", fill(words.chart_alt, numbersOf(view)));
}

function label(view) {
  const { keys, data, running, act } = view;
  for (const name of [...ACTS, "fresh"]) {
    const moving = running && act === name;
    const locked = (name === "blind" || name === "score") && !data.open[name];
    if (moving) keys[name].style.minWidth = `${keys[name].offsetWidth}px`; // its neighbours stay where they are
    keys[name].querySelector("span").textContent = data.words[moving ? "pause" : name];
    Object.assign(keys[name].dataset, { moving, locked });
    keys[name].title = locked ? data.words[`say_locked_${name}`] : ""; // a press says it too
  }
  view.root.setAttribute("aria-label", data.words.instrument);
  for (const name of ["clock", "spread", "chart_title", "path_note"]) view.find(`${name}_label`).textContent = data.words[name];
  view.find("path_note_label").hidden = !data.path;
}

function draw(view) {
  view.frame ??= requestAnimationFrame((now) => {
    view.frame = null;
    if (!view.data || !view.root.clientWidth) return;
    if (view.running) advance(view, now);
    paint(view);
    if (view.running) draw(view);
  });
}

function paint(view) {
  paintBeaker(view.find("water"), view);
  if (!view.running || view.drawn % 3 === 0) paintChart(view.find("chart"), view); // it changes slowly
  const numbers = numbersOf(view);
  view.find("clock").textContent = fill(view.data.words.seconds, numbers);
  view.find("spread").textContent = fill(view.data.words.centimetres, numbers);
  view.drawn += 1;
  Object.assign(view.root.dataset, { tick: view.tick, act: view.act, running: view.running, drawn: view.drawn,
    spread: view.spread.toFixed(4), first: `${view.world.x[0].toFixed(6)},${view.world.x[1].toFixed(6)}` });
}

function leave(view, parentElement) {
  cancelAnimationFrame(view.frame);
  view.running = false;
  view.watch.disconnect();
  VIEWS.delete(parentElement);
}
