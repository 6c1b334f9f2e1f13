// The plan of the U: one row for each block on the way down, its partner on the way up, and the link between.

const partner = (name) => name.replace("down", "up");
const shapeOf = ([channels, height, width]) => `${width} × ${height} × ${channels}`;

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
    element("figcaption", {}, element("b", {}, labels[name]), `${side} × ${side} × 3`));
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
    canvas, element("span", {}, shapeOf(block.shape)));
  button.onclick = () => choose(view, block.name);
  view.buttons[block.name] = { button, canvas };
  return button;
}

function buildPanel(view) {
  view.title = element("h3", {});
  view.says = element("p", { class: "says", role: "status" });
  view.maps = element("div", { class: "maps" });
  return element("section", { class: "panel" }, view.title, view.says, view.maps, element("p", { class: "hint" }, view.data.labels.scale));
}

// Arrow keys follow the path of the data: down the left side, up the right.
function walk(view, event) {
  const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!move) return;
  event.preventDefault();
  const names = view.data.blocks.map((block) => block.name);
  const to = names[clamp(names.indexOf(view.block) + move, 0, names.length - 1)];
  view.buttons[to].button.focus();
  choose(view, to);
}
