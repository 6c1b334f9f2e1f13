// The plan of the U: one row for each block on the way down, its partner on the way up, and the link between.

const partner = (name) => name.replace("down", "up");
const shapeOf = ([channels, height, width]) => `${width} × ${height} × ${channels}`;
const shapeLines = ([channels, height, width]) =>
  element("span", { class: "shape" }, element("span", {}, `${width} × ${height}`), element("span", {}, `× ${channels}`));

function build(view) {
  const { blocks, letters, labels } = view.data;
  const plan = JSON.stringify([blocks.map((block) => [block.name, block.shape]), letters, labels]);
  if (view.plan === plan) return;
  view.plan = plan;
  view.buttons = {};
  view.links = {};
  const down = blocks.filter((block) => block.name.startsWith("down"));
  const sizes = [...new Set(down.map((block) => block.shape[1]))];
  const rows = down.map((block) => buildRow(view, block, sizes.indexOf(block.shape[1])));
  const bottom = element("div", { class: "bottom", style: `--level: ${sizes.length - 1}` }, element("span", {}, labels.path));
  const drawn = element("div", { class: "drawn", role: "group", "aria-label": labels.what }, buildEnds(view), ...rows, bottom);
  view.panel = buildPanel(view);
  view.root.replaceChildren(element("div", { class: "both" }, drawn, view.panel));
  drawn.onkeydown = (event) => walk(view, event);
}

function buildEnds(view) {
  const { labels, side } = view.data;
  view.pictures = { x_t: element("canvas", { role: "img" }), x0_hat: element("canvas", { role: "img" }) };
  const end = (name) => element("figure", { class: `end ${name}` }, view.pictures[name],
    element("figcaption", {}, element("b", {}, labels[name]), shapeLines([3, side, side])));
  const link = element("span", { class: "link pixels" }, element("small", {}, labels.pixels));
  return element("div", { class: "row ends", style: "--level: 0" }, end("x_t"), link, end("x0_hat"));
}

function buildRow(view, block, level) {
  const up = view.data.blocks.find((each) => each.name === partner(block.name));
  const letter = view.data.letters[partner(block.name)] || "";
  const link = element("span", { class: "link" }, element("b", {}, letter));
  view.links[partner(block.name)] = link;
  const right = up ? buildBlock(view, up) : element("span", {});
  return element("div", { class: "row", style: `--level: ${level}` }, buildBlock(view, block), link, right);
}

function buildBlock(view, block) {
  const canvas = element("canvas", { "aria-hidden": "true" });
  const button = element("button", { type: "button", "data-block": block.name, "aria-pressed": "false" },
    canvas, shapeLines(block.shape));
  button.onclick = () => choose(view, block.name);
  view.buttons[block.name] = { button, canvas };
  return button;
}

function buildPanel(view) {
  view.title = element("h3", {});
  view.says = element("p", { class: "says", role: "status" });
  view.maps = element("div", { class: "maps" });
  view.hint = element("p", { class: "hint" });
  return element("section", { class: "panel" }, view.title, view.says, view.maps, view.hint);
}

// Arrow keys move as the eye does: up and down a side, left and right across a connection.
function walk(view, event) {
  const names = view.data.blocks.map((block) => block.name);
  const at = names.indexOf(view.block);
  const left = view.block.startsWith("down");
  const side = names.filter((name) => name.startsWith("down") === left);
  if (!left) side.reverse(); // the way up, read from the top
  const near = (by) => side[clamp(side.indexOf(view.block) + by, 0, side.length - 1)];
  const across = names[names.length - 1 - at]; // down and up mirror each other
  const to = { ArrowDown: () => near(1), ArrowUp: () => near(-1), ArrowRight: () => (left ? across : view.block),
    ArrowLeft: () => (left ? view.block : across) }[event.key];
  if (!to) return;
  event.preventDefault();
  const name = to();
  view.buttons[name].button.focus();
  choose(view, name);
}
