// The map of the network: takes each pass from Python, keeps the block that is open, paints what it made.

const VIEWS = new WeakMap(); // one view for each place it is mounted; it outlives every update
const HOME = "up16_0"; // the block that is open when the page opens: the last one, nearest to the picture

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".unet");
  if (!root || !(data instanceof Uint8Array)) return undefined;
  let view = VIEWS.get(parentElement);
  if (!view) VIEWS.set(parentElement, (view = { root, block: new URL(window.location.href).searchParams.get("block") }));
  view.data = opened(data);
  const names = view.data.blocks.map((block) => block.name);
  if (!names.includes(view.block)) view.block = names.includes(HOME) ? HOME : names[names.length - 1];
  build(view);
  paint(view);
  address(view.block === HOME ? "" : view.block);
  const call = (view.call = Symbol()); // an update that was overtaken is ended after the next one has begun
  return () => {
    if (view.call !== call) return;
    VIEWS.delete(parentElement);
    address("");
  };
}

function choose(view, name) {
  view.block = name;
  paint(view);
  address(name === HOME ? "" : name);
}

function paint(view) {
  const { root, data } = view;
  root.dataset.theme = data.dark ? "dark" : "light";
  const ink = inkOf(root);
  for (const [name, canvas] of Object.entries(view.pictures)) {
    paintColours(canvas, data, data.pictures[name]);
    canvas.setAttribute("aria-label", data.labels[name]);
  }
  for (const block of data.blocks) {
    const { button, canvas } = view.buttons[block.name];
    paintMap(canvas, data, block, 0, ink);
    button.setAttribute("aria-pressed", String(block.name === view.block));
    button.setAttribute("aria-label", fill(data.labels.block_alt, { name: nameOf(data, block), shape: shapeOf(block.shape) }));
  }
  for (const [name, link] of Object.entries(view.links)) {
    const cut = data.off.includes(name);
    link.classList.toggle("cut", cut);
    link.title = fill(cut ? data.labels.link_cut : data.labels.link_on, { letter: data.letters[name] });
  }
  paintPanel(view, ink);
}

const nameOf = (data, block) =>
  fill(block.name.startsWith("down") ? data.labels.going_down : data.labels.going_up, { letter: data.letters[partner(block.name)] });

function paintPanel(view, ink) {
  const { data, root } = view;
  const block = data.blocks.find((each) => each.name === view.block);
  const [channels, height, width] = block.shape;
  view.title.textContent = nameOf(data, block);
  view.hint.textContent = fill(data.labels.scale, { shown: block.channels.length, channels });
  const heeds = data.labels[`heeds_${block.heeds.join("_") || "none"}`];
  view.says.textContent = `${fill(data.labels.says, { channels, width, height, patch: data.side / width })} ${heeds}`;
  const figures = block.channels.map((channel, k) => {
    const canvas = element("canvas", { role: "img", "aria-label": fill(data.labels.map_alt, { channel, low: block.ranges[k][0], high: block.ranges[k][1] }) });
    paintMap(canvas, data, block, k, ink);
    return element("figure", { title: canvas.getAttribute("aria-label") }, canvas, element("figcaption", {}, String(channel)));
  });
  view.maps.replaceChildren(...figures);
  Object.assign(root.dataset, { block: block.name, blocks: data.blocks.length, shape: block.shape.join(","), off: data.off.join(","),
    sum: data.bytes.subarray(block.at, block.at + block.channels.length * width * height).reduce((sum, byte) => sum + byte, 0) });
}

function address(block) {
  const url = new URL(window.location.href);
  const before = url.search;
  if (block) url.searchParams.set("block", block);
  else url.searchParams.delete("block");
  if (url.search !== before) window.history.replaceState(window.history.state, "", url);
}
