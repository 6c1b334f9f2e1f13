// The dye: its exact density as a tint of the water, and the particles themselves.

const TINT = { columns: 40, rows: 45 };

// The density itself, as a tint: the axes spread independently, so each cell is a product of two numbers.
const tint = document.createElement("canvas");
Object.assign(tint, { width: TINT.columns, height: TINT.rows });

function paintTint(ctx, { data, world }, { left, top, wide, tall }, dye) {
  const { centre, walls, reach } = data.drop;
  const along = (axis, count, i) =>
    marginal(((i + 0.5) * walls[axis]) / count, centre[axis], world.variance, walls[axis], reach) * walls[axis];
  const columns = Array.from({ length: TINT.columns }, (_, i) => along(0, TINT.columns, i));
  const rows = Array.from({ length: TINT.rows }, (_, i) => along(1, TINT.rows, TINT.rows - 1 - i));
  const inside = tint.getContext("2d");
  const image = inside.createImageData(TINT.columns, TINT.rows);
  const [r, g, b] = dye.match(/[\d.]+/g).map(Number);
  let o = 0;
  for (const row of rows) {
    for (const column of columns) {
      image.data.set([r, g, b, 190 * (1 - Math.exp(-0.28 * row * column))], o);
      o += 4;
    }
  }
  inside.putImageData(image, 0, 0);
  ctx.imageSmoothingEnabled = true;
  ctx.drawImage(tint, left, top, wide, tall);
}

// The particles, written straight into pixels: thousands of small discs cost less so than drawn one by one.
const layer = { canvas: document.createElement("canvas"), key: "" };

function layerFor(width, height, dye) {
  const key = `${width} ${height} ${dye}`;
  if (layer.key === key) return layer;
  Object.assign(layer.canvas, { width, height });
  const [r, g, b] = dye.match(/[\d.]+/g).map(Number);
  const image = new ImageData(width, height);
  for (let i = 0; i < image.data.length; i += 4) image.data.set([r, g, b, 0], i);
  return Object.assign(layer, { key, image });
}

// How much of each pixel a disc covers, row by row, about its middle.
function discOf(radius) {
  const reach = Math.ceil(radius);
  const cells = [];
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) {
      const cover = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(dx, dy)));
      if (cover) cells.push([dx, dy, 0.82 * cover]);
    }
  }
  return cells;
}

function paintParticles(ctx, x, { left, top, wide, tall, unit }, dye, ratio) {
  const [width, height] = [Math.round(wide * ratio), Math.round(tall * ratio)];
  const { canvas, image } = layerFor(width, height, dye);
  const { data } = image;
  for (let i = 3; i < data.length; i += 4) data[i] = 0;
  const disc = discOf(ratio * Math.max(1.1, Math.min(0.05, 2 / Math.sqrt(x.length / 2)) * unit));
  for (let i = 0; i < x.length; i += 2) {
    const column = Math.round(x[i] * unit * ratio);
    const row = Math.round(height - x[i + 1] * unit * ratio);
    for (const [dx, dy, cover] of disc) {
      if (column + dx < 0 || column + dx >= width || row + dy < 0 || row + dy >= height) continue;
      const at = 4 * ((row + dy) * width + column + dx) + 3;
      data[at] += (255 - data[at]) * cover;
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  ctx.drawImage(canvas, left, top, wide, tall);
}
